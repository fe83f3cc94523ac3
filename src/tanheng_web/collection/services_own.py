"""The enterprise's own values: each for a time; a new one takes its months from the one before and leaves the rest."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from tanheng.accounting.plausibility import is_verified
from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng_web.collection.inline import verdict_alone
from tanheng_web.collection.models import EnterpriseValue
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Organisation

__all__ = ["own_value_remove", "own_value_set", "own_values_renamed"]

SAME = (
    *("organisation", "material", "material_zh", "key", "process"),
    *("value", "unit", "note", "entered_by", "entered_at"),
)


@transaction.atomic
def own_value_set(
    *,
    by,
    organisation,
    material: str,
    key: str,
    value: Decimal,
    unit: str,
    note: str,
    process=None,
    material_zh: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> EnterpriseValue:
    """Set the enterprise's own value of a material from one month up to (not with) another; former ones stay readable.

    Raises
    ------
    InputError
        ``own_value.months`` when it would end before it begins, ``own_value.impossible`` for a number that cannot be.
    """
    require(by, "organisation.change", organisation)
    if valid_from and valid_to and valid_to <= valid_from:
        raise InputError("own_value.months", first=f"{valid_from:%Y-%m}", end=f"{valid_to:%Y-%m}")
    judged = verdict_alone(material, material_zh or materials()[material].zh, key, unit, float(value))
    if judged.state == "bad" and not (judged.may_confirm and is_verified(note)):
        raise InputError("own_value.impossible", said=judged.text)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = EnterpriseValue.objects.filter(
        organisation=organisation,
        material=material,
        material_zh=material_zh,
        key=key,
        process=process,
        is_current=True,
    )
    for former in same:
        _give_way(former, valid_from, valid_to)
    row = EnterpriseValue.objects.create(
        organisation=organisation,
        material=material,
        material_zh=material_zh,
        key=key,
        process=process,
        value=value,
        unit=unit,
        note=note,
        valid_from=valid_from,
        valid_to=valid_to,
        entered_by=by,
    )
    facts = {"material": material_zh or material, "key": key, "value": str(value), "unit": unit}
    facts["months"] = row.span_text
    log(action="own_value.set", by=by, organisation=organisation, on=row, data=facts)
    return row


def _give_way(former: EnterpriseValue, start: date | None, end: date | None) -> None:
    """Keep of a former value the months outside the new one; who entered it, when and why stay with them."""
    begins, ends = former.valid_from or date.min, former.valid_to or date.max
    first, last = start or date.min, end or date.max
    if ends <= first or last <= begins:
        return
    EnterpriseValue.objects.filter(pk=former.pk).update(is_current=False)
    facts = {name: getattr(former, name) for name in SAME}
    if begins < first:
        EnterpriseValue.objects.create(**facts, valid_from=former.valid_from, valid_to=start)
    if last < ends:
        EnterpriseValue.objects.create(**facts, valid_from=end, valid_to=former.valid_to)


@transaction.atomic
def own_value_remove(*, by, own_value: EnterpriseValue) -> None:
    """Stop using an enterprise value; the row stays."""
    require(by, "organisation.change", own_value.organisation)
    EnterpriseValue.objects.filter(pk=own_value.pk).update(is_current=False)
    log(action="own_value.remove", by=by, organisation=own_value.organisation, on=own_value)


def own_values_renamed(organisation, material: str, before: str, after: str) -> None:
    """Let the own values of a material of the plant's own follow its new name, when no stream has the old one left."""
    streams = organisation.streams.filter(material=material, material_zh=before)
    if not streams.exists():
        rows = EnterpriseValue.objects.filter(organisation=organisation, material=material, is_current=True)
        taken = rows.filter(material_zh=after).exists()
        if not taken:
            rows.filter(material_zh=before).update(material_zh=after)
