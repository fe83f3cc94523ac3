"""What the overview shows: every month of some years with its state and how much of it is filled."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from tanheng.kernel.periods import Month
from tanheng_web.collection.models import ActivityValue, MonthReport, SourceStream
from tanheng_web.collection.vocabulary import QUANTITY_KEYS

__all__ = ["MonthCell", "YearRow", "due_from", "is_late", "overview_of"]

YEARS = 3
WORDS = {"missing": "未填报", "future": "未到", "unasked": "不填报", **dict(MonthReport.Status.choices)}


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

    is_recent: bool = True

    @property
    def approved(self) -> int:
        return sum(cell.state == "approved" for cell in self.months)

    @property
    def asked(self) -> int:
        """Months that are to be reported."""
        return sum(cell.state != "unasked" for cell in self.months)

    @property
    def needs_work(self) -> bool:
        return any(cell.is_late or cell.state in ("submitted", "returned") for cell in self.months)


def overview_of(organisation, today: date) -> list[YearRow]:
    """Years from the first with data (at least three) to the present one, newest first. Three queries.

    A month is late when it is over, data are expected of it, and it is not handed in.
    """
    reports = _newest(organisation)
    filled = _filled(reports)
    streams = list(SourceStream.objects.filter(organisation=organisation, is_active=True))
    first = min([month.year for month in reports] + [today.year - YEARS + 1])
    last = max([month.year for month in reports] + [today.year])
    facts = _Facts(reports, filled, streams, today, _due_from(organisation, reports, streams))
    return [
        YearRow(year, tuple(_cell(Month(year, n), facts) for n in range(1, 13)), year > last - YEARS)
        for year in range(last, first - 1, -1)
    ]


@dataclass(frozen=True, slots=True)
class _Facts:
    reports: dict[Month, MonthReport]
    filled: Counter
    streams: list[SourceStream]
    today: date
    due_from: Month


def is_late(month: Month, state: str, due: Month, today: date) -> bool:
    """Whether a month is over, data are expected of it, and it is not handed in: the one rule of what is overdue."""
    is_over = month.shift(months=1).first_day <= today
    return is_over and month >= due and state in ("missing", "draft", "returned")


def due_from(organisation) -> Month:
    """The month from which on data are expected of an enterprise. Two queries."""
    streams = SourceStream.objects.filter(organisation=organisation, is_active=True).only("first_month")
    return _due_from(organisation, _newest(organisation), list(streams))


def _due_from(organisation, reports: dict[Month, MonthReport], streams: list[SourceStream]) -> Month:
    """The month from which on data are expected: of the first data, else of the day the enterprise was set up."""
    begun = min([Month.of(timezone.localtime(organisation.created_at)), *reports])
    if streams and all(stream.first_month for stream in streams):
        return max(begun, Month.of(min(stream.first_month for stream in streams)))
    return begun


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


def _cell(month: Month, facts: _Facts) -> MonthCell:
    report = facts.reports.get(month)
    streams = [stream for stream in facts.streams if stream.active_in(month)]
    done = sum(min(facts.filled[report.pk, stream.pk], len(stream.components)) for stream in streams) if report else 0
    state = report.status if report else _state(month, bool(streams), facts)
    late = is_late(month, state, facts.due_from, facts.today)
    asked = sum(len(stream.components) for stream in streams)
    return MonthCell(month, state, done, asked, report.version if report else 0, late)


def _state(month: Month, is_asked: bool, facts: _Facts) -> str:
    if month.first_day > facts.today:
        return "future"
    return "missing" if is_asked else "unasked"
