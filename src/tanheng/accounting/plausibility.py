"""Is a number believable? Ranges of data/plausibility.yaml; what lies outside is said, never mended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.accounting.completeness import entry
from tanheng.kernel.errors import UnitError
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import compatible, convert, label
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.rules.table import StreamTable

__all__ = ["VERIFIED", "Range", "is_verified", "number", "odd_values", "plausible", "ranges_for"]

VERIFIED = "已核实"


@dataclass(frozen=True, slots=True)
class Range:
    """Low and high in the asked unit; None is open. `may_confirm`: a person who has checked may stand by the number."""

    low: float | None
    high: float | None
    is_block: bool
    may_confirm: bool = True

    def holds(self, value: float) -> bool:
        """Whether a value lies within."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def ends(self) -> tuple[str, str]:
        """Both ends for a sentence."""
        return ("—" if self.low is None else f"{self.low:g}", "—" if self.high is None else f"{self.high:g}")


@cache
def plausible(kind: str) -> tuple[dict[str, Any], ...]:
    """Entries of ``ranges``, ``ratios``, ``indicators`` or ``changes``."""
    return tuple(read_yaml(data_dir() / "plausibility.yaml").data[kind])


@cache
def ranges_for(key: str, material: str, unit: str) -> tuple[Range, ...]:
    """The ranges of a quantity of a material in `unit`, blocking ones first."""
    named = [each for each in plausible("ranges") if each["quantity"] == key]
    fitting = [each for each in named if each["materials"] == "*" or material in each["materials"]]
    found = [range_ for each in fitting for range_ in _ranges(each, unit)]
    return tuple(sorted(found, key=lambda range_: not range_.is_block))


def _ranges(found: dict[str, Any], unit: str) -> Iterable[Range]:
    try:
        if not compatible(str(found["unit"]), unit):
            return
    except UnitError:
        return
    for name in ("block", "warn"):
        if found.get(name):
            low, high = (
                None if end is None else float(convert(float(end), str(found["unit"]), unit)) for end in found[name]
            )
            yield Range(low, high, name == "block", name == "warn" or bool(found.get("confirmable")))


def is_verified(note: str) -> bool:
    """Whether a note says that an unusual number was checked, and why: ``已核实：大修备料``."""
    return note.startswith(VERIFIED) and len(note[len(VERIFIED) :].strip(" ：:，,。.、")) > 1


def number(value: float) -> str:
    """A number for a sentence: 1,234.5 with at most ten digits."""
    return f"{value:,.10g}".replace("-", "−", 1)


def odd_values(table: StreamTable) -> Iterator[dict[str, Any]]:
    """Yield a warning for every stream and quantity with values outside their range, measured or the enterprise's own.

    A value that a person has verified (its note says why) is left alone unless it is impossible by definition.
    """
    for key in dict.fromkeys(str(found["quantity"]) for found in plausible("ranges")):
        for column in (table.values.get(key), table.enterprise.get(key)):
            if column is None:
                continue
            given = np.flatnonzero(column.unit >= 0)
            for stream in np.unique(table.stream[given]):
                rows = given[table.stream[given] == stream]
                yield from _odd(table, key, rows, column.value[rows], column.unit[rows], column.ref[rows])


def _odd(
    table: StreamTable,
    key: str,
    rows: NDArray[np.int64],
    values: NDArray[np.float64],
    units: NDArray[np.int16],
    refs: NDArray[np.int32],
) -> Iterator[dict[str, Any]]:
    decl = table.streams[table.stream[rows[0]]]
    broken: dict[bool, list[tuple[int, Range]]] = {}
    for n, (value, unit, ref) in enumerate(zip(values, units, refs, strict=True)):
        ranges = ranges_for(key, decl.material, table.units[unit])
        range_ = next((each for each in ranges if not each.holds(float(value))), None)
        if range_ is None:
            continue
        note = str(table.provenance[ref].get("note", "")) if 0 <= ref < len(table.provenance) else ""
        if not (range_.may_confirm and is_verified(note)):
            broken.setdefault(not range_.may_confirm, []).append((n, range_))
    for impossible, found in broken.items():
        n, range_ = found[0]
        low, high = range_.ends
        said = {"value": f"{number(float(values[n]))} {label(table.units[units[n]])}".strip(), "low": low, "high": high}
        code = "value.impossible" if impossible else "value.implausible"
        yield entry(code, decl, table.periods[table.period[rows[n]]], key, {**said, "count": len(found)})
