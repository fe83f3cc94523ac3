"""What was given and moved no number: a value, a part of a balance or a factor that no formula took."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.amounts import BASIS_SIGNS
from tanheng.rules.formula import Formula
from tanheng.rules.package import Standard
from tanheng.rules.steam import STATE
from tanheng.rules.table import StreamTable
from tanheng.rules.trace import Finding, TraceBlock

__all__ = ["unused"]

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


def unused(standard: Standard, table: StreamTable, blocks: Sequence[TraceBlock]) -> list[Finding]:
    """Return one warning for every stream and quantity that was given for a counted row and not used in any of them.

    Rows that the standard does not count are left out: they are listed with a reason of their own. So are values that
    the standard names as not asked for: one set of streams serves several standards.
    ``value.not_used`` names what to give instead, ``value.overruled`` what was given as well and taken;
    ``part.not_used``, ``part.overruled`` and ``factor.not_used`` say the same of quantities and of library factors.
    """
    block_of = np.full(len(table), -1, np.int32)
    for number, block in enumerate(blocks):
        block_of[block.rows] = number
    counted = block_of >= 0
    found: list[Finding] = []
    for name, column in table.values.items():
        taken = np.bool_(False) if name in standard.constants else _named(table, blocks, name)
        left = counted & (column.unit >= 0) & ~taken & ~_not_asked(standard, table, name)
        found += [_value(standard, table, blocks[block_of[row]], row, name) for row in _first(table, left)]
    for part, column in table.quantities.items():
        left = counted & (column.unit >= 0) & ~_added(table, blocks, part)
        found += [_part(table, blocks[block_of[row]], row, part) for row in _first(table, left)]
    left = counted & (table.factor >= 0) & ~_chosen(table, blocks)
    for row in _first(table, left):
        said = {**_formula_zh(standard, blocks[block_of[row]]), "factor": table.factors[table.factor[row]]}
        found.append(Finding("factor.not_used", row, None, said, whole=True))
    return found


def _not_asked(standard: Standard, table: StreamTable, name: str) -> Mask:
    """Where the standard says that it has no use for a value."""
    unasked = np.zeros(len(table), np.bool_)
    for rule in standard.not_asked:
        if name in rule.values:
            role = np.array([each == rule.role for each in table.roles], np.bool_)
            fit = np.array([rule.materials == "*" or each in rule.materials for each in table.materials], np.bool_)
            unasked |= role[table.role] & fit[table.material]
    return unasked


def _first(table: StreamTable, left: Mask) -> list[int]:
    """Return the first row of every stream that has one left."""
    rows = np.flatnonzero(left)
    _, at = np.unique(table.stream[rows], return_index=True)
    first: list[int] = rows[np.sort(at)].tolist()
    return first


def _named(table: StreamTable, blocks: Iterable[TraceBlock], name: str) -> Mask:
    """Where a formula asked for a quantity: what was given there was used, or refused with a gap of its own."""
    asked = np.zeros(len(table), np.bool_)
    for block in blocks:
        if name in block.symbols:
            asked[block.rows] = True
        for entry in block.derived:
            if name in entry.symbols:
                asked[block.rows[entry.at]] = True
            elif name in STATE and "enthalpy" in entry.symbols:
                given = table.values.get("enthalpy")
                rows = block.rows[entry.at]
                asked[rows] |= True if given is None else given.unit[rows] < 0
    return asked


def _added(table: StreamTable, blocks: Iterable[TraceBlock], part: str) -> Mask:
    added = np.zeros(len(table), np.bool_)
    for block in blocks:
        fits = block.amount.direct if part == "quantity" else ~block.amount.direct & (part in _parts(block))
        added[block.rows] |= fits
    return added


def _parts(block: TraceBlock) -> Iterable[str]:
    return BASIS_SIGNS[block.amount.balance]


def _chosen(table: StreamTable, blocks: Iterable[TraceBlock]) -> Mask:
    """Where the emission factor was asked for and no measured one stood in the way of the factor chosen by id."""
    chosen = np.zeros(len(table), np.bool_)
    own = table.values.get("emission_factor")
    for block in blocks:
        if "emission_factor" in block.symbols:
            chosen[block.rows] = True if own is None else own.unit[block.rows] < 0
    return chosen


def _value(standard: Standard, table: StreamTable, block: TraceBlock, row: int, name: str) -> Finding:
    formula = standard.formulas[block.formula]
    said = _formula_zh(standard, block)
    if name in STATE and _is_given(table, row, "enthalpy"):
        return Finding("value.overruled", row, name, {**said, "by": ["enthalpy"]}, whole=True)
    for derivation in _derivations(standard, table, row, name):
        missing = [term for term in _inputs(standard, derivation) if not _is_given(table, row, term)]
        if missing:
            return Finding("value.not_used", row, name, {**said, "instead": missing}, whole=True)
        if derivation.gives is not None and _is_given(table, row, derivation.gives):
            return Finding("value.overruled", row, name, {**said, "by": [derivation.gives]}, whole=True)
    return Finding("value.not_used", row, name, {**said, "instead": _inputs(standard, formula)}, whole=True)


def _part(table: StreamTable, block: TraceBlock, row: int, part: str) -> Finding:
    direct = bool(block.amount.direct[np.searchsorted(block.rows, row)])
    if direct:
        return Finding("part.overruled", row, part, {"by": ["quantity"]}, whole=True)
    return Finding("part.not_used", row, part, {"instead": list(_parts(block))}, whole=True)


def _derivations(standard: Standard, table: StreamTable, row: int, name: str) -> Iterator[Formula]:
    """Yield the formulas that would make another quantity of this one for a row."""
    kind = {"role": table.roles[table.role[row]], "material": table.materials[table.material[row]]}
    for formula in standard.formulas.values():
        if formula.gives is not None and name in formula.terms and formula.concerns(**kind):
            yield formula


def _inputs(standard: Standard, formula: Formula) -> list[str]:
    """Return what a person may give for a formula beside the quantity."""
    return [term for term in formula.expression.names if term != "quantity" and term not in standard.constants]


def _is_given(table: StreamTable, row: int, name: str) -> bool:
    column = table.values.get(name)
    return column is not None and bool(column.unit[row] >= 0)


def _formula_zh(standard: Standard, block: TraceBlock) -> Mapping[str, object]:
    return {"formula_zh": standard.formulas[block.formula].zh}
