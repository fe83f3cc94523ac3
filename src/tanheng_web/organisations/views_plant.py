"""Sites and processes of an enterprise."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.errors import InputError
from tanheng_web.common.access import can, needs
from tanheng_web.common.forms import attempted
from tanheng_web.organisations import services
from tanheng_web.organisations.forms_plant import ProcessForm, SiteForm
from tanheng_web.organisations.places import is_elsewhere, lacks_part, place_zh
from tanheng_web.organisations.selectors import plant_tree, process_for, site_for, used_process_ids
from tanheng_web.organisations.standards import kind_choices

__all__ = [
    "process_add",
    "process_change",
    "process_edit",
    "processes",
    "site_add",
    "site_change",
    "site_remove",
    "sites",
]

STEPS = {"up": -1, "down": 1}


def _may_change(request) -> bool:
    return can(request.user, "organisation.change", request.organisation)


@require_GET
@needs("view")
def processes(request, org):
    """厂区, 工序 and 子工序 as a tree."""
    tree = plant_tree(request.organisation)
    tops = [top for _site, found in tree for top, _subs in found]
    context = {
        "tree": tree,
        "has_processes": bool(tops),
        "active_count": sum(top.is_active for top in tops),
        "kinds": dict(kind_choices(request.organisation.standard)),
        "used": used_process_ids(request.organisation),
        "may_change": _may_change(request),
    }
    return render(request, "organisations/settings_processes.html", context)


def _to_processes(request, row):
    url = redirect("settings:processes", org=request.organisation.pk).url
    return redirect(f"{url}#process-{row.pk}")


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def process_add(request, org):
    """Add a process; ``?parent=`` proposes where."""
    form = ProcessForm(request.organisation, request.POST or None, initial=request.GET.dict())
    if form.is_bound and form.is_valid():
        values = {"organisation": request.organisation, "by": request.user, **form.changes()}
        if row := attempted(form, services.process_add, **values):
            messages.success(request, _("已添加“%s”。") % row.path)
            return _to_processes(request, row)
    return render(request, "organisations/process.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def process_change(request, org, process):
    """Rename, classify, put elsewhere."""
    row = process_for(request.organisation, process)
    initial = {"name": row.name, "kind": row.kind, "parent": row.parent_id, "site": row.site_id}
    form = ProcessForm(request.organisation, request.POST or None, initial=initial, process=row)
    if form.is_bound and form.is_valid():
        values = {"process": row, "by": request.user, **form.changes(row)}
        if changed := attempted(form, services.process_change, **values):
            messages.success(request, _("已保存“%s”。") % changed.path)
            return _to_processes(request, row)
    context = {"form": form, "process": row}
    return render(request, "organisations/process.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("organisation.change")
def process_edit(request, org, process):
    """Move, delete, switch off or on: ``do`` says what."""
    row, action = process_for(request.organisation, process), request.POST.get("do")
    if action in STEPS:
        services.process_move(process=row, by=request.user, step=STEPS[action])
    elif action == "remove":
        path = row.path
        services.process_remove(process=row, by=request.user)
        messages.success(request, _("已删除“%s”。") % path)
        return redirect("settings:processes", org=request.organisation.pk)
    elif action == "deactivate":
        services.process_deactivate(process=row, by=request.user)
        messages.success(request, _("已停用“%s”，历史数据保留。") % row.name)
    elif action == "restore":
        services.process_restore(process=row, by=request.user)
        messages.success(request, _("已恢复“%s”。") % row.name)
    return _to_processes(request, row)


@require_GET
@needs("view")
def sites(request, org):
    """厂区, with what lies there."""
    home = (request.organisation.province, request.organisation.grid_part)
    rows = [
        {
            "site": site,
            "count": len(tops),
            "can_remove": not tops,
            "place": place_zh(site.province, site.grid_part),
            "elsewhere": is_elsewhere((site.province, site.grid_part), home),
            "lacks_part": lacks_part((site.province, site.grid_part), home),
        }
        for site, tops in plant_tree(request.organisation)
        if site is not None
    ]
    context = {"rows": rows, "may_change": _may_change(request)}
    return render(request, "organisations/settings_sites.html", context)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def site_add(request, org):
    """Add a site."""
    here = {"province": request.organisation.province, "grid_part": request.organisation.grid_part}
    form = SiteForm(request.POST or None, initial=here)
    if form.is_bound and form.is_valid():
        values = {"organisation": request.organisation, "by": request.user, **form.cleaned_data}
        if site := attempted(form, services.site_add, **values):
            messages.success(request, _("已添加厂区“%s”。") % site.name)
            return redirect("settings:sites", org=request.organisation.pk)
    return render(request, "organisations/site.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def site_change(request, org, site):
    """Rename a site or give it another province."""
    row = site_for(request.organisation, site)
    given = {"name": row.name, "province": row.province, "grid_part": row.grid_part}
    form = SiteForm(request.POST or None, initial=given)
    if (
        form.is_bound
        and form.is_valid()
        and attempted(form, services.site_change, site=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("已保存。"))
        return redirect("settings:sites", org=request.organisation.pk)
    context = {"form": form, "site": row}
    return render(request, "organisations/site.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("organisation.change")
def site_remove(request, org, site):
    """Delete a site where nothing lies."""
    row = site_for(request.organisation, site)
    try:
        services.site_remove(site=row, by=request.user)
    except InputError as error:
        messages.error(request, error.zh())
    else:
        messages.success(request, _("已删除厂区“%s”。") % row.name)
    return redirect("settings:sites", org=request.organisation.pk)
