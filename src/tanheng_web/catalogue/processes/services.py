"""Process templates: added, changed, removed; a process with its parts and streams set up from one."""

from collections.abc import Iterable

from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng_web.catalogue.materials.selectors import Proposal, kinds_of
from tanheng_web.catalogue.models import OwnProcessTemplate
from tanheng_web.catalogue.processes.selectors import Template
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Process
from tanheng_web.organisations.services import process_add

__all__ = ["MOST_PARTS", "process_from", "template_add", "template_change", "template_remove"]

RIGHT = "catalogue.change"
MOST = 200
MOST_PARTS = 40
OWN_KIND = "own_"


def _checked(organisation, zh: str, kind: str, parts: Iterable[str], but: OwnProcessTemplate | None = None) -> dict:
    """Names of a template that can be names of processes."""
    names = [part.strip() for part in parts if part.strip()]
    for name in (zh.strip(), *names):
        if not name or len(name) > 60 or "/" in name or "／" in name:
            raise InputError("web.process_name", name=name)
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise InputError("web.process_name_taken", name=twice)
    if len(names) > MOST_PARTS:
        raise InputError("process_template.too_many", most=MOST_PARTS)
    same = OwnProcessTemplate.objects.filter(organisation=organisation, zh=zh.strip())
    if same.exclude(pk=but.pk if but else None).exists():
        raise InputError("process_template.taken", name=zh.strip())
    if kind and kind not in kinds_of(organisation) and not (but and but.kind == kind):
        raise InputError("process_template.kind", kind=kind)
    return {"zh": zh.strip(), "kind": kind, "parts": names}


@transaction.atomic
def template_add(*, organisation, by, zh: str, kind: str, parts: Iterable[str], note: str = "") -> OwnProcessTemplate:
    """Add a template; without a kind of the standards it is a kind of its own, with a mapping of its own."""
    require(by, RIGHT, organisation)
    if organisation.process_templates.count() >= MOST:
        raise InputError("process_template.too_many", most=MOST)
    row = OwnProcessTemplate.objects.create(
        organisation=organisation, by=by, note=note, **_checked(organisation, zh, kind, parts)
    )
    if not row.kind:
        row.kind = f"{OWN_KIND}{row.pk}"
        row.save(update_fields=["kind"])
    log(action="process_template.add", by=by, organisation=organisation, on=row, data={"count": len(row.parts)})
    return row


@transaction.atomic
def template_change(*, row: OwnProcessTemplate, by, zh: str, kind: str, parts: Iterable[str], note: str = "") -> None:
    """Change a template; processes that were set up from it stay as they are."""
    require(by, RIGHT, row.organisation)
    new = _checked(row.organisation, zh, kind, parts, row) | {"note": note}
    new["kind"] = new["kind"] or (row.kind if row.kind.startswith(OWN_KIND) else f"{OWN_KIND}{row.pk}")
    changed = {key: [getattr(row, key), value] for key, value in new.items() if getattr(row, key) != value}
    if not changed:
        return
    for key, value in {**new, "by": by}.items():
        setattr(row, key, value)
    row.save()
    log(action="process_template.change", by=by, organisation=row.organisation, on=row, data=changed)


@transaction.atomic
def template_remove(*, row: OwnProcessTemplate, by) -> None:
    """Offer a template no longer; processes that were set up from it stay."""
    require(by, RIGHT, row.organisation)
    log(action="process_template.remove", by=by, organisation=row.organisation, on=row)
    row.delete()


@transaction.atomic
def process_from(
    *, organisation, by, template: Template, name: str, parts: Iterable[str], flows: Iterable[Proposal], site=None
) -> Process:
    """Set up a process with the chosen parts and streams: all of it or nothing."""
    from tanheng_web.collection.services import streams_create  # an app above this one

    row = process_add(organisation=organisation, by=by, name=name, kind=template.kind, site=site)
    for part in parts:
        process_add(organisation=organisation, by=by, name=part, parent=row)
    proposals = [_stream(flow, row) for flow in flows]
    if proposals:
        streams_create(by=by, organisation=organisation, proposals=proposals)
    return row


def _stream(flow: Proposal, process: Process) -> dict:
    own = {"unit": flow.own.unit} if flow.own else {}
    return {
        "material": flow.material, "material_zh": flow.zh if flow.own else "", "role": flow.role,
        "direction": flow.direction, "process_path": process.path, "label": "" if flow.own else flow.label, **own,
    }  # fmt: skip
