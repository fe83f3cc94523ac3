"""From flows to what is written down: meters with their errors, and yard books whose months chain."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.chance import Chance
from tanheng_web.demo.plants.data import StreamSpec, rounded
from tanheng_web.demo.plants.stock import Stock, bought_stock, made_stock

__all__ = ["Place", "book", "books", "metered", "specs_of", "total"]

Series = NDArray[np.float64]
Place = tuple[str, str]


def specs_of(rows: Sequence[Mapping[str, Any]]) -> tuple[StreamSpec, ...]:
    """Return the streams of a plant's YAML list."""
    return tuple(_spec(row) for row in rows)


def _spec(row: Mapping[str, Any]) -> StreamSpec:
    given = dict(row)
    given |= {key: tuple(given[key]) for key in ("components", "values") if key in given}
    return StreamSpec(**given)


def metered(
    specs: Sequence[StreamSpec],
    flows: Mapping[str, Series],
    sigma: Mapping[str, float],
    exact: Collection[str],
    chance: Chance,
) -> dict[Place, Series]:
    """Return the process streams as their meters show them: relative error ``sigma`` by unit, rounded as written."""
    columns: dict[Place, Series] = {}
    for spec in specs:
        if spec.process:
            error = 0.0 if spec.code in exact else sigma[spec.unit]
            seen = flows[spec.code] * chance.jitter(f"meter/{spec.code}", error)
            columns[spec.code, "quantity"] = rounded(spec, "quantity", seen)
    return columns


def books(
    stocks: Mapping[str, Any],
    inside: Mapping[Place, Series],
    specs: Sequence[StreamSpec],
    error: float,
    chance: Chance,
    sold: Mapping[str, Series],
) -> dict[Place, Series]:
    """Return purchases, sales and stocks built on the metered flows inside; ``sold`` is bought material sold on."""
    decimals = {spec.code: spec.decimals for spec in specs}
    columns: dict[Place, Series] = {}
    for row in stocks["bought"]:
        code = row["code"]
        use = total(inside, row["users"]) - total(inside, row.get("makers", ())) + sold.get(code, 0.0)
        stock = bought_stock(code, use, level=row["level"], error=error, chance=chance, decimals=decimals[code])
        columns |= book(code, "purchased", stock)
    for row in stocks["sold"]:
        code, output = row["code"], total(inside, row["makers"])
        stock = made_stock(code, output, level=row["level"], error=error, chance=chance, decimals=decimals[code])
        columns |= book(code, "sold", stock)
    return columns


def total(inside: Mapping[Place, Series], codes: Sequence[str]) -> Series:
    """Return the sum of several process streams."""
    return np.sum([inside[code, "quantity"] for code in codes], axis=0) if codes else np.zeros(1)


def book(code: str, moved: str, stock: Stock) -> dict[Place, Series]:
    """Return a stock as the columns of a stream."""
    return {(code, moved): stock.moved, (code, "opening_stock"): stock.opening, (code, "closing_stock"): stock.closing}
