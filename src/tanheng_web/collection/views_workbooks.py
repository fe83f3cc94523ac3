"""Template, upload, dry run, corrected template, confirmation."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.errors import InputError, PeriodError, TanhengError
from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import imports, selectors, services
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import Workbook
from tanheng_web.collection.workbook.cells import shown
from tanheng_web.collection.workbook.safety import MAX_BYTES
from tanheng_web.collection.workbook.template import write_template
from tanheng_web.common.access import can, needs, require
from tanheng_web.common.job_files import response

__all__ = [
    "check_again",
    "confirm",
    "corrected",
    "corrected_file",
    "imports_page",
    "original",
    "template",
    "workbook_page",
]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE_SIZE = 50
MAX_MONTHS = 12
FIRST_YEAR = 2000
MARKED_AT_ONCE_BYTES = 512 * 1024  # a year of a works has some 200 KB; one near the limit takes 1 GB and a minute


@require_GET
@needs("view")
def template(request, org):
    """The workbook of a month or year, empty or with the numbers that are there."""
    year, month = request.GET.get("year", ""), request.GET.get("month", "")
    asked = f"{year}-{month.zfill(2)}" if year and month else year or request.GET.get("period", "")
    try:
        period = Period.parse(asked or str(timezone.localdate().year))
    except PeriodError as error:
        raise Http404 from error
    if len(period.months) > MAX_MONTHS or not FIRST_YEAR <= period.first.year <= timezone.localdate().year + 1:
        raise Http404
    spec = selectors.template_spec(request.organisation, period, filled="filled" in request.GET)
    name = f"碳衡模板_{request.organisation.label}_{period.key.replace('..', '至')}.xlsx"
    return _download(write_template(spec), name)


def _download(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(content, content_type=XLSX, headers=headers)


@require_http_methods(["GET", "POST"])
@needs("view")
def imports_page(request, org):
    """Uploaded files, and the form to upload one."""
    organisation = request.organisation
    if request.method == "POST":
        require(request.user, "data.enter", organisation)
        return _uploaded(request)
    today = timezone.localdate()
    context = {
        "page": Paginator(selectors.workbooks_of(organisation), 20).get_page(request.GET.get("page")),
        "may_enter": can(request.user, "data.enter", organisation),
        "years": range(today.year + 1, FIRST_YEAR - 1, -1),
        "this_year": today.year,
        "numbers": range(1, 13),
        "has_streams": organisation.streams.filter(is_active=True).exists(),
    }
    return render(request, "collection/imports.html", context)


def _uploaded(request):
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, _("请选择要上传的文件。"))
        return redirect("collection:imports", org=request.organisation.pk)
    try:
        _refuse_size(file)
        book, is_new = services.workbook_upload(
            by=request.user, organisation=request.organisation, file=file, name=file.name
        )
    except InputError as error:
        messages.error(request, error.zh())
        return redirect("collection:imports", org=request.organisation.pk)
    if is_new:
        services.workbook_check(by=request.user, workbook=book)
    else:
        messages.warning(request, _("这份文件与已上传的“%(name)s”内容完全相同，没有重复保存。") % {"name": book.name})
    return redirect("collection:workbook", org=request.organisation.pk, workbook=book.pk)


def _refuse_size(file) -> None:
    if file.size == 0:
        raise InputError("workbook.empty_file", name=file.name)
    if file.size > MAX_BYTES:
        raise InputError("workbook.too_large", name=file.name, megabytes=round(file.size / 1024**2, 1), most=50)


@require_GET
@needs("view")
def workbook_page(request, org, workbook):
    """The dry run: how many rows are good, every fault, and what happens on confirmation."""
    book = selectors.workbook_for(request.organisation, workbook)
    kept = imports.unpacked(book)
    chosen = {"sheet": request.GET.get("sheet", ""), "severity": request.GET.get("severity", "")}
    faults = [
        fault for fault in kept["faults"] if chosen["sheet"] in ("", fault[1]) and chosen["severity"] in ("", fault[0])
    ]
    context = {
        "book": book,
        "counts": book.counts,
        "covers": Period.parse(book.period) if book.period else None,
        "page": Paginator(faults, PAGE_SIZE).get_page(request.GET.get("page")),
        "good": kept["good"],
        "changes": _changes(request.organisation, kept["changes"]),
        "locked": [(Month.parse(month), sheet, count, rows) for month, sheet, count, rows in kept["locked"]],
        "is_outdated": selectors.is_outdated(book),
        "sheets": list(dict.fromkeys(fault[1] for fault in kept["faults"])),
        "chosen": chosen,
        "is_busy": book.job is not None and book.job.is_active,
        "may_enter": can(request.user, "data.enter", request.organisation),
        "months": Period.parse(book.period).months if book.period else (),
    }
    template_name = (
        "collection/_faults.html"
        if request.htmx and not request.htmx.history_restore_request
        else "collection/workbook.html"
    )
    return render(request, template_name, context)


def _changes(organisation, rows: list) -> list[dict]:
    """Numbers that would become others, in words."""
    streams = {stream.code: stream for stream in selectors.streams_of(organisation, active_only=False)} if rows else {}
    return [
        {
            "sheet": sheet,
            "cell": cell,
            "month": Month.parse(month),
            "stream": streams[code].name if code in streams else code,
            "code": code,
            "key": words.key_zh(key),
            "unit": words.unit_label(streams[code].key_unit(key)) if code in streams else "",
            "before": shown(before),
            "after": shown(after),
        }
        for sheet, cell, month, code, key, before, after in rows
    ]


@require_POST
@needs("data.enter")
def confirm(request, org, workbook):
    """Write the good rows."""
    return _then(request, workbook, services.workbook_confirm)


@require_POST
@needs("data.enter")
def check_again(request, org, workbook):
    """Check a file again, e.g. after streams were added or a month was reopened."""
    return _then(request, workbook, services.workbook_check)


def _then(request, workbook: int, act):
    book = selectors.workbook_for(request.organisation, workbook)
    try:
        if act is services.workbook_check and book.status == Workbook.Status.CONFIRMED:
            raise InputError(
                "workbook.already_confirmed", at=timezone.localtime(book.confirmed_at).strftime("%Y-%m-%d %H:%M")
            )
        act(by=request.user, workbook=book)
    except TanhengError as error:
        messages.error(request, error.zh())
    return redirect(reverse("collection:workbook", args=[request.organisation.pk, workbook]))


@require_POST
@needs("view")
def corrected(request, org, workbook):
    """Order the file as it was read, faults marked: at once while it is small, else by a job."""
    book = selectors.workbook_for(request.organisation, workbook)
    if book.size <= MARKED_AT_ONCE_BYTES:
        return _download(imports.marked(book), services.marked_name(book))
    return redirect("common:job", pk=services.workbook_mark(by=request.user, workbook=book).pk)


@require_GET
@needs("view")
def corrected_file(request, org, job):
    """The marked file that a job has written."""
    return response(request.organisation, job, services.MARK_JOB, lambda found: found.kwargs["name"])


@require_GET
@needs("view")
def original(request, org, workbook):
    """The file as it was uploaded: the evidence behind its numbers."""
    book = selectors.workbook_for(request.organisation, workbook)
    return FileResponse(book.file.open("rb"), as_attachment=True, filename=book.name, content_type=XLSX)
