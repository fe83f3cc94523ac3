"""Lines as a standard counts them that rounds line by line: half up, in tonnes of CO2 equivalent.

A source of several gases is one line of the standard (anode effects: CF4 and C2F6 together), so their sum is rounded;
what rounding each gas alone leaves over goes to the first. Masses of gases other than CO2 are not rounded.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.rounding import round_half_up_array
from tanheng.rules.exact import round_lines
from tanheng.rules.expression import Binary, Number
from tanheng.rules.formula import Formula
from tanheng.rules.models import Rounding
from tanheng.rules.trace import Symbol, TraceBlock

__all__ = ["counted", "settled"]

Lines = NDArray[np.float64]


def counted(
    rounding: Rounding, formula: Formula, symbols: dict[str, Symbol], mass: Lines, gwp: float
) -> tuple[Lines, Lines]:
    """Return mass [t of gas] and value [tCO2e] without sign, as the standard counts them: (n,), (n,) -> (n,), (n,)."""
    if rounding.level != "line":
        return mass, mass * gwp
    columns = {name: symbol.value for name, symbol in symbols.items()}
    tree = formula.expression.tree
    if gwp == 1.0:
        mass = round_lines(tree, columns, mass, rounding.decimals)
        return mass, mass
    tree = Binary("*", tree, Number(Fraction(gwp), f"{gwp:g}"))
    return mass, round_lines(tree, columns, mass * gwp, rounding.decimals)


def settled(rounding: Rounding, blocks: Sequence[TraceBlock]) -> list[TraceBlock]:
    """Return the blocks of one account with the sums of sources of several gases rounded instead of their parts."""
    found = list(blocks)
    if rounding.level != "line":
        return found
    for source in dict.fromkeys(block.source for block in found):
        places = [n for n, block in enumerate(found) if block.source == source]
        if len({found[n].gas for n in places}) > 1:
            _settle(rounding, found, places)
    return found


def _settle(rounding: Rounding, blocks: list[TraceBlock], places: Sequence[int]) -> None:
    """Give the first gas of every row what the rounded sum has over the sum of rounded parts."""
    length = 1 + max(int(blocks[n].rows.max()) for n in places if blocks[n].rows.size)
    whole, parts = np.zeros(length), np.zeros(length)
    for n in places:
        block = blocks[n]
        np.add.at(whole, block.rows, block.mass * (block.sign * block.gwp))
        np.add.at(parts, block.rows, block.value)
    rest = round_half_up_array(round_half_up_array(whole, rounding.decimals) - parts, rounding.decimals)
    for n in places:
        block = blocks[n]
        own = np.where(np.isnan(rest[block.rows]), 0.0, rest[block.rows])
        if own.any():
            value = round_half_up_array(block.value + own, rounding.decimals)
            blocks[n] = replace(block, value=value, rest=own)
            rest[block.rows] = 0.0
