"""Provinces and the grids they belong to, as the table of data/tables says."""

import csv
from functools import cache

from tanheng.kernel.resources import data_dir

__all__ = ["grid_parts", "grids_of", "provinces"]


@cache
def _grid() -> tuple[dict[str, str], ...]:
    with (data_dir() / "tables" / "province_grid.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def provinces() -> tuple[str, ...]:
    """Provinces of the grid table, in its order."""
    return tuple(dict.fromkeys(row["province"] for row in _grid()))


@cache
def grid_parts() -> dict[str, tuple[str, ...]]:
    """Parts of provinces that belong to different grids."""
    found: dict[str, list[str]] = {}
    for row in _grid():
        if row["part"] and row["part"] not in found.setdefault(row["province"], []):
            found[row["province"]].append(row["part"])
    return {province: tuple(parts) for province, parts in found.items() if parts}


@cache
def grids_of(province: str) -> frozenset[str]:
    """Grids that a province belongs to today."""
    return frozenset(row["grid"] for row in _grid() if row["province"] == province and not row["valid_to"])
