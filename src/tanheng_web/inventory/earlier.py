"""The same figures a year earlier, taken from the summary of an earlier run; None where that run cannot tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.kernel.periods import Month, Period

__all__ = ["Earlier", "Then", "month_numerator"]

Summary = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Then:
    """A figure of the earlier run: its value and where it explains itself."""

    value: float | None
    run_id: int
    address: str


class Earlier:
    """Figures of the comparison period `period` out of a run that covers it, wholly or month by month.

    `views` are the stored `Run.views`, whose `by_month` holds what a summary has for the whole period only.
    """

    def __init__(self, summary: Summary, period: Period, *, run_id: int, views: Mapping[str, Any]) -> None:
        self._summary = summary
        self._same = str(summary["period"]) == period.key
        self._months = [str(month) for month in period.months]
        self._run_id = run_id
        self._by_month: Mapping[str, Any] = views.get("by_month", {})

    def total(self) -> Then | None:
        return self._then("total", lambda: _value(self._summary["total"]), self._month)

    def source(self, id: str) -> Then | None:
        return self._then(f"source:{id}", lambda: _value(self._summary["sources"].get(id)), self._source(id))

    def subtotal(self, id: str) -> Then | None:
        return self._then(f"subtotal:{id}", lambda: _value(self._summary["subtotals"].get(id)), self._subtotal(id))

    def process(self, path: str) -> Then | None:
        parts = self._summary["processes"]
        return self._then(
            f"process:{path}", lambda: _value(parts.get(path)), lambda month: self._part("processes", month, path)
        )

    def gas(self, gas: str) -> Then | None:
        parts = self._summary["gases"]
        return self._then(f"gas:{gas}", lambda: _value(parts.get(gas)), lambda month: self._part("gases", month, gas))

    def indicator(self, id: str) -> Then | None:
        """The sum of what stands above over the sum of what stands below, never a mean of monthly ratios."""
        if self._same:
            return self._then(f"indicator:{id}", lambda: _value(self._summary["indicators"].get(id)), None)
        above = self._over(self._numerator(id))
        below = self._over(lambda month: self._part("denominators", month, id))
        return None if above is None or not below else self._found(f"indicator:{id}", above / below)

    def month(self, month: str) -> Then | None:
        """The value of the same month a year before `month`."""
        then = year_before(month)
        value = self._month(then)
        return None if value is None else Then(value, self._run_id, f"month:{then}")

    def month_indicator(self, id: str, month: str) -> Then | None:
        """The intensity of the same month a year before."""
        then = year_before(month)
        above, below = self._numerator(id)(then), self._part("denominators", then, id)
        return None if above is None or not below else Then(above / below, self._run_id, f"indicator:{id}+month:{then}")

    def _then(self, address: str, whole: Callable[[], float | None], part: Any) -> Then | None:
        value = whole() if self._same else self._over(part)
        return None if value is None else self._found(address, value)

    def _found(self, address: str, value: float) -> Then:
        return Then(value, self._run_id, address if self._same else self._of_months(address))

    def _of_months(self, address: str) -> str:
        months = self._months[0] if len(self._months) == 1 else f"{self._months[0]}..{self._months[-1]}"
        return f"month:{months}" if address == "total" else f"{address}+month:{months}"

    def _month(self, month: str) -> float | None:
        return _value(self._summary["months"].get(month))

    def _source(self, id: str) -> Callable[[str], float | None]:
        return lambda month: self._summary["month_sources"].get(month, {}).get(id)

    def _subtotal(self, id: str) -> Callable[[str], float | None]:
        return lambda month: month_numerator(self._summary, id, month)

    def _numerator(self, id: str) -> Callable[[str], float | None]:
        name = self._summary["indicators"].get(id, {}).get("numerator", "total")
        return lambda month: month_numerator(self._summary, name, month)

    def _part(self, table: str, month: str, key: str) -> float | None:
        return self._by_month.get(table, {}).get(month, {}).get(key)

    def _over(self, value_of: Callable[[str], float | None]) -> float | None:
        return _sum([value_of(month) for month in self._months])


def month_numerator(summary: Summary, name: str, month: str) -> float | None:
    """The total, a source or a subtotal of a month: what stands above in an intensity."""
    if name == "total":
        return _value(summary["months"].get(month))
    by_source = summary["month_sources"].get(month, {})
    if name in by_source:
        return by_source[name]
    return _sum([by_source.get(source) for source in summary["labels"]["subtotal_sources"].get(name, "").split("+")])


def year_before(month: str) -> str:
    return str(Month.parse(month).shift(years=-1)) if "-" in month else str(int(month) - 1)


def _sum(values: list[float | None]) -> float | None:
    """The sum, unknown as soon as one of the values is."""
    known = [value for value in values if value is not None]
    return float(sum(known)) if len(known) == len(values) else None


def _value(part: Mapping[str, Any] | None) -> float | None:
    return None if part is None else part["value"]
