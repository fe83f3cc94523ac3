"""What was entered for one stream, month and item through all versions of the month: nothing is overwritten."""

from dataclasses import dataclass
from datetime import datetime

from tanheng.kernel.periods import Month
from tanheng_web.collection.models import ActivityValue

__all__ = ["Entry", "entries_of"]


@dataclass(frozen=True)
class Entry:
    """One entry, cleared ones with value None."""

    at: datetime
    by: str
    value: float | None
    unit: str
    version: int
    is_current: bool


def entries_of(organisation_id: int, stream: str, month: str, key: str) -> tuple[Entry, ...]:
    """Entries of an item, newest first."""
    if "-" not in month:
        return ()
    rows = ActivityValue.objects.filter(
        report__organisation=organisation_id, report__month=Month.parse(month).first_day, stream__code=stream, key=key
    ).select_related("report", "entered_by")
    return tuple(_entry(row) for row in rows.order_by("-entered_at", "-pk")[:20])


def _entry(row: ActivityValue) -> Entry:
    value = None if row.value is None else float(row.value)
    return Entry(row.entered_at, str(row.entered_by), value, row.unit, row.report.version, row.is_current)
