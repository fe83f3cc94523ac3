"""Stocks: purchase follows consumption, the yard is measured at the end of a month, and months chain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tanheng_web.demo.plants.chance import Chance

__all__ = ["Stock", "bought_stock", "made_stock"]

Series = NDArray[np.float64]
_CATCH_UP = 0.5  # share of the distance to the target stock that purchase or sale makes good in a month


@dataclass(frozen=True)
class Stock:
    """What moves over a month and what lies there at its two ends, in the unit of the material."""

    opening: Series
    moved: Series
    closing: Series


def bought_stock(name: str, use: Series, *, level: float, error: float, chance: Chance, decimals: int) -> Stock:
    """Buy for ``use`` so that about ``level`` lies in the yard; the stocktaking errs by ``error`` (1σ)."""
    return _chain(name, use, level=level, error=error, chance=chance, decimals=decimals, bought=True)


def made_stock(name: str, output: Series, *, level: float, error: float, chance: Chance, decimals: int) -> Stock:
    """Sell from ``output``; ``moved`` is what was sold."""
    return _chain(name, output, level=level, error=error, chance=chance, decimals=decimals, bought=False)


def _chain(
    name: str, flow: Series, *, level: float, error: float, chance: Chance, decimals: int, bought: bool
) -> Stock:
    target = level * chance.walk(f"{name}/target", 0.12)
    noise, taking = chance.jitter(f"{name}/moved", 0.03), chance.jitter(f"{name}/taking", error)
    opening, moved, closing = (np.empty_like(flow) for _ in range(3))
    lying = round(float(target[0]), decimals)
    for n, amount in enumerate(flow):
        opening[n] = lying
        gap = (target[n] - lying) if bought else (lying - target[n])
        moved[n] = round(max(0.0, amount * noise[n] + _CATCH_UP * gap), decimals)
        book = lying + (moved[n] - amount if bought else amount - moved[n])
        if book < 0:  # nobody sells or burns what is not there
            moved[n] = round(moved[n] + (-book if bought else book), decimals)
            book = 0.0
        lying = round(book * taking[n], decimals)
        closing[n] = lying
    return Stock(opening, moved, closing)
