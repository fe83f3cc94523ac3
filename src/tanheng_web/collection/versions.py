"""What changed between two versions of a month."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import ActivityValue, MonthReport
from tanheng_web.collection.workbook.cells import shown

__all__ = ["Difference", "difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that differs."""

    stream: str
    code: str
    key: str
    unit: str
    before: Decimal | None
    after: Decimal | None
    who: str

    @property
    def before_text(self) -> str:
        return "—" if self.before is None else shown(float(self.before))

    @property
    def after_text(self) -> str:
        return "—" if self.after is None else shown(float(self.after))

    @property
    def change_text(self) -> str:
        if self.before is None or self.after is None:
            return "—"
        change = shown(float(self.after - self.before))
        return change if self.after < self.before else f"+{change}"


def difference(before: MonthReport, after: MonthReport) -> list[Difference]:
    """Cells whose numbers differ, in the order of the streams."""
    old, new = _values(before), _values(after)
    found = []
    for place in sorted(old.keys() | new.keys(), key=lambda place: (_row(old, new, place).stream.order, place)):
        a, b = old.get(place), new.get(place)
        if (a.value if a else None) != (b.value if b else None):
            found.append(_difference(_row(old, new, place), a, b))
    return found


def _row(old: dict, new: dict, place) -> ActivityValue:
    return new.get(place) or old[place]


def _difference(row: ActivityValue, a: ActivityValue | None, b: ActivityValue | None) -> Difference:
    at = timezone.localtime(row.entered_at).strftime("%Y-%m-%d %H:%M")
    stream = row.stream
    return Difference(
        stream.name,
        stream.code,
        words.key_zh(row.key),
        words.unit_label(row.unit),
        a.value if a else None,
        b.value if b else None,
        f"{row.entered_by} {at}",
    )


def _values(report: MonthReport) -> dict[tuple[int, str], ActivityValue]:
    rows = report.entries.filter(is_current=True).select_related("stream", "entered_by")
    return {(row.stream_id, row.key): row for row in rows}
