"""集团合并 and 持股与控制."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.reporting.group_report import write_group_docx, write_group_xlsx
from tanheng_web.common.access import can, needs
from tanheng_web.common.forms import attempted
from tanheng_web.common.periods import period_of
from tanheng_web.dashboards.boundary.group_pages import consolidated_page, group_report
from tanheng_web.organisations.boundary import holding_for, holdings_of
from tanheng_web.organisations.forms_boundary import HoldingForm
from tanheng_web.organisations.services.holdings import FIELDS, holding_add, holding_change, holding_remove

__all__ = ["group", "group_file", "holding_edit", "holding_new", "holding_take", "holdings"]

OFFICE = "application/vnd.openxmlformats-officedocument"
FILES = {
    "docx": (write_group_docx, f"{OFFICE}.wordprocessingml.document"),
    "xlsx": (write_group_xlsx, f"{OFFICE}.spreadsheetml.sheet"),
}
TRI = {None: "", True: "yes", False: "no"}


@require_GET
@needs("view")
def group(request, org):
    """The consolidated result; an enterprise is led to its boundary."""
    if not request.organisation.is_group:
        return redirect("boundary:tree", org=org)
    context = consolidated_page(request.organisation, request.user, period_of(request).last.year)
    return render(request, "dashboards/boundary/group.html", context)


@require_GET
@needs("view")
def group_file(request, org, kind):
    """The consolidated result as a report in Word or Excel; an enterprise is led to its boundary."""
    if not request.organisation.is_group:
        return redirect("boundary:tree", org=org)
    year = period_of(request).last.year
    report = group_report(request.organisation, year)
    if not report.found[0].members:
        messages.error(request, _("还没有所属企业，没有可以合并的结果。"))
        return redirect("boundary:group", org=org)
    write, content_type = FILES[kind]
    name = f"{request.organisation.label} {year} 年集团合并报告.{kind}"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(write(report), content_type=content_type, headers=headers)


@require_GET
@needs("view")
def holdings(request, org):
    """Who holds and controls whom; for an enterprise, its boundary."""
    if not request.organisation.is_group:
        return redirect("boundary:tree", org=org)
    context = {
        "rows": holdings_of(request.organisation),
        "may_change": can(request.user, "organisation.change", request.organisation),
    }
    return render(request, "dashboards/boundary/holdings.html", context)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def holding_new(request, org):
    """Record a holding."""
    if not request.organisation.is_group:
        return redirect("boundary:tree", org=org)
    found = request.organisation
    form = HoldingForm(found, request.POST or None, initial={"owner": found.pk} | request.GET.dict())
    if form.is_bound and form.is_valid() and attempted(
        form, holding_add, group=found, by=request.user, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, _("已登记持股。"))
        return redirect("boundary:holdings", org=org)
    context = {"form": form, "title": _("登记持股"), "back": "boundary:holdings"}
    return render(request, "dashboards/boundary/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def holding_edit(request, org, holding):
    """Change a holding."""
    if not request.organisation.is_group:
        return redirect("boundary:tree", org=org)
    row = holding_for(request.organisation, holding)
    initial = {name: getattr(row, name) for name in FIELDS}
    initial |= {name: TRI[initial[name]] for name in ("operational_control", "financial_control")}
    form = HoldingForm(request.organisation, request.POST or None, initial=initial)
    if form.is_bound and form.is_valid() and attempted(
        form, holding_change, holding=row, by=request.user, **form.cleaned_data
    ):  # fmt: skip
        messages.success(request, _("已保存。"))
        return redirect("boundary:holdings", org=org)
    context = {"form": form, "title": _("修改持股"), "back": "boundary:holdings"}
    return render(request, "dashboards/boundary/form.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("organisation.change")
def holding_take(request, org, holding):
    """Delete a holding recorded by mistake."""
    if not request.organisation.is_group:
        return redirect("boundary:tree", org=org)
    holding_remove(holding=holding_for(request.organisation, holding), by=request.user)
    messages.success(request, _("已删除。"))
    return redirect("boundary:holdings", org=org)
