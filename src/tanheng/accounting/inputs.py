"""What went in, for people to read: streams with their inputs, defaults used, what was not counted."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from tanheng.accounting.figures import add
from tanheng.kernel.catalogue import materials
from tanheng.kernel.units import compatible
from tanheng.rules.amounts import amounts, given_units
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.table import ORIGINS, StreamTable
from tanheng.rules.trace import Evaluation, NotCounted

__all__ = ["defaults", "not_counted", "stream_list"]

_NOT_MEASURED = ("enterprise_default", "standard_default", "library")


def stream_list(lines: Mapping[str, list[Any]], trace: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return every stream with its value [tCO2e] of the period by source and gas, and the inputs of its formula.

    Quantities are added; a parameter that differs from month to month is weighted with the quantity, for display only.
    """
    places = {line: (block, n) for block in trace for n, line in enumerate(block["lines"])}
    groups: dict[tuple[str, ...], list[int]] = {}
    for n in range(len(lines["stream"])):
        key = tuple(lines[name][n] for name in ("stream", "account", "source", "gas"))
        groups.setdefault(key, []).append(n)
    return [_stream(key, members, lines, places) for key, members in groups.items()]


def _stream(
    key: tuple[str, ...],
    members: list[int],
    lines: Mapping[str, list[Any]],
    places: Mapping[int, tuple[dict[str, Any], int]],
) -> dict[str, Any]:
    first = members[0]
    cells = [places[n] for n in members]
    return {
        "id": key[0], "account": key[1], "source": key[2], "gas": key[3], "unit": "tCO2e",
        **{name: lines[name][first] for name in ("material", "role", "process", "direction", "formula")},
        "value": add(lines["value"][n] for n in members),
        "inputs": {name: _input(name, cells) for name in cells[0][0]["symbols"]},
    }  # fmt: skip


def _input(name: str, cells: list[tuple[dict[str, Any], int]]) -> dict[str, Any]:
    columns = [(block["symbols"][name], block["symbols"]["quantity"], n) for block, n in cells]
    values = [column["value"][n] for column, _, n in columns]
    weights = [quantity["value"][n] for _, quantity, n in columns]
    codes = dict.fromkeys(ORIGINS[column["origin"][n]] for column, _, n in columns if column["origin"][n] >= 0)
    value = add(values) if name == "quantity" else _mean(values, weights)
    return {"value": value, "unit": columns[0][0]["unit"], "origin": "+".join(codes) or None}


def _mean(values: list[float | None], weights: list[float | None]) -> float | None:
    known = [(v, abs(w or 0.0)) for v, w in zip(values, weights, strict=True) if v is not None]
    if not known:
        return None
    if len({value for value, _ in known}) == 1:
        return known[0][0]
    whole = math.fsum(weight for _, weight in known)
    if not whole:
        return math.fsum(value for value, _ in known) / len(known)
    return math.fsum(value * weight for value, weight in known) / whole


def defaults(
    trace: list[dict[str, Any]], lines: Mapping[str, list[Any]], provenance: list[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return every value that was not measured, once, with its origin and provenance."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for block in trace:
        for symbols, members in (
            (block["symbols"], block["lines"]),
            *((d["symbols"], d["lines"]) for d in block["derived"]),
        ):
            for name, column in symbols.items():
                for n, line in enumerate(members):
                    code, ref = column["origin"][n], column["ref"][n]
                    if code < 0 or ORIGINS[code] not in _NOT_MEASURED:
                        continue
                    key = (name, lines["material"][line], code, ref, column["value"][n])
                    found.setdefault(key, {
                        "quantity": name, "material": lines["material"][line], "value": column["value"][n],
                        "unit": column["unit"], "origin": ORIGINS[code],
                        "provenance": dict(provenance[ref]) if ref >= 0 else {},
                    })  # fmt: skip
    return list(found.values())


def not_counted(table: StreamTable, evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return what the standard names as not counted: stream, reason, quantity of the period."""
    found: dict[str, dict[str, Any]] = {}
    for left in evaluation.not_counted:
        for code in np.unique(table.stream[left.rows]):
            shown = _left(table, left, int(code))
            found.setdefault(shown["stream"], shown)
    return list(found.values())


def _left(table: StreamTable, left: NotCounted, code: int) -> dict[str, Any]:
    decl = table.streams[code]
    rows = left.rows[table.stream[left.rows] == code]
    units = given_units(table, rows)
    given = [table.units[unit] for unit in units if unit >= 0]
    own = materials()[decl.material].unit if decl.material in materials() else None
    unit = own if own and given and compatible(own, given[0]) else (given[0] if given else own)
    value, months = None, dict[str, float | None]()
    if given and unit is not None:
        basis = "output" if decl.role in OUTWARD_ROLES else "net_consumption"
        amount, _ = amounts(
            table, rows, symbol="quantity", basis=basis, directed=True, unit=unit, leaving=np.zeros(len(rows), np.bool_)
        )
        value = add(None if np.isnan(v) else v for v in amount.value.tolist())
        known = zip(table.period[rows].tolist(), amount.value.tolist(), strict=True)
        months = {table.periods[period]: None if np.isnan(v) else v for period, v in known}
    return {
        "stream": decl.id, "material": decl.material, "role": decl.role, "process": decl.process,
        "reason": left.reason, "value": value, "unit": unit,
        "months": months,
    }  # fmt: skip
