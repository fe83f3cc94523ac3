"""Setting a boundary: who reports, what a unit is, whether it lies inside, which rules a group or enterprise chose."""

from django.db import transaction

from tanheng.accounting.boundary import require_entity, unit_of
from tanheng.accounting.boundary_catalogue import entity_kinds, stages, unit_types
from tanheng.kernel.errors import InputError
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import BoundarySettings, Organisation, Process, UnitBoundary

__all__ = ["boundary_rules_change", "entity_change", "entity_check", "unit_change"]

RULES = frozenset(
    {
        "majority_threshold",
        "majority_strict",
        "below_majority",
        "captive_threshold",
        "captive_strict",
        "captive_exported_from",
    }
)


def entity_check(organisation: Organisation) -> None:
    """Refuse an accounting by what is neither a legal person nor counts as one (N-3a)."""
    found = BoundarySettings.objects.filter(organisation=organisation).values_list("entity_kind", flat=True).first()
    require_entity(found or "", organisation.label)


def _settings(organisation: Organisation) -> BoundarySettings:
    BoundarySettings.objects.get_or_create(organisation=organisation)
    return BoundarySettings.objects.select_for_update().get(organisation=organisation)


def _saved(row: BoundarySettings, fields: dict, by, action: str) -> BoundarySettings:
    changed = {key: [_plain(getattr(row, key)), _plain(value)] for key, value in fields.items()}
    changed = {key: pair for key, pair in changed.items() if pair[0] != pair[1]}
    for key in changed:
        setattr(row, key, fields[key])
    if changed:
        row.save(update_fields=[*changed])
        log(action=action, by=by, organisation=row.organisation, on=row.organisation, data=changed)
    return row


def _plain(value):
    return value if value is None or isinstance(value, bool | str) else f"{value.normalize():f}"


@transaction.atomic
def entity_change(*, organisation: Organisation, by, entity_kind: str, entity_document: str = "") -> BoundarySettings:
    """Say what kind of entity reports. One that may not report can be said; its accounting is refused."""
    require(by, "organisation.change", organisation)
    if entity_kind not in entity_kinds():
        raise InputError("boundary.entity_kind", kind=entity_kind, known=[kind.zh for kind in entity_kinds().values()])
    if entity_kind == "deemed_legal_person" and not entity_document.strip():
        raise InputError("boundary.entity_document")
    fields = {"entity_kind": entity_kind, "entity_document": entity_document.strip()}
    return _saved(_settings(organisation), fields, by, "boundary.entity")


@transaction.atomic
def boundary_rules_change(*, organisation: Organisation, by, **fields) -> BoundarySettings:
    """Choose thresholds; None is the rule of the data."""
    require(by, "organisation.change", organisation)
    if unknown := set(fields) - RULES:
        raise TypeError(f"no rule: {sorted(unknown)}")
    return _saved(_settings(organisation), fields, by, "boundary.rules")


@transaction.atomic
def unit_change(
    *, process: Process, by, unit_type: str = "", stage: str = "", is_inside: bool = True, reason: str = ""
) -> UnitBoundary | None:
    """Say what a unit is and whether it lies inside; what only repeats the default is kept as no choice (None)."""
    require(by, "organisation.change", process.organisation)
    if unit_type and unit_type not in unit_types():
        raise InputError("boundary.unit_type", type=unit_type)
    system = unit_of(process.path, process.kind, type=unit_type).system
    if stage and (stage not in stages() or system not in ("core", "")):
        raise InputError("boundary.stage", unit=process.path)
    if not is_inside and not reason.strip():
        raise InputError("boundary.reason_needed", unit=process.path)
    Process.objects.select_for_update(of=("self",)).get(pk=process.pk)
    before = UnitBoundary.objects.filter(process=process).first()
    new = {"unit_type": unit_type, "stage": stage, "is_inside": is_inside, "reason": reason.strip()}
    old = {key: getattr(before, key) if before else UnitBoundary._meta.get_field(key).get_default() for key in new}
    if old == new:
        return before
    row = _stored(process, new)
    changed = {key: [old[key], value] for key, value in new.items() if old[key] != value}
    log(action="boundary.unit", by=by, organisation=process.organisation, on=process, data=changed)
    return row


def _stored(process: Process, new: dict) -> UnitBoundary | None:
    if new == {"unit_type": "", "stage": "", "is_inside": True, "reason": ""}:
        UnitBoundary.objects.filter(process=process).delete()
        return None
    return UnitBoundary.objects.update_or_create(process=process, defaults=new)[0]
