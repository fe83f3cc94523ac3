"""Values that formulas of the standard give where all their inputs are measured."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.units import compatible, convert
from tanheng.rules.formula import Formula
from tanheng.rules.resolution import CODE, Cells, Resolution, Rows
from tanheng.rules.trace import Derivation, Finding, Symbol

__all__ = ["derive"]


def derive(look: Resolution, name: str, rows: Rows, unit: str, cells: Cells, depth: int = 0) -> list[Derivation]:
    """Fill in what formulas give whose inputs are all measured."""
    found: list[Derivation] = []
    for formula in look.standard.formulas.values():
        if formula.gives != name or depth > 4:
            continue
        for number, terms in enumerate(formula.variants):
            if not compatible(formula.units[number], unit):
                continue
            open_at = np.flatnonzero(cells.open)
            open_at = open_at[_concerns(look, formula, rows[open_at])]
            if open_at.size:
                found += _apply(look, formula, number, terms, rows, open_at, unit, cells, depth)
    return found


def _apply(
    look: Resolution, formula: Formula, number: int, terms: Mapping[str, str], rows: Rows, at: Rows, unit: str,
    cells: Cells, depth: int,
) -> list[Derivation]:  # fmt: skip
    """Compute a parameter where all inputs are measured; an undefined result is no case for a default."""
    inputs, deeper = _measured(look, terms, rows[at], depth)
    if inputs is None:
        return []
    complete = np.all([np.isfinite(symbol.value) for symbol in inputs.values()], axis=0)
    if not complete.any():
        return []
    part = {key: _take(symbol, complete) for key, symbol in inputs.items()}
    result = formula.evaluate(**{key: symbol.value for key, symbol in part.items()})
    at = at[complete]
    cells.value[at] = convert(result, formula.units[number], unit)
    cells.origin[at] = CODE["derived"]
    cells.bad[at[np.isnan(result)]] = True
    look.gaps += [
        Finding("line.undefined", int(row), None, {"formula_zh": formula.zh}) for row in rows[at[np.isnan(result)]]
    ]
    inner = [_select(entry, complete) for entry in deeper]
    return [Derivation(formula.gives or "", formula.id, unit, at, part), *(_shift(entry, at) for entry in inner)]


def _measured(
    look: Resolution, terms: Mapping[str, str], rows: Rows, depth: int
) -> tuple[dict[str, Symbol] | None, list[Derivation]]:
    inputs: dict[str, Symbol] = {}
    deeper: list[Derivation] = []
    for term, unit in terms.items():
        if term in look.standard.constants:
            inputs[term] = look.constant(term, len(rows), unit)
            continue
        cells = look.given(look.table.values.get(term), rows, unit)
        deeper += derive(look, term, rows, unit, cells, depth + 1)
        if np.isnan(cells.value).all():
            return None, []
        inputs[term] = Symbol(unit, cells.value, cells.origin, cells.ref)
    return inputs, deeper


def _concerns(look: Resolution, formula: Formula, rows: Rows) -> NDArray[np.bool_]:
    table = look.table
    fit = np.array(
        [[formula.concerns(role=role, material=material) for material in table.materials] for role in table.roles],
        np.bool_,
    )
    valid = np.array([formula.is_valid(day) for day in look.days], np.bool_)
    chosen: NDArray[np.bool_] = fit[table.role[rows], table.material[rows]] & valid[table.period[rows]]
    return chosen


def _take(symbol: Symbol, which: NDArray[np.bool_]) -> Symbol:
    return Symbol(symbol.unit, symbol.value[which], symbol.origin[which], symbol.ref[which])


def _select(entry: Derivation, which: NDArray[np.bool_]) -> Derivation:
    """Keep the positions that survive and count them anew."""
    kept = which[entry.at]
    place = np.cumsum(which) - 1
    symbols = {key: _take(symbol, kept) for key, symbol in entry.symbols.items()}
    return Derivation(entry.symbol, entry.formula, entry.unit, place[entry.at[kept]], symbols)


def _shift(entry: Derivation, at: Rows) -> Derivation:
    return Derivation(entry.symbol, entry.formula, entry.unit, at[entry.at], entry.symbols)
