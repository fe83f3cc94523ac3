"""Pages of 重算: factors in use, affected results, old and new, the decision."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng_web.common.access import can, needs
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.recalculation import selectors
from tanheng_web.inventory.recalculation.forms import RecalculationForm
from tanheng_web.inventory.recalculation.services import (
    recalculation_accept,
    recalculation_create,
    recalculation_discard,
)
from tanheng_web.inventory.recalculation.words import sentences

__all__ = ["recalculation_decide", "recalculation_new", "recalculation_page", "recalculations"]

PAGE_ROWS = 60
UNIT = "tCO2e"


@require_GET
@needs("view")
def recalculations(request, org):
    """Factors that results use and how they stand; what was recalculated so far."""
    organisation = request.organisation
    context = {
        "factors": selectors.factors_in_use(request.user, organisation),
        "past": selectors.recalculations_of(request.user, organisation)[:60],
        "may": can(request.user, "run.create", organisation),
    }
    return render(request, "inventory/recalculation/recalculations.html", context)


@require_http_methods(["GET", "POST"])
@needs("run.create")
def recalculation_new(request, org):
    """The results that a factor concerns, in every enterprise the person accounts; order old and new of them."""
    factor = request.GET.get("factor", "").replace("\0", "")[:160]
    runs = selectors.affected(request.user, factor)
    today = timezone.localdate()
    form = RecalculationForm(request.POST or None, runs=runs, initial={"as_of": today})
    replacement = selectors.replacement_of(request.organisation, factor, today) if factor else None
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["runs"])
        made = recalculation_create(
            organisation=request.organisation,
            runs=[run for run in runs if str(run.pk) in chosen],
            by=request.user,
            as_of=form.cleaned_data["as_of"],
            replacements=[replacement] if replacement else [],
            note=form.cleaned_data["note"],
        )
        return redirect("inventory:recalculation", org=org, recalculation=made.pk)
    context = {"form": form, "runs": runs, "factor": factor, "replacement": replacement}
    return render(
        request, "inventory/recalculation/recalculation_new.html", context, status=422 if form.errors else 200
    )


@require_GET
@needs("view")
def recalculation_page(request, org, recalculation):
    """Old and new side by side, by plant, source, month and stream, and result by result."""
    made = selectors.recalculation_for(request.organisation, recalculation)
    items = selectors.items_of(request.user, made)
    page = Paginator(items, PAGE_ROWS).get_page(request.GET.get("page"))
    computed = selectors.done_of(items)
    context = {
        "made": made,
        "page": page,
        "rows": [_row(item) for item in page],
        "groups": {title: (groups[:40], len(groups)) for title, groups in selectors.groups_of(items).items()},
        "counts": {status: sum(item.status == status for item in items) for status in
                   ("waiting", "computed", "unchanged", "refused", "posted")},
        "total": len(items),
        "computed": computed,
        "sentences": sentences(computed, selectors.source_names(computed)),
        "changed": sum(item.changed for item in computed),
        "lines": sum(item.lines for item in items),
        "may": bool(items) and all(can(request.user, "run.create", item.run.organisation) for item in items),
    }  # fmt: skip
    return render(request, "inventory/recalculation/recalculation.html", context)


def _row(item):
    """An item with its figures: the old one opens the old result, the new one the new result once it is posted."""
    old = Figure(item.old_total, UNIT, 2, item.run_id, "total", label=_("原总量"), show_unit=False,
                 organisation_id=item.organisation_id)  # fmt: skip
    owner = item.new_run_id
    new = Figure(item.new_total, UNIT, 2, owner, "total" if owner else "", label=_("新总量"), show_unit=False,
                 organisation_id=item.organisation_id)  # fmt: skip
    known = item.old_total is not None and item.new_total is not None
    return {"item": item, "old": old, "new": new, "change": item.new_total - item.old_total if known else None}


@require_POST
@needs("run.create")
def recalculation_decide(request, org, recalculation):
    """Accept: the new results are posted. Discard: everything stays as it is."""
    made = selectors.recalculation_for(request.organisation, recalculation)
    decision = request.POST.get("decision", "")
    if decision == "accept":
        recalculation_accept(recalculation=made, by=request.user)
        messages.info(request, _("已采纳，新结果正在记账；原结果保留。"))
    elif decision == "discard":
        recalculation_discard(recalculation=made, by=request.user)
        messages.info(request, _("已放弃，所有结果保持原样。"))
    else:
        return HttpResponseBadRequest()
    return redirect("inventory:recalculation", org=org, recalculation=made.pk)
