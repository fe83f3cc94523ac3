"""What the consolidated result of a group shows: approaches side by side, members, what was taken out, what lacks."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tanheng.accounting.boundary_catalogue import boundary_rules
from tanheng.accounting.consolidation import Consolidated, MemberLine, MemberResult, consolidate
from tanheng.accounting.consolidation_transfers import Transfer, match
from tanheng.kernel.periods import Period
from tanheng.reporting.group_report import GroupReport
from tanheng_web.common.access import can
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.selectors import latest_run
from tanheng_web.organisations.boundary import consolidation_rule_of, declarations, holdings_of
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.services.holdings import as_domain

__all__ = ["consolidated", "consolidated_page", "group_report"]

APPROACHES = ("equity_share", "operational_control", "financial_control")


@dataclass(frozen=True)
class Group:
    """The members of a group, the run taken of each, their results, and the group's under every approach."""

    members: list[Organisation]
    runs: dict[int, Run]
    results: list[MemberResult]
    found: list[Consolidated]


@dataclass(frozen=True)
class Treated:
    """A member under an approach."""

    approach: str
    line: MemberLine
    part: Figure


@dataclass(frozen=True)
class MemberRow:
    """A member across the page: its result and how each approach treats it."""

    organisation: Organisation
    run: Run | None
    own: Figure
    treated: tuple[Treated, ...]


def _members(group: Organisation) -> list[Organisation]:
    return list(Organisation.objects.filter(path__startswith=group.path).exclude(pk=group.pk).order_by("path"))


def _runs(members: list[Organisation], year: int) -> dict[int, Run]:
    found = {member.pk: latest_run(member, year) for member in members if not member.is_group}
    return {pk: run for pk, run in found.items() if run is not None}


def _results(members: list[Organisation], runs: dict[int, Run], transfers: tuple[Transfer, ...]) -> list[MemberResult]:
    """Summaries; the whole document only of those that deliver to one another."""
    deliver = {end for each in transfers for end in (each.supplier, each.receiver)}
    return [
        MemberResult(
            str(member.pk), member.label, _data(runs.get(member.pk), str(member.pk) in deliver), member.is_group
        )
        for member in members
    ]


def _data(run: Run | None, whole: bool) -> Any:
    if run is None:
        return None
    return run.open().data if whole else run.summary


def consolidated(group: Organisation, year: int) -> Group:
    """Consolidate the results of a group's members for a year."""
    members = _members(group)
    runs = _runs(members, year)
    names = {str(member.pk): member.label for member in members}
    transfers = match(declarations(group, year), names)
    results = _results(members, runs, transfers)
    holdings = [as_domain(row) for row in holdings_of(group)]
    rule = consolidation_rule_of(group)
    found = [
        consolidate(
            str(group.pk), results, holdings, transfers, period=Period.parse(str(year)), approach=approach, rule=rule
        )
        for approach in APPROACHES
    ]
    return Group(members, runs, results, found)


def group_report(group: Organisation, year: int) -> GroupReport:
    """What the report of the group is made of: the same as the page."""
    whole = consolidated(group, year)
    return GroupReport(
        name=group.name,
        found=tuple(whole.found),
        results=tuple(whole.results),
        rule=consolidation_rule_of(group),
        accounted={str(pk): f"{run.period_zh} · {run.standard_zh}" for pk, run in whole.runs.items()},
        is_demo=group.is_demo or any(member.is_demo for member in whole.members),
    )


def consolidated_page(group: Organisation, user, year: int) -> dict[str, Any]:
    """The context of 集团合并."""
    whole = consolidated(group, year)
    members, runs, found = whole.members, whole.runs, whole.found
    rules = boundary_rules()["consolidation"]
    rule = consolidation_rule_of(group)
    companies = [member for member in members if not member.is_group]
    return {
        "year": year,
        "companies": companies,
        "has_holdings": group.holdings.exists(),
        "approaches": [_approach(each, rules) for each in found],
        "rows": [_row(member, runs.get(member.pk), found) for member in companies],
        "sources": _sources(companies, runs, found),
        "eliminations": _eliminations(found),
        "missing": list(dict.fromkeys(text for each in found for text in each.missing)),
        "mixed_gwp": len(found[0].gwp_sets) > 1,
        "standards": [run.standard_zh for run in runs.values()],
        "threshold": f"{'大于' if rule.majority.strict else '大于等于'} {_short(rule.majority.percent)}%",
        "below": "仍按比例计入" if rule.below == "proportional" else "不纳入",
        "may_change": can(user, "organisation.change", group),
    }


def _zh(found: Consolidated) -> str:
    zh: str = boundary_rules()["consolidation"]["approaches"][found.approach]["zh"]
    return zh


def _short(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _figure(value: float | None, label: str, states: tuple[str, ...] = (), **more: Any) -> Figure:
    return Figure(value, "tCO2e", 2, label=label, states=states, **more)


def _approach(found: Consolidated, rules: Any) -> dict[str, Any]:
    about = rules["approaches"][found.approach]
    gap = () if found.complete else ("gap",)
    return {
        "id": found.approach,
        "zh": about["zh"],
        "text": about["text"],
        "total": _figure(found.total, f"集团合计（{about['zh']}）", gap, scale="wan"),
        "total_plain": _figure(found.total, "合计", gap, show_unit=False),
        "direct": _figure(found.direct, "直接排放", gap, show_unit=False),
        "indirect": _figure(found.indirect, "间接排放", gap, show_unit=False),
        "eliminated": _figure(found.eliminated, "内部往来抵销", show_unit=False),
        "count": sum(line.position.is_included for line in found.members),
    }


def _row(member: Organisation, run: Run | None, found: list[Consolidated]) -> MemberRow:
    lines = [next(line for line in each.members if line.member == str(member.pk)) for each in found]
    place = {"run_id": run.pk, "address": "total", "organisation_id": member.pk} if run else {}
    states = () if run is None or run.is_complete else ("gap",)
    own = _figure(run.total if run else None, f"{member.label}排放总量", states, show_unit=False, **place)
    treated = tuple(
        Treated(_zh(each), line, _figure(line.part, "计入集团", show_unit=False, **place))
        for each, line in zip(found, lines, strict=True)
    )
    return MemberRow(member, run, own, treated)


def _sources(companies: list[Organisation], runs: dict[int, Run], found: list[Consolidated]) -> list[dict[str, Any]]:
    """Every source: each member's own figure, and the group's under each approach."""
    names: dict[str, str] = {}
    for run in runs.values():
        for id in run.summary["sources"]:
            names.setdefault(id, run.summary["labels"]["sources"].get(id, id))
    return [
        {
            "id": id,
            "zh": zh,
            "members": [(member.label, _source(member, runs.get(member.pk), id, zh)) for member in companies],
            "totals": [(_zh(each), _figure(each.sources.get(id), zh, show_unit=False)) for each in found],
        }
        for id, zh in names.items()
    ]


def _source(member: Organisation, run: Run | None, id: str, zh: str) -> Figure:
    cell = run.summary["sources"].get(id) if run else None
    if run is None or cell is None:
        return _figure(None, zh, show_unit=False)
    return _figure(
        cell["value"], zh, show_unit=False, run_id=run.pk, address=f"source:{id}", organisation_id=member.pk
    )  # fmt: skip


def _eliminations(found: list[Consolidated]) -> list[dict[str, Any]]:
    """Every delivery once, with what each approach takes out of the total for it."""
    pairs: dict[Any, list[Any]] = {}
    for n, each in enumerate(found):
        for taken in each.eliminations:
            pairs.setdefault(taken.transfer, [None] * len(found))[n] = taken
    return [
        {
            "transfer": transfer,
            "period": Period.parse(transfer.period).label_zh,
            "values": [_figure(taken.value if taken else 0.0, "抵销", show_unit=False) for taken in row],
            "notes": list(dict.fromkeys(note for taken in row if taken for note in taken.notes)),
        }
        for transfer, row in pairs.items()
    ]
