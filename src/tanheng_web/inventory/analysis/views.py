"""Pages of one result: 工序分析 and 碳平衡."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from tanheng_web.common.access import needs
from tanheng_web.inventory import selectors
from tanheng_web.inventory.analysis.pages import carbon_page, processes_page

__all__ = ["carbon", "processes"]


@require_GET
@needs("view")
def processes(request, org, run):
    """Contribution, intensity and trend by process and sub-process."""
    found = selectors.run_for(request.organisation, run)
    if not found.is_done:
        return redirect("inventory:run", org=org, run=run)
    context = processes_page(request.organisation, found, request.GET.get("p", ""))
    return render(request, "inventory/analysis/processes.html", context)


@require_GET
@needs("view")
def carbon(request, org, run):
    """The carbon balance of the works."""
    found = selectors.run_for(request.organisation, run)
    if not found.is_done:
        return redirect("inventory:run", org=org, run=run)
    return render(request, "inventory/analysis/carbon.html", carbon_page(request.organisation, found))
