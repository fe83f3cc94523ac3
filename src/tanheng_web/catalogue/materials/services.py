"""Own materials: added, changed, deactivated, deleted; and which materials a kind of process may take."""

from decimal import Decimal

from django.apps import apps
from django.db import transaction

from tanheng.kernel.catalogue import find_material, materials
from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.text import visible
from tanheng.kernel.units import compatible, label
from tanheng_web.catalogue.materials.reading import name_key, names_in
from tanheng_web.catalogue.materials.uses import named, uses_of
from tanheng_web.catalogue.models import MaterialRule, OwnMaterial
from tanheng_web.catalogue.units.reading import read_unit
from tanheng_web.common.access import require
from tanheng_web.common.audit import log

__all__ = ["material_add", "material_change", "material_remove", "material_switch", "rule_remove", "rule_set"]

RIGHT = "catalogue.change"
MOST = 500
CARBON_UNITS = {"t": "tC/t", "1e4Nm3": "tC/1e4Nm3"}


def _checked(organisation, given: dict, but: OwnMaterial | None = None) -> dict:
    """The fields of a material, every name free and the unit that of the material it is treated like."""
    like = materials().get(given["like"])
    if like is None:
        raise InputError("own_material.like", material=given["like"])
    unit = read_unit(given.get("unit") or like.unit)
    if not compatible(unit, like.unit):
        values = {"material": like.zh, "unit": label(unit), "expected": label(like.unit)}
        raise InputError("own_material.unit", **values)
    names = [visible(name).strip() for name in (given["zh"], *(given.get("aliases") or ()))]
    if not names[0]:
        raise InputError("own_material.name")
    names = [names[0], *filter(None, names[1:])]
    for name in dict.fromkeys(names):
        _check_free(organisation, name, but)
    carbon = given.get("carbon_content")
    if carbon is not None and not str(given.get("carbon_source") or "").strip():
        raise InputError("own_material.carbon_source", name=names[0])
    if carbon is not None and not 0 <= carbon <= Decimal(1 if compatible(unit, "t") else 100):
        raise InputError("own_material.carbon_range", name=names[0], value=carbon)
    return {**given, "zh": names[0], "unit": unit, "aliases": list(dict.fromkeys(names[1:]))}


def _check_free(organisation, name: str, but: OwnMaterial | None) -> None:
    try:
        raise InputError("own_material.catalogue", name=name, material=find_material(name).zh)
    except NotFound:
        pass
    own = names_in(organisation).get(name_key(name))
    if own is not None and (but is None or own.pk != but.pk):
        raise InputError("own_material.taken", name=name, material=own.zh)


@transaction.atomic
def material_add(*, organisation, by, **given) -> OwnMaterial:
    """Add a material or medium that the catalogue lacks."""
    require(by, RIGHT, organisation)
    if organisation.own_materials.count() >= MOST:
        raise InputError("own_material.too_many", most=MOST)
    row = OwnMaterial.objects.create(organisation=organisation, created_by=by, **_checked(organisation, given))
    data = {"material": materials()[row.like].zh, "unit": row.unit}
    log(action="material.add", by=by, organisation=organisation, on=row, data=data)
    return row


@transaction.atomic
def material_change(*, row: OwnMaterial, by, **given) -> OwnMaterial:
    """Change a material; what it is treated like and its unit stay once it is used: data were entered with them."""
    require(by, RIGHT, row.organisation)
    row = OwnMaterial.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=row.pk)
    new = _checked(row.organisation, given, row)
    uses = uses_of(row)
    if uses and new["like"] != row.like:
        raise InputError("own_material.used", name=row.zh, uses=[each.text for each in uses[:5]], count=len(uses))
    changed = {
        key: [_plain(getattr(row, key)), _plain(value)] for key, value in new.items() if getattr(row, key) != value
    }
    if "zh" in changed:
        _streams_renamed(row, new["zh"])
    for key, value in new.items():
        setattr(row, key, value)
    if "like" in changed:
        changed["like"] = [materials()[each].zh for each in changed["like"]]
    if changed:
        row.save()
        log(action="material.change", by=by, organisation=row.organisation, on=row, data=changed)
    return row


def _streams_renamed(row: OwnMaterial, name: str) -> None:
    """Streams and own values of this material follow its new name."""
    for name_of in ("SourceStream", "EnterpriseValue"):
        rows = apps.get_model("collection", name_of).objects.filter(**named(row))
        (rows if name_of == "SourceStream" else rows.filter(is_current=True)).update(material_zh=name)


def _plain(value):
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic
def material_switch(*, row: OwnMaterial, by, is_active: bool) -> None:
    """Offer a material no longer for new streams, or again."""
    require(by, RIGHT, row.organisation)
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    action = "material.restore" if is_active else "material.deactivate"
    log(action=action, by=by, organisation=row.organisation, on=row)


@transaction.atomic
def material_remove(*, row: OwnMaterial, by) -> None:
    """Delete a material that nothing uses; one in use is refused with the list of its uses."""
    require(by, RIGHT, row.organisation)
    if uses := uses_of(row):
        raise InputError("own_material.used", name=row.zh, uses=[each.text for each in uses[:8]], count=len(uses))
    log(action="material.remove", by=by, organisation=row.organisation, on=row)
    row.delete()


@transaction.atomic
def rule_set(
    *, organisation, by, kind: str, material: str, role: str, direction: str, use: str, own: OwnMaterial | None = None
) -> MaterialRule:
    """Propose a material in a kind of process, or refuse it there."""
    require(by, RIGHT, organisation)
    if own is not None and own.organisation_id not in organisation.ancestor_ids:
        raise InputError("own_material.like", material=own.zh)
    row, _new = MaterialRule.objects.update_or_create(
        organisation=organisation, kind=kind, material=own.like if own else material, own=own, role=role,
        direction=direction, defaults={"use": use, "by": by},
    )  # fmt: skip
    log(action="material.rule", by=by, organisation=organisation, on=row, data={"use": row.get_use_display()})
    return row


@transaction.atomic
def rule_remove(*, row: MaterialRule, by) -> None:
    """Say nothing any more of a material in a kind of process: the standard's template counts again."""
    require(by, RIGHT, row.organisation)
    log(action="material.rule_remove", by=by, organisation=row.organisation, on=row)
    row.delete()
