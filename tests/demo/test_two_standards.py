"""One approved set of streams, two standards: both plants account without gaps under the national ETS as well."""

import pytest

from tanheng.accounting.run import run
from tanheng.kernel.periods import Period
from tanheng.rules.package import load_standard
from tanheng.rules.streams import SiteInfo
from tanheng_web.demo.plants.aluminium import aluminium_plant
from tanheng_web.demo.plants.as_streams import stream_set
from tanheng_web.demo.plants.parameters import plant_file
from tanheng_web.demo.plants.steel import steel_plant

PLANTS = {
    "steel": (steel_plant, "cets_ag_03_01_v01_2024", "河北", "crude_steel"),
    "aluminium": (aluminium_plant, "cets_ag_04_01_v01_2024", "山东", "aluminium"),
}


def _result(plant: str, year: int):
    make, standard, province, product = PLANTS[plant]
    kinds = {process["zh"]: process["kind"] for process in plant_file(plant)["processes"]}
    site = SiteInfo(province, main_product=product, options={"process_kinds": kinds})
    return run(load_standard(standard), stream_set(make(), site, year), period=Period.parse(str(year))).data


@pytest.fixture(scope="module", params=[("steel", 2024), ("steel", 2025), ("aluminium", 2024), ("aluminium", 2025)])
def result(request):
    return _result(*request.param)


def test_the_same_streams_have_no_gap_under_the_ets(result) -> None:
    assert result["complete"] and result["gaps"] == []
    assert all(figure["value"] is not None for figure in result["sources"].values())


def test_processes_power_and_other_add_up_to_the_enterprise(result) -> None:
    tops = [figure["value"] for path, figure in result["processes"].items() if "/" not in path]
    assert sum(tops) == pytest.approx(result["total"]["value"], abs=0.005)


def test_the_gases_of_the_works_close_within_two_percent() -> None:
    balances = _result("steel", 2025)["balances"]
    assert set(balances) == {"bfg", "cog", "ldg", "coke"}
    for balance in balances.values():
        assert abs(balance["difference"]) < 0.02 * balance["made"]


def test_magnitudes_of_both_plants_are_those_of_the_reference() -> None:
    steel, aluminium = _result("steel", 2025), _result("aluminium", 2025)
    assert 1.4 < steel["indicators"]["intensity"]["value"] < 2.6
    assert steel["processes"]["转炉炼钢"]["value"] < 0, "a converter that exports gas is negative"
    assert 1.5 < aluminium["indicators"]["electrolysis_intensity"]["value"] < 1.7
    assert aluminium["accounts"]["captive_power"]["value"] > aluminium["total"]["value"]


def test_high_carbon_ferrochrome_and_scrap_are_counted_here() -> None:
    lines = _result("steel", 2025)["streams"]
    counted = {each["id"] for each in lines if each["source"] == "carbon_raw_material"}
    assert {"scrap", "ferrochrome", "pig-iron-bought"} <= counted
