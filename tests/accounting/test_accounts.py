"""Accounts that count some sources and kinds of processes, one beside the total, information, balances, places."""

import math
from typing import Any

import pytest

from tanheng.accounting import addresses, explain, recompute, run
from tanheng.kernel.periods import Period
from tanheng.rules.models import (
    Account,
    BalanceRule,
    Denominator,
    ElectricityFactor,
    FormulaText,
    Indicator,
    Information,
    Rounding,
)
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

YEAR = {"2022": {"quantity": "100 t"}}
GAS = {"2022-01": {"quantity": "10 1e4Nm3"}, "2022-02": {"quantity": "20 1e4Nm3"}}


@pytest.fixture
def by_process(steel: Any) -> Any:
    """The steel standard with the accounts of a guideline that counts fuel lines of some processes."""
    accounts = {
        "enterprise": Account(zh="企业层级", flows="boundary"),
        "process": Account(
            zh="工序层级", flows="process", kinds=("ironmaking", "sintering"), sources=("fuel_combustion",)
        ),
        "power": Account(zh="发电设施", flows="process", kinds=("power",), sources=("fuel_combustion",)),
    }
    return steel.model_copy(update={"accounts": accounts})


def _agrees(doc: Any) -> None:
    for address in addresses(doc):
        shown, again = explain(doc, address).value, recompute(doc, address)
        assert (shown is None and math.isnan(again)) or shown == pytest.approx(again, abs=1e-9), address


@pytest.fixture
def works(plant: Any) -> Any:
    kinds = {"炼铁": "ironmaking", "自备电厂": "power", "轧钢": "rolling"}
    return plant(
        {
            "coke": ("coke", "fuel", {"2022": {"quantity": "500 t"}}),
            "bf-coke": ("coke", "fuel", YEAR, {"process": "炼铁/1号高炉"}),
            "bf-lime": ("limestone", "flux", YEAR, {"process": "炼铁"}),
            "pp-coal": ("bituminous_coal", "fuel", YEAR, {"process": "自备电厂"}),
            "mill-gas": ("natural_gas", "fuel", {"2022": {"quantity": "3 1e4Nm3"}}, {"process": "轧钢"}),
            "iron": ("pig_iron", "product", {"2022": {"quantity": "80 t"}}, {"process": "炼铁"}),
        },
        options={"process_kinds": kinds},
    )


def test_an_account_counts_its_kinds_and_sources_only(by_process: Any, works: Any) -> None:
    doc = run(by_process, works, period=Period.parse("2022"))
    coke = doc.data["accounts"]["process"]["value"]
    coal = doc.data["accounts"]["power"]["value"]
    assert coke == pytest.approx(100 * 28.447 * 0.0295 * 0.93 * 44 / 12)
    assert doc.data["processes"]["炼铁"]["value"] == coke and doc.data["processes"]["自备电厂"]["value"] == coal
    assert "轧钢" not in doc.data["processes"]
    assert doc.data["processes"]["其他"]["value"] == pytest.approx(doc.data["total"]["value"] - coke - coal)
    assert not [gap for gap in doc.data["gaps"] if gap["code"] == "stream.not_covered"]
    _agrees(doc)


def test_what_every_account_asks_more_of_is_a_gap(steel: Any, plant: Any) -> None:
    """A source of another account names the material too, but asks for a value that the stream lacks as well."""
    fuel = steel.sources["fuel_combustion"]
    asked = {"role": "raw_material", "materials": ("scrap",)}
    rules = [fuel.take[0].model_copy(update={**asked, "requires": (value,)}) for value in ("purity", "carbon_content")]
    sources = {**steel.sources, **{f"s{n}": fuel.model_copy(update={"take": (rule,)}) for n, rule in enumerate(rules)}}
    accounts = {
        "enterprise": Account(zh="企业层级", flows="boundary", sources=(*steel.sources, "s0")),
        "view": Account(zh="另一视图", flows="boundary", sources=("s1",), beside=True),
    }
    standard = steel.model_copy(update={"sources": sources, "accounts": accounts, "not_counted": ()})
    doc = run(standard, plant({"s": ("scrap", "raw_material", YEAR)}), period=Period.parse("2022"))
    assert [gap["code"] for gap in doc.data["gaps"]] == ["stream.not_covered"] and not doc.data["complete"]


def test_a_process_of_unknown_kind_is_named(by_process: Any, plant: Any) -> None:
    streams = plant({"c": ("coke", "fuel", YEAR, {"process": "某车间"})})
    doc = run(by_process, streams, period=Period.parse("2022"))
    assert [w["values"]["process"] for w in doc.data["warnings"] if w["code"] == "process.no_kind"] == ["某车间"]


def test_an_indicator_may_divide_some_processes(by_process: Any, works: Any) -> None:
    key = Indicator(
        zh="重点工序强度",
        numerator={"account": "process", "kinds": ("ironmaking",)},
        denominator=Denominator(role="product", materials=("pig_iron",), basis="output", process_kinds=("ironmaking",)),
        unit="tCO2e/t",
    )
    standard = by_process.model_copy(update={"indicators": {"key": key}})
    doc = run(standard, works, period=Period.parse("2022"))
    assert doc.data["indicators"]["key"]["value"] == pytest.approx(doc.data["processes"]["炼铁"]["value"] / 80)
    assert explain(doc, "numerator:key").children[0].address == "process:炼铁"
    _agrees(doc)


def test_an_account_beside_looks_at_the_same_power_in_another_manner(steel: Any, plant: Any) -> None:
    power = steel.sources["purchased_electricity"]
    market = power.model_copy(
        update={
            "zh": "外购电力（市场法）",
            "electricity_factor": ElectricityFactor(
                indicator="average_excl_market_nonfossil", level="national", only=True
            ),
        }
    )
    known = list(steel.sources)
    accounts = {
        "enterprise": Account(zh="企业层级", flows="boundary", sources=tuple(known)),
        "market": Account(zh="市场法", flows="boundary", sources=("market_power",), beside=True),
    }
    standard = steel.model_copy(update={"sources": {**steel.sources, "market_power": market}, "accounts": accounts})
    month = {"2023-01": {"quantity": "1000000 MWh"}}
    doc = run(standard, plant({"el": ("electricity", "electricity", month)}), period=Period.parse("2023-01"))
    assert doc.data["accounts"]["market"]["value"] == doc.data["sources"]["market_power"]["value"] == 609600.0
    assert doc.data["total"]["value"] == doc.data["sources"]["purchased_electricity"]["value"] != 609600.0
    _agrees(doc)


def test_a_rule_may_bring_a_formula_where_carbon_was_measured(steel: Any, plant: Any) -> None:
    from tanheng.rules.package_reader import _formula

    text = FormulaText.model_validate(
        {
            "zh": "按元素碳", "unit": "tCO2", "expr": "quantity * carbon_content_mass * co2_per_carbon",
            "terms": {"quantity": "t", "carbon_content_mass": "tC/t", "co2_per_carbon": "tCO2/tC"},
            "decimals": {"carbon_content_mass": 4}, "valid": {"from": "2016-06-01"}, "source": {"doc": "试验"},
        }
    )  # fmt: skip
    fuel = steel.sources["fuel_combustion"]
    first = fuel.take[0].model_copy(update={"requires": ("carbon_content_mass",), "formula": "by_carbon"})
    sources = {**steel.sources, "fuel_combustion": fuel.model_copy(update={"take": (first, *fuel.take)})}
    standard = steel.model_copy(
        update={"sources": sources, "formulas": {**steel.formulas, "by_carbon": _formula("by_carbon", text, {})},
                "rounding": Rounding(level="line", decimals=2, mode="half_up")}
    )  # fmt: skip
    streams = plant(
        {
            "a": ("bituminous_coal", "fuel", YEAR, {"values": {"carbon_content_mass": "0.64286 tC/t"}}),
            "b": ("bituminous_coal", "fuel", YEAR),
        }
    )
    doc = run(standard, streams, period=Period.parse("2022"))
    formulas = dict(zip(doc.data["lines"]["stream"], doc.data["lines"]["formula"], strict=True))
    assert formulas == {"a": "by_carbon", "b": "fuel_combustion"}
    values = dict(zip(doc.data["lines"]["stream"], doc.data["lines"]["value"], strict=True))
    assert values["a"] == 235.73  # 100 · 0.6429 · 44/12 = 235.73, not the 235.72 of the unrounded carbon
    _agrees(doc)


def test_information_is_a_quantity_and_no_emission(steel: Any, plant: Any) -> None:
    item = Information(
        zh="外购电力", role="electricity", materials=("electricity",), direction="in", basis="quantity", unit="MWh"
    )
    standard = steel.model_copy(update={"information": {"power": item}})
    streams = plant({"el": ("electricity", "electricity", {"2022-01": {"quantity": "5 MWh"}})})
    doc = run(standard, streams, period=Period.parse("2022-01"))
    shown = doc.data["information"]["power"]
    assert (shown["value"], shown["unit"], shown["months"], shown["complete"]) == (5.0, "MWh", {"2022-01": 5.0}, True)
    assert explain(doc, "denominator:power").value == 5.0
    empty = run(standard, plant({"c": ("coke", "fuel", YEAR)}), period=Period.parse("2022"))
    assert empty.data["information"]["power"]["value"] is None and not empty.data["information"]["power"]["complete"]


def test_a_balance_shows_what_nobody_accounts_for(steel: Any, plant: Any) -> None:
    standard = steel.model_copy(update={"balances": {"bfg": BalanceRule(zh="高炉煤气", materials=("bfg",))}})
    streams = plant(
        {
            "made": ("bfg", "by_product", GAS, {"process": "炼铁", "direction": "out"}),
            "used": ("bfg", "fuel", {month: {"quantity": "9 1e4Nm3"} for month in GAS}, {"process": "热风炉"}),
            "sold": ("bfg", "by_product", {"2022-01": {"quantity": "0.5 1e4Nm3"}}, {"direction": "out"}),
        }
    )
    doc = run(standard, streams, period=Period.parse("2022-01..2022-02"))
    found = doc.data["balances"]["bfg"]
    assert found["made"] == 30.0 and found["used"] == 18.0 and found["net"] == -0.5 and found["unit"] == "1e4Nm3"
    assert found["months"]["2022-01"]["difference"] == pytest.approx(0.5) and found["difference"] == pytest.approx(11.5)


def test_power_of_a_site_in_another_province_has_that_grid(steel: Any) -> None:
    declared = (
        StreamDecl("here", "electricity", "electricity"),
        StreamDecl("there", "electricity", "electricity", site="云南厂区"),
    )
    records = tuple(StreamRecord(d.id, "2022-01", {"quantity": Given(1.0, "MWh")}, {}) for d in declared)
    places = {"云南厂区": SiteInfo(province="云南")}
    doc = run(
        steel, StreamSet(SiteInfo(province="河北"), declared, records, (), places), period=Period.parse("2022-01")
    )
    regions = {entry["provenance"]["region"] for entry in doc.data["defaults"] if entry["origin"] == "library"}
    assert regions == {"华北", "南方"}


def test_a_factor_of_the_pure_carbonate_is_not_multiplied_with_raw_material(account: Any) -> None:
    """0.44 t/t holds for pure CaCO3; on limestone of 92 % it would count eight per cent too much."""
    lime = {"l": ("limestone", "flux", {"2025": {"quantity": "100 t"}}, {"factor": "cbam:carbonate:CaCO3"})}
    data = account(lime, period="2025").data
    assert [gap["code"] for gap in data["gaps"]][:1] == ["factor.basis"] and data["total"]["value"] is None
