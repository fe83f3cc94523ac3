"""示范钢铁: an invented integrated works in 河北, 36 months: streams from true flows and meters."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.catalogue import materials
from tanheng_web.demo.plants.books import Place, metered, specs_of
from tanheng_web.demo.plants.calendar import DAYS
from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.data import PlantData, StreamSpec
from tanheng_web.demo.plants.parameters import Parameters, plant_file
from tanheng_web.demo.plants.steel_boundary import boundary
from tanheng_web.demo.plants.steel_energy import GASES, Energy, energy
from tanheng_web.demo.plants.steel_iron import Iron, iron_making, measured_heats
from tanheng_web.demo.plants.steel_works import ALLOYS, Works, works

__all__ = ["steel_plant"]

Series = NDArray[np.float64]
_METERS = {"1e4Nm3": "meter.gas", "MWh": "meter.power", "GJ": "meter.heat", "t": "meter.belt"}
# weighed or billed, not metered on a belt: the number is what the trade settled on
_EXACT = {"bof-steel", "crude-steel", "transport-gasoline", "canteen-gas", "electricity-in", "electricity-out"}


@cache
def steel_plant() -> PlantData:
    """Return the works' numbers; the same bytes every time."""
    plan = plant_file("steel")
    p, chance = Parameters(plan["parameters"]), Chance(plan["seed"])
    ncv = measured_heats(p, chance)
    iron = iron_making(p, plan, ncv, chance)
    made = works(iron, p, chance)
    flows = energy(p, plan, iron, made, ncv, chance)
    specs = _specs(plan)
    sigma = {unit: p.scalar(meter) for unit, meter in _METERS.items()}
    columns = metered(specs, _process_flows(p, iron, made, flows), sigma, _EXACT, chance)
    columns |= boundary(specs, plan, columns, p, iron.overhaul, flows, chance)
    columns |= _values(specs, p, ncv, chance)
    return PlantData(plan["id"], specs, columns, _truth(iron))


def _specs(plan: Mapping[str, Any]) -> tuple[StreamSpec, ...]:
    """Return the listed streams and one for every user of electricity, heat and gas."""
    used = [_user(row, "electricity", "electricity", "用电", 1) for row in plan["electricity_users"]]
    used += [_user(row, "heat", "heat", "用热", 0) for row in plan["heat_users"]]
    for row in plan["gas_users"]:
        gas = _user(row, row["gas"], "fuel", f"用{materials()[row['gas']].zh}", 2)
        used.append(gas | {"values": ["net_calorific_value"]})
    return specs_of([*plant_file("steel-streams"), *used])


def _user(row: Mapping[str, Any], material: str, role: str, word: str, decimals: int) -> dict[str, Any]:
    label = f"{row['process'].split('/')[-1]}{word}"
    place = {key: row[key] for key in ("code", "process")}
    return place | {"label": label, "material": material, "role": role, "decimals": decimals}


def _process_flows(p: Parameters, iron: Iron, made: Works, flows: Energy) -> dict[str, Series]:
    """Return the true flow of every process stream by code, in its unit."""
    flow = {**flows.gas_used, **flows.generated, **flows.electricity_used, **flows.heat_made, **flows.heat_used}
    for name, furnace in iron.furnaces.items():
        flow |= {
            f"{name}-coke": furnace.bunker,
            f"{name}-fines": furnace.fines,
            f"{name}-anthracite": furnace.anthracite,
            f"{name}-bituminous": furnace.bituminous,
            f"{name}-sinter": furnace.sinter,
            f"{name}-pellets": furnace.pellets,
            f"{name}-lump": furnace.lump,
            f"{name}-oxygen": furnace.oxygen,
            f"{name}-iron": furnace.iron,
            f"{name}-bfg-out": furnace.gas,
        }
    flow |= {f"flare-{gas}": flows.flared[gas] for gas in GASES}
    flow |= {f"bof-{name}": made.alloys[name] for name in ALLOYS if name != "ferrochrome"}
    return flow | {
        "coking-coal": made.coal,
        "coking-coke": made.coke,
        "coking-cog-out": made.cog,
        "coking-tar": made.tar,
        "coking-benzol": made.benzol,
        "sinter-ore": made.sinter_iron,
        "sinter-coke": made.sinter * p["sinter.breeze"] / 1000,
        "sinter-anthracite": made.sinter * p["sinter.anthracite"] / 1000,
        "sinter-limestone": made.sinter * p["sinter.limestone"] / 1000,
        "sinter-dolomite": made.sinter * p["sinter.dolomite"] / 1000,
        "sinter-quicklime": made.sinter * p["sinter.quicklime"] / 1000,
        "sinter-out": made.sinter,
        "pellet-ore": made.pellet_iron,
        "pellet-bentonite": made.pellets * p["pellet.bentonite"] / 1000,
        "pellet-coal": made.pellets * p["pellet.coal"] / 1000,
        "pellet-out": made.pellets,
        "bf-limestone": iron.hot_metal * p["bf.limestone"] / 1000,
        "bf-slag": iron.hot_metal * p["bf.slag"] / 1000,
        "bf-cast-iron": made.cast,
        "bof-hot-metal": made.hot_metal,
        "bof-pig-iron": made.pig_iron,
        "bof-scrap": made.scrap,
        "lf-ferrochrome": made.alloys["ferrochrome"],
        "lf-electrode": made.refined * p["steel.electrode"] / 1000,
        "bof-quicklime": made.steel * p["lime.steel"] / 1000,
        "bof-dolomite": made.steel * p["steel.dolomite"] / 1000,
        "bof-oxygen": made.steel * p["steel.oxygen"] / 1e4,
        "bof-steel": made.steel,
        "bof-ldg-out": flows.produced["ldg"],
        "bof-slag": made.steel * p["steel.slag"] / 1000,
        "caster-gas": made.steel * p["other.natural_gas_cutting"] / 1e4,
        "rolling-gas": p["other.natural_gas_overhaul"] * (iron.overhaul > 0),
        "rolling-billet": made.steel,
        "rolling-out": made.rolled,
        "lime-limestone": made.lime * p["lime.limestone"],
        "lime-out": made.lime,
        "transport-diesel": p["other.diesel"] * DAYS,
        "transport-gasoline": p["other.gasoline"] * DAYS,
        "canteen-gas": p["other.natural_gas_canteen"] * DAYS,
    }


def _values(
    specs: tuple[StreamSpec, ...], p: Parameters, ncv: Mapping[str, Series], chance: Chance
) -> dict[Place, Series]:
    """Return tested values: calorific values of coals, coke, gases, carbon of three alloys; the rest has defaults."""
    carbon = {
        name: np.round(p[f"alloy.{name}"] * chance.walk(f"test/{name}", 0.03), 5)
        for name in ALLOYS
        if name != "ferrochrome"
    }
    tested = {"net_calorific_value": ncv, "carbon_content_mass": carbon}
    return {(spec.code, key): tested[key][spec.material] for spec in specs for key in spec.values}


def _truth(iron: Iron) -> dict[str, Series]:
    ratios = {f"{name}.fuel_ratio": furnace.fuel_ratio for name, furnace in iron.furnaces.items()}
    return ratios | {"overhaul": iron.overhaul, "trouble": iron.trouble}
