"""The enthalpy of steam from the guidelines' table: saturated by pressure, superheated by pressure and temperature."""

import csv
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tanheng.kernel.errors import OutOfRange
from tanheng.kernel.resources import data_dir

__all__ = ["STATE", "Enthalpy", "enthalpy", "saturated", "superheated"]

TABLE = "tables/steam_enthalpy.csv"
_SATURATED = "saturated"
# what an enthalpy is looked up by, in the units of the table
STATE = {"pressure": "MPa", "temperature": "degC"}


@dataclass(frozen=True, slots=True)
class _Cell:
    enthalpy: float
    line: int
    flag: str
    source: str


@dataclass(frozen=True, slots=True)
class Enthalpy:
    """A looked-up enthalpy [kJ/kg], the lines of the table it lies between, and what is doubtful about them."""

    value: float
    lines: tuple[int, ...]
    source: str
    flags: tuple[str, ...] = ()

    def provenance(self, **state: object) -> dict[str, object]:
        """Return where the value comes from, for the trace; ``state``: the pressure and temperature used."""
        note = "；".join(("表列压力按绝对压力理解，原文待核", *self.flags))
        return {
            "kind": "table", "table": TABLE, "document": self.source, "lines": list(self.lines), "checked": False,
            "confidence": "seen", "note": note, **state,
        }  # fmt: skip


def enthalpy(pressure: float, temperature: float) -> Enthalpy:
    """Return the enthalpy [kJ/kg] at a pressure [MPa, absolute] and temperature [degC; NaN: saturated]."""
    return saturated(pressure) if math.isnan(temperature) else superheated(pressure, temperature)


def saturated(pressure: float) -> Enthalpy:
    """Return the enthalpy [kJ/kg] of saturated steam at a pressure [MPa, absolute], interpolated linearly.

    Raises
    ------
    OutOfRange
        ``steam.outside_table`` below the first or above the last pressure of the table.

    >>> saturated(0.1).value
    2675.4
    """
    cells = {key[0]: cell for (state, *key), cell in _table().items() if state == _SATURATED}
    low, high, share = _between(sorted(cells), pressure, "pressure")
    return _mean([(1 - share, cells[low]), (share, cells[high])])


def superheated(pressure: float, temperature: float) -> Enthalpy:
    """Return the enthalpy [kJ/kg] at a pressure [MPa, absolute] and temperature [degC], interpolated bilinearly.

    The table jumps from water to steam at the boiling point: a cell whose corners stand on both sides is refused, not
    averaged; so is a temperature below the boiling point at the pressure, which would be water.

    Raises
    ------
    OutOfRange
        ``steam.outside_table``, ``steam.is_water`` or ``steam.near_boiling``.
    """
    cells = {(key[0], key[1]): cell for (state, *key), cell in _table().items() if state != _SATURATED}
    p0, p1, p_share = _between(sorted({p for p, _ in cells}), pressure, "pressure")
    t0, t1, t_share = _between(sorted({t for _, t in cells}), temperature, "temperature")
    if temperature < _boiling(pressure):
        raise OutOfRange("steam.is_water", pressure=pressure, temperature=temperature)
    corners = [
        ((1 - p_share) * (1 - t_share), p0, t0), ((1 - p_share) * t_share, p0, t1),
        (p_share * (1 - t_share), p1, t0), (p_share * t_share, p1, t1),
    ]  # fmt: skip
    used = [(weight, p, t) for weight, p, t in corners if weight]
    if any(t < _boiling(p) for _, p, t in used):
        raise OutOfRange("steam.near_boiling", pressure=pressure, temperature=temperature)
    return _mean([(weight, cells[p, t]) for weight, p, t in used])


@cache
def _table() -> Mapping[tuple[str, float, float], _Cell]:
    with (data_dir() / TABLE).open(encoding="utf-8", newline="") as file:
        return {
            (row["state"], float(row["pressure_mpa"]), float(row["temperature_c"])): _Cell(
                float(row["enthalpy_kj_per_kg"]), line, row["flag"], row["source"]
            )
            for line, row in enumerate(csv.DictReader(file), start=2)
        }


@cache
def _boiling(pressure: float) -> float:
    """Return the boiling point [degC]; above the critical pressure the critical temperature stands in for it."""
    points = sorted((key[0], key[1]) for state, *key in _table() if state == _SATURATED)
    if pressure > points[-1][0]:
        return points[-1][1]
    low, high, share = _between([p for p, _ in points], pressure, "pressure")
    by_pressure = dict(points)
    return (1 - share) * by_pressure[low] + share * by_pressure[high]


def _between(marks: list[float], value: float, quantity: str) -> tuple[float, float, float]:
    """Return the marks around a value and its share of the way; on a mark the other one has no weight."""
    if not marks[0] <= value <= marks[-1]:
        raise OutOfRange("steam.outside_table", by=[quantity], value=value, low=marks[0], high=marks[-1])
    at = max(bisect_right(marks, value) - 1, 0)
    low, high = marks[at], marks[min(at + 1, len(marks) - 1)]
    return low, high, 0.0 if high == low else (value - low) / (high - low)


def _mean(parts: list[tuple[float, _Cell]]) -> Enthalpy:
    used = [(weight, cell) for weight, cell in parts if weight]
    value = sum(weight * cell.enthalpy for weight, cell in used)
    flags = tuple(f"第 {cell.line} 行{cell.flag}" for _, cell in used if cell.flag)
    return Enthalpy(value, tuple(cell.line for _, cell in used), used[0][1].source, flags)
