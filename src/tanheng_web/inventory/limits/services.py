"""Setting limits and taking them back."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from tanheng.kernel.errors import InputError
from tanheng_web.common import audit
from tanheng_web.common.access import require
from tanheng_web.inventory.models import EmissionLimit
from tanheng_web.organisations.selectors import standards_of

__all__ = ["limit_set", "limit_withdraw"]

LARGEST = Decimal(10) ** 13


@transaction.atomic
def limit_set(
    *, organisation, year: int, standard: str, measure: str, kind: str, value: Decimal, warn_percent: Decimal,
    document: str, by,
) -> EmissionLimit:  # fmt: skip
    """Set a limit of a year; one of the same kind and measure is withdrawn, and both stay on record.

    Raises
    ------
    InputError
        ``limit.value``, ``limit.percent``, ``limit.document``, ``limit.standard``.
    """
    require(by, "organisation.change", organisation)
    if not 0 < value < LARGEST:
        raise InputError("limit.value", value=f"{value:f}"[:30])
    if not 0 < warn_percent <= 100:
        raise InputError("limit.percent", value=f"{warn_percent:f}"[:30])
    if not document.strip():
        raise InputError("limit.document")
    if standard not in standards_of(organisation, year):
        raise InputError("limit.standard", year=year)
    same = {"organisation": organisation, "year": year, "standard": standard, "measure": measure, "kind": kind}
    for old in EmissionLimit.objects.select_for_update().filter(**same, withdrawn_at=None):
        _withdraw(old, by)
    row = EmissionLimit.objects.create(
        **same, value=value, warn_percent=warn_percent, document=document.strip()[:200], set_by=by
    )
    audit.log(
        action="limit.set",
        by=by,
        organisation=organisation,
        on=row,
        data={"year": year, "kind": row.get_kind_display(), "value": f"{value.normalize():f}", "document": document},
    )
    return row


@transaction.atomic
def limit_withdraw(*, limit: EmissionLimit, by) -> None:
    """Take a limit back; it stays on record."""
    require(by, "organisation.change", limit.organisation)
    row = EmissionLimit.objects.select_for_update().get(pk=limit.pk)
    if row.withdrawn_at is None:
        _withdraw(row, by)
        audit.log(action="limit.withdraw", by=by, organisation=row.organisation, on=row, data={"year": row.year})


def _withdraw(row: EmissionLimit, by) -> None:
    row.withdrawn_by, row.withdrawn_at = by, timezone.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
