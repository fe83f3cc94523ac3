"""Pages of 碳比对."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tanheng_web.common.access import needs
from tanheng_web.inventory.comparison.export import workbook
from tanheng_web.inventory.comparison.pages import many_page, pair_page, reference_page

__all__ = ["export", "many", "pair", "reference"]

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


@require_GET
@needs("view")
def many(request, org):
    """Up to six results or processes side by side."""
    context = many_page(request.organisation, request.user, request.GET)
    return render(request, "inventory/comparison/many.html", context)


@require_GET
@needs("view")
def reference(request, org):
    """A result beside values of the industry."""
    context = reference_page(request.organisation, request.user, request.GET)
    return render(request, "inventory/comparison/reference.html", context)
