"""The organisational boundary: who reports, which units lie inside and why, and where boundary and data disagree."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from tanheng.accounting.boundary_catalogue import (
    EntityKind,
    UnitType,
    boundary_rules,
    entity_kinds,
    stages,
    systems,
    type_of_kind,
    unit_types,
)
from tanheng.accounting.per_product import cover
from tanheng.kernel.errors import InputError
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import Standard

__all__ = [
    "Finding",
    "GasFamily",
    "Unit",
    "boundary_check",
    "building_energy",
    "gas_families",
    "require_entity",
    "unit_of",
]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A process, sub-process or piece of equipment as the boundary sees it.

    ``type`` is chosen or follows from the process kind; ``stage`` likewise; ``is_inside`` with a ``reason``.
    """

    path: str
    kind: str
    type: str
    stage: str
    is_inside: bool
    reason: str
    level: int
    is_chosen: bool = False
    streams: tuple[str, ...] = ()
    province: str = ""
    grid_part: str = ""

    @property
    def unit_type(self) -> UnitType | None:
        """The entry of the catalogue; None while nobody has said what it is."""
        return unit_types().get(self.type)

    @property
    def system(self) -> str:
        """``core``, ``auxiliary``, ``administrative``, or empty."""
        return self.unit_type.system if self.unit_type else ""

    @property
    def system_zh(self) -> str:
        """The Chinese name of the system."""
        return systems().get(self.system, "未分类")

    @property
    def stage_zh(self) -> str:
        """The Chinese name of the stage, empty outside the core."""
        return stages().get(self.stage, "")


@dataclass(frozen=True, slots=True)
class Finding:
    """A mismatch: its code, the values of its sentence, and the unit it is about."""

    severity: Severity
    code: str
    values: Mapping[str, object]
    unit: str = ""

    @property
    def sentence(self) -> str:
        """The mismatch in Chinese."""
        return InputError(f"boundary.{self.code}", **self.values).zh()


@dataclass(frozen=True, slots=True)
class GasFamily:
    """A family of gases: the sources of a standard that emit it, and the potentials in use."""

    id: str
    zh: str
    sources: tuple[str, ...]
    gwp: tuple[tuple[str, float], ...]
    gwp_set: str
    known: tuple[tuple[str, float], ...]


def require_entity(kind: str, name: str) -> EntityKind | None:
    """Return the kind of reporting entity; None where nobody has said it yet.

    Raises
    ------
    InputError
        ``boundary.entity_kind`` for an unknown kind, ``boundary.entity_refused`` for one that may not report.
    """
    if not kind:
        return None
    found = entity_kinds().get(kind)
    if found is None:
        raise InputError("boundary.entity_kind", kind=kind, known=[each.zh for each in entity_kinds().values()])
    if not found.may_report:
        raise InputError("boundary.entity_refused", name=name, kind=found.zh)
    return found


def unit_of(
    path: str, kind: str, *, type: str = "", stage: str = "", is_inside: bool = True, reason: str = "",
    above: Unit | None = None, streams: Iterable[str] = (), province: str = "", grid_part: str = "",
    template_stage: str = "",
) -> Unit:  # fmt: skip
    """Return a unit with what follows from its process kind, or from the unit above it, where nothing was chosen."""
    of_kind = type_of_kind().get(kind, "")
    chosen = type or of_kind or (above.type if above else "")
    known = unit_types().get(chosen)
    follows = template_stage if template_stage in stages() else (known.stage if known else None)
    core = known is not None and known.system == "core"
    inside = is_inside and (above is None or above.is_inside)
    why = reason or ("" if inside or above is None or above.is_inside else f"随“{above.path}”在边界之外")
    return Unit(
        path, kind, chosen, (stage or follows or "") if core else "", inside, why or _why(known), path.count("/"),
        bool(type or stage or not is_inside), tuple(streams), province, grid_part,
    )  # fmt: skip


def _why(known: UnitType | None) -> str:
    return f"{systems()[known.system]}，默认在边界内" if known else "默认在边界内"


def boundary_check(
    units: Iterable[Unit],
    *,
    entity: str,
    name: str,
    standard: Standard | None = None,
    streams: Iterable[Mapping[str, str]] = (),
    kinds: Mapping[str, str] | None = None,
    home: str = "",
    other_grid: Iterable[str] = (),
) -> tuple[Finding, ...]:
    """Return where the boundary contradicts itself, the standard, or the data, the gravest first.

    Parameters
    ----------
    units
        The units, those above before those below.
    entity, name
        Kind and name of the reporting entity.
    standard
        What is accounted under: its processes and gases are compared.
    streams
        All active streams: ``label``, ``role``, ``material``, ``process``.
    kinds
        The kind of each top process by name.
    home, other_grid
        The enterprise's province, and the paths of units on another grid.
    """
    rows, flows = list(units), list(streams)
    found = [*_entity(entity, name)]
    for unit in rows:
        found += _of_unit(unit, standard)
    found += _buildings(rows, flows)
    found += _gases(standard)
    found += [
        Finding("note", "source_uncovered", {"zh": each.zh, "clause": each.clause})
        for each in cover(flows, kinds or {})
        if not each.streams
    ]
    elsewhere = set(other_grid)
    found += [
        Finding("note", "other_grid", {"unit": unit.path, "province": unit.province, "home": home}, unit.path)
        for unit in rows
        if unit.path in elsewhere and not unit.level
    ]
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda each: order[each.severity]))


def _entity(kind: str, name: str) -> Iterable[Finding]:
    known = entity_kinds().get(kind)
    if known is None:
        yield Finding("warning", "entity_missing", {})
    elif not known.may_report:
        yield Finding("error", "entity_refused", {"name": name, "kind": known.zh})


def _of_unit(unit: Unit, standard: Standard | None) -> Iterable[Finding]:
    if not unit.is_inside:
        if unit.streams:
            said = {"unit": unit.path, "stream": unit.streams[0], "count": len(unit.streams)}
            yield Finding("warning", "stream_outside", said, unit.path)
        if unit.system in ("auxiliary", "administrative"):
            said = {"unit": unit.path, "system": unit.system_zh, "reason": unit.reason}
            yield Finding("warning", "auxiliary_outside", said, unit.path)
        return
    if unit.unit_type is None:
        yield Finding("warning", "no_type", {"unit": unit.path}, unit.path)
    elif unit.system == "core" and not unit.stage:
        yield Finding("warning", "no_stage", {"unit": unit.path}, unit.path)
    kinds = {process.kind for process in standard.processes} if standard else set()
    if standard is not None and kinds and unit.level == 0 and unit.kind not in kinds:
        yield Finding("note", "kind_unknown", {"unit": unit.path, "standard": standard.short_zh}, unit.path)
    if unit.level == 0 and not unit.streams:
        yield Finding("warning", "no_stream", {"unit": unit.path}, unit.path)


def _buildings(rows: list[Unit], flows: list[Mapping[str, str]]) -> Iterable[Finding]:
    paths = [unit.path for unit in rows if unit.system == "administrative" and unit.is_inside]
    energy = ("fuel", "electricity", "heat")
    if not any(flow["role"] in energy and _below(flow["process"], paths) for flow in flows):
        yield Finding("warning", "no_building_energy", {})


def _below(process: str, paths: Iterable[str]) -> bool:
    return bool(process) and any(f"{process}/".startswith(f"{path}/") for path in paths)


def _gases(standard: Standard | None) -> Iterable[Finding]:
    if standard is None:
        return
    for gas in dict.fromkeys(line.gas for source in standard.sources.values() for line in source.lines):
        if gas not in standard.gwp.values:
            yield Finding("error", "gas_without_gwp", {"gas": gas})


def gas_families(standard: Standard | None) -> tuple[GasFamily, ...]:
    """Return the six families of N-3b: what the standard counts of each, and the potentials that are known (AR6)."""
    rows = boundary_rules()["gas_families"]
    return tuple(_family(id, row, standard) for id, row in rows.items())


def _family(id: str, row: Mapping[str, Any], standard: Standard | None) -> GasFamily:
    def belongs(gas: str) -> bool:
        return gas in row.get("gases", ()) or ("prefix" in row and gas.startswith(row["prefix"]))

    sources = standard.sources.items() if standard else ()
    named = tuple(source.zh for _, source in sources if any(belongs(line.gas) for line in source.lines))
    used = tuple(
        (gas, float(value)) for gas, value in (standard.gwp.values if standard else {}).items() if belongs(gas)
    )
    known = tuple((gas, value) for gas, value in _potentials("IPCC-AR6") if belongs(gas))
    return GasFamily(id, row["zh"], named, used, standard.gwp.set if standard else "", known)


@cache
def _potentials(set: str) -> tuple[tuple[str, float], ...]:
    with (data_dir() / "factors" / "ipcc" / "gwp.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["gas"], float(row["value"])) for row in csv.DictReader(file) if row["set"] == set)


def building_energy(summary: Mapping[str, Any], units: Iterable[Unit]) -> list[tuple[str, float | None]]:
    """Return path and emission [tCO2e] of administrative and living units in a result: contained in its total."""
    processes = summary["processes"]
    paths = [unit.path for unit in units if unit.system == "administrative" and unit.is_inside]
    tops = [path for path in paths if not any(path != other and _below(path, [other]) for other in paths)]
    return [(path, processes[path]["value"]) for path in tops if path in processes]
