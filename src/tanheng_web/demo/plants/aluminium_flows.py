"""Potlines, carbon plant, casthouse and captive power of the demonstration smelter: true flows before any meter."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.calendar import DAYS, HEATING, SUMMER, index_of
from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.parameters import Parameters

__all__ = ["LINES", "UNITS", "flows_of"]

Series = NDArray[np.float64]
LINES, UNITS = ("line1", "line2"), ("unit1", "unit2")


def flows_of(p: Parameters, plan: Mapping[str, Any], ncv: Series, chance: Chance) -> dict[str, Series]:
    """Return every process flow by stream code, and ``purchased``, ``steam_out``, ``trouble`` for the boundary."""
    trouble = np.zeros(len(DAYS))
    trouble[index_of(plan["trouble_month"])] = 1.0
    flow = {"trouble": trouble}
    for line in LINES:
        flow |= _line(line, p, trouble if line == "line2" else np.zeros(len(DAYS)), chance)
    flow |= _carbon(p, flow, chance) | _casting(p, flow, chance) | _rest(p, chance)
    flow |= _power(p, plan, flow, ncv, chance)
    users = [code for code in flow if code.endswith("-power") and not code.startswith("unit")]
    demand = sum(flow[code] for code in (*users, "unit1-house", "unit2-house"))
    flow["purchased"] = demand / (1 - p["electricity.loss"]) - flow["unit1-power"] - flow["unit2-power"]
    return flow


def _line(line: str, p: Parameters, trouble: Series, chance: Chance) -> dict[str, Series]:
    made = p[f"{line}.daily"] * DAYS * chance.walk(f"{line}/output", 0.004)
    made = np.round(made * np.where(trouble > 0, p["trouble.output"], 1.0), 2)
    dc = (p[f"{line}.dc"] + p["line.summer_dc"] * SUMMER) * chance.walk(f"{line}/dc", 0.0015)
    dc = dc + p["trouble.dc_extra"] * trouble
    minutes = p[f"{line}.anode_effect"] * chance.walk(f"{line}/aem", 0.07)
    return {
        f"{line}-aluminium": made,
        f"{line}-power": made * dc / 1000,
        f"{line}-alumina": made * p["electrolysis.alumina"] * chance.walk(f"{line}/alumina", 0.002),
        f"{line}-fluoride": made * p["electrolysis.aluminium_fluoride"] / 1000 * chance.walk(f"{line}/fluoride", 0.03),
        f"{line}-anode": made * p["electrolysis.anode_gross"] * chance.walk(f"{line}/anode", 0.004),
        f"{line}-butts": made * p["electrolysis.butts"] * chance.walk(f"{line}/butts", 0.01),
        f"{line}-aem": np.where(trouble > 0, p["trouble.anode_effect"], minutes),
    }


def _carbon(p: Parameters, flow: Mapping[str, Series], chance: Chance) -> dict[str, Series]:
    anodes = p["anode.daily"] * DAYS * chance.walk("anode/output", 0.01)
    dc, made = flow["line1-power"] + flow["line2-power"], flow["line1-aluminium"] + flow["line2-aluminium"]
    power = {
        f"{step}-power": anodes * p[f"anode.power_{step}"] / 1000 * chance.walk(f"anode/{step}", 0.01)
        for step in ("calcining", "green", "baking", "rodding")
    }
    return power | {
        "anode-out": anodes,
        "green-coke": anodes * p["anode.coke"] * chance.walk("anode/coke", 0.006),
        "green-pitch": anodes * p["anode.pitch"] * chance.walk("anode/pitch", 0.008),
        "green-butts": (flow["line1-butts"] + flow["line2-butts"]) * chance.jitter("anode/butts", 0.01),
        "green-steam": anodes * p["anode.steam"] * (1 + p["season.carbon_steam"] * HEATING),
        "baking-gas": anodes * p["anode.baking_gas"] / 1e4 * chance.walk("anode/gas", 0.01),
        "rectifier-power": dc / p["rectifier.efficiency"] - dc,
        "fume-power": made * p["electrolysis.auxiliary"] / 1000 * chance.walk("fume", 0.01),
    }


def _casting(p: Parameters, flow: Mapping[str, Series], chance: Chance) -> dict[str, Series]:
    made = flow["line1-aluminium"] + flow["line2-aluminium"]
    ingot = made * p["cast.ingot_share"] * chance.walk("cast/ingot", 0.05)
    billet = made * p["cast.billet_share"] * chance.walk("cast/billet", 0.05)
    cast = ingot + billet
    return {
        "cast-ingot": ingot,
        "cast-billet": billet,
        "cast-metal": cast / (1 - p["cast.loss"]),
        "cast-gas": cast * p["cast.gas"] / 1e4 * chance.walk("cast/gas", 0.02),
        "cast-power": cast * p["cast.power"] / 1000 * chance.walk("cast/power", 0.01),
    }


def _rest(p: Parameters, chance: Chance) -> dict[str, Series]:
    return {
        "air-power": p["electricity.compressed_air"] * DAYS * chance.walk("air", 0.01),
        "water-power": p["electricity.water"] * DAYS * (1 + p["season.water"] * SUMMER) * chance.walk("water", 0.01),
        "attached-power": p["electricity.attached"]
        * DAYS
        * (1 + p["season.attached"] * SUMMER)
        * chance.walk("attached", 0.02),
        "transport-diesel": p["other.diesel"] * DAYS * chance.walk("diesel", 0.03),
        "transport-gasoline": p["other.gasoline"] * DAYS * chance.walk("gasoline", 0.05),
        "canteen-gas": p["other.canteen_gas"] * DAYS * (1 + p["season.canteen"] * HEATING),
        "works-steam": p["steam.works_heating"] * DAYS * HEATING * chance.jitter("works/steam", 0.04),
        "steam_out": (p["steam.exported"] + p["steam.exported_winter"] * HEATING) * DAYS * chance.walk("steam", 0.03),
    }


def _power(
    p: Parameters, plan: Mapping[str, Any], flow: Mapping[str, Series], ncv: Series, chance: Chance
) -> dict[str, Series]:
    """Return coal, power and steam of both units; steam is made by the unit that runs, in step with its power."""
    made: dict[str, Series] = {}
    lit = np.zeros(len(DAYS))
    for unit in UNITS:
        lost = np.zeros(len(DAYS))
        for month, days in plan["overhauls"][unit].items():
            lost[index_of(month)] = days
        lit = lit + (lost > 0)
        made[f"{unit}-power"] = p[f"{unit}.daily"] * (DAYS - lost) * chance.walk(f"{unit}/output", 0.015)
        made[f"{unit}-house"] = made[f"{unit}-power"] * p["unit.house"] * chance.walk(f"{unit}/house", 0.01)
    steam = (flow["steam_out"] + flow["works-steam"] + flow["green-steam"]) / (1 - p["steam.loss"])
    gross = made["unit1-power"] + made["unit2-power"]
    rate = p["unit.coal_rate"] * (1 + p["unit.summer_rate"] * SUMMER)
    for unit in UNITS:
        made[f"{unit}-steam"] = steam * made[f"{unit}-power"] / gross
        net = made[f"{unit}-power"] - made[f"{unit}-house"]
        tce = net * rate * chance.walk(f"{unit}/rate", 0.004) + made[f"{unit}-steam"] * p["unit.steam_rate"]
        made[f"{unit}-coal"] = tce * p["unit.gj_per_tce"] / ncv
    coal = made["unit1-coal"] + made["unit2-coal"]
    return made | {
        "unit-diesel": p["unit.ignition"] * lit * chance.jitter("ignition", 0.1),
        "flue-limestone": coal * p["unit.limestone"] * chance.walk("flue/limestone", 0.03),
        "flue-ammonia": coal * p["unit.ammonia"] * chance.walk("flue/ammonia", 0.03),
    }
