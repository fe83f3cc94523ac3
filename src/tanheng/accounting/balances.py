"""What processes make and use of a gas or of coke, against what crosses the boundary: the rest nobody accounts for."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.accounting.figures import add
from tanheng.kernel.catalogue import materials
from tanheng.kernel.units import compatible
from tanheng.rules.amounts import amounts, given_units, in_unit
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.models import BalanceRule
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable

__all__ = ["balances"]

_PARTS = ("purchased", "sold", "opening_stock", "closing_stock")
Rows = NDArray[np.int64]


def balances(standard: Standard, table: StreamTable) -> dict[str, Any]:
    """Return, by material and month, made, used, net purchase and the difference [unit of the material].

    ``difference`` = made + net − used: flared, kept in holders, lost, or wrongly metered. It is null as soon as one of
    its parts is unknown, or where no process makes and uses the material.
    """
    found = {name: _balance(rule, table) for name, rule in standard.balances.items()}
    return {name: balance for name, balance in found.items() if balance is not None}


def _balance(rule: BalanceRule, table: StreamTable) -> dict[str, Any] | None:
    unit = materials()[rule.materials[0]].unit
    fit = np.array([name in rule.materials for name in table.materials], np.bool_)
    rows = np.flatnonzero(fit[table.material]) if len(table) else np.empty(0, np.int64)
    codes = given_units(table, rows) if rows.size else np.empty(0, np.int64)
    rows = rows[np.array([code >= 0 and compatible(table.units[code], unit) for code in codes], np.bool_)]
    if not rows.size or not table.inside[rows].any():
        return None
    months = {
        month: _sums(table, rows[table.period[rows] == number], unit) for number, month in enumerate(table.periods)
    }
    keys = ("made", "used", "net", *_PARTS, "difference")
    whole = {key: _whole([sums[key] for sums in months.values()], key) for key in keys}
    return {"zh": rule.zh, "unit": unit, "months": months, **whole}


def _whole(values: list[float | None], key: str) -> float | None:
    if key == "opening_stock":
        return values[0]
    if key == "closing_stock":
        return values[-1]
    if key in _PARTS:
        return add(values) if any(value is not None for value in values) else None
    return None if None in values else add(values)


def _sums(table: StreamTable, rows: Rows, unit: str) -> dict[str, float | None]:
    inside = table.inside[rows]
    outward = table.outward[rows] | np.isin(
        table.role[rows], [n for n, role in enumerate(table.roles) if role in OUTWARD_ROLES]
    )
    made = _amount(table, rows[inside & outward], unit, "output")
    used = _amount(table, rows[inside & ~outward], unit, "net_consumption")
    bought = _amount(table, rows[~inside & ~outward], unit, "net_consumption")
    gone = _amount(table, rows[~inside & outward], unit, "output")
    net = None if bought is None or gone is None else bought - gone
    difference = None if made is None or used is None or net is None else made + net - used
    parts = {part: _part(table, rows[~inside], part, unit) for part in _PARTS}
    return {"made": made, "used": used, "net": net, **parts, "difference": difference}


def _amount(table: StreamTable, rows: Rows, unit: str, basis: str) -> float | None:
    """Return the sum; 0 of no stream at all, unknown as soon as one is."""
    if not rows.size:
        return 0.0
    still = np.zeros(len(rows), np.bool_)
    found, _ = amounts(table, rows, symbol="quantity", basis=basis, directed=True, unit=unit, leaving=still)
    return None if np.isnan(found.value).any() else add(found.value.tolist())


def _part(table: StreamTable, rows: Rows, part: str, unit: str) -> float | None:
    column = table.quantities.get(part)
    if column is None or not rows.size:
        return None
    value, _ = in_unit(table, column, rows, unit)
    known = value[~np.isnan(value)]
    return add(known.tolist()) if known.size else None
