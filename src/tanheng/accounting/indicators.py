"""Intensities: a figure divided by what was produced; without a product there is no intensity, and it is said."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.accounting.completeness import entry, material_zh
from tanheng.accounting.figures import add
from tanheng.accounting.lines import amount_json, numbers
from tanheng.kernel.units import divide
from tanheng.rules.amounts import amounts
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.models import Denominator, Indicator
from tanheng.rules.package import Standard
from tanheng.rules.process_kinds import of_kinds
from tanheng.rules.table import StreamTable

__all__ = ["chosen_rows", "indicators"]


def indicators(
    standard: Standard,
    table: StreamTable,
    shown_figures: dict[str, Any],
    gaps: Sequence[Mapping[str, Any]],
    kinds: Mapping[str, str],
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """Return the indicators, the rows of their denominators for the trace, and warnings.

    ``kinds`` are those of the processes by name. An optional indicator is absent
    where no stream it is divided by is declared, and null where a gap is in one.
    """
    shown: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    warnings: list[dict[str, Any]] = []
    for name, indicator in standard.indicators.items():
        streams = _streams(table, indicator.denominator, kinds)
        if indicator.optional and not streams:
            continue
        unit = divide("tCO2e", indicator.unit)
        rows[name] = chosen_rows(table, indicator.denominator, unit, kinds)
        below = add(rows[name]["value"]) if rows[name]["value"] else None
        if below is not None and below <= 0:
            below = None  # nothing was produced on balance: there is no intensity, neither infinite nor negative
        partial = indicator.optional and bool(streams & {gap["stream"] for gap in gaps})
        if partial:
            below = None  # the emissions of a year over the output value of eleven months mean nothing; the gap says so
        elif below is None:
            products = "、".join(material_zh(m) for m in indicator.denominator.materials)
            said = {"indicator": name, "indicator_zh": indicator.zh, "products": products}
            warnings.append(entry("indicator.no_denominator", None, None, None, said))
        shown[name] = _indicator(indicator, shown_figures, below, unit, kinds)
    return shown, rows, warnings


def _streams(table: StreamTable, denominator: Denominator, kinds: Mapping[str, str]) -> set[str]:
    """Return the declared streams that are divided by: at the boundary, or of processes of the kinds it names."""
    wanted = denominator.process_kinds
    return {
        decl.id
        for decl in table.streams
        if (kinds.get(decl.process.split("/")[0]) in wanted if wanted else not decl.process)
        and denominator.matches(decl.material, decl.role)
    }


def _numerator(figures: dict[str, Any], name: str) -> float | None:
    """Return the total, a source, a subtotal or an account [tCO2e]."""
    groups = ("sources", "subtotals", "accounts")
    found = figures["total"] if name == "total" else next(figures[g][name] for g in groups if name in figures[g])
    value: float | None = found["value"]
    return value


def _indicator(
    indicator: Indicator, figures: dict[str, Any], below: float | None, unit: str, kinds: Mapping[str, str]
) -> dict[str, Any]:
    given = indicator.numerator
    said: str | dict[str, Any]
    if isinstance(given, str):
        said, above = given, _numerator(figures, given)
    else:
        paths = [path for path in figures["processes"] if "/" not in path and kinds.get(path) in given.kinds]
        known = [figures["processes"][path]["value"] for path in paths]
        said = {"account": given.account, "kinds": list(given.kinds), "processes": paths}
        above = add(known) if known and None not in known else None
    value = None if above is None or below is None else above / below
    return {
        "value": value, "unit": indicator.unit, "numerator": said, "denominator": {"value": below, "unit": unit},
        **({"decimals": indicator.decimals} if indicator.decimals is not None else {}),
        **({"note": indicator.note} if indicator.note else {}),
    }  # fmt: skip


def chosen_rows(
    table: StreamTable, chosen: Denominator, unit: str, kinds: Mapping[str, str], *, crossing: bool = False
) -> dict[str, Any]:
    """Return stream, month and amount [unit] of the rows that are divided by, or reported as information.

    ``crossing``: only what crosses the boundary; what processes hand on is no purchase and no export.
    """
    rows = _rows(table, chosen, kinds, crossing=crossing)
    leaving = np.zeros(len(rows), np.bool_) if chosen.role in OUTWARD_ROLES else table.outward[rows]
    directed = chosen.direction is not None
    amount, _ = amounts(
        table, rows, symbol="quantity", basis=chosen.basis, directed=directed, unit=unit, leaving=leaving
    )
    return {
        "stream": [table.streams[code].id for code in table.stream[rows]],
        "month": [table.periods[code] for code in table.period[rows]],
        "value": numbers(amount.value), "unit": unit, "amount": amount_json(table, amount, rows),
    }  # fmt: skip


def _rows(table: StreamTable, chosen: Denominator, kinds: Mapping[str, str], *, crossing: bool) -> NDArray[np.int64]:
    """Return what crosses the boundary, or where nothing does what the processes hand on."""
    if not len(table):
        return np.empty(0, np.int64)
    materials = np.array([chosen.materials == "*" or name in chosen.materials for name in table.materials], np.bool_)
    role = np.array([name == chosen.role for name in table.roles], np.bool_)
    fit = materials[table.material] & role[table.role]
    if chosen.direction is not None:
        fit &= table.outward == (chosen.direction == "out")
    if chosen.process_kinds:
        return np.flatnonzero(fit & of_kinds(table, kinds, chosen.process_kinds))
    over = np.flatnonzero(fit & ~table.inside)
    return over if over.size or crossing else np.flatnonzero(fit)
