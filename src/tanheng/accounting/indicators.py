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
from tanheng.rules.table import StreamTable

__all__ = ["indicators"]


def indicators(
    standard: Standard, table: StreamTable, shown_figures: dict[str, Any], gaps: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """Return the indicators, the rows of their denominators for the trace, and warnings.

    An optional indicator is absent where no stream it is divided by is declared, and null where a gap is in one.
    """
    shown: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    warnings: list[dict[str, Any]] = []
    for name, indicator in standard.indicators.items():
        streams = _streams(table, indicator.denominator)
        if indicator.optional and not streams:
            continue
        unit = divide("tCO2e", indicator.unit)
        rows[name] = _denominator(table, indicator.denominator, unit)
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
        shown[name] = _indicator(indicator, _numerator(shown_figures, indicator.numerator), below, unit)
    return shown, rows, warnings


def _streams(table: StreamTable, denominator: Denominator) -> set[str]:
    """Return the declared streams at the boundary that are divided by."""
    return {decl.id for decl in table.streams if not decl.process and denominator.matches(decl.material, decl.role)}


def _numerator(figures: dict[str, Any], name: str) -> float | None:
    """Return the total, a source or a subtotal [tCO2e]."""
    found = figures["total"] if name == "total" else figures["sources"].get(name) or figures["subtotals"][name]
    value: float | None = found["value"]
    return value


def _indicator(indicator: Indicator, total: float | None, below: float | None, unit: str) -> dict[str, Any]:
    value = None if total is None or below is None else total / below
    return {
        "value": value, "unit": indicator.unit, "numerator": indicator.numerator,
        "denominator": {"value": below, "unit": unit},
    }  # fmt: skip


def _denominator(table: StreamTable, denominator: Denominator, unit: str) -> dict[str, Any]:
    rows = _rows(table, denominator)
    leaving = np.zeros(len(rows), np.bool_) if denominator.role in OUTWARD_ROLES else table.outward[rows]
    amount, _ = amounts(
        table, rows, symbol="quantity", basis=denominator.basis, directed=False, unit=unit, leaving=leaving
    )
    return {
        "stream": [table.streams[code].id for code in table.stream[rows]],
        "month": [table.periods[code] for code in table.period[rows]],
        "value": numbers(amount.value), "unit": unit, "amount": amount_json(table, amount, rows),
    }  # fmt: skip


def _rows(table: StreamTable, denominator: Denominator) -> NDArray[np.int64]:
    """Return what crosses the boundary, or where nothing does what the processes hand on."""
    materials = np.array(
        [denominator.materials == "*" or name in denominator.materials for name in table.materials], np.bool_
    )
    role = np.array([name == denominator.role for name in table.roles], np.bool_)
    if not len(table):
        return np.empty(0, np.int64)
    fit = materials[table.material] & role[table.role]
    crossing = np.flatnonzero(fit & ~table.inside)
    return crossing if crossing.size else np.flatnonzero(fit)
