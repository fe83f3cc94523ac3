"""Coking, sinter, pellets, lime, steel and rolling of the demonstration works: true masses before any meter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.calendar import DAYS, HEATING
from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.parameters import Parameters
from tanheng_web.demo.plants.steel_iron import Iron

__all__ = ["ALLOYS", "Works", "works"]

Series = NDArray[np.float64]
ALLOYS = ("ferrosilicon", "silicomanganese", "ferromanganese", "ferrochrome")


@dataclass(frozen=True)
class Works:
    """True monthly masses [t], the basis of all meters."""

    coke: Series
    coal: Series
    cog: Series  # 1e4Nm3
    tar: Series
    benzol: Series
    sinter: Series
    pellets: Series
    lime: Series
    cast: Series
    hot_metal: Series  # charged to the converters
    steel: Series
    scrap: Series
    pig_iron: Series
    alloys: dict[str, Series]
    refined: Series
    rolled: Series
    cold: Series
    sinter_iron: Series  # dry fines in the sinter mix
    pellet_iron: Series  # dry concentrate
    oxygen: Series  # 1e4Nm3


def works(iron: Iron, p: Parameters, chance: Chance) -> Works:
    """Return the masses of the works for the given iron making."""
    coke = p["coking.daily"] * DAYS * (1 - p["coking.restriction"] * HEATING) * chance.walk("coking/output", 0.006)
    coal = coke * p["coking.coal_per_coke"] * chance.walk("coking/coal", 0.002)
    sinter = iron.total("sinter")
    pellets = p["pellet.daily"] * DAYS * (1 - p["pellet.restriction"] * HEATING) * chance.walk("pellets", 0.015)
    pellets = np.minimum(pellets, iron.total("pellets"))
    cast = iron.hot_metal * p["bf.cast_share"] * chance.jitter("cast", 0.08)
    hot_metal = iron.hot_metal * (1 - p["bf.metal_loss"]) - cast
    ratio = (p["steel.hot_metal"] + p["steel.hot_metal_overhaul"] * (iron.overhaul > 0)) * chance.walk("hm", 0.003)
    steel = np.round(hot_metal / ratio, 2)
    pig_iron = steel * p["steel.pig_iron"] / 1000 * chance.jitter("pig", 0.1)
    alloys = {name: steel * p[f"steel.{name}"] / 1000 * chance.walk(f"alloy/{name}", 0.04) for name in ALLOYS}
    charge = steel * p["steel.metallic_charge"] * chance.walk("charge", 0.0015)
    scrap = charge - hot_metal - pig_iron - sum(alloys.values())
    rolled = steel * p["steel.rolling_yield"] * chance.walk("rolled", 0.004)
    return Works(
        coke=coke, coal=coal, cog=coke * p["coking.cog_yield"] / 1e4 * chance.walk("cog/yield", 0.008),
        tar=coal * p["coking.tar_yield"], benzol=coal * p["coking.benzol_yield"], sinter=sinter, pellets=pellets,
        lime=(sinter * p["sinter.quicklime"] + steel * p["lime.steel"]) / 1000 * chance.walk("lime", 0.01),
        cast=cast, hot_metal=hot_metal, steel=steel, scrap=scrap, pig_iron=pig_iron, alloys=alloys,
        refined=steel * p["steel.refined_share"], rolled=rolled, cold=rolled * p["steel.cold_share"],
        sinter_iron=sinter * p["fe.sinter"] * (1 - p["fe.recycled_share"]) / p["fe.fines"],
        pellet_iron=pellets * p["fe.pellets"] / p["fe.concentrate"],
        oxygen=iron.total("oxygen") + p["steel.oxygen"] * steel / 1e4,
    )  # fmt: skip
