"""Months and ranges of months as Asia/Shanghai counts them; instants are UTC and half open."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, total_ordering
from zoneinfo import ZoneInfo

from tanheng.kernel.errors import PeriodError

__all__ = ["Month", "Period"]

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_MONTH = re.compile(r"(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*月?\Z")
_YEAR = re.compile(r"(\d{4})\s*年?\Z")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month. ``str(Month(2025, 7)) == "2025-07"``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (_FIRST_YEAR <= self.year <= _LAST_YEAR and 1 <= self.month <= 12):
            raise PeriodError("period.unreadable", text=f"{self.year}-{self.month}")

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2025-07``, ``2025/7``, ``2025.7`` or ``2025年7月``; raises PeriodError ``period.unreadable``."""
        found = _MONTH.match(str(text).strip())
        if not found:
            raise PeriodError("period.unreadable", text=str(text))
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        """Return the month of a date."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Month):
            return NotImplemented
        return self.index < other.index

    @property
    def index(self) -> int:
        """Months since year 0, for arithmetic."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def label_zh(self) -> str:
        """``2025 年 7 月``."""
        return f"{self.year} 年 {self.month} 月"

    def shift(self, *, years: int = 0, months: int = 0) -> "Month":
        """Return the month so many years and months later."""
        year, month = divmod(self.index + years * 12 + months, 12)
        return Month(year, month + 1)

    @property
    def start_at(self) -> datetime:
        """First instant [UTC] of the month in Asia/Shanghai."""
        return datetime(self.year, self.month, 1, tzinfo=_SHANGHAI).astimezone(UTC)

    @property
    def end_at(self) -> datetime:
        """First instant [UTC] after the month: bounds are half open."""
        return self.shift(months=1).start_at


@dataclass(frozen=True, slots=True)
class Period:
    """A range of whole months, first and last included."""

    first: Month
    last: Month

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodError("period.reversed", first=str(self.first), last=str(self.last))

    @classmethod
    def parse(cls, text: "str | int | Period | Month") -> "Period":
        """Read ``2025``, ``2025-07`` or ``2025-01..2025-06``.

        Raises
        ------
        PeriodError
            ``period.unreadable`` or ``period.reversed``.

        >>> Period.parse("2025-01..2025-06").label_zh
        '2025 年 1–6 月'
        """
        if isinstance(text, Period):
            return text
        if isinstance(text, Month):
            return cls(text, text)
        return _read(str(text))

    @property
    def months(self) -> tuple[Month, ...]:
        """Every month, in order."""
        return tuple(self.first.shift(months=n) for n in range(self.last.index - self.first.index + 1))

    @property
    def is_year(self) -> bool:
        """Whether it is one calendar year."""
        return self.first.year == self.last.year and self.first.month == 1 and self.last.month == 12

    @property
    def key(self) -> str:
        """The shortest text that parses back: ``2025``, ``2025-07`` or ``2025-01..2025-06``."""
        if self.is_year:
            return f"{self.first.year:04d}"
        return str(self.first) if self.first == self.last else f"{self.first}..{self.last}"

    def __str__(self) -> str:
        return self.key

    @property
    def label_zh(self) -> str:
        """``2025 年``, ``2025 年 7 月``, ``2025 年 1–6 月`` or ``2024 年 7 月–2025 年 6 月``."""
        if self.is_year:
            return f"{self.first.year} 年"
        if self.first == self.last:
            return self.first.label_zh
        if self.first.year == self.last.year:
            return f"{self.first.year} 年 {self.first.month}–{self.last.month} 月"
        return f"{self.first.label_zh}–{self.last.label_zh}"

    def shift(self, *, years: int = 0, months: int = 0) -> "Period":
        """Return the period so many years and months later."""
        return Period(self.first.shift(years=years, months=months), self.last.shift(years=years, months=months))

    def __contains__(self, month: object) -> bool:
        return isinstance(month, Month) and self.first <= month <= self.last

    @property
    def first_day(self) -> date:
        """The first day."""
        return self.first.first_day

    @property
    def end_day(self) -> date:
        """The first day after the period: bounds are half open."""
        return self.last.shift(months=1).first_day

    @property
    def start_at(self) -> datetime:
        """First instant [UTC] of the period in Asia/Shanghai."""
        return self.first.start_at

    @property
    def end_at(self) -> datetime:
        """First instant [UTC] after the period."""
        return self.last.end_at


@lru_cache(maxsize=2048)
def _read(text: str) -> Period:
    """Read the text of a period; a run reads the same dozen texts once for every record."""
    first, dots, last = text.strip().partition("..")
    begin = _part(first, text)
    return Period(begin.first, _part(last, text).last) if dots else begin


def _part(part: str, whole: str) -> Period:
    year = _YEAR.match(part.strip())
    if year:
        return Period(Month(int(year[1]), 1), Month(int(year[1]), 12))
    if not _MONTH.match(part.strip()):
        raise PeriodError("period.unreadable", text=whole)
    month = Month.parse(part)
    return Period(month, month)
