"""Emissions per 10⁴ CNY of output value: there where the enterprise reports it, absent where it does not."""

from typing import Any

import pytest

FACTORS = {"values": {"net_calorific_value": "20 GJ/t", "carbon_content": "0.02 tC/GJ", "oxidation_factor": "0.9 1"}}
COAL = ("bituminous_coal", "fuel", {"2022-01": {"quantity": "1000 t"}}, FACTORS)


def output(quantity: str) -> tuple[str, str, dict[str, dict[str, str]]]:
    return ("output_value", "product", {"2022-01": {"quantity": quantity}})


@pytest.mark.parametrize("quantity", ["600 万元", "6000000 元"])
def test_total_and_intensity_per_output_value_are_computed(account: Any, quantity: str) -> None:
    doc = account({"coal": COAL, "value": output(quantity)}, period="2022-01")
    found = doc.data["indicators"]["value_intensity"]
    assert doc.data["complete"] and doc.data["total"]["value"] == pytest.approx(1320.0)
    assert found["value"] == pytest.approx(2.2) and found["unit"] == "tCO2e/1e4CNY"
    assert [entry["stream"] for entry in doc.data["not_counted"]] == ["value"]


def test_without_the_stream_the_indicator_is_absent_and_nothing_is_missing(account: Any) -> None:
    doc = account({"coal": COAL}, period="2022-01")
    assert "value_intensity" not in doc.data["indicators"] and doc.data["complete"]
    assert "单位产值" not in "".join(str(entry) for entry in doc.data["warnings"])


def test_a_missing_month_of_output_value_is_a_gap_and_no_intensity(account: Any) -> None:
    months = {month: {"quantity": "1000 t"} for month in ("2022-01", "2022-02")}
    coal = ("bituminous_coal", "fuel", months, FACTORS)
    doc = account({"coal": coal, "value": output("600 万元")}, period="2022-01..2022-02")
    gaps = [(gap["code"], gap["stream"], gap["month"]) for gap in doc.data["gaps"]]
    assert gaps == [("stream.month_missing", "value", "2022-02")]
    assert doc.data["indicators"]["value_intensity"]["value"] is None
    assert doc.data["total"]["value"] == pytest.approx(2640.0)
