"""What the page 核算边界 shows of an enterprise, and its export."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.boundary import Finding, Unit, boundary_check, building_energy, gas_families
from tanheng.accounting.boundary_catalogue import stages, systems, unit_types
from tanheng.accounting.per_product import cover
from tanheng_web.collection.selectors import streams_of
from tanheng_web.common.access import can
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.selectors import latest_run
from tanheng_web.organisations.boundary import boundary_settings, other_grid, standard_of, units_of
from tanheng_web.organisations.models import Organisation, Process

__all__ = ["boundary_page", "export_rows"]

HEAD = ("厂区", "单元", "单位类型", "系统", "阶段", "是否在边界内", "说明")
SEVERITIES = {"error": "必须改正", "warning": "请核对", "note": "提示"}


@dataclass(frozen=True)
class Row:
    """A line of the tree."""

    process: Process
    unit: Unit

    @property
    def depth(self) -> int:
        return min(self.unit.level, 4)

    @property
    def follows(self) -> bool:
        """Whether it only repeats what the unit above it is."""
        return bool(self.unit.level) and not self.unit.is_chosen

    @property
    def type_zh(self) -> str:
        known = self.unit.unit_type
        return known.zh if known else "未分类"


@dataclass(frozen=True)
class Said:
    """A finding on the page, with the unit to mend it at."""

    finding: Finding
    process: Process | None

    @property
    def word(self) -> str:
        return SEVERITIES[self.finding.severity]


def _streams(organisation: Organisation) -> list[dict[str, str]]:
    return [
        {"label": row.name, "role": row.role, "material": row.material, "process": row.process_path}
        for row in streams_of(organisation)
    ]


def boundary_page(organisation: Organisation, user, year: int, *, shows_all: bool = False) -> dict[str, Any]:
    """Tree, findings, stages, gases, building energy of the year's result."""
    standard, streams = standard_of(organisation, year), _streams(organisation)
    found = units_of(organisation, streams, standard=standard)
    rows = [Row(process, unit) for process, unit in found]
    units = [unit for _, unit in found]
    settings = boundary_settings(organisation)
    tops = {process.name: process.kind for process, unit in found if not unit.level}
    findings = boundary_check(
        units,
        entity=settings.entity_kind,
        name=organisation.label,
        standard=standard,
        streams=streams,
        kinds=tops,
        home=organisation.province,
        other_grid=other_grid(organisation, units),
    )
    places = {unit.path: process for process, unit in found}
    run = latest_run(organisation, year)
    return {
        "year": year,
        "settings": settings,
        "sites": _sites(row for row in rows if shows_all or not row.follows),
        "shows_all": shows_all,
        "hidden_count": 0 if shows_all else sum(row.follows for row in rows),
        "outside": [row for row in rows if not row.unit.is_inside],
        "inside_count": sum(unit.is_inside for unit in units),
        "findings": [Said(each, places.get(each.unit)) for each in findings],
        "error_count": sum(each.severity == "error" for each in findings),
        "stages": [(zh, [u.path for u in units if u.stage == id and not u.level]) for id, zh in stages().items()],
        "systems": [(zh, sum(u.system == id for u in units)) for id, zh in systems().items()],
        "gases": gas_families(standard),
        "standard": standard,
        "buildings": _buildings(organisation, run, units),
        "run": run,
        "cover": cover(streams, tops),
        "may_change": can(user, "organisation.change", organisation),
    }


def _sites(rows: Iterable[Row]) -> list[tuple[Any, list[Row]]]:
    """Rows by site; a sub-process lies where its process does."""
    groups: dict[int | None, tuple[Any, list[Row]]] = {}
    for row in rows:
        site = row.process.site
        groups.setdefault(site.pk if site else None, (site, []))[1].append(row)
    return list(groups.values())


def _buildings(organisation: Organisation, run, units: list[Unit]) -> list[tuple[str, Figure]]:
    if run is None:
        return []
    return [
        (path, Figure(value, "tCO2e", 2, run.pk, f"process:{path}", label=path, organisation_id=organisation.pk))
        for path, value in building_energy(run.summary, units)
    ]


def export_rows(organisation: Organisation) -> list[tuple[str, ...]]:
    """The tree as a table for the report, head first."""
    standard = standard_of(organisation)
    rows: list[tuple[str, ...]] = [HEAD]
    for process, unit in units_of(organisation, _streams(organisation), standard=standard):
        site = process.site.name if process.site else ""
        known = unit_types().get(unit.type)
        inside = "在边界内" if unit.is_inside else "在边界外"
        rows.append(
            (site, unit.path, known.zh if known else "未分类", unit.system_zh, unit.stage_zh, inside, unit.reason)
        )
    return rows
