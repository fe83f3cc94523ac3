"""The quantity that counts: given directly, or from the balance of purchase, stock and sale; never clamped."""

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.units import compatible, convert
from tanheng.rules.table import EXPECTED, NOT_GIVEN, Column, StreamTable
from tanheng.rules.trace import Amount, Finding

__all__ = ["BASIS_SIGNS", "amounts", "given_units", "in_unit"]

Rows = NDArray[np.int64]
# basis -> sign of each part of the balance; a part that is not named does not belong to the basis
BASIS_SIGNS = {
    "net_consumption": {"purchased": 1, "opening_stock": 1, "closing_stock": -1, "sold": -1, "used_outside": -1},
    "output": {"sold": 1, "closing_stock": 1, "opening_stock": -1},
    "minus_output": {"sold": -1, "closing_stock": -1, "opening_stock": 1},
}  # fmt: skip


def in_unit(table: StreamTable, column: Column, rows: Rows, unit: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return a column at ``rows`` in ``unit``, converted once per unit, and where its unit does not fit."""
    values, codes = column.value[rows], column.unit[rows]
    bad = np.zeros(len(rows), np.bool_)
    for code in np.flatnonzero(np.bincount(codes[codes >= 0], minlength=1)) if (codes >= 0).any() else ():
        given = table.units[code]
        if given == unit:
            continue
        here = codes == code
        if compatible(given, unit):
            values[here] = convert(values[here], given, unit)
        else:
            values[here], bad[here] = np.nan, True
    return values, bad


def given_units(table: StreamTable, rows: Rows) -> NDArray[np.int16]:
    """Return the unit code in which each row's quantity stands (that of its first part), -1 where none is given."""
    codes = np.full(len(rows), NOT_GIVEN, np.int16)
    for name in ("quantity", *BASIS_SIGNS["net_consumption"]):
        column = table.quantities.get(name)
        if column is not None:
            given = column.unit[rows]
            codes = np.where((codes < 0) & (given >= 0), given, codes)
    return codes


def amounts(
    table: StreamTable, rows: Rows, *, symbol: str, basis: str, directed: bool, unit: str, leaving: NDArray[np.bool_]
) -> tuple[Amount, list[Finding]]:
    """Return the amount of every row [unit] on a basis of the standard.

    ``leaving`` says which rows go out although their role does not leave by nature; where the rule names no direction,
    their directly given quantity counts negative (a process is inputs less outputs).
    """
    gaps: list[Finding] = []
    direct = table.quantities.get("quantity", Column.empty(len(table)))
    is_direct = direct.unit[rows] >= 0
    value, bad = in_unit(table, direct, rows, unit)
    gaps += _mismatch(table, direct, rows, bad, "quantity", unit)
    sign = np.where(leaving & is_direct & (not directed), -1, 1).astype(np.int8)
    if basis == "minus_output":
        sign = np.where(is_direct, -1, sign).astype(np.int8)
    value = value * sign
    balance = _effective(basis, directed and bool(leaving.all()))
    balanced = np.flatnonzero(~is_direct)
    if balanced.size:
        value[balanced], more = _balance(table, rows[balanced], balance, unit)
        gaps += more
    return Amount(symbol, basis, balance, unit, is_direct, sign, value), gaps


def _effective(basis: str, exported: bool) -> str:
    """Electricity and heat may be given as a balance too: what an export rule takes is what was sold."""
    if basis in BASIS_SIGNS:
        return basis
    return "output" if exported else "net_consumption"


def _balance(table: StreamTable, rows: Rows, basis: str, unit: str) -> tuple[NDArray[np.float64], list[Finding]]:
    total, gaps = np.zeros(len(rows)), list[Finding]()
    some, missing = np.zeros(len(rows), np.bool_), np.zeros(len(rows), np.bool_)
    signs = BASIS_SIGNS[basis]
    for part, sign in signs.items():
        column = table.quantities.get(part)
        if column is None:
            continue
        value, bad = in_unit(table, column, rows, unit)
        gaps += _mismatch(table, column, rows, bad, part, unit)
        here = column.unit[rows]
        some |= here >= 0
        lost = (here == EXPECTED) & _any_part(table, rows)
        gaps += [Finding("component.missing", int(row), part) for row in rows[lost]]
        missing |= bad | lost
        total += np.where(here >= 0, sign * value, 0.0)
    one = _stock_half(table, rows)
    gaps += [Finding("balance.stock_missing", int(row), None) for row in rows[one & some]]
    nothing = ~some
    gaps += [Finding("quantity.missing", int(row), "quantity") for row in rows[nothing]]
    total[missing | nothing | one] = np.nan
    return total, gaps


def _any_part(table: StreamTable, rows: Rows) -> NDArray[np.bool_]:
    return given_units(table, rows) >= 0


def _stock_half(table: StreamTable, rows: Rows) -> NDArray[np.bool_]:
    """Where only one end of the stock is known: a balance needs both or none."""
    empty = Column.empty(len(table))
    opening = table.quantities.get("opening_stock", empty).unit[rows]
    closing = table.quantities.get("closing_stock", empty).unit[rows]
    one: NDArray[np.bool_] = ((opening >= 0) & (closing == NOT_GIVEN)) | ((closing >= 0) & (opening == NOT_GIVEN))
    return one


def _mismatch(
    table: StreamTable, column: Column, rows: Rows, bad: NDArray[np.bool_], quantity: str, unit: str
) -> list[Finding]:
    return [
        Finding("unit.incompatible", int(row), quantity, {"unit": table.units[column.unit[row]], "expected": unit})
        for row in rows[bad]
    ]
