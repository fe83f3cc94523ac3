"""The page of units: the closed list with its converter, and the enterprise's own names."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanheng.kernel.errors import InputError
from tanheng.kernel.quantities import parse_number
from tanheng.kernel.unit_atoms import atoms
from tanheng.kernel.units import convert, label
from tanheng_web.catalogue.models import UnitAlias
from tanheng_web.catalogue.units import services
from tanheng_web.catalogue.units.forms import AliasForm
from tanheng_web.catalogue.units.reading import read_unit
from tanheng_web.common.access import can, needs, require
from tanheng_web.common.forms import attempted

__all__ = ["alias_remove", "units"]

KINDS = {
    "mass": _("质量"),
    "energy": _("能量"),
    "volume": _("体积"),
    "normal_volume": _("标准状态体积"),
    "carbon": _("碳的质量"),
    "co2": _("二氧化碳的质量"),
    "co2e": _("二氧化碳当量"),
    "share": _("比例"),
    "temperature": _("温度"),
    "pressure": _("压力"),
    "power": _("功率"),
    "time": _("时间"),
    "calendar": _("日历"),
    "count": _("个数"),
    "length": _("长度"),
    "area": _("面积"),
    "money": _("金额"),
    "current": _("电流"),
    "voltage": _("电压"),
}


def _kind_zh(kind: str) -> str:
    return str(KINDS.get(kind) or _("%s 的质量") % kind.upper())


def _groups():
    found: dict[str, list] = {}
    for atom in atoms().values():
        found.setdefault(_kind_zh(atom.kind), []).append(
            {"id": atom.id, "zh": atom.zh, "label": atom.label, "aliases": [a for a in atom.aliases if a != atom.zh]}
        )
    return list(found.items())


def _converted(query) -> dict:
    """The answer of the converter, or why there is none."""
    value, source, target = (query.get(key, "").strip() for key in ("value", "from", "to"))
    if not (value and source and target):
        return {}
    try:
        number = float(parse_number(value))
        units = read_unit(source), read_unit(target)
        result = convert(number, *units)
    except InputError as error:
        return {"fault": error.zh()}
    return {"said": f"{value} {label(units[0]) or units[0]} = {result:.10g} {label(units[1]) or units[1]}"}


@require_http_methods(["GET", "POST"])
@needs("view")
def units(request, org):
    """All units; own names below those who may."""
    organisation = request.organisation
    form = AliasForm(request.POST or None)
    if request.method == "POST":
        require(request.user, "catalogue.change", organisation)
        values = {"organisation": organisation, "by": request.user}
        if form.is_valid() and (row := attempted(form, services.alias_set, **values, **form.cleaned_data)):
            messages.success(
                request, _("今后“%(alias)s”读作 %(unit)s。") % {"alias": row.alias, "unit": label(row.unit)}
            )
            return redirect("catalogue:units", org=org)
    rows = UnitAlias.objects.filter(organisation__in=organisation.ancestor_ids).select_related("organisation", "by")
    context = {
        "groups": _groups(),
        "count": len(atoms()),
        "aliases": [(row, label(row.unit)) for row in rows],
        "form": form,
        "converted": _converted(request.GET),
        "query": {key: request.GET.get(key, "") for key in ("value", "from", "to")},
        "may_change": can(request.user, "catalogue.change", organisation),
    }
    return render(request, "catalogue/units.html", context, status=422 if form.errors else 200)


@require_POST
@needs("catalogue.change")
def alias_remove(request, org, alias):
    """Take an own name away."""
    row = get_object_or_404(UnitAlias, organisation=request.organisation, pk=alias)
    services.alias_remove(row=row, by=request.user)
    messages.success(request, _("已删除单位别名“%s”。") % row.alias)
    return redirect("catalogue:units", org=org)
