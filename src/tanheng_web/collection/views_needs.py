"""The page that says what the chosen standards ask of each stream."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng.rules.package import standards
from tanheng_web.collection.needs import wanted_of
from tanheng_web.collection.services_needs import needs_adopt
from tanheng_web.common.access import can, needs
from tanheng_web.common.periods import period_of
from tanheng_web.organisations.selectors import standards_of

__all__ = ["needs_page"]


@require_http_methods(["GET", "POST"])
@needs("view")
def needs_page(request, org):
    """The union of what the standards of the year need."""
    organisation, year = request.organisation, period_of(request, request.organisation).first.year
    if request.method == "POST":
        count = needs_adopt(by=request.user, organisation=organisation, year=year)
        messages.success(request, _("已为 %(n)s 个源流加入所需的填报项。") % {"n": count})
        return redirect(f"{reverse('collection:needs', args=[org])}?period={year}")
    names = {found.id: found.short_zh for found in standards()}
    rows = wanted_of(organisation, year)
    context = {
        "year": year,
        "rows": rows,
        "lacking": sum(bool(row.missing) for row in rows),
        "standards": [names.get(each, each) for each in standards_of(organisation, year)],
        "may_change": can(request.user, "organisation.change", organisation),
    }
    return render(request, "collection/needs.html", context)
