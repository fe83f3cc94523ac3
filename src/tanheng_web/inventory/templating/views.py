"""Pages of templates: the report's and the supplementary tables by province, previews with real data, versions."""

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.errors import InputError
from tanheng.reporting.xlsx_template import LISTS, SCALARS
from tanheng_web.common.access import can, needs
from tanheng_web.common.numbers import whole
from tanheng_web.inventory.models import FilledTemplate, ReportTemplate, Run, TemplatePack
from tanheng_web.inventory.selectors import newest_done, run_for
from tanheng_web.inventory.templating import selectors, services
from tanheng_web.inventory.templating.forms import PackForm, VersionForm

__all__ = [
    "fill",
    "filled",
    "filled_file",
    "pack",
    "pack_act",
    "pack_add",
    "pack_file",
    "restore",
    "template_remove",
    "templates",
]


@require_GET
@needs("view")
def templates(request, org):
    """The report template, supplementary tables by province, files made from them."""
    organisation, standard = request.organisation, selectors.template_standard(request)
    versions = ReportTemplate.objects.defer("body").filter(organisation=organisation, standard=standard)
    made = FilledTemplate.objects.defer("body", "html").filter(run__organisation=organisation, is_preview=False)
    runs = Run.objects.heads().current().filter(organisation=organisation).order_by("-last_month", "-created_at")
    context = {
        "versions": versions.select_related("uploaded_by"),
        "standard": standard,
        "standard_tabs": selectors.standard_tabs(request),
        "provinces": selectors.packs_by_province(organisation),
        "made": made.select_related("run", "pack", "template", "created_by")[:20],
        "runs": runs[:12],
        "may": can(request.user, "template.change", organisation),
        "may_report": can(request.user, "report.create", organisation),
        **_previewed(selectors.newest_preview(organisation, standard=standard)),
    }
    return render(request, "inventory/templating/templates.html", context)


@require_http_methods(["GET", "POST"])
@needs("template.change")
def pack_add(request, org):
    """Add a supplementary table."""
    form = PackForm(request.POST or None, request.FILES or None, initial={"province": request.organisation.province})
    if request.method == "POST" and form.is_valid() and (row := _uploaded(request, form, form.cleaned_data)):
        return redirect("inventory:pack", org=org, pack=row.pk)
    context = {"form": form, "scalars": SCALARS, "lists": LISTS.items()}
    return render(request, "inventory/templating/pack_add.html", context, status=422 if form.errors else 200)


def _previewed(preview: FilledTemplate | None) -> dict:
    """What a page needs to show the newest preview in its place."""
    # made by tanheng.reporting.preview, which escapes every text of the file
    return {"preview": preview, "paper": mark_safe(preview.html) if preview else ""}


def _uploaded(request, form, given: dict) -> TemplatePack | None:
    upload = form.cleaned_data["file"]
    try:
        row = services.pack_upload(
            organisation=request.organisation, by=request.user, province=given["province"], zh=given["zh"],
            name=upload.name, body=upload.read(services.MOST_BYTES + 1), note=form.cleaned_data["note"],
        )  # fmt: skip
    except InputError as error:
        form.add_error("file", error.zh())
        return None
    messages.success(request, _("已启用“%(name)s”第 %(version)d 版。") % {"name": row.zh, "version": row.version})
    return row


@require_http_methods(["GET", "POST"])
@needs("template.change")
def pack(request, org, pack):
    """A supplementary table: its versions, a new one, a preview."""
    row = selectors.pack_for(request.organisation, pack)
    is_ours = row.organisation_id == request.organisation.pk
    form = VersionForm(request.POST or None, request.FILES or None)
    given = {"province": row.province, "zh": row.zh}
    if request.method == "POST" and is_ours and form.is_valid() and (new := _uploaded(request, form, given)):
        return redirect("inventory:pack", org=org, pack=new.pk)
    same = TemplatePack.objects.defer("body").filter(organisation=row.organisation, **given)
    context = {
        "pack": row,
        "form": form,
        "is_ours": is_ours,
        "versions": same.select_related("uploaded_by").order_by("-version"),
        "newest_run": newest_done(request.organisation, selectors.template_standard(request)),
        "uses": selectors.uses_of(row),
        **_previewed(selectors.newest_preview(request.organisation, pack=row)),
    }
    return render(request, "inventory/templating/pack.html", context, status=422 if form.errors else 200)


@require_GET
@needs("template.change")
def pack_file(request, org, pack):
    """The file of a version, to be changed and uploaded again."""
    row = selectors.pack_for(request.organisation, pack)
    return FileResponse(BytesIO(bytes(row.body)), as_attachment=True, filename=row.name)


@require_POST
@needs("template.change")
def pack_act(request, org, pack):
    """Restore an older version, switch off and on, delete."""
    row, act = selectors.pack_for(request.organisation, pack), request.POST.get("act", "")
    try:
        if act == "restore":
            row = services.pack_restore(pack=row, by=request.user)
            messages.success(request, _("已恢复，现用第 %d 版。") % row.version)
        elif act in ("deactivate", "activate"):
            services.pack_switch(pack=row, by=request.user, is_active=act == "activate")
            messages.success(request, _("已重新启用。") if act == "activate" else _("已停用。"))
        elif act == "remove":
            services.pack_remove(pack=row, by=request.user)
            messages.success(request, _("已删除“%s”及其全部版本。") % row.zh)
            return redirect("inventory:templates", org=org)
        else:
            raise Http404
    except InputError as error:
        messages.error(request, error.zh())
    return redirect("inventory:pack", org=org, pack=row.pk)


@require_POST
@needs("template.change")
def restore(request, org, version):
    """Use an older report template again."""
    row = selectors.template_version(request.organisation, selectors.template_standard(request), version)
    row = services.template_restore(template=row, by=request.user)
    messages.success(request, _("已恢复，现用第 %d 版。") % row.version)
    return _to_template(org, row.standard)


@require_POST
@needs("template.change")
def template_remove(request, org, version):
    """Delete a version of the report template."""
    row = selectors.template_version(request.organisation, selectors.template_standard(request), version)
    standard = row.standard
    try:
        services.template_remove(template=row, by=request.user)
        messages.success(request, _("已删除第 %d 版。") % version)
    except InputError as error:
        messages.error(request, error.zh())
    return _to_template(org, standard)


def _to_template(org: int, standard: str):
    return redirect(f"{reverse('inventory:template', args=[org])}?{urlencode({'standard': standard})}")


@require_POST
@needs("view")
def fill(request, org):
    """Fill a template from a run: as a preview, or as a file to hand in."""
    organisation, which = request.organisation, request.POST.get("which", "")
    kind, _colon, number = which.partition(":")
    chosen, wanted = whole(number), whole(request.POST.get("run", ""))
    if chosen is None or kind not in ("pack", "report"):
        raise Http404
    pack = selectors.pack_for(organisation, chosen) if kind == "pack" else None
    is_own = kind == "report" and chosen > 0  # 0 is the template that comes with the software
    template = get_object_or_404(ReportTemplate, organisation=organisation, pk=chosen) if is_own else None
    standard = template.standard if template else selectors.template_standard(request)
    run = run_for(organisation, wanted) if wanted is not None else newest_done(organisation, standard)
    if run is None:
        messages.error(request, _("还没有核算结果，先完成一次核算，再预览模板。"))
        return redirect("inventory:templates", org=org)
    job = services.fill_start(
        run=run, by=request.user, pack=pack, template=template, is_preview=request.POST.get("preview") == "1"
    )
    if request.htmx:
        return render(request, "common/components/job.html", {"job": job, "is_mine": True})
    return redirect("common:job", pk=job.pk)


@require_GET
@needs("view")
def filled(request, org, filled):
    """A filled template as a page."""
    row = selectors.filled_for(request.organisation, filled)
    # made by tanheng.reporting.preview, which escapes every text of the file
    return render(request, "inventory/templating/filled.html", {"filled": row, "paper": mark_safe(row.html)})


@require_GET
@needs("view")
def filled_file(request, org, filled):
    """The file itself."""
    row = selectors.filled_for(request.organisation, filled)
    name = f"{request.organisation.label}_{row.pack.zh if row.pack else _('报告')}_{row.run.period_zh}.{row.kind}"
    return FileResponse(BytesIO(bytes(row.body)), as_attachment=True, filename=name.replace(" ", ""))
