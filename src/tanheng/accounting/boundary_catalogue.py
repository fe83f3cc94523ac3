"""What a boundary is made of: kinds of unit, stages, kinds of reporting entity, from ``data/boundary_*.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import read_yaml

__all__ = [
    "EntityKind",
    "Limit",
    "SourceType",
    "UnitType",
    "boundary_rules",
    "entity_kinds",
    "holding_kinds",
    "percent_of",
    "source_types",
    "stages",
    "systems",
    "type_of_kind",
    "unit_types",
]

INSIDE = ("core", "auxiliary", "administrative")  # every system lies inside unless somebody says otherwise


@dataclass(frozen=True, slots=True)
class UnitType:
    """A kind of unit: ``system`` core, auxiliary or administrative; ``stage`` of a core unit; ``kinds`` of process."""

    id: str
    zh: str
    en: str
    indonesian: str
    system: str
    group: str
    stage: str | None
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntityKind:
    """A legal form; only a legal person, or a unit accounted as one, may report (N-3a)."""

    id: str
    zh: str
    may_report: bool


@dataclass(frozen=True, slots=True)
class SourceType:
    """A kind of data that collection must cover (N-7.2.2)."""

    id: str
    zh: str
    clause: str
    roles: tuple[str, ...]
    materials: tuple[str, ...] = ()
    process_kinds: tuple[str, ...] = ()
    in_process: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold [%] and whether the very value is beyond it: ``strict`` means > (or <), else ≥ (or ≤)."""

    percent: Decimal
    strict: bool

    def reached_by(self, percent: Decimal) -> bool:
        """Whether a share [%] passes the threshold upwards: > when strict, else ≥.

        >>> Limit(Decimal(50), strict=True).reached_by(Decimal("50.00"))
        False
        """
        return percent > self.percent if self.strict else percent >= self.percent

    def keeps(self, percent: Decimal) -> bool:
        """Whether a share [%] stays below: < when strict, else ≤."""
        return percent < self.percent if self.strict else percent <= self.percent


def percent_of(part: float, whole: float) -> Decimal | None:
    """Return 100 × part ÷ whole [%] to nine places, below which floats are noise; None without a whole.

    >>> percent_of(50.01, 100.0) == Decimal("50.01"), percent_of(0.1 + 0.2, 0.6) == 50
    (True, True)
    """
    if whole <= 0:
        return None
    return round(Decimal(repr(float(part))) * 100 / Decimal(repr(float(whole))), 9)


@cache
def _units() -> Mapping[str, Any]:
    return MappingProxyType(dict(read_yaml(data_dir() / "boundary_units.yaml").data))


@cache
def boundary_rules() -> Mapping[str, Any]:
    """Return the rules of boundary, consolidation, captive power and cut-off as data."""
    return MappingProxyType(dict(read_yaml(data_dir() / "boundary_rules.yaml").data))


@cache
def unit_types() -> Mapping[str, UnitType]:
    """Return the kinds of unit by id, in the order in which a person chooses."""
    return MappingProxyType({id: _unit_type(id, row) for id, row in _units()["units"].items()})


def _unit_type(id: str, row: Mapping[str, Any]) -> UnitType:
    return UnitType(
        id, row["zh"], row["en"], row["id"], row["system"], row["group"], row["stage"], tuple(row["kinds"])
    )  # fmt: skip


@cache
def type_of_kind() -> Mapping[str, str]:
    """Return the kind of unit by process kind of a standard package: what a process is until somebody chooses."""
    return MappingProxyType({kind: unit.id for unit in unit_types().values() for kind in unit.kinds})


@cache
def stages() -> Mapping[str, str]:
    """Return 采矿-选矿-冶炼-加工 by id."""
    return MappingProxyType({id: row["zh"] for id, row in _units()["stages"].items()})


@cache
def systems() -> Mapping[str, str]:
    """Return 核心, 辅助, 行政与生活 by id."""
    return MappingProxyType({id: row["zh"] for id, row in _units()["systems"].items()})


@cache
def entity_kinds() -> Mapping[str, EntityKind]:
    """Return the kinds of reporting entity by id."""
    rows = boundary_rules()["entity_kinds"]
    return MappingProxyType({id: EntityKind(id, row["zh"], row["may_report"]) for id, row in rows.items()})


@cache
def holding_kinds() -> Mapping[str, str]:
    """Return the kinds of holding by id."""
    return MappingProxyType({id: row["zh"] for id, row in boundary_rules()["holding_kinds"].items()})


@cache
def source_types() -> tuple[SourceType, ...]:
    """Return the kinds of data that collection must cover."""
    return tuple(
        SourceType(
            row["id"], row["zh"], row["clause"], tuple(row["roles"]), tuple(row.get("materials", ())),
            tuple(row.get("process_kinds", ())), bool(row.get("in_process")),
        )
        for row in boundary_rules()["source_types"]
    )  # fmt: skip
