"""Seasons, overhauls, the bad month, slow improvement, the same bytes twice."""

import hashlib

import numpy as np
import pytest

from tanheng_web.demo.plants import aluminium as aluminium_module
from tanheng_web.demo.plants import steel as steel_module
from tanheng_web.demo.plants.calendar import DAYS, HEATING, MONTHS, SUMMER, index_of
from tanheng_web.demo.plants.parameters import SOURCES, Parameters, plant_file

from .balances import q

YEARS = (slice(0, 12), slice(12, 24), slice(24, 36))


@pytest.mark.parametrize("plant", [steel_module.steel_plant, aluminium_module.aluminium_plant])
def test_the_same_bytes_twice(plant):
    first = plant().csv_bytes()
    plant.cache_clear()
    assert hashlib.sha256(first).digest() == hashlib.sha256(plant().csv_bytes()).digest()
    assert len(first.splitlines()) > 2000


def test_every_magnitude_names_its_source():
    for name in ("steel", "aluminium"):
        plan = plant_file(name)
        assert Parameters(plan["parameters"]).entries
        lists = [row for key in ("electricity_users", "gas_users", "heat_users") for row in plan.get(key, ())]
        lists += [*plan["stocks"]["bought"], *plan["stocks"]["sold"]]
        assert all(row["source"] in SOURCES for row in lists)
        assert {entry["source"] for entry in plan["parameters"].values()} == set(SOURCES)


def test_heating_season_lowers_sinter_and_coke_and_exports_heat(steel):
    winter, rest = HEATING == 1.0, (HEATING == 0.0)
    per_day = {code: q(steel, code) / DAYS for code in ("sinter-out", "coking-coke", "pellet-out")}
    assert all(series[winter].mean() < 0.96 * np.median(series[rest]) for series in per_day.values())
    assert np.all(steel["heat-out", "quantity"][rest] == 0) and np.all(steel["heat-out", "quantity"][winter] > 5e4)


def test_summer_takes_more_power_per_tonne(steel, aluminium):
    used = steel.of("electricity", inside=True, direction="in") / q(steel, "bof-steel")
    quiet = (steel.truth["overhaul"] == 0) & (steel.truth["trouble"] == 0)
    assert used[quiet & (SUMMER == 1)].mean() > used[quiet & (SUMMER == 0) & (HEATING == 0)].mean()
    dc = q(aluminium, "line1-power") / q(aluminium, "line1-aluminium")
    assert dc[SUMMER == 1].mean() > dc[SUMMER == 0].mean()


def test_overhaul_takes_half_a_furnace_month(steel):
    for month, furnace in (("2023-10", "bf1-iron"), ("2024-04", "bf2-iron"), ("2025-09", "bf1-iron")):
        series = q(steel, furnace) / DAYS
        assert 0.35 < series[index_of(month)] / np.median(series) < 0.60


def test_bad_month_stands_out(steel, steel_results):
    bad = index_of("2024-08")
    ratio = steel.truth["bf2.fuel_ratio"]
    assert ratio[bad] > 650 and np.delete(ratio, bad).max() < 560
    intensity = np.array(
        [
            steel_results[month.year]["months"][str(month)]["value"] / steel["crude-steel", "quantity"][n]
            for n, month in enumerate(MONTHS)
        ]
    )
    assert intensity[bad] == intensity.max()
    assert 1.08 < intensity[bad] / np.median(intensity) < 1.20
    others = np.delete(intensity, bad)
    assert others.max() / others.min() < 1.06


def test_bad_month_of_the_smelter_is_an_anode_effect_month(aluminium):
    bad = index_of("2024-07")
    minutes = aluminium["line2-aluminium", "anode_effect_minutes"]
    assert minutes[bad] > 1.0 and np.nanmax(np.delete(minutes, bad)) < 0.3


def test_works_and_smelter_improve_slowly(steel, aluminium):
    quiet = steel.truth["trouble"] == 0
    fuel = [steel.truth["bf1.fuel_ratio"][year][quiet[year]].mean() for year in YEARS]
    assert fuel[0] > fuel[1] > fuel[2] > 0.97 * fuel[0]
    power = q(aluminium, "line1-power", "line2-power") / q(aluminium, "line1-aluminium", "line2-aluminium")
    usual = aluminium.truth["trouble"] == 0
    dc = [power[year][usual[year]].mean() for year in YEARS]
    assert dc[0] > dc[1] > dc[2]


def test_some_months_leave_values_to_the_defaults(aluminium):
    assert np.isnan(aluminium["aluminium", "anode_effect_minutes"][:12]).all()
    assert not np.isnan(aluminium["aluminium", "anode_effect_minutes"][12:24]).any()
    assert np.isnan(aluminium["aluminium", "anode_effect_minutes"][index_of("2025-02")])
