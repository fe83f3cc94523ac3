"""The factor library and the shared tables: sources, dates, no unsure value, the same numbers as the reference."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import canonical, compatible
from tanheng.rules.factors import packaged
from tanheng.rules.grids import grid_of
from tanheng.rules.streams import SiteInfo

from .reference_values import FLAGGED_STEAM, GRID_2023, GRID_OTHER

FACTORS = sorted((data_dir() / "factors").rglob("*.csv"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", FACTORS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_factor_has_source_and_confidence_and_is_unique(path: Path) -> None:
    rows = _rows(path)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["document"] and row["evidence"], row
        assert row["confidence"] in {"seen", "recalled-high"}, f"{row['id']}: recalled-low is not shipped"
        assert row["checked"] in {"true", "false"}
        assert row["checked"] == "false" or row["evidence"] == "primary", row["id"]
        assert Decimal(row["value"]) > 0
        canonical(row["unit"])


def test_dates_are_whole_days_and_a_power_factor_lives_one_year() -> None:
    for factor in packaged().all():
        if factor.published_on and factor.valid_to:
            assert factor.valid_from == factor.published_on
            assert (factor.valid_to - factor.published_on).days in (365, 366), factor.id


def test_regional_averages_of_2023_are_those_of_the_annex() -> None:
    found = {f.region_zh: str(f.value) for f in packaged().all() if f.level == "regional" and f.data_year == "2023"}
    assert found == GRID_2023
    assert {key: str(packaged().get(key).value) for key in GRID_OTHER} == GRID_OTHER


def test_provincial_averages_are_complete_where_published() -> None:
    for year in ("2021", "2022", "2023"):
        rows = [f for f in packaged().all() if (f.indicator, f.level, f.data_year) == ("average", "provincial", year)]
        assert len({f.province for f in rows}) == 30  # none for Tibet, Hong Kong, Macao, Taiwan


def test_the_library_is_whole_and_leaves_out_what_is_not_known() -> None:
    counts = {
        "fuel:NDRC-2013-AL:": 66, "fuel:NDRC-CHEM-OTHER:": 81, "fuel:MEE-2024-AL:": 60, "fuel:GBT2589-2020:": 77,
        "cpcd:": 56, "defra2025:": 8, "cbam:fuel:": 78, "cbam:steel:": 18, "cbam:carbonate:": 12, "IPCC-": 148,
        "average": 165, "pcf_": 21, "heat_": 16,
    }  # fmt: skip
    ids = [factor.id for factor in packaged().all()]
    for start, count in counts.items():
        assert sum(key.startswith(start) for key in ids) == count, start
    assert not any("electricity_primary" in key for key in ids)  # the standard gives no number
    assert not any("copperalliance" in factor.url for factor in packaged().all())  # recalled-low


def test_fuel_tables_are_never_mixed_and_keep_their_digits() -> None:
    heat = {
        f.id.split(":")[1]: str(f.value) for f in packaged().all() if f.id.endswith(":anthracite:net_calorific_value")
    }
    assert heat == {"NDRC-2013-AL": "20.304", "NDRC-CHEM-OTHER": "24.515", "MEE-2024-AL": "22.867", "fuel": "26.7"}
    doubtful = packaged().get("fuel:MEE-2024-AL:bituminous_coal:carbon_content")
    assert str(doubtful.value) == "0.02308" and "疑似转录错误" in doubtful.note


def test_a_range_is_two_bounds_and_no_middle() -> None:
    found = [f for f in packaged().all() if f.id.startswith("fuel:GBT2589-2020:natural_gas:net_calorific_value")]
    assert sorted(str(factor.value) for factor in found) == ["32198", "38979"]


def test_every_emission_factor_is_a_gas_over_an_activity() -> None:
    gases = ("tCO2", "tCO2e")
    activities = ("t", "GJ", "Nm3", "m3", "t*km")
    for factor in packaged().all():
        if factor.quantity == "emission_factor":
            fits = [gas for gas in gases for over in activities if compatible(factor.unit, f"{gas}/({over})")]
            assert fits, factor.id
            assert not factor.gas or fits[0] == f"t{factor.gas}", factor.id


def test_a_carbonate_s_factor_says_whether_purity_is_within() -> None:
    carbonates = [factor for factor in packaged().all() if "carbonate" in factor.id]
    assert carbonates and all(factor.basis in ("per_t_carbonate", "per_t_oxide") for factor in carbonates)


def test_every_metal_and_stage_that_the_standard_names_has_entries() -> None:
    metals = {part for factor in packaged().all() for part in factor.metal.split()}
    stages = {factor.stage for factor in packaged().all()}
    assert {"cu", "al", "pb", "zn", "ni", "sn", "mg", "fe"} <= metals
    assert {
        "mining",
        "beneficiation",
        "smelting",
        "processing",
        "recycling",
        "upstream",
        "transport",
        "energy",
    } <= stages


def test_footprint_factors_can_never_be_used_in_an_inventory() -> None:
    units = {f.unit for f in packaged().all() if f.indicator.startswith("pcf_")}
    assert units == {"kgCO2e/kWh"}  # does not convert to tCO2/MWh


@pytest.mark.parametrize(
    ("province", "part", "year", "grid"),
    [
        ("四川", "", 2012, "华中"), ("四川", "", 2021, "西南"), ("重庆", "", 2020, "华中"), ("重庆", "", 2023, "西南"),
        ("内蒙古", "西部", 2023, "华北"), ("内蒙古", "东部", 2023, "东北"),
        ("内蒙古", "", 2023, None), ("西藏", "", 2023, None),
        ("河北", "", 2023, "华北"), ("山东", "", 2010, "华北"), ("云南", "", 2022, "南方"),
    ],
)  # fmt: skip
def test_grid_of_a_province_is_read_in_the_year_of_the_data(
    province: str, part: str, year: int, grid: str | None
) -> None:
    assert grid_of(province, part, date(year, 7, 1)) == grid


def test_sichuan_stays_central_until_a_southwest_factor_is_published() -> None:
    site = SiteInfo(province="四川")
    before = packaged().electricity("average", "regional", site, date(2024, 4, 11))
    after = packaged().electricity("average", "regional", site, date(2024, 4, 12))
    assert before is not None and before.id == "average:regional:central:2012"
    assert after is not None and after.id == "average:regional:southwest:2021"


def test_every_grid_of_the_map_has_a_factor() -> None:
    grids = {row["grid"] for row in _rows(data_dir() / "tables" / "province_grid.csv")}
    assert grids - {""} == set(GRID_2023)


def test_tibet_has_the_national_factor_only() -> None:
    site, day = SiteInfo(province="西藏自治区"), date(2026, 1, 1)
    levels = {
        level: packaged().electricity("average", level, site, day) for level in ("regional", "provincial", "national")
    }
    assert levels["regional"] is None and levels["provincial"] is None and levels["national"] is not None


def test_doubtful_steam_rows_stay_flagged() -> None:
    rows = _rows(data_dir() / "tables" / "steam_enthalpy.csv")
    assert len(rows) == 427
    assert {(row["pressure_mpa"], row["temperature_c"]) for row in rows if row["flag"]} == FLAGGED_STEAM
    assert all(row["source"] and row["checked"] == "false" for row in rows)
