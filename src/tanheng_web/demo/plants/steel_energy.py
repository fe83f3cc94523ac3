"""Gas network, own power, electricity and heat of the demonstration works; every balance closes before the meters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.calendar import DAYS, HEATING, SUMMER
from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.parameters import Parameters
from tanheng_web.demo.plants.steel_iron import Iron
from tanheng_web.demo.plants.steel_works import Works

__all__ = ["GASES", "Energy", "energy"]

Series = NDArray[np.float64]
GASES = ("bfg", "cog", "ldg")
_GJ_PER_MWH = 3.6


@dataclass(frozen=True)
class Energy:
    """True flows: gases [1e4Nm3], electricity [MWh], heat [GJ]; by stream code where there are several."""

    produced: dict[str, Series]
    gas_used: dict[str, Series]
    flared: dict[str, Series]
    sold: dict[str, Series]
    holder: dict[str, Series]  # level at the end of each month; before the first month it was at the first entry
    electricity_used: dict[str, Series]
    generated: dict[str, Series]
    purchased: Series
    exported: Series
    heat_made: dict[str, Series]
    heat_used: dict[str, Series]
    heat_exported: Series


def energy(
    p: Parameters, plan: Mapping[str, Any], iron: Iron, made: Works, ncv: Mapping[str, Series], chance: Chance
) -> Energy:
    """Return the energy flows: what the processes do not take of a gas becomes power."""
    drivers = _drivers(iron, made)
    produced = {"bfg": iron.total("gas"), "cog": made.cog, "ldg": _converter_gas(p, made, ncv)}
    used = {
        row["code"]: drivers[row["driver"]] * row["value"] / 1e4 * chance.walk(f"use/{row['code']}", 0.012)
        for row in plan["gas_users"]
    }
    flared = {gas: produced[gas] * p[f"gas.{gas}_flare"] * chance.jitter(f"flare/{gas}", 0.15) for gas in GASES}
    flared["bfg"] = flared["bfg"] + iron.trouble * p["trouble.flare_extra"] * produced["bfg"]
    zero = np.zeros(len(DAYS))
    sold = {"bfg": zero, "ldg": zero, "cog": p["gas.cog_sold"] * DAYS * chance.walk("cog/sold", 0.05)}
    holder = {gas: np.round(p[f"gas.{gas}_holder"] * chance.uniform(f"holder/{gas}", 0.3, 0.8), 2) for gas in GASES}
    rest = {}
    for gas in GASES:
        taken = sum(used[row["code"]] for row in plan["gas_users"] if row["gas"] == gas)
        rest[gas] = produced[gas] - taken - flared[gas] - sold[gas] - np.diff(holder[gas], prepend=holder[gas][0])
    boiler = rest["bfg"] * p["gas.boiler_share"] * chance.walk("boiler/share", 0.03)
    used |= {"boiler-bfg": boiler, "ccpp-bfg": rest["bfg"] - boiler, "boiler-ldg": rest["ldg"], "ccpp-cog": rest["cog"]}
    heat_used, heat_made, heat_exported = _heat(p, plan, drivers, made, chance)
    generated = _generated(p, made, iron, used, heat_made["boiler-heat"], ncv, chance)
    drivers |= {"boiler_power": generated["boiler-power"], "ccpp_power": generated["ccpp-power"]}
    electricity = _electricity(p, plan, drivers, made, chance)
    exported = p["electricity.exported"] * DAYS * chance.jitter("el/exported", 0.05)
    demand = sum(electricity.values()) + exported
    purchased = demand / (1 - p["electricity.loss"]) - sum(generated.values())
    return Energy(produced, used, flared, sold, holder, electricity, generated, purchased, exported, heat_made,
                  heat_used, heat_exported)  # fmt: skip


def _drivers(iron: Iron, made: Works) -> dict[str, Series]:
    furnaces = {name: furnace.iron for name, furnace in iron.furnaces.items()}
    return {
        **furnaces, "hot_metal": iron.hot_metal, "pci": iron.total("anthracite") + iron.total("bituminous"),
        "coke": made.coke, "sinter": made.sinter, "pellets": made.pellets, "lime": made.lime, "steel": made.steel,
        "refined": made.refined, "rolled": made.rolled, "cold": made.cold, "days": DAYS,
    }  # fmt: skip


def _converter_gas(p: Parameters, made: Works, ncv: Mapping[str, Series]) -> Series:
    """Return the recovered converter gas [1e4Nm3]: the recovered share of the carbon that the steel gives off."""
    carbon = (made.hot_metal + made.pig_iron) * p["carbon.pig_iron"] + made.scrap * p["steel.scrap_carbon"]
    carbon = carbon + sum(made.alloys[name] * p[f"alloy.{name}"] for name in made.alloys if name != "ferrochrome")
    carbon = carbon - made.steel * p["carbon.crude_steel"]
    return carbon * p["steel.ldg_recovery"] / (ncv["ldg"] * p["carbon.ldg"])


def _generated(
    p: Parameters, made: Works, iron: Iron, used: Mapping[str, Series], steam: Series, ncv: Mapping[str, Series],
    chance: Chance,
) -> dict[str, Series]:  # fmt: skip
    summer = 1 - p["power.summer_loss"] * SUMMER
    boiler = (used["boiler-bfg"] * ncv["bfg"] + used["boiler-ldg"] * ncv["ldg"]) / _GJ_PER_MWH
    ccpp = (used["ccpp-bfg"] * ncv["bfg"] + used["ccpp-cog"] * ncv["cog"]) / _GJ_PER_MWH
    return {
        "boiler-power": boiler * p["power.boiler_efficiency"] * summer - steam * p["power.heat_rate_of_steam"],
        "ccpp-power": ccpp * p["power.ccpp_efficiency"] * summer * chance.walk("ccpp", 0.006),
        "bf-trt": iron.hot_metal * p["bf.trt"] / 1000 * chance.walk("trt", 0.02),
        "coking-cdq": made.coke * p["coking.cdq_power"] / 1000 * chance.walk("cdq", 0.02),
        "sinter-power": made.sinter * p["sinter.waste_heat_power"] / 1000 * chance.walk("sinter/power", 0.03),
    }


def _electricity(
    p: Parameters, plan: Mapping[str, Any], drivers: Mapping[str, Series], made: Works, chance: Chance
) -> dict[str, Series]:
    used = {
        row["code"]: drivers[row["driver"]] * row["value"] / 1000 * chance.walk(f"el/{row['code']}", 0.012)
        for row in plan["electricity_users"]
    }
    summer = 1 + p["electricity.summer"] * SUMMER
    used["el-air"] = used["el-air"] * summer
    used["el-oxygen"] = made.oxygen * 10 * p["electricity.oxygen"] * summer * chance.walk("el/oxygen", 0.012)
    return used


def _heat(
    p: Parameters, plan: Mapping[str, Any], drivers: Mapping[str, Series], made: Works, chance: Chance
) -> tuple[dict[str, Series], dict[str, Series], Series]:
    used = {
        row["code"]: drivers[row["driver"]] * row["value"] * chance.walk(f"heat/{row['code']}", 0.02)
        for row in plan["heat_users"]
    }
    used["heat-works"] = p["heat.works_heating"] * DAYS * HEATING * chance.jitter("heat/works", 0.05)
    exported = p["heat.exported"] * DAYS * HEATING * chance.jitter("heat/out", 0.05)
    converter = made.steel * p["steel.steam_recovery"] * chance.walk("heat/bof", 0.02)
    demand = (sum(used.values()) + exported) / (1 - p["heat.loss"])
    extraction = np.maximum(demand - converter, p["power.steam_extraction"] * DAYS)
    return used, {"bof-steam": converter, "boiler-heat": extraction}, exported
