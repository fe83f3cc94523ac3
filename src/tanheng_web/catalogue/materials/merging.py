"""Two own materials that are one: streams, values and rules of the one go to the other."""

from django.apps import apps
from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng.kernel.units import compatible
from tanheng_web.catalogue.materials.uses import named
from tanheng_web.catalogue.models import OwnMaterial
from tanheng_web.common.access import require
from tanheng_web.common.audit import log

__all__ = ["material_merge"]


@transaction.atomic
def material_merge(*, row: OwnMaterial, into: OwnMaterial, by) -> OwnMaterial:
    """Merge an own material into another of the same owner; its names live on as aliases.

    Refused where the two are accounted otherwise or have other values of the enterprise's own: results would change.
    """
    require(by, "catalogue.change", row.organisation)
    rows = OwnMaterial.objects.select_for_update(of=("self",)).select_related("organisation")
    found = {each.pk: each for each in rows.filter(pk__in=[row.pk, into.pk], organisation=row.organisation)}
    if row.pk == into.pk or len(found) < 2:
        raise InputError("own_material.merge_itself", name=row.zh)
    row, into = found[row.pk], found[into.pk]
    if row.like != into.like or not compatible(row.unit, into.unit):
        raise InputError("own_material.merge_like", name=row.zh, other=into.zh)
    if _values(row) != _values(into):
        raise InputError("own_material.merge_values", name=row.zh, other=into.zh)
    streams = apps.get_model("collection", "SourceStream").objects.filter(**named(row))
    count = streams.update(material_zh=into.zh)
    apps.get_model("collection", "EnterpriseValue").objects.filter(**named(row)).update(is_current=False)
    _rules_moved(row, into)
    into.aliases = list(dict.fromkeys([*into.aliases, row.zh, *row.aliases]))
    log(action="material.merge", by=by, organisation=row.organisation, on=into, data={"from": row.zh, "streams": count})
    row.delete()
    into.save(update_fields=["aliases"])
    return into


def _values(own: OwnMaterial) -> set[tuple]:
    rows = apps.get_model("collection", "EnterpriseValue").objects.filter(**named(own), is_current=True)
    return set(rows.values_list("organisation", "key", "process", "valid_from", "valid_to", "value", "unit"))


def _rules_moved(row: OwnMaterial, into: OwnMaterial) -> None:
    """What the other has already is kept; the rest of the rules follow."""
    known = {(rule.organisation_id, rule.kind, rule.role, rule.direction) for rule in into.rules.all()}
    for rule in row.rules.all():
        if (rule.organisation_id, rule.kind, rule.role, rule.direction) in known:
            rule.delete()
        else:
            rule.own = into
            rule.save(update_fields=["own"])
