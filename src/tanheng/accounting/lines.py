"""Lines and trace of an evaluation as the columns of a result document; unknown numbers are null."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.amounts import BASIS_SIGNS, in_unit
from tanheng.rules.table import StreamTable
from tanheng.rules.trace import Amount, Derivation, Evaluation, Symbol, TraceBlock

__all__ = ["LINE_COLUMNS", "amount_json", "lines_json", "numbers", "trace_json"]

LINE_COLUMNS = (
    "stream",
    "month",
    "account",
    "source",
    "process",
    "material",
    "role",
    "direction",
    "gas",
    "formula",
    "mass",
    "value",
)
Rows = NDArray[np.int64]


def numbers(values: NDArray[np.float64]) -> list[float | None]:
    """Return numbers for JSON: NaN becomes null, negative zero becomes zero."""
    return [None if np.isnan(value) else value for value in (values + 0.0).tolist()]


def lines_json(table: StreamTable, evaluation: Evaluation) -> dict[str, list[Any]]:
    """Return the lines, block after block; mass [t of gas] and value [tCO2e] are signed."""
    columns: dict[str, list[Any]] = {name: [] for name in LINE_COLUMNS}
    for block in evaluation.blocks:
        count = len(block.rows)
        columns["stream"] += [table.streams[code].id for code in table.stream[block.rows]]
        columns["month"] += [table.periods[code] for code in table.period[block.rows]]
        columns["process"] += [table.processes[code] for code in table.process[block.rows]]
        columns["material"] += [table.materials[code] for code in table.material[block.rows]]
        columns["role"] += [table.roles[code] for code in table.role[block.rows]]
        columns["direction"] += ["out" if out else "in" for out in table.outward[block.rows].tolist()]
        for name in ("account", "source", "gas", "formula"):
            columns[name] += [getattr(block, name)] * count
        columns["mass"] += numbers(block.mass * block.sign)
        columns["value"] += numbers(block.value)
    return columns


def trace_json(table: StreamTable, evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the trace blocks; ``lines`` index the columns of :func:`lines_json`."""
    found: list[dict[str, Any]] = []
    start = 0
    for block in evaluation.blocks:
        found.append(_block(table, block, start))
        start += len(block.rows)
    return found


def _block(table: StreamTable, block: TraceBlock, start: int) -> dict[str, Any]:
    lines = list(range(start, start + len(block.rows)))
    amount = {**amount_json(table, block.amount, block.rows), "symbol": block.amount.symbol}
    return {
        "formula": block.formula,
        "account": block.account,
        "source": block.source,
        "gas": block.gas,
        "sign": block.sign,
        "gwp": block.gwp,
        "gwp_ref": block.gwp_ref,
        "unit": block.unit,
        "lines": lines,
        "amount": amount,
        **({"decimals": dict(block.decimals)} if block.decimals else {}),
        **({"rest": numbers(block.rest)} if block.rest is not None else {}),
        "symbols": _symbols(table, block.symbols, block.rows),
        "derived": [_derived(table, entry, block.rows, start) for entry in block.derived],
    }


def _derived(table: StreamTable, entry: Derivation, rows: Rows, start: int) -> dict[str, Any]:
    return {
        "symbol": entry.symbol, "formula": entry.formula, "unit": entry.unit,
        "lines": (entry.at + start).tolist(), "symbols": _symbols(table, entry.symbols, rows[entry.at]),
    }  # fmt: skip


def _symbols(table: StreamTable, symbols: Any, rows: Rows) -> dict[str, Any]:
    return {name: _symbol(table, name, symbol, rows) for name, symbol in symbols.items()}


def _symbol(table: StreamTable, name: str, symbol: Symbol, rows: Rows) -> dict[str, Any]:
    found: dict[str, Any] = {
        "unit": symbol.unit,
        "value": numbers(symbol.value),
        "origin": symbol.origin.tolist(),
        "ref": symbol.ref.tolist(),
    }
    column = table.values.get(name)
    if column is not None:
        units = [table.units[code] if code >= 0 else None for code in column.unit[rows]]
        own = symbol.ref == column.ref[rows]
        if any(unit not in (None, symbol.unit) and mine for unit, mine in zip(units, own, strict=True)):
            kept = [unit if mine else None for unit, mine in zip(units, own, strict=True)]
            found["entered"] = {"value": numbers(np.where(own, column.value[rows], np.nan)), "unit": kept}
    return found


def amount_json(table: StreamTable, amount: Amount, rows: Rows) -> dict[str, Any]:
    """Return how a quantity came about: basis and, part by part, what was entered and from where."""
    parts: dict[str, Any] = {}
    for part in ("quantity", *BASIS_SIGNS["net_consumption"]):
        column = table.quantities.get(part)
        if column is None:
            continue
        given = (column.unit[rows] >= 0) & (amount.direct == (part == "quantity"))
        sign = _part_sign(amount, part)
        if not given.any() or not any(sign):
            continue
        value, _ = in_unit(table, column, rows, amount.unit)
        parts[part] = {
            "sign": sign,
            "value": numbers(np.where(given, value, np.nan)),
            "entered": numbers(np.where(given, column.value[rows], np.nan)),
            "entered_unit": [
                table.units[code] if ok else None for code, ok in zip(column.unit[rows], given, strict=True)
            ],
            "origin": column.origin[rows].tolist(),
            "ref": np.where(given, column.ref[rows], -1).tolist(),
        }
    return {"basis": amount.basis, "unit": amount.unit, "direct": amount.direct.tolist(), "parts": parts}


def _part_sign(amount: Amount, part: str) -> Sequence[int]:
    if part == "quantity":
        signs: list[int] = amount.sign.tolist()
        return signs
    return [BASIS_SIGNS[amount.balance].get(part, 0)] * len(amount.direct)
