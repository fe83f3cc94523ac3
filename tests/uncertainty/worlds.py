"""Small results whose uncertainty is known in closed form."""

from collections.abc import Mapping
from typing import Any

from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.kernel.periods import Period
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

__all__ = ["electricity", "fuels", "given", "result"]


def given(value: float, unit: str, distribution: Mapping[str, Any] | None = None, **more: Any) -> Given:
    """A measured value with a distribution of its own."""
    said = {} if distribution is None else {"distribution": dict(distribution), "distribution_of": value}
    return Given(value, unit, "measured", {"kind": "form", **said, **more})


def result(decls: list[StreamDecl], records: list[StreamRecord], *, period: str = "2025") -> ResultDocument:
    streams = StreamSet(SiteInfo("河北"), tuple(decls), tuple(records))
    return run(load_standard("gbt_32151_5_2015"), streams, period=Period.parse(period), title="小算例")


def electricity(amounts: Mapping[str, float], distribution: Mapping[str, Any] | None = None, *, factor: float = 0.5,
                factor_distribution: Mapping[str, Any] | None = None) -> ResultDocument:  # fmt: skip
    """One purchase of electricity a period; every line is amount × factor."""
    records = [
        StreamRecord("el", period, {"quantity": given(amount, "MWh", distribution)},
                     {"emission_factor": given(factor, "tCO2/MWh", factor_distribution)})
        for period, amount in amounts.items()
    ]  # fmt: skip
    return result([StreamDecl("el", "electricity", "electricity")], records)


def fuels(names: list[str], distribution: Mapping[str, Any]) -> ResultDocument:
    """Coals with a measured quantity each; calorific value and carbon content are the standard's."""
    records = [StreamRecord(name, "2025", {"quantity": given(1000.0, "t", distribution)}, {}) for name in names]
    return result([StreamDecl(name, "anthracite", "fuel") for name in names], records)
