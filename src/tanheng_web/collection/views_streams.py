"""Pages of source streams and of the enterprise's own values."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng_web.catalogue.factors.widgets import factor_picked
from tanheng_web.catalogue.materials.selectors import own_materials, proposals
from tanheng_web.collection import selectors, services
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.bases import missing_bases
from tanheng_web.collection.forms import OwnValueForm, StreamForm
from tanheng_web.collection.inline import verdict_alone
from tanheng_web.collection.services_streams import sheet_of
from tanheng_web.collection.workbook.spec import SHEETS
from tanheng_web.common.access import can, needs, require
from tanheng_web.common.numbers import whole

__all__ = ["add", "change", "own_value_remove", "own_values_page", "remove", "restore", "streams_page"]


@require_GET
@needs("view")
def streams_page(request, org):
    """All streams by sheet."""
    rows = selectors.streams_of(request.organisation, active_only=False)
    active = [row for row in rows if row.is_active]
    for row in rows:
        row.keys_zh = "、".join(words.key_zh(key) for key in row.values)
        row.missing = len(missing_bases(row))
        row.components_zh = "收支平衡" if len(row.components) > 1 else words.key_zh(row.components[0])
    sections = [
        (title, [row for row in active if sheet_of(row.role, bool(row.process_id)) == sheet])
        for sheet, title in SHEETS.items()
    ]
    context = {
        "sections": [(title, members) for title, members in sections if members],
        "count": len(active),
        "inactive": [row for row in rows if not row.is_active],
        "may_change": can(request.user, "organisation.change", request.organisation),
    }
    return render(request, "collection/streams.html", context)


def _processes(organisation) -> dict[int, str]:
    return selectors.process_paths(organisation)


def _proposed(organisation, process: str):
    """What a process of this kind usually takes and gives."""
    is_own = whole(process) in _processes(organisation)  # the form refuses any other
    row = selectors.process_by_id(organisation, process) if is_own else None
    kind = (row.parent or row).kind if row else ""
    return proposals(organisation, kind) if kind else []


@require_http_methods(["GET", "POST"])
@needs("organisation.change")
def add(request, org):
    """Add a stream."""
    chosen = request.POST.get("process") or request.GET.get("process", "")
    form = StreamForm(
        request.POST or None,
        processes=_processes(request.organisation),
        initial={name: request.GET.get(name, "") for name in ("process", "material", "role", "direction")},
        own=own_materials(request.organisation),
        proposed=_proposed(request.organisation, chosen),
        sites=request.organisation.sites.order_by("pk"),
    )
    factor_picked(form.fields["factor"], request.organisation)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        process = given.pop("process")
        given["process_path"] = _processes(request.organisation)[int(process)] if process else ""
        try:
            stream = services.stream_add(by=request.user, organisation=request.organisation, **given)
        except InputError as error:
            form.add_error(None, error.zh())
        else:
            messages.success(
                request, _("已添加源流“%(name)s”（%(code)s）。") % {"name": stream.name, "code": stream.code}
            )
            return redirect("collection:streams", org=org)
    return render(
        request, "collection/stream_form.html", {"form": form, "stream": None}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@needs("view")
def change(request, org, stream):
    """Rename a stream, or change what is asked."""
    row = selectors.stream_for(request.organisation, stream)
    may_change = can(request.user, "organisation.change", request.organisation)
    form = StreamForm(
        request.POST or None,
        processes=_processes(request.organisation),
        stream=row,
        initial=_initial(row),
        sites=request.organisation.sites.order_by("pk"),
    )
    factor_picked(form.fields["factor"], request.organisation)
    if request.method == "POST":
        require(request.user, "organisation.change", request.organisation)
        if form.is_valid() and _changed(request, row, form):
            return redirect("collection:streams", org=org)
    context = {
        "form": form,
        "stream": row,
        "may_change": may_change,
        "values": row.entries.filter(is_current=True).count(),
        "missing": len(missing_bases(row)),
    }
    return render(request, "collection/stream_form.html", context, status=422 if form.errors else 200)


def _initial(row) -> dict[str, object]:
    names = ("material_zh", "label", "unit", "components", "values", "factor", "is_hazardous")
    months = {name: day.strftime("%Y-%m") for name in ("first_month", "last_month") if (day := getattr(row, name))}
    return {name: getattr(row, name) for name in names} | months | {"site": row.site_id or ""}


def _changed(request, row, form) -> bool:
    given = dict(form.cleaned_data)
    given["unit"] = given["unit"] or row.unit
    given["material_zh"] = given["material_zh"] or row.material_zh
    try:
        services.stream_change(by=request.user, stream=row, **given)
    except InputError as error:
        form.add_error(None, error.zh())
        return False
    messages.success(request, _("已保存。"))
    return True


@require_POST
@needs("organisation.change")
def remove(request, org, stream):
    """Delete a stream without data, deactivate one with."""
    row = selectors.stream_for(request.organisation, stream)
    if services.stream_remove(by=request.user, stream=row):
        messages.success(request, _("已删除源流“%(name)s”。") % {"name": row.name})
    else:
        messages.warning(request, InputError("stream.has_data", stream=row.name).zh())
    return redirect("collection:streams", org=org)


@require_POST
@needs("organisation.change")
def restore(request, org, stream):
    """Report a deactivated stream again."""
    services.stream_restore(by=request.user, stream=selectors.stream_for(request.organisation, stream))
    return redirect("collection:streams", org=org)


def _is_own(row, own: set[tuple[str, str]]) -> bool:
    return row.material.startswith("other_") or (row.material, row.material_zh) in own


def _materials_used(organisation) -> list[tuple[str, str]]:
    """Materials of the streams, each once: those of the catalogue by their name there, own ones by each name."""
    streams = selectors.streams_of(organisation)
    own = {(each.like, each.zh) for each in own_materials(organisation, active_only=False)}
    return list(
        dict.fromkeys(
            (row.material, row.material_zh if _is_own(row, own) else materials()[row.material].zh) for row in streams
        )
    )


@require_http_methods(["GET", "POST"])
@needs("view")
def own_values_page(request, org):
    """The enterprise's own values, and the form to add one."""
    organisation = request.organisation
    used = _materials_used(organisation)
    form = OwnValueForm(request.POST or None, processes=_processes(organisation), used=used)
    if request.method == "POST":
        require(request.user, "organisation.change", organisation)
        if form.is_valid():
            given = dict(form.cleaned_data)
            process = selectors.process_by_id(organisation, given.pop("process"))
            try:
                row = services.own_value_set(by=request.user, organisation=organisation, process=process, **given)
            except InputError as error:
                form.add_error("value", error.zh())
            else:
                _own_value_told(request, row, dict(used))
                return redirect("collection:own-values", org=org)
    rows = selectors.own_values(organisation)
    names = dict(used)
    for row in rows:
        row.material_name, row.key_name, row.unit_label = (
            row.material_zh or names.get(row.material, row.material),
            words.key_zh(row.key),
            words.unit_label(row.unit),
        )
    context = {"rows": rows, "form": form, "may_change": can(request.user, "organisation.change", organisation)}
    return render(request, "collection/own_values.html", context, status=422 if form.errors else 200)


def _own_value_told(request, row, names: dict[str, str]) -> None:
    """Saved, and what is unusual about it: a range is no bar, the result says it again."""
    name = row.material_zh or names.get(row.material, row.material)
    judged = verdict_alone(row.material, name, row.key, row.unit, float(row.value))
    messages.success(request, _("已保存企业默认值。"))
    if judged.state:
        messages.warning(request, judged.text)


@require_POST
@needs("organisation.change")
def own_value_remove(request, org, own_value):
    """Stop using an enterprise value."""
    services.own_value_remove(by=request.user, own_value=selectors.own_value_for(request.organisation, own_value))
    return redirect("collection:own-values", org=org)
