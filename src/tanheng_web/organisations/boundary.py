"""The boundary as pages and exports read it: units with their choices, holdings, what members declared."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.shortcuts import get_object_or_404

from tanheng.accounting.boundary import Unit, unit_of
from tanheng.accounting.captive_power import CaptiveRule, captive_rule
from tanheng.accounting.consolidation_holdings import ConsolidationRule, consolidation_rule
from tanheng.accounting.consolidation_transfers import Declaration
from tanheng.rules.package import load_standard
from tanheng_web.organisations.models import (
    BoundarySettings,
    Holding,
    InternalTransfer,
    Organisation,
    Process,
    UnitBoundary,
)
from tanheng_web.organisations.places import is_elsewhere
from tanheng_web.organisations.selectors import primary_of
from tanheng_web.organisations.standards import standard_view

__all__ = [
    "boundary_settings",
    "captive_rule_of",
    "consolidation_rule_of",
    "declarations",
    "holding_for",
    "holdings_of",
    "other_grid",
    "outside_ids",
    "partners",
    "standard_of",
    "transfer_for",
    "transfers_of",
    "units_of",
]


def boundary_settings(organisation: Organisation) -> BoundarySettings:
    """The settings, or unsaved ones as the data say."""
    found = BoundarySettings.objects.filter(organisation=organisation).first()
    return found or BoundarySettings(organisation=organisation)


def standard_of(organisation: Organisation, year: int | None = None):
    """The standard the enterprise accounts under, in a year the primary one; None without, or its package is gone."""
    name = organisation.standard if year is None else primary_of(organisation, year)
    return load_standard(name) if standard_view(name) else None


def _stages(standard) -> dict[str, str]:
    if standard is None:
        return {}
    return {process.kind: process.stage for process in standard.processes if process.stage}


def units_of(
    organisation: Organisation, streams: Iterable[Mapping[str, str]] = (), *, standard=None
) -> list[tuple[Process, Unit]]:
    """Every active unit with what was chosen for it, those above before those below: two queries.

    ``streams`` name ``label`` and ``process``: each unit gets the labels of what lies at it or below.
    """
    rows = Process.objects.filter(organisation=organisation, is_active=True).select_related("site", "parent")
    chosen = {row.process_id: row for row in UnitBoundary.objects.filter(process__organisation=organisation)}
    stages, flows = _stages(standard), list(streams)
    below: dict[int | None, list[Process]] = {}
    for row in rows:
        below.setdefault(row.parent_id, []).append(row)
    found: list[tuple[Process, Unit]] = []

    def add(process: Process, path: str, above: Unit | None) -> None:
        unit = _unit(process, path, chosen.get(process.pk), above, stages, flows)
        found.append((process, unit))
        for sub in below.get(process.pk, ()):
            add(sub, f"{path}/{sub.name}", unit)

    for top in below.get(None, ()):
        add(top, top.name, None)
    return found


def _unit(process: Process, path: str, choice: UnitBoundary | None, above: Unit | None, stages, flows) -> Unit:
    return unit_of(
        path,
        process.kind,
        type=choice.unit_type if choice else "",
        stage=choice.stage if choice else "",
        is_inside=choice.is_inside if choice else True,
        reason=choice.reason if choice else "",
        above=above,
        streams=[row["label"] for row in flows if f"{row['process']}/".startswith(f"{path}/")],
        province=process.site.province if process.site else "",
        grid_part=process.site.grid_part if process.site else "",
        template_stage=stages.get(process.kind, ""),
    )


def outside_ids(organisation: Organisation) -> set[int]:
    """Processes outside the boundary, and all below them: one query while there are none."""
    rows = UnitBoundary.objects.filter(process__organisation=organisation, is_inside=False)
    found = set(rows.values_list("process_id", flat=True))
    if not found:
        return found
    parents = dict(Process.objects.filter(organisation=organisation).values_list("pk", "parent_id"))
    while below := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= below
    return found


def other_grid(organisation: Organisation, units: Iterable[Unit]) -> list[str]:
    """Paths of units in a province of another grid than the enterprise's."""
    home = (organisation.province, organisation.grid_part)
    return [unit.path for unit in units if is_elsewhere((unit.province, unit.grid_part), home)]


def consolidation_rule_of(group: Organisation) -> ConsolidationRule:
    """The majority as a group chose it."""
    row = boundary_settings(group)
    changed: dict[str, Any] = {"strict": row.majority_strict, "below": row.below_majority}
    if row.majority_threshold is not None:
        changed["threshold"] = row.majority_threshold
    return consolidation_rule(**changed)


def captive_rule_of(organisation: Organisation) -> CaptiveRule:
    """The rule of the captive plant as an enterprise chose it."""
    row = boundary_settings(organisation)
    changed: dict[str, Any] = {"strict": row.captive_strict, "exported_from": row.captive_exported_from}
    if row.captive_threshold is not None:
        changed["threshold"] = row.captive_threshold
    return captive_rule(**changed)


def holdings_of(group: Organisation) -> list[Holding]:
    """Holdings that a group recorded."""
    return list(Holding.objects.filter(group=group).select_related("owner", "member", "entered_by"))


def holding_for(group: Organisation, pk: int) -> Holding:
    """A holding of this group, else 404."""
    return get_object_or_404(Holding.objects.select_related("group", "owner", "member"), group=group, pk=pk)


def partners(organisation: Organisation) -> list[Organisation]:
    """The other enterprises under the same topmost group."""
    top = organisation.ancestor_ids[0]
    rows = Organisation.objects.filter(path__startswith=f"/{top}/", kind=Organisation.Kind.COMPANY)
    return list(rows.exclude(pk=organisation.pk).order_by("path"))


def transfers_of(organisation: Organisation) -> list[InternalTransfer]:
    """What an enterprise declared, the newest period first, withdrawn ones last."""
    rows = InternalTransfer.objects.filter(organisation=organisation)
    found = rows.select_related("counterparty", "declared_by", "withdrawn_by")
    return sorted(found, key=lambda row: row.withdrawn_at is not None)


def transfer_for(organisation: Organisation, pk: int) -> InternalTransfer:
    """A declaration of this enterprise, else 404."""
    rows = InternalTransfer.objects.select_related("organisation", "counterparty")
    return get_object_or_404(rows, organisation=organisation, pk=pk)


def declarations(group: Organisation, year: int) -> list[Declaration]:
    """What the members of a group declared for a year, as the domain reads it."""
    rows = InternalTransfer.objects.filter(
        organisation__path__startswith=group.path, withdrawn_at=None, period__startswith=str(year)
    )
    return [
        Declaration(
            member=str(row.organisation_id),
            counterparty=str(row.counterparty_id),
            supplies=row.supplies,
            material=row.material,
            period=row.period,
            quantity=float(row.quantity),
            unit=row.unit,
            stream=row.stream,
        )
        for row in rows
    ]
