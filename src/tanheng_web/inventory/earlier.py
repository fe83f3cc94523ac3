"""The same figures a year earlier, taken from the summary of an earlier run; None where that run cannot tell."""

from collections.abc import Mapping
from typing import Any

from tanheng.kernel.periods import Month, Period

__all__ = ["Earlier"]

Summary = Mapping[str, Any]


class Earlier:
    """Values of the comparison period `period` out of a summary that covers it, wholly or month by month."""

    def __init__(self, summary: Summary, period: Period) -> None:
        self._summary = summary
        self._same = str(summary["period"]) == period.key
        self._months = [str(month) for month in period.months]

    def total(self) -> float | None:
        return _value(self._summary["total"]) if self._same else self._over_months(self._month)

    def source(self, id: str) -> float | None:
        if self._same:
            return _value(self._summary["sources"].get(id))
        return self._over_months(lambda month: self._summary["month_sources"].get(month, {}).get(id))

    def subtotal(self, id: str) -> float | None:
        return _value(self._summary["subtotals"].get(id)) if self._same else None

    def process(self, path: str) -> float | None:
        return _value(self._summary["processes"].get(path)) if self._same else None

    def gas(self, gas: str) -> float | None:
        return _value(self._summary["gases"].get(gas)) if self._same else None

    def indicator(self, id: str) -> float | None:
        return _value(self._summary["indicators"].get(id)) if self._same else None

    def month(self, month: str) -> float | None:
        """The value of the same month a year before `month`."""
        return self._month(year_before(month))

    def _month(self, month: str) -> float | None:
        return _value(self._summary["months"].get(month))

    def _over_months(self, value_of: Any) -> float | None:
        values = [value_of(month) for month in self._months]
        return None if any(value is None for value in values) else float(sum(values))


def year_before(month: str) -> str:
    return str(Month.parse(month).shift(years=-1)) if "-" in month else str(int(month) - 1)


def _value(part: Mapping[str, Any] | None) -> float | None:
    return None if part is None else part["value"]
