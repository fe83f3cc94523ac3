"""Ranges and ratios of data/plausibility.yaml are said with every result, whoever made it."""

from typing import Any

import pytest

from tanheng.rules.streams import Given, Parameter

MEASURED = {"net_calorific_value": "28.4 GJ/t", "carbon_content": "0.0295 tC/GJ", "oxidation_factor": "0.93 1"}
MONTHS = ("2022-01", "2022-02", "2022-03")


def said(data: dict[str, Any], *codes: str) -> list[tuple[Any, ...]]:
    return [
        (found["code"], found["quantity"], found["month"], found["values"].get("value"), found["values"].get("count"))
        for found in data["warnings"]
        if found["code"] in (codes or ("value.implausible", "value.impossible"))
    ]


def coke(**values: str) -> dict[str, Any]:
    months = {month: {"quantity": "100 t"} for month in MONTHS}
    return {"c": ("coke", "fuel", months, {"values": MEASURED | values})}


def test_what_is_usual_is_not_said(account: Any) -> None:
    assert said(account(coke(), period="2022").data) == []


@pytest.mark.parametrize(
    ("quantity", "value", "code", "shown"),
    [
        ("net_calorific_value", "2840 GJ/t", "value.implausible", "2,840 GJ/t"),
        ("net_calorific_value", "28400 MJ/t", None, ""),
        ("carbon_content", "0.06 tC/GJ", "value.implausible", "0.06 tC/GJ"),
        ("oxidation_factor", "93 1", "value.impossible", "93"),
    ],
)
def test_a_value_outside_its_range_is_said_once_a_stream(
    account: Any, quantity: str, value: str, code: str | None, shown: str
) -> None:
    data = account(coke(**{quantity: value}), period="2022").data
    assert said(data) == ([(code, quantity, "2022-01", shown, 3)] if code else [])


def test_a_value_that_a_person_verified_is_left_alone_unless_it_cannot_be(account: Any) -> None:
    note = {"kind": "form", "note": "已核实：高硫焦，两家化验一致"}
    for quantity, unit, value, left in (
        ("net_calorific_value", "GJ/t", 25.1, []),
        ("oxidation_factor", "1", 1.2, ["value.impossible"]),
    ):
        shared = (
            Parameter("coke", quantity, Given(value, unit, "enterprise_default", note), rank="enterprise_default"),
        )
        streams = {"c": ("coke", "fuel", {"2022-01": {"quantity": "1 t"}})}
        data = account(streams, period="2022-01", shared=shared).data
        assert [found[0] for found in said(data)] == left


def works(iron: str) -> dict[str, Any]:
    def flow(material: str, role: str, amount: str, direction: str = "in") -> Any:
        return (material, role, {"2022-01": {"quantity": amount}}, {"process": "高炉炼铁", "direction": direction})

    return {
        "coke": ("coke", "fuel", {"2022-01": {"quantity": "70000 t"}}),
        "bf-coke": flow("coke", "fuel", "70000 t"),
        "iron": flow("pig_iron", "product", iron, "out"),
    }


def test_ratios_of_a_complete_result_are_said_with_the_figures_used(account: Any) -> None:
    def ratios(**more: Any) -> list[str]:
        data = account(works(**more), period="2022-01").data
        return [found["values"]["ratio_zh"] for found in data["warnings"] if found["code"] == "ratio.unusual"]

    assert ratios(iron="150000 t") == []
    assert ratios(iron="100000 t") == ["入炉焦比", "燃料比"]
    assert ratios(iron="100000 MWh") == [], "no ratio of an incomplete result"
