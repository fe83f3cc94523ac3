"""Overview of the months, their steps (submit, return, approve, reopen), and reading older versions."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tanheng.kernel.errors import InputError, TanhengError
from tanheng.kernel.periods import Month
from tanheng_web.collection import selectors, services
from tanheng_web.collection.grid import grid_of
from tanheng_web.collection.months import overview_of
from tanheng_web.collection.versions import difference
from tanheng_web.common.access import can, needs
from tanheng_web.common.numbers import whole

__all__ = ["approve", "give_back", "overview", "reopen", "submit", "version_page"]


@require_GET
@needs("view")
def overview(request, org):
    """Every month of some years: state and completeness."""
    organisation = request.organisation
    today = timezone.localdate()
    years = overview_of(organisation, today)
    cells = [cell for year in years for cell in year.months]
    context = {
        "years": years,
        "numbers": range(1, 13),
        "late": sum(cell.is_late for cell in cells),
        "waiting": [cell for cell in cells if cell.state == "submitted"],
        "returned": [cell for cell in cells if cell.state == "returned"],
        "approved": sum(cell.state == "approved" for cell in cells),
        "has_streams": bool(cells and cells[0].asked) or organisation.streams.exists(),
        "next_month": next(
            (cell.month for cell in sorted(cells, key=lambda cell: cell.month) if cell.is_late), Month.of(today)
        ),
        "may_enter": can(request.user, "data.enter", organisation),
        "may_change": can(request.user, "organisation.change", organisation),
    }
    return render(request, "collection/overview.html", context)


def _step(request, month: Month, act, done: str):
    """Carry out a step on the newest version of a month and say how it went."""
    report = selectors.current_report(request.organisation, month)
    try:
        if report is None:
            raise InputError("month.nothing_entered", month=month.label_zh)
        act(report)
    except TanhengError as error:
        messages.error(request, error.zh())
    else:
        messages.success(request, done)
    return redirect("collection:month", org=request.organisation.pk, month=month)


@require_POST
@needs("data.submit")
def submit(request, org, month: Month):
    """Hand the month in."""
    reason = request.POST.get("gap_reason", "")
    return _step(
        request,
        month,
        lambda report: services.month_submit(by=request.user, report=report, gap_reason=reason),
        _("已提交，等待碳管理员审核。"),
    )


@require_POST
@needs("data.review")
def give_back(request, org, month: Month):
    """Return the month with a comment."""
    comment = request.POST.get("comment", "")
    return _step(
        request,
        month,
        lambda report: services.month_return(by=request.user, report=report, comment=comment),
        _("已退回填报人修改。"),
    )


@require_POST
@needs("data.review")
def approve(request, org, month: Month):
    """Approve and lock the submission that the page showed."""
    seen = request.POST.get("seen", "")
    return _step(
        request,
        month,
        lambda report: services.month_approve(by=request.user, report=report, seen=seen),
        _("已审核并锁定，核算结果正在更新。"),
    )


@require_POST
@needs("data.review")
def reopen(request, org, month: Month):
    """Begin a new version."""
    reason = request.POST.get("reason", "")
    return _step(
        request,
        month,
        lambda report: services.month_reopen(by=request.user, report=report, reason=reason),
        _("已建立新版本，可以修改；原版本在新版本审核前仍然有效。"),
    )


@require_GET
@needs("view")
def version_page(request, org, month: Month, version: int):
    """An older version to read, or what changed against another one (``?with=2``)."""
    organisation = request.organisation
    report = selectors.report_for(organisation, month, version)
    versions = selectors.reports_of(organisation, month)
    other = whole(request.GET.get("with", ""))
    base = selectors.report_for(organisation, month, other) if other is not None else None
    context = {
        "month": month,
        "report": report,
        "versions": versions,
        "base": base,
        "changes": difference(base, report) if base else [],
        "grid": None if base else grid_of(organisation, month, report),
    }
    return render(request, "collection/version.html", context)
