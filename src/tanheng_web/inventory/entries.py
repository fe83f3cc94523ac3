"""What was entered for one stream, month and item through all versions of the month: nothing is overwritten."""

from dataclasses import dataclass, replace
from datetime import datetime

from tanheng.kernel.periods import Month
from tanheng_web.collection.models import ActivityValue, MonthReport

__all__ = ["Entry", "entries_of"]


@dataclass(frozen=True)
class Entry:
    """One entry, cleared ones with value None; `reason` says why the month was opened again for it."""

    at: datetime
    by: str
    value: float | None
    unit: str
    version: int
    is_current: bool
    reason: str = ""
    approved_by: str = ""
    place: str = ""


def entries_of(organisation_id: int, stream: str, month: str, key: str) -> tuple[Entry, ...]:
    """Entries of an item, newest first."""
    if "-" not in month:
        return ()
    rows = ActivityValue.objects.filter(
        report__organisation=organisation_id, report__month=Month.parse(month).first_day, stream__code=stream, key=key
    ).select_related("report__approved_by", "entered_by", "workbook")
    return _once([_entry(row) for row in rows.order_by("-entered_at", "-pk")[:40]])


def _once(entries: list[Entry]) -> tuple[Entry, ...]:
    """An entry that a new version took over unchanged is shown once, as of the version it was made in."""
    kept: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        same = (entry.at, entry.by, entry.value, entry.place)
        newer = kept.get(same)
        kept[same] = entry if newer is None else replace(entry, is_current=entry.is_current or newer.is_current)
    return tuple(kept.values())


def _entry(row: ActivityValue) -> Entry:
    value = None if row.value is None else float(row.value)
    report = row.report
    return Entry(
        row.entered_at,
        str(row.entered_by),
        value,
        row.unit,
        report.version,
        row.is_current and report.status != MonthReport.Status.SUPERSEDED,
        "；".join(dict.fromkeys(part for part in (report.reason if report.version > 1 else "", row.note) if part)),
        str(report.approved_by or ""),
        f"{row.workbook.name} {row.sheet} {row.cell}" if row.workbook else "页面填报",
    )
