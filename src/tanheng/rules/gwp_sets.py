"""The published sets of global warming potentials that a standard may name."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from tanheng.kernel.resources import data_dir

__all__ = ["PublishedGwp", "published_gwp"]


@dataclass(frozen=True, slots=True)
class PublishedGwp:
    """One set: values by gas, the document that gives them, and whether somebody compared them with it."""

    id: str
    document: str
    values: Mapping[str, float]
    names: Mapping[str, str]
    checked: bool


@cache
def published_gwp() -> Mapping[str, PublishedGwp]:
    """Return the sets of ``data/factors/ipcc/gwp.csv`` by name."""
    rows: dict[str, list[dict[str, str]]] = {}
    with (data_dir() / "factors" / "ipcc" / "gwp.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault(row["set"], []).append(row)
    return {name: _set(name, found) for name, found in rows.items()}


def _set(name: str, rows: list[dict[str, str]]) -> PublishedGwp:
    return PublishedGwp(
        name,
        rows[0]["document"],
        {row["gas"]: float(row["value"]) for row in rows},
        {row["gas"]: row["zh"] for row in rows},
        all(row["checked"] == "true" for row in rows),
    )
