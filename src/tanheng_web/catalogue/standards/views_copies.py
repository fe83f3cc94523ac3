"""The back office of a copied standard: its state, handing on and publishing."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tanheng.kernel.errors import InputError
from tanheng.rules.package_copy import faults_of
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import publishing, services
from tanheng_web.catalogue.standards.places import outline, place_url
from tanheng_web.catalogue.standards.selectors import copy_for
from tanheng_web.catalogue.standards.uses import has_approved_data
from tanheng_web.common.access import needs

__all__ = ["copy_act", "copy_page"]

DONE = {
    "submit": _("已提交。请另一位有权限的同事复核发布。"),
    "return": _("已退回编辑。"),
    "publish": _("已发布，可以在企业设置中选用。"),
    "withdraw": _("已停用。已有结果不变，仍可查看。"),
}
SERVICES = {
    "submit": services.copy_submit,
    "return": services.copy_return,
    "publish": services.copy_publish,
    "withdraw": services.copy_withdraw,
}
WITH_REASON = {"return", "withdraw"}


@require_GET
@needs("catalogue.change")
def copy_page(request, org, copy):
    """State, faults with links to their fields, cases, what differs from the original, history."""
    row = copy_for(request.organisation, copy)
    faults = faults_of(row.files, publishing.folder_of(row))
    found = services.cases_check(copy=row)
    for number, each in enumerate(found["cases"]):
        each["number"] = number
    context = {
        "copy": row,
        "outline": outline(row),
        "faults": [(fault.error.zh(), *place_url(row, fault.file, fault.path)) for fault in faults],
        "cases": found["cases"],
        "broken": sum(not each["holds"] for each in found["cases"]),
        "effect": row.effect,
        "is_outdated": bool(row.effect) and row.effect["files"] != publishing.digest_of(row.files),
        "has_data": has_approved_data(row),
        "differences": [each for each in services.differences(row.original, row.files) if each.path != ("id",)],
        "changes": row.changes.select_related("by")[:200],
        "versions": StandardCopy.objects.filter(family=row.family).defer("files", "original").order_by("-version"),
        "is_author": services.is_author(row, request.user),
        "may_self": request.organisation.allow_self_approval,
    }
    return render(request, "catalogue/standards/copy.html", context)


@require_POST
@needs("catalogue.change")
def copy_act(request, org, copy):
    """Submit, give back, publish, withdraw, begin a new version, discard."""
    row, act, reason = copy_for(request.organisation, copy), request.POST.get("act", ""), request.POST.get("reason", "")
    try:
        if act == "discard":
            services.copy_discard(copy=row, by=request.user)
            messages.success(request, _("草稿已删除。"))
            return redirect("catalogue:standards", org=org)
        if act == "version":
            new = services.copy_version(copy=row, by=request.user, reason=reason)
            messages.success(request, _("已建立第 %d 版草稿，原版本不变。") % new.version)
            return redirect("catalogue:copy", org=org, copy=new.pk)
        if act not in SERVICES:
            raise Http404
        values = {"reason": reason} if act in WITH_REASON else {}
        SERVICES[act](copy=row, by=request.user, **values)
        messages.success(request, DONE[act])
    except InputError as error:
        messages.error(request, error.zh())
    return redirect("catalogue:copy", org=org, copy=row.pk)
