"""Pages of the standards: the list of coverage, one standard, and copying it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanheng.rules.package import load_standard
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import coverage, services, showing
from tanheng_web.catalogue.standards.cases import packaged_outcomes
from tanheng_web.catalogue.standards.forms import CopyForm
from tanheng_web.catalogue.standards.selectors import OWN_PREFIX, copies_of, is_offered
from tanheng_web.common.access import can, needs
from tanheng_web.common.forms import attempted

__all__ = ["copy_new", "standard_list", "standard_page"]


@require_GET
@needs("view")
def standard_list(request, org):
    """Which standards exist, which are here, which are one's own."""
    context = {
        "groups": coverage.groups(request.organisation),
        "copies": list(copies_of(request.organisation)),
        "may_change": can(request.user, "catalogue.change", request.organisation),
    }
    return render(request, "catalogue/standards/list.html", context)


def _readable(organisation, standard_id: str):
    """A standard that is offered, or an own one that was and by which results were made; else 404."""
    withdrawn = copies_of(organisation).filter(standard_id=standard_id, status=StandardCopy.Status.WITHDRAWN)
    if not is_offered(organisation, standard_id) and not withdrawn.exists():
        raise Http404
    return load_standard(standard_id)


@require_GET
@needs("view")
def standard_page(request, org, standard):
    """Sources, formulas, defaults, rules, cases and history of a standard."""
    found = _readable(request.organisation, standard)
    copy = copies_of(request.organisation).filter(standard_id=standard).first()
    context = {
        "standard": found,
        "edition": coverage.edition_of(standard),
        "copy": copy if copy is None or copy.organisation_id == request.organisation.pk else None,
        "changes": copy.changes.select_related("by")[:100] if copy else [],
        "outcomes": packaged_outcomes(found),
        "copy_is_own": standard.startswith(OWN_PREFIX),
        "may_change": can(request.user, "catalogue.change", request.organisation),
        **showing.content(found),
    }
    return render(request, "catalogue/standards/standard.html", context)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def copy_new(request, org, standard):
    """Copy a standard."""
    found = _readable(request.organisation, standard)
    initial = {"zh": f"{found.zh}（企业方法）", "short_zh": f"{found.short_zh}（企业方法）"}
    form = CopyForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        values = {"organisation": request.organisation, "by": request.user, "base": standard, **form.cleaned_data}
        if copy := attempted(form, services.copy_create, **values):
            messages.success(request, _("已复制。现在可以改公式、缺省值和规则；发布前原标准的算例会逐个核对。"))
            return redirect("catalogue:copy", org=org, copy=copy.pk)
    context = {"form": form, "standard": found}
    return render(request, "catalogue/standards/copy_new.html", context, status=422 if form.is_bound else 200)
