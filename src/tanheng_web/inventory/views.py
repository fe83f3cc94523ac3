"""Pages of 核算结果: list, new run, result, 数从何来, reports."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.errors import NotFound, TanhengError
from tanheng.kernel.periods import Month, Period
from tanheng_web.catalogue.standards.selectors import standards_for
from tanheng_web.common.access import can, needs
from tanheng_web.common.periods import period_of
from tanheng_web.inventory import editions, selectors, services
from tanheng_web.inventory.explanation import explanation
from tanheng_web.inventory.forms import RunForm, TemplateForm
from tanheng_web.inventory.links import data_url
from tanheng_web.inventory.models import Report, ReportTemplate
from tanheng_web.inventory.pages import list_page, reports_page, result_page, streams_part
from tanheng_web.inventory.reports import template_default
from tanheng_web.inventory.templating.selectors import standard_tabs, template_standard
from tanheng_web.organisations.selectors import standards_of

__all__ = [
    "figure",
    "refresh",
    "report_file",
    "report_new",
    "report_publish",
    "reports",
    "run_again",
    "run_document",
    "run_list",
    "run_new",
    "run_page",
    "template",
    "template_file",
]


@require_GET
@needs("view")
def run_list(request, org):
    context = list_page(request.organisation, request.user, request.GET.get("standard", ""))
    return render(request, "inventory/run_list.html", context)


@require_http_methods(["GET", "POST"])
@needs("run.create")
def run_new(request, org):
    months = _month_choices(request.organisation)
    form = RunForm(
        request.POST or None,
        months=months,
        standards=_standard_choices(request.organisation),
        initial=_initial(request, months),
    )
    if request.method == "POST" and form.is_valid():
        run = services.run_create(
            organisation=request.organisation,
            period=form.cleaned_data["period"],
            by=request.user,
            standard=form.cleaned_data["standard"],
            as_of=form.cleaned_data["as_of"],
        )
        return redirect("inventory:run", org=org, run=run.pk)
    return render(
        request,
        "inventory/run_new.html",
        {"form": form, "months": months, "data_url": data_url(org)},
        status=422 if form.errors else 200,
    )


def _month_choices(organisation) -> list[tuple[str, str]]:
    """Every month of the years that have approved data, with a word on those that have none."""
    approved = {Month.of(day) for day in selectors.approved_months(organisation)}
    years = sorted({month.year for month in approved}, reverse=True)
    every = [Month(year, number) for year in years for number in range(1, 13)]
    return [
        (str(month), month.label_zh if month in approved else f"{month.label_zh}（无已审核数据）") for month in every
    ]


def _standard_choices(organisation) -> list[tuple[str, str]]:
    return [(each.id, each.short_zh) for each in standards_for(organisation)]


def _initial(request, months: list[tuple[str, str]]) -> dict[str, str]:
    period = Period.parse(request.GET["period"]) if "period" in request.GET else None
    span = period or (services.year_period(request.organisation, int(months[0][0][:4])) if months else None)
    year = span.last.year if span else period_of(request).last.year
    chosen = {"first": str(span.first), "last": str(span.last)} if span else {}
    return chosen | {"standard": next(iter(standards_of(request.organisation, year)), "")}


@require_POST
@needs("run.create")
def refresh(request, org):
    """Bring the results of a year up to date, then show them."""
    year = Period.parse(request.POST.get("year", "")).first.year
    run = services.results_refresh(organisation=request.organisation, year=year, by=request.user)
    if run is None:
        messages.info(request, _("%(year)s 年还没有已审核的数据，暂时不能核算。") % {"year": year})
        return redirect("inventory:runs", org=org)
    return redirect("inventory:run", org=org, run=run.pk)


@require_POST
@needs("run.create")
def run_again(request, org, run):
    """Account the same period once more, from the data approved by now."""
    newer = services.run_again(run=selectors.run_for(request.organisation, run), by=request.user)
    return redirect("inventory:run", org=org, run=newer.pk)


@require_GET
@needs("view")
def run_page(request, org, run):
    found = selectors.run_for(request.organisation, run)
    if not found.is_done:
        context = {"run": found, "job": found.job, "may_run": can(request.user, "run.create", request.organisation)}
        return render(request, "inventory/run_wait.html", context)
    if request.htmx and request.htmx.target == "streams" and not request.htmx.history_restore_request:
        part = streams_part(selectors.drawn_alone(request.organisation, found), request.GET)
        response = render(request, "inventory/_streams.html", {"run": found, **part})
    else:
        context = result_page(request.organisation, found, request.user, request.GET)
        response = render(request, "inventory/run.html", context)
    response["Vary"] = "HX-Request"
    return response


@require_GET
@needs("view")
def figure(request, org, run):
    """数从何来: a page of its own, or what goes into the panel when the script asks."""
    found = selectors.run_for(request.organisation, run)
    if not found.is_done:
        return redirect("inventory:run", org=org, run=run)
    address = request.GET.get("a", "total")
    try:
        why = explanation(found, address, found.views["decimals"])
    except NotFound as fault:
        return render(request, "inventory/figure_unknown.html", {"run": found, "fault": fault}, status=404)
    fragment = request.htmx and not request.htmx.history_restore_request
    template_name = "inventory/_figure.html" if fragment else "inventory/figure.html"
    context = {"run": found, "why": why, "is_fragment": fragment}
    response = render(request, template_name, context)
    response["Vary"] = "HX-Request"
    return response


@require_POST
@needs("report.create")
def report_new(request, org, run):
    found = selectors.run_for(request.organisation, run)
    asked = {"kind": request.POST.get("kind", ""), "reason": request.POST.get("reason", "")}
    job = services.report_create(run=found, by=request.user, **asked)
    if request.htmx:
        return render(request, "common/components/job.html", {"job": job, "is_mine": True})
    return redirect("common:job", pk=job.pk)


@require_GET
@needs("view")
def report_file(request, org, report):
    found = get_object_or_404(
        Report.objects.select_related("run__organisation"), pk=report, run__organisation=request.organisation
    )
    if found.edition_id is not None:
        editions.file_verify(found)
    name = f"{request.organisation.label}_{found.run.period_zh}_{_('温室气体排放报告')}.{found.kind}".replace(" ", "")
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=name)


@require_GET
@needs("view")
def reports(request, org):
    """Published editions with their history, and the files that wait to be published."""
    context = reports_page(request.organisation, request.user)
    return render(request, "inventory/reports.html", context)


@require_POST
@needs("report.create")
def report_publish(request, org, report):
    found = get_object_or_404(Report, pk=report, run__organisation=request.organisation)
    edition = editions.report_publish(report=found, by=request.user)
    messages.success(request, _("已发布%(edition)s，文件不再改变。") % {"edition": edition})
    return redirect("inventory:reports", org=org)


@require_GET
@needs("view")
def run_document(request, org, run):
    """The result document as it was stored: canonical JSON, whose digest is printed in the report."""
    document = selectors.document_of(selectors.run_for(request.organisation, run))
    response = HttpResponse(document.json_bytes(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="tanheng-result-{run}.json"'
    return response


@require_http_methods(["GET", "POST"])
@needs("template.change")
def template(request, org):
    organisation, standard = request.organisation, template_standard(request)
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            services.template_upload(
                organisation=organisation,
                standard=standard,
                name=upload.name,
                body=upload.read(),
                by=request.user,
            )
        except TanhengError as fault:
            form.add_error("file", fault.zh())
        else:
            messages.success(request, _("模板已启用，之后生成的 Word 报告使用它。"))
            return redirect(f"{reverse('inventory:template', args=[org])}?{urlencode({'standard': standard})}")
    versions = ReportTemplate.objects.defer("body").filter(organisation=organisation, standard=standard)
    context = {
        "form": form,
        "versions": versions.select_related("uploaded_by"),
        "newest_run": selectors.newest_done(organisation, standard),
        "standard": standard,
        "standard_tabs": standard_tabs(request),
        "may": can(request.user, "template.change", organisation),
    }
    return render(request, "inventory/template.html", context, status=422 if form.errors else 200)


@require_GET
@needs("template.change")
def template_file(request, org, version):
    """A version of the report template, to be changed and uploaded again; version 0 is the one of the software."""
    organisation = request.organisation
    body = template_default()
    if version:
        body = get_object_or_404(
            ReportTemplate, organisation=organisation, standard=template_standard(request), version=version
        ).body
    name = f"{organisation.label}_{_('报告模板')}_{version}.docx"
    return FileResponse(BytesIO(bytes(body)), as_attachment=True, filename=name)
