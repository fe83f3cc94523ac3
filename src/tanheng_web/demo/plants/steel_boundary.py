"""What crosses the boundary of the demonstration works: purchases, sales, stocks that chain, electricity and heat."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.data import StreamSpec
from tanheng_web.demo.plants.parameters import Parameters
from tanheng_web.demo.plants.steel_energy import Energy
from tanheng_web.demo.plants.stock import Stock, bought_stock, made_stock

__all__ = ["boundary"]

Series = NDArray[np.float64]
Place = tuple[str, str]


def boundary(
    specs: tuple[StreamSpec, ...], plan: Mapping[str, Any], inside: Mapping[Place, Series], p: Parameters,
    overhaul: Series, flows: Energy, chance: Chance,
) -> dict[Place, Series]:  # fmt: skip
    """Return the boundary columns; ``inside`` are the metered process streams, on which the books are built."""
    decimals = {spec.code: spec.decimals for spec in specs}
    error = p.scalar("meter.stocktaking")
    surplus = plan["coke_sold"]
    coke_sold = np.round(surplus["value"] * chance.jitter("coke/sold", 0.2) + surplus["overhaul"] * (overhaul > 0), 2)
    columns: dict[Place, Series] = {("coke", "sold"): coke_sold}
    for row in plan["stocks"]["bought"]:
        code = row["code"]
        use = _sum(inside, row["users"]) - _sum(inside, row.get("makers", []))
        use = use + (coke_sold if row.get("sold") else 0.0)
        stock = bought_stock(code, use, level=row["level"], error=error, chance=chance, decimals=decimals[code])
        columns |= _book(code, "purchased", stock)
    for row in plan["stocks"]["sold"]:
        code = row["code"]
        output = _sum(inside, row["makers"])
        stock = made_stock(code, output, level=row["level"], error=error, chance=chance, decimals=decimals[code])
        columns |= _book(code, "sold", stock)
    for gas, code in plan["stocks"]["holders"].items():
        level = flows.holder[gas]
        opening = np.concatenate((level[:1], level[:-1]))
        columns |= _book(code, "sold", Stock(opening, np.round(flows.sold[gas], decimals[code]), level))
    gas_users = ("caster-gas", "rolling-gas", "canteen-gas")
    return columns | {
        ("natural-gas", "purchased"): np.round(_sum(inside, gas_users), decimals["natural-gas"]),
        ("gasoline", "purchased"): inside["transport-gasoline", "quantity"],
        ("electricity-in", "quantity"): np.round(flows.purchased, decimals["electricity-in"]),
        ("electricity-out", "quantity"): np.round(flows.exported, decimals["electricity-out"]),
        ("heat-out", "quantity"): np.round(flows.heat_exported, decimals["heat-out"]),
        ("crude-steel", "quantity"): inside["bof-steel", "quantity"],
    }


def _sum(inside: Mapping[Place, Series], codes: tuple[str, ...] | list[str]) -> Series:
    return np.sum([inside[code, "quantity"] for code in codes], axis=0) if codes else np.zeros(1)


def _book(code: str, moved: str, stock: Stock) -> dict[Place, Series]:
    return {(code, moved): stock.moved, (code, "opening_stock"): stock.opening, (code, "closing_stock"): stock.closing}
