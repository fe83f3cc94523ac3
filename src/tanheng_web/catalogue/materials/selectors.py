"""Reading own materials, and what a kind of process is proposed."""

from dataclasses import dataclass

from django.apps import apps
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.roles import role_zh
from tanheng.rules.package import load_standard
from tanheng_web.catalogue.models import MaterialRule, OwnMaterial, OwnProcessTemplate
from tanheng_web.catalogue.standards.selectors import standards_for

__all__ = [
    "Proposal",
    "is_refused",
    "kinds_of",
    "own_material_for",
    "own_materials",
    "proposals",
    "rules_of",
    "standards_of",
]

DIRECTIONS = {"in": _("投入"), "out": _("产出")}


@dataclass(frozen=True)
class Proposal:
    """A material of a kind of process."""

    kind: str
    material: str
    zh: str
    role: str
    direction: str
    origin: str
    own: OwnMaterial | None = None
    rule: MaterialRule | None = None
    label: str = ""

    @property
    def key(self) -> tuple:
        return (self.material, self.own.pk if self.own else None, self.role, self.direction)

    @property
    def is_own(self) -> bool:
        """Whether the enterprise alone says so: no template of a standard has it."""
        return self.origin == _("企业规定")

    @property
    def value(self) -> str:
        """How the form of streams names the material."""
        return f"own:{self.own.pk}" if self.own else self.material

    @property
    def role_zh(self) -> str:
        return role_zh(self.role)

    @property
    def direction_zh(self) -> str:
        return str(DIRECTIONS[self.direction])

    @property
    def is_refused(self) -> bool:
        return bool(self.rule and self.rule.use == MaterialRule.Use.REFUSED)


def own_materials(organisation, *, active_only: bool = True):
    """Own materials that an enterprise may use: its own and those of its group."""
    rows = OwnMaterial.objects.filter(organisation__in=organisation.ancestor_ids).select_related("organisation")
    return rows.filter(is_active=True) if active_only else rows


def own_material_for(organisation, pk: int) -> OwnMaterial:
    """An own material of this very enterprise, else 404."""
    return get_object_or_404(OwnMaterial.objects.select_related("organisation"), organisation=organisation, pk=pk)


def kinds_of(organisation) -> dict[str, str]:
    """Kinds of process that the enterprise has or its standards know, with Chinese names."""
    found: dict[str, str] = {}
    for standard in standards_of(organisation):
        for process in standard.processes:
            found.setdefault(process.kind, process.zh)
    own = OwnProcessTemplate.objects.filter(organisation__in=organisation.ancestor_ids)
    for kind, zh in own.values_list("kind", "zh"):
        found.setdefault(kind, zh)
    rows = apps.get_model("organisations", "Process").objects.filter(organisation=organisation, parent=None)
    for kind, name in rows.exclude(kind="").values_list("kind", "name"):
        found.setdefault(kind, name)
    return found


def standards_of(organisation):
    """The standard of the enterprise; while it has none, all that it may choose."""
    offered = [each.id for each in standards_for(organisation)]
    chosen = [organisation.standard] if organisation.standard in offered else offered
    found = []
    for standard_id in chosen:
        try:
            found.append(load_standard(standard_id))
        except TanhengError:  # a package of another is faulty; this list does not depend on it
            continue
    return found


def rules_of(organisation):
    """What an enterprise says itself of materials in its processes."""
    return MaterialRule.objects.filter(organisation=organisation).select_related("own", "by")


def proposals(organisation, kind: str = "") -> list[Proposal]:
    """Materials by kind of process: those of the standard's template, then the enterprise's, its refusals marked."""
    rules = {(r.kind, r.material, r.own_id, r.role, r.direction): r for r in rules_of(organisation)}
    found: dict[tuple, Proposal] = {}
    for standard in standards_of(organisation):
        for process in standard.processes:
            for row in process.streams:
                key = (process.kind, row.material, None, row.role, row.direction)
                zh = row.label or materials()[row.material].zh
                found.setdefault(
                    key,
                    Proposal(
                        *key[:2],
                        zh,
                        row.role,
                        row.direction,
                        standard.short_zh,
                        None,
                        rules.pop(key, None),
                        row.label or "",
                    ),
                )
    for key, rule in rules.items():
        zh = rule.own.zh if rule.own else materials()[rule.material].zh
        found[key] = Proposal(rule.kind, rule.material, zh, rule.role, rule.direction, _("企业规定"), rule.own, rule)
    return [each for each in found.values() if not kind or each.kind == kind]


def is_refused(organisation, kind: str, material: str, role: str, direction: str, own: OwnMaterial | None) -> bool:
    """Whether the enterprise does not allow a material in a kind of process."""
    rows = rules_of(organisation).filter(kind=kind, material=material, role=role, direction=direction, own=own)
    return bool(kind) and rows.filter(use=MaterialRule.Use.REFUSED).exists()
