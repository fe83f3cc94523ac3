"""Pages of materials and media: the catalogue, own ones, and which belong to which kind of process."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng.kernel.roles import role_zh
from tanheng.kernel.units import label
from tanheng_web.catalogue.materials import selectors, services
from tanheng_web.catalogue.materials.forms import MaterialForm, RuleForm
from tanheng_web.catalogue.materials.uses import uses_of
from tanheng_web.catalogue.models import MaterialRule
from tanheng_web.common.access import can, needs, require
from tanheng_web.common.forms import attempted

__all__ = ["add", "change", "mapping", "material_list", "remove", "rule_remove", "rule_set"]


@require_GET
@needs("view")
def material_list(request, org):
    """Own materials, then the catalogue."""
    organisation = request.organisation
    own = list(selectors.own_materials(organisation, active_only=False))
    known = materials()
    for row in own:
        row.like_zh, row.unit_label = known[row.like].zh, label(row.unit)
        row.is_ours = row.organisation_id == organisation.pk
    catalogue = [
        {
            "id": each.id, "zh": each.zh, "aliases": each.aliases, "unit": label(each.unit), "note": each.note or "",
            "roles": "、".join(role_zh(role) for role in each.roles),
        }
        for each in known.values()
    ]  # fmt: skip
    may = can(request.user, "catalogue.change", organisation)
    return render(request, "catalogue/materials.html", {"own": own, "catalogue": catalogue, "may_change": may})


def _form(request, row=None) -> MaterialForm:
    if row is None:
        return MaterialForm(request.POST or None, initial=request.GET.dict())
    names = ("zh", "like", "role", "unit", "carbon_content", "carbon_source", "note")
    initial = {name: getattr(row, name) for name in names} | {"aliases": "、".join(row.aliases)}
    return MaterialForm(request.POST or None, initial=initial)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def add(request, org):
    """Add a material."""
    form = _form(request)
    if form.is_bound and form.is_valid():
        values = {"organisation": request.organisation, "by": request.user, **form.cleaned_data}
        if row := attempted(form, services.material_add, **values):
            messages.success(request, _("已添加物料“%s”，可以在源流和工序物料中选用。") % row.zh)
            return redirect("catalogue:materials", org=org)
    return render(request, "catalogue/material.html", {"form": form, "row": None}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def change(request, org, material):
    """Change a material; below the form where it is used."""
    row = selectors.own_material_for(request.organisation, material)
    form = _form(request, row)
    if (
        form.is_bound
        and form.is_valid()
        and attempted(form, services.material_change, row=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("已保存。"))
        return redirect("catalogue:materials", org=org)
    context = {"form": form, "row": row, "uses": uses_of(row), "others": _others(row)}
    return render(request, "catalogue/material.html", context, status=422 if form.errors else 200)


def _others(row) -> list:
    """Own materials of the same owner into which this one could be merged."""
    rows = selectors.own_materials(row.organisation, active_only=False).filter(organisation=row.organisation)
    return [each for each in rows if each.pk != row.pk and each.like == row.like]


@require_POST
@needs("catalogue.change")
def remove(request, org, material):
    """Delete, deactivate or restore a material."""
    row, act = selectors.own_material_for(request.organisation, material), request.POST.get("act", "remove")
    if act in ("deactivate", "restore"):
        services.material_switch(row=row, by=request.user, is_active=act == "restore")
        messages.success(request, _("已重新启用。") if act == "restore" else _("已停用，不再出现在新源流中。"))
        return redirect("catalogue:materials", org=org)
    try:
        services.material_remove(row=row, by=request.user)
    except InputError as error:
        messages.error(request, error.zh())
        return redirect("catalogue:material", org=org, material=material)
    messages.success(request, _("已删除物料“%s”。") % row.zh)
    return redirect("catalogue:materials", org=org)


@require_GET
@needs("view")
def mapping(request, org):
    """Materials by kind of process: proposed by the standard, added or refused by the enterprise."""
    organisation = request.organisation
    kinds = selectors.kinds_of(organisation)
    found = selectors.proposals(organisation)
    groups = [(zh, kind, [each for each in found if each.kind == kind]) for kind, zh in kinds.items()]
    may = can(request.user, "catalogue.change", organisation)
    form = RuleForm(organisation=organisation, kinds=kinds, initial=request.GET.dict())
    return render(request, "catalogue/mapping.html", {"groups": groups, "form": form, "may_change": may})


@require_POST
@needs("catalogue.change")
def rule_set(request, org):
    """Propose or refuse a material in a kind of process."""
    organisation = request.organisation
    require(request.user, "catalogue.change", organisation)
    form = RuleForm(request.POST, organisation=organisation, kinds=selectors.kinds_of(organisation))
    if form.is_valid():
        services.rule_set(organisation=organisation, by=request.user, **form.values())
        messages.success(request, _("已保存。"))
    else:
        messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
    return redirect("catalogue:mapping", org=org)


@require_POST
@needs("catalogue.change")
def rule_remove(request, org, rule):
    """Take an own rule away."""
    row = get_object_or_404(MaterialRule, organisation=request.organisation, pk=rule)
    services.rule_remove(row=row, by=request.user)
    messages.success(request, _("已取消，按标准模板处理。"))
    return redirect("catalogue:mapping", org=org)
