"""The context of 碳全景."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from tanheng_web.collection.months import due_from
from tanheng_web.common.access import can, permissions
from tanheng_web.common.charts import Chart, Slice, contribution_bars
from tanheng_web.dashboards import selectors
from tanheng_web.dashboards.todo import month_states, tasks
from tanheng_web.inventory import findings
from tanheng_web.inventory import selectors as results
from tanheng_web.inventory.limits.selectors import alerts_of
from tanheng_web.inventory.links import data_url
from tanheng_web.inventory.models import Report, Run
from tanheng_web.inventory.presentation import Drawn
from tanheng_web.inventory.siblings import year_tabs
from tanheng_web.organisations.selectors import standards_of

__all__ = ["group_page", "panorama_page"]


def group_page(organisation, user, year: int) -> dict[str, Any]:
    """The enterprises of a group, each with its own total; nothing is added up, since one may deliver to another."""
    return {"year": year, "rows": selectors.subsidiaries(user, organisation, year)}


def panorama_page(organisation, user, year: int, standard: str = "") -> dict[str, Any]:
    """The year of one enterprise under one of its standards, the primary one unless another is asked for."""
    granted = permissions(user, organisation)
    chosen = standards_of(organisation, year)
    standard = standard if standard in chosen else next(iter(chosen), "")
    run = results.latest_run(organisation, year, standard)
    statuses = selectors.month_statuses(organisation, year)
    months = month_states(organisation.pk, year, statuses, timezone.localdate(), due_from(organisation))
    is_stale = run is not None and results.is_stale(run, organisation)
    todo = tasks(
        organisation.pk,
        months,
        granted,
        run_url=reverse("inventory:run", args=[organisation.pk, run.pk]) if run else "",
        run_is_stale=is_stale,
        gap_count=run.gap_count if run else 0,
        has_report=run is not None and Report.objects.filter(run=run).exists(),
    )
    context = {"year": year, "run": run, "months": months, "todo": todo, "is_stale": is_stale}
    context["may_run"] = "run.create" in granted
    context["standard_tabs"] = year_tabs(chosen, year, standard)
    context["alerts"] = alerts_of(organisation, year)
    if run is None:
        return context | _first_day(organisation, user, months)
    return context | _figures(organisation, run)


def _figures(organisation, run: Run) -> dict[str, Any]:
    before = results.earlier_run(organisation, run)
    drawn = results.drawn_for(organisation, run, before)
    return {
        "drawn": drawn,
        "standard": run.views["standard"],
        "keys": _keys(drawn),
        "month_chart": drawn.month_chart(),
        "process_chart": drawn.process_chart(),
        "source_chart": drawn.source_chart(),
        "flow_chart": drawn.flow_chart(),
        "intensity_chart": _intensity_chart(organisation, run, drawn),
    }


def _keys(drawn: Drawn) -> list[tuple[str, Any]]:
    """Total so far, direct, indirect, intensity."""
    keys = [("今年以来排放总量", drawn.wan(drawn.total))]
    for id in ("direct", "indirect"):
        line = drawn.subtotal(id)
        if line:
            keys.append((line.label, drawn.wan(line.figure)))
    return keys + [(line.label, line.figure) for line in drawn.indicators[:2]]


def _intensity_chart(organisation, run: Run, drawn: Drawn) -> Chart:
    """The intensity by month with last year behind it; without months this period beside the same of last year."""
    if not drawn.indicators:
        return Chart(
            "intensity", "排放强度", empty="还没有产品产量，算不出排放强度。", **_data_link(organisation, "去补录产量")
        )
    by_month = drawn.intensity_chart("intensity")
    if by_month is not None:
        return by_month
    line = drawn.indicators[0]
    slices = [Slice(run.period_zh, replace(line.figure, previous=None), "accent")]
    now = line.figure
    if now.previous is not None:
        then = replace(
            now, value=now.previous, previous=None, run_id=now.previous_run, address=now.previous_address, states=()
        )
        slices.append(Slice(run.span.shift(years=-1).label_zh, then, "muted"))
    title = findings.trend(line.figure.value, line.figure.previous, line.label)
    return contribution_bars("intensity", title, slices, head="核算期", order=False)


def _data_link(organisation, action: str) -> dict[str, str]:
    return {"empty_url": data_url(organisation.pk), "empty_action": action}


def _first_day(organisation, user, months) -> dict[str, Any]:
    """Nothing to show yet: say what comes next, with one button."""
    if any(each.state == "approved" for each in months):
        if can(user, "run.create", organisation):
            return _empty(
                "数据已经审核，可以核算了",
                "核算之后，这里显示总量、趋势、工序贡献和碳流。",
                "",
                "核算",
                months[0].month.year,
            )
        return _empty("数据已经审核，还没有核算", "碳管理员核算以后，这里显示总量、趋势、工序贡献和碳流。", "", "")
    if not selectors.has_streams(organisation):
        url = (
            reverse("settings:processes", args=[organisation.pk])
            if can(user, "organisation.change", organisation)
            else ""
        )
        return _empty("先建立工序和源流", "按所选标准给出工序、源流和物料的建议，可以增删改名。", url, "去建立")
    url = data_url(organisation.pk)
    return _empty("还没有审核通过的数据", "填报或导入月度活动数据，提交并审核以后即可核算。", url, "去填报活动数据")


def _empty(title: str, text: str, url: str, action: str, year: int | None = None) -> dict[str, Any]:
    return {"empty": {"title": title, "text": text, "url": url, "action": action, "year": year}}
