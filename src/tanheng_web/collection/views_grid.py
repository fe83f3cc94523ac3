"""The monthly grid: the page, saving cells, and what others have entered meanwhile."""

import json
from http import HTTPStatus

from django.http import JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.kernel.periods import Month
from tanheng_web.collection import selectors, services
from tanheng_web.collection.grid import Cell, cell_json, grid_of, number_typed, past_of
from tanheng_web.collection.inline import verdict
from tanheng_web.collection.models import MonthReport
from tanheng_web.common.access import can, needs

__all__ = ["month_page", "news", "values_save"]

MAX_CELLS = 5_000


@require_GET
@needs("view")
def month_page(request, org, month: Month):
    """The grid of the newest version of a month."""
    organisation = request.organisation
    reports = selectors.reports_of(organisation, month)
    report = reports[0] if reports else None
    grid = grid_of(organisation, month, report)
    editable = _editable(request.user, organisation, month, report)
    context = {
        "month": month,
        "report": report,
        "versions": reports,
        "grid": grid,
        "editable": editable,
        "gaps": grid.missing,
        "data": {
            "cells": grid.data(),
            "newest": grid.newest,
            "version": report.version if report else 0,
            "editable": editable,
            "save": reverse("collection:values", args=[org, month]),
            "news": reverse("collection:news", args=[org, month]),
        },
        "may": {name: can(request.user, permission, organisation) for name, permission in PERMISSIONS.items()},
        "is_own": report is not None
        and report.submitted_by_id == request.user.pk
        and not organisation.allow_self_approval,
        "is_future": month.first_day > timezone.localdate(),
        "before": month.shift(months=-1),
        "after": month.shift(months=1),
    }
    return render(request, "collection/month.html", context)


PERMISSIONS = {"enter": "data.enter", "submit": "data.submit", "review": "data.review"}


def _editable(user, organisation, month: Month, report: MonthReport | None) -> bool:
    if month.first_day > timezone.localdate() or not can(user, "data.enter", organisation):
        return False
    return report is None or report.is_editable


@require_POST
@needs("data.enter")
def values_save(request, org, month: Month):
    """Save cells, each answered by itself: saved, refused with the reason, or in conflict with a later edit."""
    try:
        asked = json.loads(request.body)["changes"]
        asked = {str(each["cell"]): (str(each["text"]), each["seen"]) for each in asked[:MAX_CELLS]}
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"message": "请求无法识别，请刷新页面。"}, status=HTTPStatus.BAD_REQUEST)
    organisation = request.organisation
    streams = {stream.pk: stream for stream in selectors.streams_of(organisation)}
    known = selectors.history(organisation, month.shift(months=-12), month.shift(months=-1))
    answers: dict[str, dict] = {}
    changes = {}
    for cell, (text, seen) in asked.items():
        change = _change(cell, text, seen, streams, known, month, answers)
        if change is not None:
            changes[cell] = change
    try:
        _save(request.user, organisation, month, changes, answers)
    except TanhengError as error:
        return JsonResponse({"message": error.zh(), "code": error.code}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"cells": answers})


def _change(cell: str, text: str, seen, streams, known, month: Month, answers: dict) -> services.Change | None:
    pk, _, key = cell.partition(":")
    stream = streams.get(int(pk)) if pk.isdigit() else None
    if stream is None or key not in stream.keys:
        answers[cell] = {"error": "这一格已不在填报范围内，请刷新页面。"}
        return None
    try:
        value = number_typed(text, stream.key_unit(key))
    except InputError as error:
        answers[cell] = {"error": error.zh()}
        return None
    judged = verdict(stream, key, None if value is None else float(value), past_of(known, stream, key, month))
    if judged.state == "bad":
        answers[cell] = {"error": judged.text}
        return None
    typed = text.strip()
    entered = typed if value is not None and not typed.replace(".", "", 1).lstrip("-").isdigit() else ""
    return services.Change(stream, key, value, seen if isinstance(seen, int) else None, entered=entered)


def _save(user, organisation, month: Month, changes: dict[str, services.Change], answers: dict) -> None:
    """Save what can be saved; cells that a later edit stands against are answered with it."""
    while changes:
        try:
            rows = services.values_set(by=user, organisation=organisation, month=month, changes=list(changes.values()))
        except TanhengError as error:
            faults = error.faults if isinstance(error, Faults) else (error,)
            if any("cell" not in fault.values for fault in faults):
                raise
            for fault in faults:
                answers[fault.values["cell"]] = _refusal(fault)
                del changes[fault.values["cell"]]
        else:
            _answer_saved(organisation, month, changes, rows, answers)
            return


def _refusal(fault: TanhengError) -> dict[str, object]:
    if fault.code != "value.conflict":
        return {"error": fault.zh()}
    return {
        "conflict": {"message": fault.zh(), "seen": fault.values["seen"], "theirs": fault.values["their_value"] or ""}
    }


def _answer_saved(organisation, month: Month, changes: dict[str, services.Change], rows, answers: dict) -> None:
    known = selectors.history(organisation, month.shift(months=-12), month.shift(months=-1))
    for (cell, change), row in zip(changes.items(), rows, strict=True):
        past = past_of(known, change.stream, change.key, month)
        judged = verdict(change.stream, change.key, None if row.value is None else float(row.value), past)
        drawn = Cell(cell, True, value=row.value, seen=row.pk, state=judged.state, reason=judged.text)
        answers[cell] = {
            name: text
            for name, text in cell_json(drawn).items()
            if name in ("value", "shown", "seen", "state", "reason")
        }


@never_cache
@require_GET
@needs("view")
def news(request, org, month: Month):
    """Cells entered after the value that the asking page has seen last, and whether the month changed its state."""
    organisation = request.organisation
    report = selectors.current_report(organisation, month)
    since = int(request.GET["since"]) if request.GET.get("since", "").isdigit() else 0
    newest = selectors.newest_value(report)
    fresh = {}
    if newest > since:
        grid = grid_of(organisation, month, report)
        fresh = {cell.id: cell_json(cell) for cell in grid.cells if cell.seen > since}
    return JsonResponse(
        {
            "cells": fresh,
            "newest": newest,
            "version": report.version if report else 0,
            "editable": _editable(request.user, organisation, month, report),
        }
    )
