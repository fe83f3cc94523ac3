"""The sums of a result document: total, sources, subtotals, gases, months, processes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tanheng.accounting.processes import process_view
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.rounding import exact_sum
from tanheng.rules.package import Standard

__all__ = ["Sums", "add", "figures"]

UNIT = "tCO2e"
# gaps of streams that have no line at all: what they would feed is unknown, not zero
_CLAIMS = ("claim.beyond", "claim.negative", "claim.later_year")
_WITHOUT_LINE = ("stream.missing", "stream.month_missing", "record.period_wider", *_CLAIMS)


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
    outlets: Mapping[str, list[tuple[str, str]]]

    @property
    def decimals(self) -> int | None:
        """The decimals of lines that the standard rounds one by one."""
        rounding = self.standard.rounding
        whole = all(float(value).is_integer() for value in self.standard.gwp.values.values())
        decimals: int = rounding.decimals
        return decimals if rounding.level == "line" and whole else None

    @cached_property
    def cells(self) -> Mapping[tuple[str, str, str, str], tuple[list[float | None], list[float | None]]]:
        """Values [tCO2e] and masses [t of gas] of the accounts of the boundary by (account, source, month, gas)."""
        found: dict[tuple[str, str, str, str], tuple[list[float | None], list[float | None]]] = {}
        columns = (self.lines[name] for name in ("account", "source", "month", "gas", "value", "mass"))
        for account, source, month, gas, value, mass in zip(*columns, strict=True):
            values, masses = found.setdefault((account, source, month, gas), ([], []))
            values.append(value)
            masses.append(mass)
        for source, month, gas in self._unknown():
            for account, rule in self.standard.accounts.items():
                if rule.flows == "boundary" and source in (rule.sources or self.standard.sources):
                    for column in found.setdefault((account, source, month, gas), ([], [])):
                        column.append(None)
        return found

    def _unknown(self) -> Iterator[tuple[str, str, str]]:
        """Yield (source, month, gas) that a missing stream would feed; without a month of its own it is every month."""
        months = [str(month) for month in self.period.months]
        for gap in self.gaps:
            if gap["code"] in _WITHOUT_LINE:
                for source, gas in self.outlets.get(gap["stream"], ()):
                    for month in [gap["month"]] if gap["month"] in months else months:
                        yield source, month, gas

    def where(
        self, *, source: str | None = None, month: str | None = None, gas: str | None = None, mass: bool = False,
        account: str | None = None,
    ) -> list[float | None]:  # fmt: skip
        """Return the values (or masses) of lines with a source, month or gas, of the account they belong to."""
        account = account or (self.standard.account_of(source) if source else "enterprise")
        return [
            value
            for (its_account, its_source, its_month, its_gas), columns in self.cells.items()
            if its_account == account
            and source in (None, its_source)
            and month in (None, its_month)
            and gas in (None, its_gas)
            for value in columns[1 if mass else 0]
        ]

    @cached_property
    def spans(self) -> tuple[tuple[str, Period], ...]:
        """The periods of lines that are longer than a month."""
        texts = dict.fromkeys(self.lines["month"])
        found = tuple((text, Period.parse(text)) for text in texts)
        return tuple((text, span) for text, span in found if span.first != span.last)

    @property
    def total(self) -> float | None:
        """The total [tCO2e]."""
        return self.of_account("enterprise")

    def of_source(self, source: str, month: str | None = None) -> float | None:
        """Return the sum of a source [tCO2e]; without a line zero, or unknown where the standard says so."""
        values = self.where(source=source, month=month)
        return add(values, self.decimals) if values or not self.standard.sources[source].no_data else None

    def of_account(self, account: str) -> float | None:
        """Return the sum of an account [tCO2e]; unknown without a line where that is a gap or means no flows."""
        values = self.where(account=account)
        rule = self.standard.accounts[account]
        empty = all(self.standard.sources[name].no_data for name in rule.sources or self.standard.sources)
        unknown = self.gaps or empty or rule.flows == "process"
        return add(values, self.decimals) if values or not unknown else None


def figures(sums: Sums) -> dict[str, Any]:
    """Return the figures of a result document."""
    standard = sums.standard
    sources = {name: sums.of_source(name) for name in standard.sources}
    values = {name: sums.where(source=name) for name in standard.sources}
    subtotals = {
        name: add((v for source in subtotal.sources for v in values[source]), sums.decimals)
        for name, subtotal in standard.subtotals.items()
    }
    months = _months(sums)
    of_processes = {
        name for name, account in standard.accounts.items() if account.flows == "process" and not account.beside
    }
    inside = [n for n, account in enumerate(sums.lines["account"]) if account in of_processes]
    paths = [sums.lines["process"][n] for n in inside]
    return {
        "total": _figure(sums.total),
        "sources": {name: _figure(value) for name, value in sources.items()},
        "subtotals": {name: _figure(value) for name, value in subtotals.items()},
        "accounts": {
            name: {**_figure(sums.of_account(name)), "flows": account.flows, "beside": account.beside}
            for name, account in standard.accounts.items()
        },
        "gases": {gas: _gas(sums, gas) for gas in standard.gwp.values},
        "months": {month: _month(sums, month) for month in months},
        "month_sources": {
            month: {name: sums.of_source(name, month) for name in standard.sources}
            for month in months
        },
        "processes": _processes(sums, paths, [sums.lines["value"][n] for n in inside]),
    }  # fmt: skip


def _processes(sums: Sums, paths: list[str], values: list[float | None]) -> dict[str, dict[str, Any]]:
    """Return the process view; sums and differences of rounded lines have their decimals, shares of them have not."""
    view = process_view(paths, values, sums.total, sums.shares)
    if sums.decimals is None or sums.shares:
        return view
    return {path: {**found, "value": add([found["value"]], sums.decimals)} for path, found in view.items()}


def _figure(value: float | None) -> dict[str, Any]:
    return {"value": value, "unit": UNIT}


def _gas(sums: Sums, gas: str) -> dict[str, Any]:
    return {
        "mass": add(sums.where(gas=gas, mass=True)), "mass_unit": f"t{gas}",
        "gwp": float(sums.standard.gwp.values[gas]), **_figure(add(sums.where(gas=gas), sums.decimals)),
    }  # fmt: skip


def _months(sums: Sums) -> list[str]:
    """Return the months for which anything is reported month by month; an annual record is one period, no month."""
    reported = set(sums.lines["month"]) | {str(gap["month"]) for gap in sums.gaps if gap["month"]}
    found = [str(month) for month in sums.period.months]
    return [month for month in found if month in reported]


def _month(sums: Sums, month: str) -> dict[str, Any]:
    """A month is complete when nothing is missing in it and nothing is known only for a longer period."""
    whole = Month.parse(month)
    spans = [text for text, span in sums.spans if whole in span]
    missing = any(gap["month"] == month or gap["code"] == "stream.missing" for gap in sums.gaps)
    return {**_figure(add(sums.where(month=month), sums.decimals)), "complete": not spans and not missing}
