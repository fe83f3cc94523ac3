"""Quantities that a standard has reported beside the emissions: they give none, and are no part of any total."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from tanheng.accounting.completeness import entry
from tanheng.accounting.figures import add
from tanheng.accounting.indicators import chosen_rows
from tanheng.kernel.units import compatible
from tanheng.rules.amounts import given_units
from tanheng.rules.models import Information
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable

__all__ = ["information"]


def information(
    standard: Standard, table: StreamTable, gaps: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """Return the auxiliary items with their months, their rows for the trace (as those of denominators), and warnings.

    An item that no stream reports is null, and one with a month missing is not complete; nothing is taken as zero. What
    is given in another kind of unit (steam in t where GJ is asked for) is not converted, and said.
    """
    shown: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    warnings: list[dict[str, Any]] = []
    for name, item in standard.information.items():
        found = chosen_rows(table, item, item.unit, kinds, crossing=True)
        rows[name] = found
        months: dict[str, list[float | None]] = {}
        for month, value in zip(found["month"], found["value"], strict=True):
            months.setdefault(month, []).append(value)
        warnings += _misfits(table, found, item)
        missing = {gap["stream"] for gap in gaps} & set(found["stream"])
        shown[name] = {
            "zh": item.zh,
            "unit": item.unit,
            "value": add(found["value"]) if found["value"] else None,
            "months": {month: add(values) for month, values in months.items()},
            "complete": bool(found["value"]) and None not in found["value"] and not missing,
        }
    return shown, rows, warnings


def _misfits(table: StreamTable, found: Mapping[str, Any], item: Information) -> Iterator[dict[str, Any]]:
    """Yield a warning for every stream whose quantity was given, and could not be read in the unit of the item."""
    unread = {id for id, value in zip(found["stream"], found["value"], strict=True) if value is None}
    for number, decl in enumerate(table.streams if unread else ()):
        units = {table.units[code] for code in given_units(table, np.flatnonzero(table.stream == number)) if code >= 0}
        odd = sorted(unit for unit in units if not compatible(unit, item.unit))
        if decl.id in unread and odd:
            yield entry("information.unit", decl, None, None, {"item": item.zh, "unit": item.unit, "given": odd[0]})
