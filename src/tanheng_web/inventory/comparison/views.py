"""Pages of 碳比对."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tanheng_web.common.access import needs
from tanheng_web.inventory.comparison.export import workbook
from tanheng_web.inventory.comparison.pages import pair_page

__all__ = ["export", "pair"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@needs("view")
def pair(request, org):
    """Two results, with the reasons of their difference."""
    context = pair_page(request.organisation, request.user, request.GET)
    return render(request, "inventory/comparison/pair.html", context)


@require_GET
@needs("view")
def export(request, org):
    """The same as a workbook."""
    context = pair_page(request.organisation, request.user, request.GET)
    if context["compared"] is None:
        return render(request, "inventory/comparison/pair.html", context)
    response = HttpResponse(workbook(context["compared"]), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="tanheng-comparison.xlsx"'
    return response
