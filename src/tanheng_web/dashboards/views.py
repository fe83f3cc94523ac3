"""碳全景: one page, plain or as a full-screen display."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from tanheng_web.common.access import needs
from tanheng_web.common.periods import period_of
from tanheng_web.dashboards.pages import group_page, panorama_page
from tanheng_web.organisations.models import Organisation

__all__ = ["panorama"]


@require_GET
@needs("view")
def panorama(request, org):
    organisation, year = request.organisation, period_of(request).last.year
    if organisation.kind == Organisation.Kind.GROUP:
        return render(request, "dashboards/group.html", group_page(organisation, request.user, year))
    context = panorama_page(organisation, request.user, year, request.GET.get("standard", ""))
    if "screen" not in request.GET:
        return render(request, "dashboards/panorama.html", context)
    part = request.htmx and not request.htmx.history_restore_request
    template = "dashboards/_screen.html" if part else "dashboards/screen.html"
    response = render(request, template, context | {"theme": "dark", "is_screen": True})
    response["Vary"] = "HX-Request"
    return response
