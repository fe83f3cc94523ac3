"""What the overview shows: every month of some years with its state and how much of it is filled."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from tanheng.kernel.periods import Month
from tanheng_web.collection.models import ActivityValue, MonthReport, SourceStream
from tanheng_web.collection.vocabulary import QUANTITY_KEYS

__all__ = ["MonthCell", "YearRow", "overview_of"]

YEARS = 3
WORDS = {"missing": "未填报", "future": "未到", **dict(MonthReport.Status.choices)}


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month: state, cells filled of cells asked, version, whether it is late."""

    month: Month
    state: str
    filled: int
    asked: int
    version: int
    is_late: bool

    @property
    def word(self) -> str:
        return str(WORDS[self.state])

    @property
    def missing(self) -> int:
        return self.asked - self.filled

    @property
    def percent(self) -> int:
        return 100 * self.filled // self.asked if self.asked else 0


@dataclass(frozen=True, slots=True)
class YearRow:
    year: int
    months: tuple[MonthCell, ...]

    @property
    def approved(self) -> int:
        return sum(cell.state == "approved" for cell in self.months)


def overview_of(organisation, today: date) -> list[YearRow]:
    """Years from the first with data (at least three) to the present one, newest first. Three queries."""
    reports = _newest(organisation)
    filled = _filled(reports)
    streams = list(SourceStream.objects.filter(organisation=organisation, is_active=True))
    first = min([month.year for month in reports] + [today.year - YEARS + 1])
    last = max([month.year for month in reports] + [today.year])
    return [
        YearRow(year, tuple(_cell(Month(year, n), reports, filled, streams, today) for n in range(1, 13)))
        for year in range(last, first - 1, -1)
    ]


def _newest(organisation) -> dict[Month, MonthReport]:
    rows = MonthReport.objects.filter(organisation=organisation).order_by("month", "version")
    return {report.span: report for report in rows}


def _filled(reports: dict[Month, MonthReport]) -> Counter:
    """Filled quantity cells by report and stream."""
    rows = ActivityValue.objects.filter(
        report__in=[r.pk for r in reports.values()], is_current=True, value__isnull=False, key__in=QUANTITY_KEYS
    )
    found: Counter = Counter()
    for report, stream, count in rows.order_by().values_list("report_id", "stream_id").annotate(count=Count("pk")):
        found[report, stream] = count
    return found


def _cell(month: Month, reports, filled: Counter, streams: list[SourceStream], today: date) -> MonthCell:
    report = reports.get(month)
    asked = [stream for stream in streams if stream.active_in(month)]
    done = sum(min(filled[report.pk, stream.pk], len(stream.components)) for stream in asked) if report else 0
    is_over = month.shift(months=1).first_day <= today
    state = report.status if report else ("missing" if month.first_day <= today else "future")
    is_late = is_over and bool(reports) and month >= min(reports) and state in ("missing", "draft", "returned")
    return MonthCell(
        month, state, done, sum(len(stream.components) for stream in asked), report.version if report else 0, is_late
    )
