"""Importing factors: template, upload, faults, submission, review by somebody else; one factor by form; lives."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.errors import TanhengError
from tanheng.rules.factors import default_life
from tanheng_web.catalogue.factors import files, selectors, services
from tanheng_web.catalogue.factors.forms import FactorForm, LifeForm, ReviewForm
from tanheng_web.catalogue.models import FactorLife, FactorShelf
from tanheng_web.common.access import can, needs, require

__all__ = ["approve", "factor_new", "file", "import_page", "imports", "lives", "send_back", "submit", "template"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 50


@require_http_methods(["GET", "POST"])
@needs("view")
def imports(request, org):
    """Imports so far, and the form to upload one."""
    organisation = request.organisation
    if request.method == "POST":
        require(request.user, "factor.change", organisation)
        return _uploaded(request)
    context = {
        "page": Paginator(selectors.imports_of(organisation), 20).get_page(request.GET.get("page")),
        "may_change": can(request.user, "factor.change", organisation),
        "most_mb": files.MAX_BYTES // 1024**2,
        "most_rows": files.MAX_ROWS,
    }
    return render(request, "catalogue/factors/imports.html", context)


def _uploaded(request):
    given = request.FILES.get("file")
    if given is None:
        messages.error(request, _("请选择要上传的文件。"))
        return redirect("catalogue:factor-imports", org=request.organisation.pk)
    try:
        body = given.read(files.MAX_BYTES + 1)
        batch = services.factors_upload(
            organisation=request.organisation, name=given.name, body=body, by=request.user
        )  # fmt: skip
    except TanhengError as error:
        messages.error(request, error.zh())
        return redirect("catalogue:factor-imports", org=request.organisation.pk)
    return redirect("catalogue:factor-import", org=request.organisation.pk, batch=batch.pk)


@require_GET
@needs("view")
def template(request, org):
    """The empty workbook."""
    response = HttpResponse(files.write_template(), content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, "碳衡因子导入模板.xlsx")
    return response


@require_GET
@needs("view")
def import_page(request, org, batch):
    """What was found in an import: every fault with its cell, the rows that are good, what to do next."""
    found = selectors.import_for(request.organisation, batch)
    context = {
        "batch": found,
        "is_busy": found.job is not None and found.job.is_active,
        "page": Paginator(found.findings, PAGE).get_page(request.GET.get("page")),
        "rows": [(number, cells) for number, cells in found.rows[:PAGE]],
        "versions": found.versions.select_related("factor")[:PAGE],
        "may_change": can(request.user, "factor.change", request.organisation),
        "may_review": can(request.user, "factor.review", request.organisation),
        "is_own": not services.may_review(found, request.user),
        "review": ReviewForm(),
    }
    return render(request, "catalogue/factors/import.html", context)


@require_GET
@needs("view")
def file(request, org, batch):
    """The file as it was uploaded."""
    found = selectors.import_for(request.organisation, batch)
    if not found.file:
        raise Http404
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)


@require_POST
@needs("factor.change")
def submit(request, org, batch):
    """Hand in for review."""
    return _done(request, batch, services.factors_submit, _("已提交复核。请由另一位有复核权限的人员处理。"))


@require_POST
@needs("factor.review")
def approve(request, org, batch):
    """Publish."""
    note = request.POST.get("note", "")
    return _done(request, batch, services.factors_approve, _("已发布，从今天起可以使用。"), note=note)


@require_POST
@needs("factor.review")
def send_back(request, org, batch):
    """Return with a reason."""
    note = request.POST.get("note", "")
    return _done(request, batch, services.factors_return, _("已退回，导入人可以更正后重新提交。"), note=note)


def _done(request, batch: int, act, said: str, **values):
    found = selectors.import_for(request.organisation, batch)
    try:
        act(batch=found, by=request.user, **values)
    except TanhengError as error:
        messages.error(request, error.zh())
    else:
        messages.success(request, said)
    return redirect("catalogue:factor-import", org=request.organisation.pk, batch=batch)


@require_http_methods(["GET", "POST"])
@needs("factor.change")
def factor_new(request, org):
    """One factor by form: a new one, the successor of another (``replaces``), the next version of one (``version``)."""
    organisation = request.organisation
    old = _named(organisation, request.GET.get("replaces", ""))
    base = _named(organisation, request.GET.get("version", ""))
    form = FactorForm(request.POST or None, initial=_initial(old, base))
    if request.method == "POST" and form.is_valid():
        batch, faults = services.factors_enter(
            organisation=organisation, cells=form.cells(), by=request.user, name=form.cleaned_data["zh"]
        )
        if batch is not None:
            messages.success(request, _("已提交复核。复核人发布之后才会用于核算。"))
            return redirect("catalogue:factor-import", org=org, batch=batch.pk)
        form.faults_show(faults)
    context = {"form": form, "old": old, "base": base}
    return render(request, "catalogue/factors/factor_new.html", context, status=422 if form.errors else 200)


def _named(organisation, factor_id: str):
    return selectors.library_for(organisation).get(factor_id) if factor_id else None


def _initial(old, base) -> dict[str, object]:
    if base is not None:
        return services.cells_of(base) | {"code": base.id.split(":", 2)[-1], "value": ""}
    if old is not None:
        emptied = {"code": "", "value": "", "document": "", "document_no": "", "published_on": "", "valid_from": ""}
        return services.cells_of(old) | emptied | {"valid_to": "", "supersedes": old.id, "note": "", "url": ""}
    return {}


@require_http_methods(["GET", "POST"])
@needs("factor.change")
def lives(request, org):
    """How long each class of factors lives in this enterprise."""
    organisation = request.organisation
    own = dict(FactorLife.objects.filter(organisation=organisation).values_list("klass", "years"))
    shelf = FactorShelf.objects.filter(organisation=organisation).first()
    form = LifeForm(request.POST or None, initial={**own, "soon_days": shelf.soon_days if shelf else None})
    if request.method == "POST" and form.is_valid():
        years = {klass: form.cleaned_data[klass] for klass in default_life().years}
        soon = form.cleaned_data["soon_days"]
        services.lives_set(organisation=organisation, years=years, soon_days=soon, by=request.user)
        messages.success(request, _("已保存。因子的状态从现在起按新的有效期判断。"))
        return redirect("catalogue:factors-expiring", org=org)
    return render(request, "catalogue/factors/lives.html", {"form": form}, status=422 if form.errors else 200)
