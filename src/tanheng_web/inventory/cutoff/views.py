"""取舍规则: what may be left out of the year's result, and what was."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tanheng.accounting.boundary_catalogue import boundary_rules
from tanheng.kernel.errors import InputError, NotFound
from tanheng_web.common.access import can, needs
from tanheng_web.common.periods import period_of
from tanheng_web.inventory.cutoff import selectors, services
from tanheng_web.inventory.selectors import latest_run, run_for

__all__ = ["cut_off", "decide", "withdraw"]

KINDS_ZH = {"auxiliary": _("辅料"), "solid_waste": _("固体废物")}


@require_GET
@needs("view")
def cut_off(request, org):
    """Candidates with their share, the three sums, the decisions."""
    year = period_of(request).last.year
    run = latest_run(request.organisation, year)
    rules = boundary_rules()["cut_off"]
    found = selectors.checked(request.organisation, run) if run else None
    context = {
        "year": year,
        "run": run,
        "found": found,
        "items": [(KINDS_ZH[item.kind], item) for item in found.items] if found else [],
        "decisions": selectors.decisions_of(request.organisation, year),
        "rules": [rules[name]["text"] for name in ("auxiliary", "solid_waste", "total")],
        "may_decide": can(request.user, "data.review", request.organisation),
    }
    return render(request, "inventory/cutoff/cutoff.html", context)


@require_POST
@needs("data.review")
def decide(request, org, run):
    """Leave a material out of the result that was seen."""
    seen = run_for(request.organisation, run)
    values = {"material": request.POST.get("material", ""), "reason": request.POST.get("reason", "")}
    try:
        row = services.cut_off_decide(organisation=request.organisation, run=seen, by=request.user, **values)
    except (InputError, NotFound) as error:
        messages.error(request, error.zh())
    else:
        messages.success(request, _("“%s”已登记为忽略，源流和数据保留。") % row.label)
    return redirect("inventory:cut-off", org=org)


@require_POST
@needs("data.review")
def withdraw(request, org, decision):
    """Take a decision back."""
    row = selectors.decision_for(request.organisation, decision)
    services.cut_off_withdraw(decision=row, by=request.user)
    messages.success(request, _("已撤销对“%s”的忽略。") % row.label)
    return redirect("inventory:cut-off", org=org)
