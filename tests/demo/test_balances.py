"""Mass, energy and gas balances of both plants, from the numbers as reported."""

import numpy as np
import pytest

from .balances import flow, gas_difference, q, yard_difference

BOUGHT = {
    "steel": [
        "washed-coal",
        "anthracite",
        "bituminous",
        "coke",
        "scrap",
        "limestone",
        "dolomite",
        "ore-fines",
        "electrode",
    ],
    "aluminium": ["coal", "alumina", "petroleum-coke", "pitch", "anode-bought", "diesel"],
}


@pytest.mark.parametrize("gas", ["bfg", "cog", "ldg"])
def test_gas_balance_closes_every_month_and_its_measuring_error_stays_visible(steel, gas):
    difference = gas_difference(steel, gas)
    assert np.abs(difference).max() < 0.025
    assert abs(difference.mean()) < 0.005
    assert (np.abs(difference) > 1e-4).sum() > 30


@pytest.mark.parametrize("plant_name", ["steel", "aluminium"])
def test_stocks_chain_month_to_month(plant_name, request):
    plant = request.getfixturevalue(plant_name)
    chained = 0
    for code, key in plant.columns:
        if key == "opening_stock":
            np.testing.assert_array_equal(plant[code, "opening_stock"][1:], plant[code, "closing_stock"][:-1], code)
            assert plant[code, "closing_stock"].min() >= 0
            chained += 1
    assert chained >= 8


@pytest.mark.parametrize("plant_name", ["steel", "aluminium"])
def test_nothing_reported_is_negative(plant_name, request):
    plant = request.getfixturevalue(plant_name)
    for place, column in plant.columns.items():
        assert np.nanmin(column) >= 0, place


def test_coke_balance_closes(steel):
    used = q(steel, "bf1-coke", "bf2-coke", "sinter-coke") - q(steel, "bf1-fines", "bf2-fines", "coking-coke")
    difference = yard_difference(steel, "coke", used) * np.abs(used).mean() / q(steel, "coking-coke")
    assert np.abs(difference).max() < 0.02


def test_yards_close_within_the_stocktaking(steel, aluminium):
    used = {
        "washed-coal": q(steel, "coking-coal"),
        "anthracite": q(steel, "sinter-anthracite", "bf1-anthracite", "bf2-anthracite"),
        "scrap": q(steel, "bof-scrap"),
    }
    for code, taken in used.items():
        assert np.abs(yard_difference(steel, code, taken)).max() < 0.03, code
    assert np.abs(yard_difference(aluminium, "coal", q(aluminium, "unit1-coal", "unit2-coal"))).max() < 0.03
    assert np.abs(yard_difference(aluminium, "alumina", q(aluminium, "line1-alumina", "line2-alumina"))).max() < 0.03


def test_hot_metal_becomes_steel(steel):
    made, charged, cast = q(steel, "bf1-iron", "bf2-iron"), q(steel, "bof-hot-metal"), q(steel, "bf-cast-iron")
    assert np.abs((made - charged - cast) / made).max() < 0.02
    alloys = q(steel, "bof-ferrosilicon", "bof-silicomanganese", "bof-ferromanganese", "lf-ferrochrome")
    charge = charged + q(steel, "bof-scrap", "bof-pig-iron") + alloys
    assert np.all((charge / q(steel, "bof-steel") > 1.06) & (charge / q(steel, "bof-steel") < 1.11))


def test_iron_balance_closes_within_a_few_percent(steel):
    ore = q(steel, "sinter-ore") * 0.618 + q(steel, "pellet-ore") * 0.660 + q(steel, "bf1-lump", "bf2-lump") * 0.622
    bought = q(steel, "bf1-pellets", "bf2-pellets") - q(steel, "pellet-out")
    into = ore + bought * 0.630 + (q(steel, "bof-scrap", "bof-pig-iron")) * 0.95
    out = q(steel, "bof-steel") * 0.985 + q(steel, "bf-cast-iron") * 0.945
    ratio = into.sum() / out.sum()
    assert 0.97 < ratio < 1.05  # slag and scale take iron; sinter takes most of it back


@pytest.mark.parametrize(("plant_name", "low", "high"), [("steel", 0.012, 0.020), ("aluminium", 0.006, 0.013)])
def test_electricity_balance_leaves_the_grid_loss(plant_name, low, high, request):
    plant = request.getfixturevalue(plant_name)
    exported = plant["electricity-out", "quantity"] if ("electricity-out", "quantity") in plant.columns else 0.0
    supplied = plant["electricity-in", "quantity"] + flow(plant, "electricity", "out")
    loss = (supplied - flow(plant, "electricity", "in") - exported) / supplied
    assert loss.min() > low and loss.max() < high


def test_heat_and_steam_balances_leave_the_pipe_loss(steel, aluminium):
    supplied = flow(steel, "heat", "out")
    assert np.all(
        np.abs((supplied - flow(steel, "heat", "in") - steel["heat-out", "quantity"]) / supplied - 0.035) < 0.05
    )
    supplied = flow(aluminium, "steam", "out")
    loss = (supplied - flow(aluminium, "steam", "in") - aluminium["steam-out", "quantity"]) / supplied
    assert np.all(np.abs(loss - 0.02) < 0.03)


def test_carbon_of_the_works_closes_against_the_accounts(steel, steel_results):
    """Carbon in less carbon out × 44/12 against the direct emissions; default oxidation below 1 makes these smaller."""
    for year, result in steel_results.items():
        months = slice((year - 2023) * 12, (year - 2022) * 12)
        carbon = 0.0
        for code, content in (
            ("washed-coal", 0.0254),
            ("anthracite", 0.02749),
            ("bituminous", 0.02618),
            ("coke", 0.0295),
        ):
            net = steel[code, "purchased"] + steel[code, "opening_stock"] - steel[code, "closing_stock"]
            net = net - (steel[code, "sold"] if code == "coke" else 0.0)
            carbon += float((net * steel[code, "net_calorific_value"])[months].sum()) * content
        carbon -= (
            float(steel["tar", "sold"][months].sum()) * 0.73597 + float(steel["benzol", "sold"][months].sum()) * 0.94922
        )
        combustion = result["sources"]["fuel_combustion"]["value"]
        assert 0.88 < combustion / (carbon * 44 / 12) < 0.97
