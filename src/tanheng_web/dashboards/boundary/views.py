"""核算边界: the tree, the reporting entity, units, rules, export."""

import csv
import io

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanheng.accounting.boundary import unit_of
from tanheng_web.common.access import needs
from tanheng_web.common.forms import attempted
from tanheng_web.common.periods import period_of
from tanheng_web.common.spreadsheets import as_cell
from tanheng_web.dashboards.boundary.pages import boundary_page, export_rows
from tanheng_web.organisations.boundary import boundary_settings
from tanheng_web.organisations.forms_boundary import EntityForm, RulesForm, UnitForm
from tanheng_web.organisations.models import UnitBoundary
from tanheng_web.organisations.selectors import process_for
from tanheng_web.organisations.services.boundary import boundary_rules_change, entity_change, unit_change

__all__ = ["entity", "export", "rules", "tree", "unit"]


@require_GET
@needs("view")
def tree(request, org):
    """The boundary of an enterprise; a group's is what it holds."""
    if request.organisation.is_group:
        return redirect("boundary:holdings", org=org)
    year, shows_all = period_of(request).last.year, "all" in request.GET
    context = boundary_page(request.organisation, request.user, year, shows_all=shows_all)
    return render(request, "dashboards/boundary/tree.html", context)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def entity(request, org):
    """Legal person, or a unit accounted as one."""
    row = boundary_settings(request.organisation)
    initial = {"entity_kind": row.entity_kind, "entity_document": row.entity_document}
    form = EntityForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        values = {"organisation": request.organisation, "by": request.user, **form.cleaned_data}
        if attempted(form, entity_change, **values):
            messages.success(request, _("已保存主体类型。"))
            return redirect("boundary:tree", org=org)
    context = {"form": form, "title": _("报告主体"), "back": "boundary:tree"}
    return render(request, "dashboards/boundary/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def unit(request, org, process):
    """What a unit is, and whether it lies inside."""
    row = process_for(request.organisation, process)
    chosen = UnitBoundary.objects.filter(process=row).first() or UnitBoundary(process=row)
    initial = {name: getattr(chosen, name) for name in ("unit_type", "stage", "is_inside", "reason")}
    above = unit_of(row.parent.path, row.parent.kind) if row.parent else None
    follows = unit_of(row.path, row.kind, above=above).unit_type
    form = UnitForm(request.POST or None, initial=initial, default=follows.zh if follows else "")
    values = {"process": row, "by": request.user}
    if form.is_bound and form.is_valid() and attempted(form, unit_change, **values, **form.cleaned_data):
        messages.success(request, _("已保存“%s”。") % row.path)
        return redirect("boundary:tree", org=org)
    context = {"form": form, "title": row.path, "back": "boundary:tree"}
    return render(request, "dashboards/boundary/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def rules(request, org):
    """Thresholds: of the majority for a group, of the captive plant for an enterprise."""
    organisation = request.organisation
    row = boundary_settings(organisation)
    names = RulesForm.GROUP if organisation.is_group else RulesForm.COMPANY
    form = RulesForm(organisation, request.POST or None, initial={name: getattr(row, name) for name in names})
    back = "boundary:group" if organisation.is_group else "boundary:tree"
    if form.is_bound and form.is_valid():
        values = {"organisation": organisation, "by": request.user, **form.cleaned_data}
        if attempted(form, boundary_rules_change, **values):
            messages.success(request, _("已保存规则。"))
            return redirect(back, org=org)
    title = _("合并规则") if organisation.is_group else _("自备电厂规则")
    context = {"form": form, "title": title, "back": back}
    return render(request, "dashboards/boundary/form.html", context, status=422 if form.is_bound else 200)


@require_GET
@needs("view")
def export(request, org):
    """The tree as CSV that Excel opens, for the report."""
    text = io.StringIO()
    csv.writer(text).writerows(map(as_cell, row) for row in export_rows(request.organisation))
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="boundary.csv"'
    return response
