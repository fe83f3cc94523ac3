"""What the result pages show, gathered with a bounded number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanheng_web.common.access import can
from tanheng_web.common.figures import Figure
from tanheng_web.inventory import selectors
from tanheng_web.inventory.captive import captive_view
from tanheng_web.inventory.cutoff.selectors import ignored_in
from tanheng_web.inventory.editions import edition_changes, edition_in_force, editions_of
from tanheng_web.inventory.gaps import notices
from tanheng_web.inventory.links import data_url
from tanheng_web.inventory.models import Report, ReportEdition, Run
from tanheng_web.inventory.presentation import Drawn
from tanheng_web.inventory.siblings import run_tabs
from tanheng_web.inventory.valued import listed, material_zh, source_groups
from tanheng_web.organisations.selectors import standards_of

__all__ = ["list_page", "reports_page", "result_page", "streams_part"]

STREAM_ORDERS = (("", "按排放量"), ("source", "按排放源"), ("label", "按名称"))

STATES = {"done": "已完成", "queued": "排队中", "running": "核算中", "failed": "未完成", "superseded": "已替代"}


@dataclass(frozen=True)
class Listed:
    """A run in the list."""

    run: Run
    figure: Figure | None
    state: str
    state_zh: str


def list_page(organisation, user, standard: str = "") -> dict[str, Any]:
    """Runs by year, newest first, the superseded ones apart; of one standard where it is asked for."""
    runs = list(selectors.runs_of(organisation)[:200])
    chosen = standards_of(organisation, max((run.last_month.year for run in runs), default=0))
    held = {run.standard: run.standard_zh for run in runs}
    names = {id: held[id] for id in [*(id for id in chosen if id in held), *sorted(set(held) - set(chosen))]}
    standard = standard if standard in names else ""
    listed = [_listed(organisation, run) for run in runs if standard in ("", run.standard)]
    current = [each for each in listed if each.state != "superseded"]
    return {
        "years": _by_year(current),
        "superseded": [each for each in listed if each.state == "superseded"],
        "standards": [(id, name, id == standard) for id, name in names.items()] if len(names) > 1 else [],
        "standard": standard,
        "approved": bool(listed) or bool(selectors.approved_months(organisation)),
        "may_run": can(user, "run.create", organisation),
        "data_url": data_url(organisation.pk),
        "may_template": can(user, "template.change", organisation),
    }


def _by_year(listed: list[Listed]) -> dict[int, list[Listed]]:
    years: dict[int, list[Listed]] = {}
    for each in sorted(listed, key=lambda each: (each.run.last_month, each.run.created_at), reverse=True):
        years.setdefault(each.run.last_month.year, []).append(each)
    return years


def _listed(organisation, run: Run) -> Listed:
    state = "superseded" if run.superseded_at else run.status
    if state in ("queued", "running") and run.job is not None and not run.job.is_active:
        state = "failed"
    figure = None
    if run.is_done:
        states = () if run.is_complete else ("gap",)
        figure = Figure(
            run.total, "tCO2e", 2, run.pk, "total", None, states, "排放总量", organisation.pk, show_unit=False
        )
    return Listed(run, figure, state, STATES[state])


def streams_part(drawn: Drawn, asked: Mapping[str, str]) -> dict[str, Any]:
    """The table of streams as it was asked for: by source, by name, in an order."""
    chosen = {"source": asked.get("source", ""), "text": asked.get("q", "").strip(), "order": asked.get("order", "")}
    rows = drawn.chosen_streams(chosen["source"], chosen["text"], chosen["order"])
    return {"drawn": drawn, "streams": rows, "chosen": chosen, "stream_orders": STREAM_ORDERS}


def result_page(organisation, run: Run, user, asked: Mapping[str, str]) -> dict[str, Any]:
    """The context of the result page of a finished run."""
    drawn = selectors.drawn_for(organisation, run)
    summary = run.summary
    cells = selectors.grid_cells(organisation) if summary["gaps"] or summary["warnings"] else {}
    by_month = len(summary["months"]) > 1
    return streams_part(drawn, asked) | {
        "run": run,
        "standard": run.views["standard"],
        "standard_tabs": run_tabs(organisation, run),
        "is_stale": not run.superseded_at and selectors.is_stale(run, organisation),
        "source_chart": drawn.source_chart(),
        "process_chart": drawn.process_chart() if drawn.processes else None,
        "month_chart": drawn.month_chart() if by_month else None,
        "intensity_chart": drawn.intensity_chart() if by_month else None,
        "month_source_chart": drawn.month_source_chart() if by_month else None,
        "gaps": notices(summary["gaps"], organisation.pk, cells),
        "warnings": notices(summary["warnings"], organisation.pk, cells),
        "defaults": listed(source_groups(summary["defaults"])),
        "unchecked": source_groups(summary["unchecked"]),
        "unchecked_count": len(summary["unchecked"]),
        "not_counted": [_not_counted(drawn, each) for each in summary["not_counted"]],
        "captive": captive_view(organisation, run),
        "ignored": ignored_in(organisation, run.last_month.year),
        "reports": list(run.reports.select_related("created_by", "template", "edition")[:12]),
        "edition": edition_in_force(run),
        "kinds": Report.Kind.choices,
        "may_run": can(user, "run.create", organisation),
        "may_report": can(user, "report.create", organisation),
    }


def reports_page(organisation, user) -> dict[str, Any]:
    """Editions by period and standard, the one in force first; below, files that nobody has published yet."""
    groups: dict[tuple[str, str], list[ReportEdition]] = {}
    for edition in editions_of(organisation):
        groups.setdefault((edition.period, edition.standard), []).append(edition)
    heavy = ("run__document", "run__summary", "run__views")
    waiting = Report.objects.filter(run__organisation=organisation, run__superseded_at=None, edition=None)
    changes = edition_changes([edition for found in groups.values() for edition in found])
    return {
        "groups": [[(edition, changes.get(edition.pk, ())) for edition in found] for found in groups.values()],
        "waiting": waiting.select_related("run", "created_by", "corrects").defer(*heavy)[:30],
        "may_report": can(user, "report.create", organisation),
    }


def _not_counted(drawn, each: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": drawn.stream_label(each["stream"]),
        "material": material_zh(each["material"]),
        "reason": each["reason"],
        "value": each.get("value"),
        "unit": each.get("unit") or "",
    }
