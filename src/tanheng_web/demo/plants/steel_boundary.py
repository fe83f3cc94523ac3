"""What crosses the boundary of the demonstration works: purchases, sales, stocks that chain, electricity and heat."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.books import Place, book, books, total
from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.data import StreamSpec
from tanheng_web.demo.plants.parameters import Parameters
from tanheng_web.demo.plants.steel_energy import Energy
from tanheng_web.demo.plants.stock import Stock

__all__ = ["boundary"]

Series = NDArray[np.float64]
_GAS_USERS = ("caster-gas", "rolling-gas", "canteen-gas")


def boundary(
    specs: Sequence[StreamSpec],
    plan: Mapping[str, Any],
    inside: Mapping[Place, Series],
    p: Parameters,
    overhaul: Series,
    flows: Energy,
    chance: Chance,
) -> dict[Place, Series]:
    """Return the boundary columns; ``inside`` are the metered process streams, on which the books are built."""
    surplus, error = plan["coke_sold"], p.scalar("meter.stocktaking")
    coke = np.round(surplus["value"] * chance.jitter("coke/sold", 0.2) + surplus["overhaul"] * (overhaul > 0), 2)
    columns = books(plan["stocks"], inside, specs, error, chance, {"coke": coke})
    for gas, code in plan["stocks"]["holders"].items():
        level = flows.holder[gas]
        opening = np.concatenate((level[:1], level[:-1]))
        columns |= book(code, "sold", Stock(opening, np.round(flows.sold[gas], 2), level))
    return columns | {
        ("coke", "sold"): coke,
        ("natural-gas", "purchased"): np.round(total(inside, _GAS_USERS), 4),
        ("gasoline", "purchased"): inside["transport-gasoline", "quantity"],
        ("electricity-in", "quantity"): np.round(flows.purchased, 3),
        ("electricity-out", "quantity"): np.round(flows.exported, 3),
        ("heat-out", "quantity"): np.round(flows.heat_exported, 1),
        ("crude-steel", "quantity"): inside["bof-steel", "quantity"],
    }
