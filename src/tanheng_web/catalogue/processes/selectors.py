"""Process templates that an enterprise may set up a process from: its own, its group's, those of its standards."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from tanheng_web.catalogue.materials.selectors import Proposal, kinds_of, proposals, standards_of
from tanheng_web.catalogue.models import OwnProcessTemplate

__all__ = ["Template", "template_for", "template_named", "templates_of"]


@dataclass(frozen=True)
class Template:
    """A process with its parts, from an enterprise or a standard; ``row`` where it is one's own."""

    key: str
    zh: str
    kind: str
    kind_zh: str
    parts: tuple[str, ...]
    origin: str
    note: str = ""
    row: OwnProcessTemplate | None = None


def templates_of(organisation) -> list[Template]:
    """Own templates and those of the group first, then those of the standards; of a kind of process one each."""
    kinds = kinds_of(organisation)
    rows = OwnProcessTemplate.objects.filter(organisation__in=organisation.ancestor_ids).select_related("organisation")
    found = [
        Template(
            f"own:{row.pk}", row.zh, row.kind, kinds.get(row.kind, row.zh), tuple(row.parts), row.organisation.label,
            row.note, row,
        )
        for row in rows
    ]  # fmt: skip
    seen: set[str] = set()
    for standard in standards_of(organisation):
        for process in standard.processes:
            if process.kind not in seen:
                seen.add(process.kind)
                parts = tuple(part.zh.replace("/", "、") for part in process.sub_processes)
                found.append(
                    Template(
                        f"std:{process.kind}", process.zh, process.kind, process.zh, parts, standard.short_zh,
                        process.note or "",
                    )
                )  # fmt: skip
    return found


def template_named(organisation, key: str) -> Template | None:
    """The one that an address names, among those offered."""
    return next((each for each in templates_of(organisation) if each.key == key), None)


def template_for(organisation, pk: int) -> OwnProcessTemplate:
    """A template of this very enterprise, else 404."""
    return get_object_or_404(OwnProcessTemplate, organisation=organisation, pk=pk)


def flows_of(organisation, template: Template) -> list[Proposal]:
    """The materials that belong to the kind of process, what the enterprise refuses left out."""
    return [each for each in proposals(organisation, template.kind) if not each.is_refused]
