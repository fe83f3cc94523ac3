"""Pages: a material of the catalogue with everything that counts it, merging two own ones, the matrix of processes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng.kernel.roles import role_zh
from tanheng.kernel.units import label
from tanheng.rules.package import load_standard
from tanheng_web.catalogue.materials import matrix as table
from tanheng_web.catalogue.materials import selectors, uses
from tanheng_web.catalogue.materials.merging import material_merge
from tanheng_web.catalogue.standards.selectors import standards_for
from tanheng_web.common.access import can, needs, require
from tanheng_web.common.periods import period_of
from tanheng_web.organisations.selectors import standards_of

__all__ = ["known", "matrix", "merge"]


@require_GET
@needs("view")
def known(request, org, material):
    """A material of the catalogue: how every standard counts it, own materials like it, streams of it."""
    found = materials().get(material)
    if found is None:
        raise Http404
    standards = [load_standard(each.id) for each in standards_for(request.organisation)]
    chosen = {request.organisation.standard, *standards_of(request.organisation, period_of(request).last.year)}
    proposed = [
        each for each in selectors.proposals(request.organisation) if each.material == material and not each.own
    ]
    context = {
        "material": found,
        "unit": label(found.unit),
        "roles": "、".join(role_zh(role) for role in found.roles),
        "counted": [row for standard in standards if standard.id in chosen for row in uses.counted_by(standard, found)],
        "others": [
            row for standard in standards if standard.id not in chosen for row in uses.counted_by(standard, found)
        ],
        "silent": [standard for standard in standards if not uses.counted_by(standard, found)],
        "own": selectors.own_materials(request.organisation, active_only=False).filter(like=material),
        "streams": uses.streams_like(request.organisation, material),
        "proposed": [(selectors.kinds_of(request.organisation).get(each.kind, each.kind), each) for each in proposed],
    }
    return render(request, "catalogue/material_known.html", context)


@require_POST
@needs("catalogue.change")
def merge(request, org, material):
    """Merge an own material into another."""
    row = selectors.own_material_for(request.organisation, material)
    number = request.POST.get("into", "")
    into = selectors.own_material_for(request.organisation, int(number)) if number.isdecimal() else row
    try:
        material_merge(row=row, into=into, by=request.user)
        messages.success(request, _("已合并到“%s”，原名称成为别名。") % into.zh)
        return redirect("catalogue:material", org=org, material=into.pk)
    except InputError as error:
        messages.error(request, error.zh())
    return redirect("catalogue:material", org=org, material=row.pk)


@require_http_methods(["GET", "POST"])
@needs("view")
def matrix(request, org):
    """Materials against kinds of process; one row at a time is changed."""
    organisation = request.organisation
    found = table.matrix_of(organisation)
    key = request.POST.get("row") or request.GET.get("row", "")
    row = table.row_named(found, key)
    may = can(request.user, "catalogue.change", organisation)
    if request.method == "POST":
        require(request.user, "catalogue.change", organisation)
        if row is None:
            raise Http404
        known = {key for key, _zh in table.CHOICES}
        given = {kind: request.POST.get(f"kind_{kind}", "") for kind, _zh in found.kinds}
        if not set(given.values()) <= known:
            raise Http404
        count = table.row_set(organisation=organisation, by=request.user, row=row, uses=given)
        messages.success(request, _("已保存 %d 处规定。") % count if count else _("没有改动。"))
        return redirect(reverse("catalogue:mapping-matrix", args=[org]))
    now = table.uses_now(organisation, row) if row and may else {}
    context = {
        "matrix": found,
        "row": row if may else None,
        "cells": _cells(row, found, now) if row else [],
        "choices": table.CHOICES[1:],
        "may_change": may,
    }
    return render(request, "catalogue/mapping_matrix.html", context)


def _cells(row, found: table.Matrix, now: dict[str, str]) -> list[tuple[str, str, str, str]]:
    """Kind, its name, what the enterprise says of it now, and what holds when it says nothing."""
    return [
        (kind, zh, now.get(kind, ""), _("按标准模板：建议") if cell and not cell.is_own else _("不作规定"))
        for (kind, zh), cell in zip(found.kinds, row.cells, strict=True)
    ]
