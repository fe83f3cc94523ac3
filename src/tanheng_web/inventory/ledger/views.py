"""Pages of 碳账本."""

from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from tanheng_web.common.access import needs
from tanheng_web.common.job_files import response
from tanheng_web.common.periods import period_of
from tanheng_web.inventory.ledger import exports
from tanheng_web.inventory.ledger.selectors import chosen_of, page_of

__all__ = ["export", "export_file", "ledger"]


@require_GET
@needs("view")
def ledger(request, org):
    """The ledger as asked in the URL; a fragment of the table where htmx asks for it."""
    context = page_of(request.organisation, period_of(request, request.organisation), request.GET)
    fragment = request.htmx and request.htmx.target == "ledger" and not request.htmx.history_restore_request
    page = render(request, "inventory/ledger/_table.html" if fragment else "inventory/ledger/ledger.html", context)
    page["Vary"] = "HX-Request"
    return page


@require_POST
@needs("view")
def export(request, org):
    """The entries that the filters leave, as a file: at once while they are few, else by a job."""
    kind = request.POST.get("kind", "xlsx")
    if kind not in exports.KINDS:
        raise Http404
    period = period_of(request, request.organisation)
    chosen = chosen_of(request.organisation, period, request.GET)
    if chosen.entries.count() <= exports.AT_ONCE:
        name = exports.file_name(request.organisation, kind)
        return FileResponse(exports.written(request.organisation, chosen, kind), as_attachment=True, filename=name)
    job = exports.ordered(request.organisation, period, request.GET.urlencode(), kind, request.user)
    return redirect("common:job", pk=job.pk)


@require_GET
@needs("view")
def export_file(request, org, job):
    """The file that a job has written."""
    return response(
        request.organisation, job, exports.JOB,
        lambda found: exports.file_name(request.organisation, found.kwargs["file_kind"]),
    )  # fmt: skip
