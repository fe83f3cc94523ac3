"""A figure of several months is the sum of these months, an intensity their ratio; ratios keep how they are written."""

from typing import Any

import pytest

from tanheng.accounting.explain import explain, recompute
from tanheng.kernel.errors import NotFound

MONTHS = ("2024-01", "2024-02", "2024-03")


@pytest.fixture
def document(account: Any) -> Any:
    coke = {month: {"quantity": f"{100 + 10 * n} t"} for n, month in enumerate(MONTHS)}
    steel = {month: {"quantity": f"{1000 + n} t"} for n, month in enumerate(MONTHS)}
    return account(
        {"coke": ("coke", "fuel", coke), "steel": ("crude_steel", "product", steel, {"direction": "out"})},
        period="2024-01..2024-03",
    )


def test_several_months_add_up(document: Any) -> None:
    apart = [explain(document, f"month:{month}").value for month in MONTHS[:2]]
    together = explain(document, "month:2024-01..2024-02")
    assert together.value == pytest.approx(sum(value for value in apart if value is not None))
    assert together.label == "2024 年 1–2 月"
    assert recompute(document, together.address) == pytest.approx(together.value)


def test_the_intensity_of_several_months_divides_their_sums(document: Any) -> None:
    node = explain(document, "indicator:intensity+month:2024-01..2024-02")
    above = explain(document, "month:2024-01..2024-02").value
    assert above is not None and node.value == pytest.approx(above / 2001)
    assert recompute(document, node.address) == pytest.approx(node.value)


@pytest.mark.parametrize("months", ["2024-03..2024-04", "2024-02..2024-01", "x..y"])
def test_months_that_the_result_has_not_are_unknown(document: Any, months: str) -> None:
    with pytest.raises(NotFound):
        explain(document, f"month:{months}")


def test_a_ratio_keeps_how_it_is_written(document: Any) -> None:
    node = explain(document, "input:0/co2_per_carbon")
    assert node.provenance["written"] == "44/12"
