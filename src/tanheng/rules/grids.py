"""Provinces, the parts of them, and the grids they belong to, in time."""

import csv
from collections.abc import Mapping
from datetime import date
from functools import cache

from tanheng.kernel.resources import data_dir

__all__ = ["grid_of", "grid_parts", "grids_of", "plain_part", "plain_province", "provinces"]


@cache
def _grids() -> tuple[Mapping[str, str], ...]:
    with (data_dir() / "tables" / "province_grid.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def grid_of(province: str, part: str, on: date) -> str | None:
    """Return the grid (华北 …) to which a province, or the part of it, belonged on a day; None where nothing says so.

    A province that two grids share (内蒙古) needs ``part``; 西藏 belongs to none that has a published factor.
    """
    rows = [row for row in _grids() if row["province"] == plain_province(province) and _holds(row, on)]
    part = plain_part(province, part)
    rows = [row for row in rows if row["part"] == part] or [row for row in rows if not row["part"]]
    return rows[0]["grid"] or None if rows else None


def plain_province(province: str) -> str:
    """Return the short name of a province: 云南省 → 云南."""
    for ending in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"):
        if province.endswith(ending):
            return province.removesuffix(ending)
    return province


def plain_part(province: str, part: str) -> str:
    """Return the name of a part as the table spells it: 蒙西, 内蒙古西部 → 西部; what is unknown stays as it is."""
    short = plain_province(part).removeprefix(plain_province(province)).removesuffix("电网")
    names = (row for row in _grids() if row["province"] == plain_province(province) and row["part"])
    return next((row["part"] for row in names if short in (row["part"], row["part_zh"])), part)


@cache
def provinces() -> tuple[str, ...]:
    """Return the provinces of the grid table, in its order."""
    return tuple(dict.fromkeys(row["province"] for row in _grids()))


@cache
def grid_parts() -> Mapping[str, Mapping[str, str]]:
    """Return the parts of provinces that two grids share, and what people call them: 内蒙古 → {西部: 蒙西, …}."""
    found: dict[str, dict[str, str]] = {}
    for row in _grids():
        if row["part"]:
            found.setdefault(row["province"], {})[row["part"]] = row["part_zh"]
    return found


@cache
def grids_of(province: str, part: str = "") -> frozenset[str]:
    """Return the grids that a province, or the part of it, belongs to today."""
    short = plain_province(province)
    rows = [row for row in _grids() if row["province"] == short and row["grid"] and not row["valid_to"]]
    return frozenset(row["grid"] for row in rows if not part or row["part"] in ("", plain_part(province, part)))


def _holds(row: Mapping[str, str], on: date) -> bool:
    first, last = _day(row["valid_from"]), _day(row["valid_to"])
    return (first is None or first <= on) and (last is None or on < last)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
