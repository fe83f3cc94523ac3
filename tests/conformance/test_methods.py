"""Clauses on methods and factors that no other test shows alone: S-6.6.*, S-3.2, S-3.3, N-3g, N-6.2.3-4, N-A1d."""

from datetime import date

import pytest

from tanheng.kernel.rounding import round_half_up
from tanheng.rules.factors import packaged
from tanheng.rules.grids import grid_of
from tanheng.rules.package import load_standard
from tanheng.rules.streams import SiteInfo

PROVINCES = [
    "北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建",
    "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "重庆", "四川", "贵州", "云南", "陕西",
    "甘肃", "青海", "宁夏", "新疆",
]  # fmt: skip
SIX_GRIDS = {"东北", "华北", "华东", "华中", "西北", "南方"}


def input_of(document, stream, symbol):
    return next(each for each in document.data["streams"] if each["id"] == stream)["inputs"][symbol]


def value_of(document, stream):
    return next(each for each in document.data["streams"] if each["id"] == stream)["value"]


@pytest.mark.parametrize("oxidation", ["98 %", "0.98"])
def test_a_fuel_factor_is_carbon_times_oxidation_times_44_12(accounted, oxidation):
    """One gigajoule of a fuel: EF = 0.02618 tC/GJ × 98 % × 44/12 = 0.09407 tCO2/GJ."""
    document = accounted(
        "{id: one-gj, material: 烟煤, role: fuel, quantity: 1 t, values: {net_calorific_value: 1 GJ/t, "
        f"carbon_content: 0.02618 tC/GJ, oxidation_factor: {oxidation}}}}}"
    )
    assert str(round_half_up(repr(document.data["total"]["value"]), 5)) == "0.09407"
    assert input_of(document, "one-gj", "oxidation_factor")["value"] == pytest.approx(0.98)


@pytest.mark.parametrize(
    ("stream", "symbol_value", "table"),
    [
        ("{id: x, material: 生铁, role: product, quantity: 1000 t}", 0.172, "表 B.2"),
        ("{id: x, material: 粗钢, role: product, quantity: 1000 t}", 0.0154, "表 B.3"),
    ],
)
def test_carbon_in_iron_and_steel_is_deducted_with_the_factor_of_its_table(accounted, stream, symbol_value, table):
    document = accounted(stream)
    assert document.data["total"]["value"] == pytest.approx(-1000 * symbol_value)
    found = input_of(document, "x", "emission_factor")
    assert found["origin"] == "standard_default"
    default = next(each for each in document.data["defaults"] if each["quantity"] == "emission_factor")
    assert default["provenance"]["table"] == table and default["provenance"]["document"] == "GB/T 32151.5-2015"


def test_heat_has_its_default_and_an_official_value_takes_its_place(accounted):
    document = accounted(
        "{id: bought, material: 热力, role: heat, quantity: 1000 GJ}",
        "{id: official, material: 热力, role: heat, quantity: 1000 GJ, "
        "values: {emission_factor: {value: 0.06 tCO2/GJ, origin: contracted}}}",
    )
    assert (value_of(document, "bought"), value_of(document, "official")) == pytest.approx((110.0, 60.0))
    assert input_of(document, "bought", "emission_factor")["origin"] == "standard_default"
    assert input_of(document, "official", "emission_factor")["origin"] == "contracted"


@pytest.mark.parametrize("province", PROVINCES)
def test_the_address_of_every_province_leads_to_a_grid_and_its_factor_of_the_year(province):
    for part in ("东部", "西部") if province == "内蒙古" else ("",):
        assert grid_of(province, part, date(2020, 6, 1)) in SIX_GRIDS
        assert grid_of(province, part, date(2023, 7, 1)) in SIX_GRIDS | {"西南"}
        site = SiteInfo(province=province, part=part)
        old, new = (
            packaged().electricity("average", "regional", site, day) for day in (date(2020, 6, 1), date(2026, 3, 1))
        )
        assert old is not None and new is not None
        assert int(old.data_year) < int(new.data_year), "a factor of another year is another version"
        assert new.document and new.document_no, "a value of the national authority names its notice"


def test_purchased_power_takes_the_factor_of_the_grid_of_the_address(accounted):
    power = "{id: el, material: 电力, role: electricity, quantity: 1000 MWh}"
    north = accounted(power, more="site: {province: 河北}\n")
    south = accounted(power, more="site: {province: 广东}\n")
    assert input_of(north, "el", "emission_factor")["origin"] == "library"
    assert north.data["total"]["value"] != south.data["total"]["value"]
    regions = [doc.data["provenance"] for doc in (north, south)]
    assert [{each.get("region") for each in found} - {None} for found in regions] == [{"华北"}, {"南方"}]


def test_a_factor_is_a_gas_over_an_activity(accounted):
    """Every packaged factor is; one over another activity than the flow's is a gap, not a number."""
    for standard in ("gbt_32151_5_2015", "gbt_32151_4_2015"):
        terms = [formula.terms.get("emission_factor", ()) for formula in load_standard(standard).formulas.values()]
        assert {unit for units in terms for unit in units} <= {"tCO2/t", "tCO2/GJ", "tCO2/MWh"}
    document = accounted("{id: x, material: 热力, role: heat, quantity: 10 GJ, values: {emission_factor: 0.1 tCO2/t}}")
    assert [gap["quantity"] for gap in document.data["gaps"]] == ["emission_factor"]
    assert document.data["total"]["value"] is None


def test_exported_energy_is_deducted_with_its_own_factor_and_the_net_is_shown(accounted):
    document = accounted(
        "{id: in, material: 电力, role: electricity, quantity: 100 MWh, values: {emission_factor: 0.6 tCO2/MWh}}",
        "{id: out, material: 电力, role: electricity, direction: out, quantity: 30 MWh, "
        "values: {emission_factor: 0.5 tCO2/MWh}}",
        "{id: heat, material: 热力, role: heat, direction: out, quantity: 100 GJ}",
    )
    sources = {key: figure["value"] for key, figure in document.data["sources"].items() if figure["value"]}
    assert sources == pytest.approx(
        {"purchased_electricity": 60.0, "exported_electricity": -15.0, "exported_heat": -11.0}
    )
    assert document.data["subtotals"]["net_electricity_heat"]["value"] == pytest.approx(34.0)
