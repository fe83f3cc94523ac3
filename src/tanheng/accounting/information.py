"""Quantities that a standard has reported beside the emissions: they give none, and are no part of any total."""

from collections.abc import Mapping, Sequence
from typing import Any

from tanheng.accounting.figures import add
from tanheng.accounting.indicators import chosen_rows
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable

__all__ = ["information"]


def information(
    standard: Standard, table: StreamTable, gaps: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the auxiliary items with their months, and their rows for the trace (as those of denominators).

    An item that no stream reports is null, and one with a month missing is not complete; nothing is taken as zero.
    """
    shown: dict[str, Any] = {}
    rows: dict[str, Any] = {}
    for name, item in standard.information.items():
        found = chosen_rows(table, item, item.unit, kinds, crossing=True)
        rows[name] = found
        months: dict[str, list[float | None]] = {}
        for month, value in zip(found["month"], found["value"], strict=True):
            months.setdefault(month, []).append(value)
        missing = {gap["stream"] for gap in gaps} & set(found["stream"])
        shown[name] = {
            "zh": item.zh,
            "unit": item.unit,
            "value": add(found["value"]) if found["value"] else None,
            "months": {month: add(values) for month, values in months.items()},
            "complete": bool(found["value"]) and None not in found["value"] and not missing,
        }
    return shown, rows
