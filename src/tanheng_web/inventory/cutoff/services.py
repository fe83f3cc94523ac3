"""Deciding to leave something out, and taking it back."""

from django.db import transaction
from django.utils import timezone

from tanheng.accounting.cutoff import CutOff, CutOffItem
from tanheng.kernel.errors import InputError, NotFound
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.inventory.cutoff.selectors import checked
from tanheng_web.inventory.models import CutOffDecision, Run
from tanheng_web.organisations.models import Organisation

__all__ = ["cut_off_decide", "cut_off_withdraw"]


@transaction.atomic
def cut_off_decide(*, organisation, run: Run, by, material: str, reason: str) -> CutOffDecision:
    """Leave a material out for the year of a result: only what is small, never what is hazardous, 5 % in all."""
    require(by, "data.review", organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)  # two decisions must not pass the 5 % together
    year = run.last_month.year
    found = checked(organisation, run, (material,))
    item = next((each for each in found.items if each.key == material), None)
    if item is None:
        raise NotFound("cutoff.refused", item=material, reason="结果中没有这一项")
    if not reason.strip():
        raise InputError("cutoff.reason_needed", item=item.label)
    if CutOffDecision.objects.filter(
        organisation=organisation, year=year, material=material, withdrawn_at=None
    ).exists():
        raise InputError("cutoff.already", item=item.label)
    _check(item, found)
    row = CutOffDecision.objects.create(
        organisation=organisation,
        year=year,
        material=material,
        label=item.label,
        share=item.share,
        reason=reason.strip()[:300],
        decided_by=by,
    )
    data = {"material": item.label, "share": f"{item.share:.4f}%", "year": year, "reason": row.reason}
    log(action="cut_off.decide", by=by, organisation=organisation, on=row, data=data)
    return row


def _check(item: CutOffItem, found: CutOff) -> None:
    if not item.may_be_ignored:
        raise InputError("cutoff.refused", item=item.label, reason=item.reason)
    for measure in found.measures:
        if measure.share is None:
            raise InputError("cutoff.total_unknown", item=item.label, measure=measure.zh, limit=5)
        if not measure.is_kept:
            raise InputError(
                "cutoff.total_exceeded", item=item.label, measure=measure.zh, share=f"{measure.share:.2f}", limit=5
            )


@transaction.atomic
def cut_off_withdraw(*, decision: CutOffDecision, by) -> None:
    """Take a decision back: the material is asked for again. The row stays."""
    require(by, "data.review", decision.organisation)
    row = CutOffDecision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = timezone.now(), by
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        data = {"material": row.label, "year": row.year}
        log(action="cut_off.withdraw", by=by, organisation=decision.organisation, on=row, data=data)
