"""示范铝业: an invented smelter in 山东 with carbon plant and captive coal power, 36 months."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.periods import Month
from tanheng_web.demo.plants.aluminium_flows import LINES, flows_of
from tanheng_web.demo.plants.books import Place, books, metered, specs_of, total
from tanheng_web.demo.plants.calendar import MONTHS
from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.data import PlantData, StreamSpec
from tanheng_web.demo.plants.parameters import Parameters, plant_file

__all__ = ["aluminium_plant"]

Series = NDArray[np.float64]
_METERS = {"1e4Nm3": "meter.gas", "MWh": "meter.power", "t": "meter.belt"}
# weighed by crane scale or billed
_EXACT = {"line1-aluminium", "line2-aluminium", "transport-gasoline", "canteen-gas", "cast-ingot", "cast-billet"}
_STEAM = {"green-steam", "works-steam", "unit1-steam", "unit2-steam"}
_GAS_USERS = ("baking-gas", "cast-gas", "canteen-gas")


@cache
def aluminium_plant() -> PlantData:
    """Return the smelter's numbers; the same bytes every time."""
    plan = plant_file("aluminium")
    p, chance = Parameters(plan["parameters"]), Chance(plan["seed"])
    ncv = np.round(p["coal.ncv"] * chance.walk("ncv/coal", 0.014), 3)
    flows = flows_of(p, plan, ncv, chance)
    specs = specs_of(plant_file("aluminium-streams"))
    columns = _meters(specs, flows, p, chance)
    columns |= books(plan["stocks"], columns, specs, p.scalar("meter.stocktaking"), chance, {})
    columns |= {
        ("natural-gas", "purchased"): np.round(total(columns, _GAS_USERS), 4),
        ("gasoline", "purchased"): columns["transport-gasoline", "quantity"],
        ("aluminium", "quantity"): np.round(total(columns, ("line1-aluminium", "line2-aluminium")), 2),
        ("anode-consumed", "quantity"): np.round(total(columns, ("line1-anode", "line2-anode")), 2),
        ("electricity-in", "quantity"): np.round(flows["purchased"], 3),
        ("steam-out", "quantity"): np.round(flows["steam_out"], 1),
    }
    columns |= _values(specs, plan, p, columns, flows, ncv, chance)
    return PlantData(plan["id"], specs, columns, {"trouble": flows["trouble"]})


def _meters(
    specs: Sequence[StreamSpec], flows: Mapping[str, Series], p: Parameters, chance: Chance
) -> dict[Place, Series]:
    """Return the metered process streams; steam in t goes over orifices, not belts."""
    sigma = {unit: p.scalar(meter) for unit, meter in _METERS.items()}
    steam = [spec for spec in specs if spec.code in _STEAM]
    rest = [spec for spec in specs if spec.code not in _STEAM]
    exact = metered(rest, flows, sigma, _EXACT, chance)
    return exact | metered(steam, flows, {"t": p.scalar("meter.steam")}, (), chance)


def _values(
    specs: Sequence[StreamSpec],
    plan: Mapping[str, Any],
    p: Parameters,
    columns: Mapping[Place, Series],
    flows: Mapping[str, Series],
    ncv: Series,
    chance: Chance,
) -> dict[Place, Series]:
    """Return tested values; NaN where the plant has no test, so that the standard's default is used and seen."""
    weights = [columns[f"{line}-aluminium", "quantity"] for line in LINES]
    minutes = {f"{line}-aluminium": np.round(flows[f"{line}-aem"], 3) for line in LINES}
    mean = np.average([minutes[f"{line}-aluminium"] for line in LINES], axis=0, weights=weights)
    minutes["aluminium"] = np.round(mean, 3)
    plain = {
        "net_calorific_value": ncv,
        "enthalpy": p["steam.enthalpy"],
        "net_anode_consumption": np.round(p["electrolysis.net_anode"] * chance.walk("anode/net", 0.004), 4),
        "anode_sulphur": np.round(p["electrolysis.sulphur"] * chance.walk("anode/sulphur", 0.05), 4),
        "anode_ash": np.round(p["electrolysis.ash"] * chance.walk("anode/ash", 0.06), 4),
    }
    return {
        (spec.code, key): _tested(
            key, minutes[spec.code] if key == "anode_effect_minutes" else plain[key], plan["tested"]
        )
        for spec in specs
        for key in spec.values
    }


def _tested(key: str, series: Series, plan: Mapping[str, Any]) -> Series:
    if key not in plan:
        return series
    without = {Month.parse(month) for month in plan[key]["without"]}
    known = np.array([month >= Month.parse(plan[key]["from"]) and month not in without for month in MONTHS])
    return np.where(known, series, np.nan)
