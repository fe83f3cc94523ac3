"""Under which standards a year is accounted: the proposal with its reasons, and the choice."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng.kernel.errors import TanhengError
from tanheng.rules.registry import STATUS_ZH
from tanheng_web.common.access import can, needs
from tanheng_web.common.periods import period_of
from tanheng_web.organisations import services
from tanheng_web.organisations.choices import groups_of, warnings_of
from tanheng_web.organisations.models import StandardChoice

__all__ = ["standards"]


@require_http_methods(["GET", "POST"])
@needs("view")
def standards(request, org):
    """The standards of a year."""
    organisation, year = request.organisation, period_of(request, request.organisation).first.year
    fault = ""
    if request.method == "POST":
        try:
            return _chosen(request, year)
        except TanhengError as error:
            fault = error.zh()
    groups = groups_of(organisation, year)
    rows = StandardChoice.objects.filter(organisation=organisation, year=year).select_related("chosen_by")
    context = {
        "year": year,
        "groups": groups,
        "warnings": warnings_of(groups),
        "made": rows.first(),
        "fault": fault,
        "may_change": can(request.user, "organisation.change", organisation),
        "may_run": can(request.user, "run.create", organisation),
        "not_here_zh": STATUS_ZH["not_here"],
    }
    return render(request, "organisations/standards.html", context, status=422 if fault else 200)


def _chosen(request, year: int):
    organisation = request.organisation
    wanted, primary = request.POST.getlist("standard"), request.POST.get("primary", "")
    made = services.standards_choose(
        organisation=organisation, year=year, standards=wanted, primary=primary, by=request.user
    )
    if made:
        messages.success(request, _("已选定 %(year)s 年度的 %(n)s 个标准。") % {"year": year, "n": len(made)})
    else:
        messages.success(request, _("%(year)s 年度恢复采用企业的核算标准。") % {"year": year})
    return redirect(f"{reverse('settings:standards', args=[organisation.pk])}?period={year}")
