"""The sums of a result document: total, sources, subtotals, gases, months, processes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.processes import process_view
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.rounding import exact_sum
from tanheng.rules.package import Standard

__all__ = ["Sums", "add", "figures"]

UNIT = "tCO2e"


def add(values: Iterable[float | None], decimals: int | None = None) -> float | None:
    """Return the exact sum of what is known: 0 of nothing at all, None where everything is unknown.

    ``decimals`` says that the values are rounded lines; they are then summed as integers.
    """
    given = list(values)
    known = [value for value in given if value is not None]
    if given and not known:
        return None
    if decimals is None:
        return exact_sum(known) + 0.0
    scale: int = 10**decimals
    return sum(round(value * scale) for value in known) / scale


@dataclass(frozen=True)
class Sums:
    """The columns to add up, with what is needed to do so."""

    standard: Standard
    lines: Mapping[str, list[Any]]
    period: Period
    gaps: list[dict[str, Any]]
    shares: Mapping[str, Mapping[str, float]]

    @property
    def decimals(self) -> int | None:
        """The decimals of lines that the standard rounds one by one."""
        rounding = self.standard.rounding
        whole = all(float(value).is_integer() for value in self.standard.gwp.values.values())
        decimals: int = rounding.decimals
        return decimals if rounding.level == "line" and whole else None

    def where(self, column: str = "value", **fixed: str) -> list[float | None]:
        """Return the values of lines of the enterprise account in which columns have fixed values."""
        chosen = {"account": "enterprise", **fixed}
        parts = [self.lines[name] for name in chosen]
        wanted = tuple(chosen.values())
        return [value for value, *found in zip(self.lines[column], *parts, strict=True) if tuple(found) == wanted]

    @property
    def total(self) -> float | None:
        """The total [tCO2e]."""
        return add(self.where(), self.decimals)


def figures(sums: Sums) -> dict[str, Any]:
    """Return the figures of a result document."""
    standard = sums.standard
    sources = {name: add(sums.where(source=name), sums.decimals) for name in standard.sources}
    values = {name: sums.where(source=name) for name in standard.sources}
    subtotals = {
        name: add((v for source in subtotal.sources for v in values[source]), sums.decimals)
        for name, subtotal in standard.subtotals.items()
    }
    months = _months(sums)
    inside = [n for n, account in enumerate(sums.lines["account"]) if account == "process"]
    paths = [sums.lines["process"][n] for n in inside]
    return {
        "total": _figure(sums.total),
        "sources": {name: _figure(value) for name, value in sources.items()},
        "subtotals": {name: _figure(value) for name, value in subtotals.items()},
        "gases": {gas: _gas(sums, gas) for gas in standard.gwp.values},
        "months": {month: _month(sums, month) for month in months},
        "month_sources": {
            month: {name: add(sums.where(month=month, source=name), sums.decimals) for name in standard.sources}
            for month in months
        },
        "processes": process_view(paths, [sums.lines["value"][n] for n in inside], sums.total, sums.shares),
    }  # fmt: skip


def _figure(value: float | None) -> dict[str, Any]:
    return {"value": value, "unit": UNIT}


def _gas(sums: Sums, gas: str) -> dict[str, Any]:
    return {
        "mass": add(sums.where("mass", gas=gas)), "mass_unit": f"t{gas}", "gwp": float(sums.standard.gwp.values[gas]),
        **_figure(add(sums.where(gas=gas), sums.decimals)),
    }  # fmt: skip


def _months(sums: Sums) -> list[str]:
    """Return the months for which anything is reported month by month; an annual record is one period, no month."""
    reported = set(sums.lines["month"]) | {str(gap["month"]) for gap in sums.gaps if gap["month"]}
    found = [str(month) for month in sums.period.months]
    return [month for month in found if month in reported]


def _month(sums: Sums, month: str) -> dict[str, Any]:
    """A month is complete when nothing is missing in it and nothing is known only for a longer period."""
    whole = Month.parse(month)
    spans = {text for text in sums.lines["month"] if text != month and whole in Period.parse(text)}
    missing = any(gap["month"] == month or gap["code"] == "stream.missing" for gap in sums.gaps)
    return {**_figure(add(sums.where(month=month), sums.decimals)), "complete": not spans and not missing}
