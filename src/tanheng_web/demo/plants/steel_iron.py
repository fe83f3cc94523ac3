"""Iron making of the demonstration works: plan, furnaces, burden; the month the second furnace ran cold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.calendar import DAYS, HEATING, index_of
from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.parameters import Parameters

__all__ = ["Furnace", "Iron", "iron_making", "measured_heats"]

Series = NDArray[np.float64]
_FUELS = ("washed_coal", "anthracite", "bituminous_coal", "coke", "cog", "bfg", "ldg")
_NCV_SPREAD = {"washed_coal": 0.005, "anthracite": 0.009, "bituminous_coal": 0.011, "coke": 0.004, "cog": 0.012,
               "bfg": 0.012, "ldg": 0.022}  # fmt: skip


@dataclass(frozen=True)
class Furnace:
    """A blast furnace over the months; masses in t, gas and oxygen in 1e4Nm3."""

    iron: Series
    coke: Series
    nut: Series
    fines: Series
    anthracite: Series
    bituminous: Series
    gas: Series
    sinter: Series
    pellets: Series
    lump: Series
    oxygen: Series

    @property
    def bunker(self) -> Series:
        """Coke drawn from the bunkers: charged coke, nut coke and what is screened off [t]."""
        return self.coke + self.nut + self.fines

    @property
    def fuel_ratio(self) -> Series:
        """Charged coke, nut coke and injected coal per tonne of hot metal [kg/t]."""
        return 1000 * (self.coke + self.nut + self.anthracite + self.bituminous) / self.iron


@dataclass(frozen=True)
class Iron:
    """Both furnaces and what follows from them."""

    furnaces: Mapping[str, Furnace]
    overhaul: Series  # share of the works' furnace days lost to the yearly overhaul
    trouble: Series  # 1 in the bad month

    @property
    def hot_metal(self) -> Series:
        """Hot metal of both furnaces [t]."""
        return self.total("iron")

    def total(self, name: str) -> Series:
        """Return the sum of a column over the furnaces."""
        summed: Series = np.sum([getattr(furnace, name) for furnace in self.furnaces.values()], axis=0)
        return summed


def measured_heats(p: Parameters, chance: Chance) -> dict[str, Series]:
    """Return the monthly tested calorific values [GJ per canonical unit], three decimals as the laboratory reports."""
    return {fuel: np.round(p[f"ncv.{fuel}"] * chance.walk(f"ncv/{fuel}", _NCV_SPREAD[fuel]), 3) for fuel in _FUELS}


def iron_making(p: Parameters, plan: Mapping[str, Any], ncv: Mapping[str, Series], chance: Chance) -> Iron:
    """Return the furnaces' months: output from running days, gas from the carbon balance."""
    trouble = np.zeros(len(DAYS))
    trouble[index_of(plan["trouble_month"])] = 1.0
    lost = {name: _lost_days(plan["overhauls"][name]) for name in ("bf1", "bf2")}
    furnaces = {
        name: _furnace(name, p, lost[name], trouble if name == "bf2" else np.zeros(len(DAYS)), ncv, chance)
        for name in lost
    }
    return Iron(furnaces, sum(lost.values()) / (2 * DAYS), trouble)


def _lost_days(overhauls: Mapping[str, float]) -> Series:
    days = np.zeros(len(DAYS))
    for month, lost in overhauls.items():
        days[index_of(month)] = lost
    return days


def _furnace(
    name: str, p: Parameters, lost: Series, trouble: Series, ncv: Mapping[str, Series], chance: Chance
) -> Furnace:
    running = DAYS - lost - chance.uniform(f"{name}/stops", 0.1, 0.8)
    iron = p[f"{name}.daily"] * running * (1 - p["bf.restriction"] * HEATING) * chance.walk(f"{name}/output", 0.008)
    iron = iron * np.where(trouble > 0, p["trouble.output"], 1.0)
    iron = np.round(iron)
    ratio = p["bf.coke_ratio"] + p[f"{name}.coke_ratio_extra"] + p["bf.winter_coke_extra"] * HEATING
    ratio = (ratio + p["bf.restart_coke_extra"] * (lost > 0)) * chance.walk(f"{name}/coke", 0.006)
    ratio = np.where(trouble > 0, p["trouble.coke_ratio"], ratio)
    pci = np.where(trouble > 0, p["trouble.pci"], p["bf.pci"] * chance.walk(f"{name}/pci", 0.012))
    coke, coal, nut = ratio * iron / 1000, pci * iron / 1000, p["bf.nut_coke"] * iron / 1000
    share = p["bf.pci_anthracite_share"] * chance.walk("pci/share", 0.02)
    anthracite, bituminous = coal * share, coal * (1 - share)
    carbon = (
        (coke + nut) * ncv["coke"] * p["carbon.coke"]
        + anthracite * ncv["anthracite"] * p["carbon.anthracite"]
        + bituminous * ncv["bituminous_coal"] * p["carbon.bituminous_coal"]
        - iron * (p["carbon.pig_iron"] + p["bf.dust_carbon"] / 1000)
    )
    gas = carbon / (ncv["bfg"] * p["carbon.bfg"])
    sinter, pellets, lump = _burden(iron, p)
    fines = (coke + nut) * p["bf.fines_share"] / (1 - p["bf.fines_share"])
    oxygen = p["bf.oxygen"] * iron / 1e4 * chance.walk(f"{name}/oxygen", 0.02)
    return Furnace(iron, coke, nut, fines, anthracite, bituminous, gas, sinter, pellets, lump, oxygen)


def _burden(iron: Series, p: Parameters) -> tuple[Series, Series, Series]:
    """Return sinter, pellets and lump ore [t] so that the iron in them becomes the iron in the hot metal."""
    sinter = p["bf.sinter_share"] * (1 - HEATING) + p["bf.sinter_share_winter"] * HEATING
    lump = p["bf.lump_share"]
    pellets = 1 - sinter - lump
    grade = sinter * p["fe.sinter"] + pellets * p["fe.pellets"] + lump * p["fe.lump"]
    burden = iron * p["fe.hot_metal"] / (p["bf.iron_yield"] * grade)
    return burden * sinter, burden * pellets, burden * lump
