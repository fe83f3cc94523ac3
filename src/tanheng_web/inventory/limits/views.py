"""排放预警: the limits of a year, where its results stand, and the form to set one."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanheng.kernel.errors import InputError
from tanheng_web.common.access import can, needs, require
from tanheng_web.common.periods import period_of
from tanheng_web.inventory.limits import selectors, services
from tanheng_web.inventory.limits.forms import LimitForm
from tanheng_web.organisations.selectors import standards_of

__all__ = ["limits", "withdraw"]


@require_http_methods(["GET", "POST"])
@needs("view")
def limits(request, org):
    """Limits with their standing; a POST sets one."""
    year = period_of(request).last.year
    form = LimitForm(request.POST or None, standards=standards_of(request.organisation, year))
    if request.method == "POST":
        require(request.user, "organisation.change", request.organisation)
        if form.is_valid() and _set(request, year, form):
            return redirect(reverse("inventory:limits", args=[org]) + f"?period={year}")
    context = {
        "year": year,
        "standings": selectors.standings(request.organisation, year),
        "withdrawn": selectors.withdrawn(request.organisation, year),
        "form": form,
        "may_change": can(request.user, "organisation.change", request.organisation),
    }
    return render(request, "inventory/limits/limits.html", context, status=422 if form.errors else 200)


def _set(request, year: int, form: LimitForm) -> bool:
    try:
        services.limit_set(organisation=request.organisation, year=year, by=request.user, **form.cleaned_data)
    except InputError as error:
        form.add_error(None, error.zh())
        return False
    messages.success(request, _("已设定 %(year)s 年的限值。") % {"year": year})
    return True


@require_POST
@needs("organisation.change")
def withdraw(request, org, limit):
    """Take a limit back."""
    row = selectors.limit_for(request.organisation, limit)
    services.limit_withdraw(limit=row, by=request.user)
    messages.success(request, _("已撤销限值。"))
    return redirect(reverse("inventory:limits", args=[org]) + f"?period={row.year}")
