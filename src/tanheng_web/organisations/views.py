from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanheng.kernel.errors import InputError
from tanheng_web.common.access import can, can_create_organisation
from tanheng_web.organisations import plant
from tanheng_web.organisations.forms import NewForm
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.selectors import organisations_for
from tanheng_web.organisations.services import organisation_create
from tanheng_web.organisations.standards import standard_views

__all__ = ["organisation_list", "organisation_new", "organisation_plan"]


@require_GET
def organisation_list(request):
    """Every enterprise one may see, as a tree."""
    found = organisations_for(request.user)
    shown = {row.pk for row in found}
    rows = [
        {
            "organisation": row,
            "indent": min(sum(above in shown for above in row.ancestor_ids[:-1]), 4),
            "may_change": can(request.user, "organisation.change", row),
        }
        for row in found
    ]
    context = {"rows": rows, "standards": plant.standard_names(), "may_create": can_create_organisation(request.user)}
    return render(request, "organisations/list.html", context)


def _require_create(request) -> None:
    if not can_create_organisation(request.user):
        raise PermissionDenied(_("新建企业需要企业管理员或碳管理员的角色。请联系系统管理员。"))


@require_GET
def organisation_new(request):
    """Step 1: name, place, standard. The answers go on in the URL, so that back and reload lose nothing."""
    _require_create(request)
    form = NewForm(request.user, request.GET if "name" in request.GET else None, initial=request.GET.dict())
    if form.is_bound and form.is_valid() and "edit" not in request.GET:
        return redirect(f"{request.path}plan/?{request.GET.urlencode()}")
    context = {"form": form, "standards": standard_views()}
    return render(request, "organisations/new.html", context, status=422 if form.is_bound and form.errors else 200)


@require_http_methods(["GET", "POST"])
def organisation_plan(request):
    """Step 2: what the standard proposes, to be thinned, renamed and added to."""
    _require_create(request)
    form = NewForm(request.user, request.GET)
    if not form.is_valid():
        return redirect(f"../?{request.GET.urlencode()}")
    basics = form.basics()
    if basics["kind"] == Organisation.Kind.GROUP:
        basics |= {"standard": ""}
    plan = plant.plan_for(basics["standard"]) if basics["standard"] else None
    products = [product for product in request.GET.getlist("product") if plan and product in plan.chains]
    context = {"basics": basics, "plan": plan, "query": request.GET.urlencode(), "products": products}
    context["fields"] = [(name, value) for name, value in request.GET.items() if name != "product"]
    context["choice"] = _choice(request, plan, products)
    if request.method == "POST":
        try:
            return _created(request, basics, plan, context["choice"])
        except InputError as error:  # said above what was chosen, all of which stays
            return render(request, "organisations/plan.html", context | {"fault": error.zh()}, status=422)
    return render(request, "organisations/plan.html", context)


def _choice(request, plan, products: list[str]) -> plant.Choice | None:
    """What is ticked and typed: the proposals' defaults at first, then whatever was sent."""
    if plan is None:
        return None
    if request.method != "POST":
        return plant.proposed(plan, products)
    return plant.Choice(
        frozenset(request.POST.getlist("chosen")),
        {process.key: request.POST.get(f"name.{process.key}", "").strip() for process in plan.processes},
        request.POST.get("extra", ""),
    )


def _created(request, basics: dict, plan, choice):
    if plan is None:
        organisation = organisation_create(by=request.user, **basics)
    else:
        organisation = plant.plant_create(
            by=request.user,
            basics=basics,
            plan=plan,
            chosen=set(choice.chosen),
            names=choice.names,
            extra=[line.strip() for line in choice.extra.splitlines() if line.strip()],
        )
    messages.success(request, _("已创建“%s”。请补全企业基本情况，然后下载填报模板。") % organisation.label)
    return redirect("settings:basic", org=organisation.pk)
