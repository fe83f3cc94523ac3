"""The monthly grid: the page, saving cells, and what others have entered meanwhile."""

import json
from dataclasses import dataclass
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
from tanheng_web.collection.checks import grid_hints, result_hints
from tanheng_web.collection.grid import Cell, cell_json, grid_of, number_typed, past_of
from tanheng_web.collection.inline import verdict
from tanheng_web.collection.models import MonthReport
from tanheng_web.common.access import can, needs
from tanheng_web.common.numbers import whole

__all__ = ["checks", "month_page", "news", "values_save"]

MAX_CELLS = 5_000


@require_GET
@needs("view")
def month_page(request, org, month: Month):
    """The grid of the newest version of a month."""
    organisation = request.organisation
    reports = selectors.reports_of(organisation, month)
    report = reports[0] if reports else None
    editable = _editable(request.user, organisation, month, report)
    grid = grid_of(organisation, month, report, person=request.user if editable else None)
    context = {
        "month": month,
        "report": report,
        "versions": reports,
        "grid": grid,
        "hints": grid_hints(organisation, month, grid),
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
        "has_form": editable and can(request.user, "data.submit", organisation),
        "is_own": report is not None
        and report.submitted_by_id == request.user.pk
        and not organisation.allow_self_approval,
        "is_future": month.first_day > timezone.localdate(),
        "before": month.shift(months=-1),
        "after": month.shift(months=1),
    }
    return render(request, "collection/month.html", context)


@never_cache
@require_GET
@needs("view")
def checks(request, org, month: Month):
    """The hints of a month as it stands now, those that need its accounts included."""
    organisation = request.organisation
    report = selectors.current_report(organisation, month)
    grid = grid_of(organisation, month, report)
    hints = [*grid_hints(organisation, month, grid), *(result_hints(organisation, month) if report else ())]
    context = {"month": month, "hints": hints, "has_form": "form" in request.GET, "warned": grid.warned}
    return render(request, "collection/_checks.html", context)


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
        # a form has been read as one already; its body is gone
        asked = json.loads(request.body if request.content_type == "application/json" else "")["changes"]
        asked = {str(each["cell"]): _typed(each) for each in asked[:MAX_CELLS]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"message": "请求无法识别，请刷新页面。"}, status=HTTPStatus.BAD_REQUEST)
    organisation = request.organisation
    streams = {stream.pk: stream for stream in selectors.streams_of(organisation)}
    known = selectors.history(organisation, month.shift(months=-12), month.shift(months=-1))
    answers: dict[str, dict] = {}
    changes, refused = {}, []
    for cell, typed in asked.items():
        change = _change(cell, typed, streams, known, month, answers)
        if isinstance(change, services.Change):
            changes[cell] = change
        elif change is not None:
            refused.append(change)
    try:
        _save(request.user, organisation, month, changes, answers)
        if refused and _editable(request.user, organisation, month, selectors.current_report(organisation, month)):
            services.refused_keep(by=request.user, organisation=organisation, month=month, refused=refused)
    except TanhengError as error:
        return JsonResponse({"message": error.zh(), "code": error.code}, status=HTTPStatus.CONFLICT)
    return JsonResponse({"cells": answers})


@dataclass(frozen=True, slots=True)
class _Typed:
    text: str
    seen: int | None
    note: str | None


def _typed(each: dict) -> _Typed:
    note, seen = each.get("note"), each["seen"]
    return _Typed(str(each["text"]), seen if isinstance(seen, int) else None, None if note is None else str(note))


def _change(
    cell: str, typed: _Typed, streams, known, month: Month, answers: dict
) -> services.Change | services.Refused | None:
    """What a cell asks for: a change, something to be kept that cannot be taken, or nothing that is known."""
    pk, _, key = cell.partition(":")
    stream = streams.get(whole(pk))
    if stream is None or key not in stream.keys:
        answers[cell] = {"error": "这一格已不在填报范围内，请刷新页面。"}
        return None
    try:
        value = number_typed(typed.text, stream.key_unit(key))
    except InputError as error:
        answers[cell] = {"error": error.zh(), "confirmable": False}
        return services.Refused(stream, key, typed.text.strip(), error.zh())
    past = past_of(known, stream, key, month)
    judged = verdict(stream, key, None if value is None else float(value), past, typed.note or "")
    text = typed.text.strip()
    if judged.state == "bad":
        answers[cell] = {"error": judged.text, "confirmable": judged.may_confirm}
        return services.Refused(stream, key, text, judged.text, judged.may_confirm)
    entered = text if value is not None and not text.replace(".", "", 1).lstrip("-").isdigit() else ""
    return services.Change(stream, key, value, typed.seen, entered=entered, note=typed.note)


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
        judged = verdict(change.stream, change.key, None if row.value is None else float(row.value), past, row.note)
        facts = {"state": judged.state, "reason": judged.text, "may_confirm": judged.may_confirm}
        drawn = Cell(cell, True, value=row.value, seen=row.pk, note=row.note, **facts)
        answers[cell] = {
            name: text
            for name, text in cell_json(drawn).items()
            if name in ("value", "shown", "seen", "state", "reason", "note", "confirmable")
        }


@never_cache
@require_GET
@needs("view")
def news(request, org, month: Month):
    """Cells entered after the value that the asking page has seen last, and whether the month changed its state."""
    organisation = request.organisation
    report = selectors.current_report(organisation, month)
    since = whole(request.GET.get("since", "")) or 0
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
