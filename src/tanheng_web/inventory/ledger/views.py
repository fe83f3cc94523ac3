"""Pages of 碳账本."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tanheng.kernel.errors import NotFound
from tanheng_web.common.access import needs
from tanheng_web.common.models import Job
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
    response = render(request, "inventory/ledger/_table.html" if fragment else "inventory/ledger/ledger.html", context)
    response["Vary"] = "HX-Request"
    return response


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
    found = get_object_or_404(Job, pk=job, organisation=request.organisation, kind=exports.JOB, status=Job.Status.DONE)
    path = exports.path_of(found)
    if not default_storage.exists(path):
        raise NotFound("ledger.file_removed", made=timezone.localdate(found.finished_at))
    name = exports.file_name(request.organisation, found.kwargs["file_kind"])
    return FileResponse(default_storage.open(path), as_attachment=True, filename=name)
