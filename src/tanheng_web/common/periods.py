"""The period a person looks at: in the URL (``?period=2025``), remembered for the pages that do not name one."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from tanheng.kernel.errors import PeriodError
from tanheng.kernel.periods import Period
from tanheng_web.common.navigation import sources

__all__ = ["Choice", "choices", "period_of"]

SESSION_KEY = "period"
YEARS_SHOWN = 5
FIRST_YEAR, LAST_YEAR = 1950, 2150  # beyond, the years before and after have no name, and a remembered one would stay


@dataclass(frozen=True)
class Choice:
    key: str
    label: str
    is_current: bool


def period_of(request, organisation=None) -> Period:
    """The period of a request: its query, else the last one chosen, else the year that the enterprise's data end in."""
    for text in (request.GET.get("period"), request.session.get(SESSION_KEY) if hasattr(request, "session") else None):
        if text:
            try:
                period = Period.parse(text)
            except PeriodError:
                continue
            if period.first.year < FIRST_YEAR or period.last.year > LAST_YEAR:
                continue
            if request.session.get(SESSION_KEY) != period.key:
                request.session[SESSION_KEY] = period.key
            return period
    return Period.parse(str(last_year(organisation or getattr(request, "organisation", None))))


def last_year(organisation) -> int:
    """The year of the newest month with data (``newest_month`` of an app's navigation), else of last month."""
    found = [newest(organisation) for newest in sources("newest_month")] if organisation else []
    return max([day for day in found if day] or [_month_before(timezone.localdate())]).year


def _month_before(day: date) -> date:
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def choices(period: Period, last: int) -> tuple[Choice, ...]:
    """Years to switch to, newest first, the current period among them."""
    keys = [str(year) for year in range(last, last - YEARS_SHOWN, -1)]
    if period.key not in keys:
        keys.insert(0, period.key)
    return tuple(Choice(key, Period.parse(key).label_zh, key == period.key) for key in keys)
