"""What was given and moved no number is said once for every stream and quantity; what was used is not accused."""

from typing import Any

import pytest

from tanheng.accounting import sentence
from tanheng.rules.streams import Given, Parameter

YEAR = "2022"
CODES = (
    "value.not_used",
    "value.overruled",
    "part.not_used",
    "part.overruled",
    "factor.not_used",
    "parameter.not_used",
)


def _said(data: dict[str, Any]) -> list[tuple[Any, ...]]:
    found = [entry for entry in data["warnings"] if entry["code"] in CODES]
    for entry in found:
        assert entry["month"] is None and not set("{？") & set(sentence(entry)), sentence(entry)
    return [(entry["code"], entry["stream"], entry["quantity"]) for entry in found]


def _coke(values: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"coke": ("coke", "fuel", {YEAR: {"quantity": "100 t"}}, {"values": values, **more})}


FUEL = {"net_calorific_value": "28 GJ/t", "carbon_content": "0.03 tC/GJ"}
UNUSED = {
    "carbon without heat": (_coke({"carbon_content_mass": "0.85 tC/t"}), "value.not_used", "carbon_content_mass"),
    "factor of a fuel": (_coke({"emission_factor": "2.8 tCO2/t"}), "value.not_used", "emission_factor"),
    "carbon twice": (_coke({**FUEL, "carbon_content_mass": "0.85 tC/t"}), "value.overruled", "carbon_content_mass"),
    "library factor of a fuel": (_coke({}, factor="average:regional:north:2021"), "factor.not_used", None),
    "purchase of a product": (
        {"iron": ("pig_iron", "product", {YEAR: {"sold": "9 t", "purchased": "1 t"}})},
        "part.not_used",
        "purchased",
    ),
    "quantity and sale": (
        {"steel": ("crude_steel", "product", {YEAR: {"quantity": "9 t", "sold": "8 t"}})},
        "part.overruled",
        "sold",
    ),
    "library factor and measured one": (
        {
            "power": (
                "electricity",
                "electricity",
                {YEAR: {"quantity": "9 MWh"}},
                {"values": {"emission_factor": "0.5 tCO2/MWh"}, "factor": "average:regional:north:2021"},
            )
        },
        "factor.not_used",
        None,
    ),
}


@pytest.mark.parametrize("name", UNUSED)
def test_what_no_formula_took_is_a_warning(account: Any, name: str) -> None:
    streams, code, quantity = UNUSED[name]
    assert _said(account(streams).data) == [(code, next(iter(streams)), quantity)]


def test_the_warning_names_what_to_give_instead(account: Any) -> None:
    data = account(UNUSED["carbon without heat"][0]).data
    said = next(entry for entry in data["warnings"] if entry["code"] == "value.not_used")
    assert said["values"]["instead"] == ["net_calorific_value"] and "平均低位发热量" in sentence(said)


def test_the_anode_loss_rate_is_not_of_the_standard_of_2015(account: Any, aluminium: Any) -> None:
    metal = ("aluminium", "product", {YEAR: {"quantity": "9 t"}}, {"values": {"anode_loss_rate": "0.1"}})
    assert _said(account({"metal": metal}, standard=aluminium).data) == [("value.not_used", "metal", "anode_loss_rate")]


def test_it_is_said_once_and_not_month_by_month(account: Any) -> None:
    months = {f"2022-{month:02d}": {"quantity": "1 t"} for month in range(1, 13)}
    coal = ("bituminous_coal", "fuel", months, {"values": {"emission_factor": "2 tCO2/t"}})
    assert _said(account({"coal": coal}).data) == [("value.not_used", "coal", "emission_factor")]


def test_what_is_used_is_not_accused(account: Any) -> None:
    used = {
        "derived": ("coke", "fuel", {YEAR: {"quantity": "1 t"}},
                    {"values": {"carbon_content_mass": "0.85 tC/t", "net_calorific_value": "28 GJ/t"}}),
        "steam": ("steam", "heat", {YEAR: {"quantity": "1 t"}}, {"values": {"enthalpy": "2800 kJ/kg"}}),
        "power": ("electricity", "electricity", {YEAR: {"quantity": "1 MWh"}},
                  {"factor": "average:regional:north:2021"}),
        "scrap": ("scrap", "carbon_raw_material", {YEAR: {"quantity": "1 t"}},
                  {"values": {"carbon_content_mass": "0.1 tC/t"}}),
        "wrong": ("coke", "reductant", {YEAR: {"quantity": "2 t"}}, {"values": {"net_calorific_value": "1 tC/GJ"}}),
    }  # fmt: skip
    data = account(used).data
    assert not _said(data)
    assert [gap["code"] for gap in data["gaps"]] == ["unit.incompatible"]


def test_a_shared_value_that_reaches_no_stream_is_a_warning(account: Any) -> None:
    def shared(material: str, quantity: str, unit: str, **more: Any) -> Parameter:
        return Parameter(material, quantity, Given(1.0, unit), **more)

    parameters = (
        shared("coke", "emission_factor", "tCO2/t"),  # reaches the coke, which does not use it
        shared("anthracite", "net_calorific_value", "GJ/t"),  # no such stream
        shared("coke", "net_calorific_value", "GJ/t", process="烧结"),  # no such process
        shared("coke", "net_calorific_value", "GJ/t", period="2021"),  # of another year: not meant here
        shared("diesel", "net_calorific_value", "GJ/t", rank="enterprise_default"),  # a default stands by
    )
    data = account(_coke({}), shared=parameters).data
    assert _said(data) == [
        ("value.not_used", "coke", "emission_factor"),
        ("parameter.not_used", None, "net_calorific_value"),
        ("parameter.not_used", None, "net_calorific_value"),
    ]
    assert data["streams"][0]["inputs"]["net_calorific_value"]["origin"] == "standard_default"
