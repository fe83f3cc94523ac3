"""From the numbers of one line to those of another, one at a time: what every step changes.

The order is fixed: the quantity, then the parameters in the order of the formula, then the formula itself, then the
GWP. Each step starts where the one before ended, so the steps add up; what is left to the printed values is rounding.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.accounting.compare_lines import Side, amount_symbol
from tanheng.kernel.units import compatible, convert, factor
from tanheng.rules.formula import Expression

__all__ = ["Columns", "Steps", "columns_of", "merged", "steps"]

Array = NDArray[np.float64]
_NOISE = 1e-9  # relative: what floating point leaves when the same product is formed in another order


@dataclass(frozen=True)
class Columns:
    """Lines of one formula as columns; ``scale`` leads from the formula's unit to tonnes of the gas."""

    expr: str
    amount: str
    units: Mapping[str, str]
    values: Mapping[str, Array]
    sign: int
    gwp: float
    scale: float

    def value(self, values: Mapping[str, Array], gwp: float) -> Array:
        """The value of every line [tCO2e] with other numbers in the same formula."""
        return Expression.parse(self.expr).evaluate(**values) * (self.sign * self.scale * gwp)


@dataclass(frozen=True)
class Steps:
    """The change that each step brings [tCO2e], line by line: (kind, symbol) → column."""

    parts: Mapping[tuple[str, str], Array]


def columns_of(side: Side, lines: Sequence[int]) -> Columns:
    """Return lines of one trace block as columns."""
    block = side.at(lines[0])[0]
    at = [side.places[line][1] for line in lines]
    formula = side.doc.data["formulas"][block["formula"]]
    values = {name: _column(column["value"], at) for name, column in block["symbols"].items()}
    units = {name: column["unit"] for name, column in block["symbols"].items()}
    scale = factor(formula["units"][0], block["unit"])
    return Columns(formula["expr"], amount_symbol(block), units, values, block["sign"], block["gwp"], scale)


def _column(values: Sequence[float | None], at: Sequence[int]) -> Array:
    return np.array([np.nan if values[n] is None else values[n] for n in at], np.float64)


def merged(side: Side, lines: Sequence[int]) -> Columns | None:
    """Return several lines as one: quantities added, parameters weighted with them; None where formulas differ."""
    blocks: dict[int, list[int]] = {}
    for line in lines:
        blocks.setdefault(side.places[line][0], []).append(line)
    parts = [columns_of(side, members) for members in blocks.values()]
    first = parts[0]
    alike = all(
        (p.expr, p.units.keys(), p.sign, p.gwp) == (first.expr, first.units.keys(), first.sign, first.gwp)
        and all(compatible(p.units[name], first.units[name]) for name in first.units)
        for p in parts
    )
    if not alike:
        return None
    joint = {
        name: np.concatenate([convert(p.values[name], p.units[name], first.units[name]) for p in parts])
        for name in first.units
    }
    amount = joint[first.amount]
    values = {name: _mean(column, amount) for name, column in joint.items() if name != first.amount}
    return replace(first, values={**values, first.amount: np.array([fsum(amount.tolist())])})


def _mean(values: Array, weights: Array) -> Array:
    if (values == values[0]).all():
        return values[:1]
    size = np.abs(weights)
    whole = fsum(size.tolist())
    mean = fsum((values * size).tolist()) / whole if whole else fsum(values.tolist()) / len(values)
    return np.array([mean])


def steps(a: Columns, b: Columns) -> Steps:
    """Return what each step from ``a`` to ``b`` changes; the last level is the unrounded value of ``b``."""
    found: dict[tuple[str, str], Any] = {}
    now = dict(a.values)
    level = a.value(now, a.gwp)
    for name in _shared(a, b):
        now[name] = convert(b.values[name], b.units[name], a.units[name])
        if name == a.amount:
            now[name] = now[name] * (b.sign * a.sign)  # carbon leaving is a deduction here, a negative fuel there
        new = a.value(now, a.gwp)
        found["activity" if name == a.amount else "parameter", name] = new - level
        level = new
    new = b.value(b.values, a.gwp)
    if not np.allclose(new, level, rtol=_NOISE, atol=_NOISE):
        found["formula", ""] = new - level
        level = new
    if a.gwp != b.gwp:
        found["gwp", ""] = b.value(b.values, b.gwp) - level
    return Steps({key: column for key, column in found.items() if np.any(column)})


def _shared(a: Columns, b: Columns) -> list[str]:
    """The symbols that both formulas have in units that fit: the quantity first, then as the formula writes them."""
    if a.amount != b.amount or not compatible(a.units[a.amount], b.units[b.amount]):
        return []
    names = [a.amount, *(name for name in Expression.parse(a.expr).names if name != a.amount)]
    return [n for n in names if n in a.units and n in b.units and compatible(a.units[n], b.units[n])]
