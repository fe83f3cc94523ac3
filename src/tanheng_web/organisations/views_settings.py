"""Settings of an enterprise: who may view it reads them, who may change it saves them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng_web.common.access import can, needs
from tanheng_web.organisations import services
from tanheng_web.organisations.forms import AccountingForm, BasicForm, ProcessForm
from tanheng_web.organisations.selectors import process_for, process_tree

__all__ = ["accounting", "basic", "process_add", "process_edit", "processes"]

STEPS = {"up": -1, "down": 1}


def _form_page(request, form_class, template: str, url_name: str):
    organisation = request.organisation
    may_change = can(request.user, "organisation.change", organisation)
    if request.method == "POST":
        form = form_class(request.POST, instance=organisation)
        if form.is_valid():
            organisation.refresh_from_db()
            services.organisation_change(organisation=organisation, by=request.user, **form.cleaned_data)
            messages.success(request, _("已保存。"))
            return redirect(url_name, org=organisation.pk)
        organisation.refresh_from_db()
        return render(request, template, {"form": form, "may_change": may_change}, status=422)
    form = form_class(instance=organisation)
    return render(request, template, {"form": form, "may_change": may_change})


@require_http_methods(["GET", "POST"])
@needs("view")
def basic(request, org):
    """企业基本情况."""
    return _form_page(request, BasicForm, "organisations/settings_basic.html", "settings:basic")


@require_http_methods(["GET", "POST"])
@needs("view")
def accounting(request, org):
    """Standard, grid factor, self-approval."""
    return _form_page(request, AccountingForm, "organisations/settings_accounting.html", "settings:accounting")


@require_GET
@needs("view")
def processes(request, org):
    """工序 and 子工序 as a tree."""
    tree = process_tree(request.organisation)
    context = {
        "tree": tree,
        "active_count": sum(top.is_active for top, _subs in tree),
        "may_change": can(request.user, "organisation.change", request.organisation),
        "editing": request.GET.get("edit", ""),
        "adding_to": request.GET.get("add", ""),
    }
    return render(request, "organisations/settings_processes.html", context)


@require_POST
@needs("organisation.change")
def process_add(request, org):
    """Add a process, or below another one with ``parent``."""
    form = ProcessForm(request.POST)
    parent = request.POST.get("parent", "")
    above = process_for(request.organisation, int(parent)) if parent.isdigit() else None
    if form.is_valid():
        row = services.process_add(
            organisation=request.organisation, by=request.user, parent=above, **form.cleaned_data
        )
        messages.success(request, _("已添加“%s”。") % row.path)
    else:
        messages.error(request, _("请填写工序名称。"))
    return redirect("settings:processes", org=request.organisation.pk)


@require_POST
@needs("organisation.change")
def process_edit(request, org, process):
    """Rename, move, remove or restore one process: ``do`` says what."""
    row = process_for(request.organisation, process)
    action = request.POST.get("do")
    if action in STEPS:
        services.process_move(process=row, by=request.user, step=STEPS[action])
    elif action == "remove":
        removed = services.process_remove(process=row, by=request.user)
        messages.success(
            request, (_("已删除“%s”。") if removed else _("“%s”已有数据，已停用，历史数据保留。")) % row.name
        )
    elif action == "restore":
        services.process_restore(process=row, by=request.user)
    else:
        services.process_rename(process=row, by=request.user, name=request.POST.get("name", ""))
    return redirect("settings:processes", org=request.organisation.pk)
