"""Pages of process templates: those there are, one's own, and a process set up from one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng_web.catalogue.processes import selectors, services
from tanheng_web.catalogue.processes.forms import TemplateForm, UseForm
from tanheng_web.common.access import can, needs
from tanheng_web.common.forms import attempted

__all__ = ["add", "change", "remove", "templates", "use"]


@require_GET
@needs("view")
def templates(request, org):
    """Own templates, then those of the standards."""
    organisation = request.organisation
    found = selectors.templates_of(organisation)
    context = {
        "own": [each for each in found if each.row],
        "packaged": [each for each in found if not each.row],
        "may_change": can(request.user, "catalogue.change", organisation),
        "may_use": can(request.user, "organisation.change", organisation) and not organisation.is_group,
    }
    return render(request, "catalogue/processes/list.html", context)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def add(request, org):
    """Add a template; ``?from=`` begins with the parts of another."""
    other = selectors.template_named(request.organisation, request.GET.get("from", ""))
    initial = {"zh": other.zh, "kind": other.kind, "parts": "\n".join(other.parts)} if other else {}
    form = TemplateForm(request.POST or None, organisation=request.organisation, initial=initial)
    if form.is_bound and form.is_valid():
        values = {"organisation": request.organisation, "by": request.user, **form.cleaned_data}
        if row := attempted(form, services.template_add, **values):
            messages.success(request, _("已添加工序模板“%s”。") % row.zh)
            return redirect("catalogue:process-templates", org=org)
    context = {"form": form, "row": None}
    return render(request, "catalogue/processes/template.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def change(request, org, template):
    """Change a template of one's own."""
    row = selectors.template_for(request.organisation, template)
    initial = {"zh": row.zh, "kind": row.kind, "parts": "\n".join(row.parts), "note": row.note}
    form = TemplateForm(request.POST or None, organisation=request.organisation, initial=initial)
    if (
        form.is_bound
        and form.is_valid()
        and attempted(form, services.template_change, row=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("已保存。已按它设置的工序不变。"))
        return redirect("catalogue:process-templates", org=org)
    context = {"form": form, "row": row}
    return render(request, "catalogue/processes/template.html", context, status=422 if form.errors else 200)


@require_POST
@needs("catalogue.change")
def remove(request, org, template):
    """Delete a template of one's own."""
    row = selectors.template_for(request.organisation, template)
    services.template_remove(row=row, by=request.user)
    messages.success(request, _("已删除工序模板“%s”，已按它设置的工序不变。") % row.zh)
    return redirect("catalogue:process-templates", org=org)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def use(request, org):
    """Set up a process from a template."""
    organisation = request.organisation
    found = selectors.template_named(organisation, request.POST.get("template") or request.GET.get("template", ""))
    if found is None:
        raise Http404
    flows = selectors.flows_of(organisation, found)
    form = UseForm(request.POST or None, organisation=organisation, template=found, flows=flows)
    if form.is_bound and form.is_valid():
        values = {"organisation": organisation, "by": request.user, "template": found, **form.values()}
        if row := attempted(form, services.process_from, **values):
            messages.success(request, _("已设置工序“%s”。") % row.path)
            return redirect("settings:processes", org=org)
    context = {"form": form, "template": found}
    return render(request, "catalogue/processes/use.html", context, status=422 if form.errors else 200)
