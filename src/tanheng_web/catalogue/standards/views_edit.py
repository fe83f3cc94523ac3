"""Forms of a copied standard: names, formulas, default values, constants, sources and rules."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanheng.kernel.errors import InputError, TanhengError
from tanheng.rules.formula import Expression
from tanheng.rules.package_copy import data_of, edited, faults_of, removed, rows_of, with_rows
from tanheng.rules.printers import mathml
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import publishing, services
from tanheng_web.catalogue.standards.forms import (
    ConstantsForm,
    FormulaForm,
    IdentityForm,
    ParameterForm,
    RuleForm,
    SourceForm,
    units_text,
)
from tanheng_web.catalogue.standards.places import NOT_COUNTED, table_names
from tanheng_web.catalogue.standards.selectors import copy_for
from tanheng_web.common.access import needs

__all__ = ["constants", "formula", "formula_new", "formula_preview", "identity", "parameter", "rule", "source"]

Files = dict[str, str]
OWN_TABLE = "parameters/enterprise.csv"


def _draft(request, copy: int) -> StandardCopy:
    """The copy, which only a draft lets edit."""
    return copy_for(request.organisation, copy)


def _saved(request, copy: StandardCopy, form, change: Callable[[Files], Files], file: str, at: tuple, fields: dict):
    """Save what a form says unless the strict loader finds a fault in that very place; its faults go to the fields."""
    try:
        after = change(dict(copy.files))
        faults = [
            fault
            for fault in faults_of(after, publishing.folder_of(copy))
            if fault.file == file and fault.path[: len(at)] == at
        ]
        for fault in faults:
            name = next((name for key, name in fields.items() if fault.path[: len(key)] == key), None)
            form.add_error(name if name in form.fields else None, fault.error.zh())
        if faults:
            return None
        revision = int(request.POST.get("revision") or 0)
        reason = form.cleaned_data["reason"]
        _copy, count = services.copy_change(copy=copy, by=request.user, revision=revision, reason=reason, change=change)
    except InputError as error:
        form.add_error(None, error.zh())
        return None
    messages.success(request, _("已保存 %d 处修改。") % count if count else _("没有改动。"))
    return redirect("catalogue:copy", org=copy.organisation_id, copy=copy.pk)


def _page(request, copy: StandardCopy, form, title: str, template: str = "edit", **context):
    context |= {"copy": copy, "form": form, "title": title}
    return render(request, f"catalogue/standards/{template}.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def identity(request, org, copy):
    """Names, document, validity."""
    row = _draft(request, copy)
    text = data_of(row.files, "standard.yaml")
    initial = {key: text.get(key) for key in ("zh", "short_zh", "document", "note")}
    initial |= {"start": text["in_force"]["from"], "end": text["in_force"].get("to")}
    form = IdentityForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        in_force = {"from": given["start"], "to": given["end"]}
        new = {key: given[key] or None for key in ("zh", "short_zh", "document", "note")} | {"in_force": in_force}

        def change(files: Files) -> Files:
            for key, value in new.items():
                files = edited(files, "standard.yaml", (key,), value)
            for key in ("zh", "document", "in_force") if "registry.yaml" in files else ():
                files = edited(files, "registry.yaml", (key,), new[key])
            return files

        fields = {("in_force",): "start", ("zh",): "zh", ("short_zh",): "short_zh"}
        if done := _saved(request, row, form, change, "standard.yaml", ("in_force",), fields):
            return done
    return _page(request, row, form, _("名称与实施期"))


def _formula_initial(entry: dict) -> dict:
    source, valid = entry.get("source", {}), entry.get("valid", {})
    role = entry.get("for", {}).get("role", "")
    return {
        "zh": entry.get("zh"), "expr": entry.get("expr"), "unit": units_text(entry.get("unit")),
        "gives": entry.get("gives"), "for_role": role if isinstance(role, str) else "", "doc": source.get("doc"),
        "clause": source.get("clause"), "equation": source.get("equation"), "start": valid.get("from"),
        "end": valid.get("to"),
    }  # fmt: skip


def _formula_saved(request, row: StandardCopy, form: FormulaForm, name: str):
    entry = form.entry()
    fields = {(name, "terms", term): f"term_{term}" for term in form.terms_wanted}
    fields |= {(name, "expr"): "expr", (name, "unit"): "unit", (name, "gives"): "gives", (name, "valid"): "start"}
    fields |= {(name, "source"): "doc", (name, "terms"): "expr"}

    def change(files: Files) -> Files:
        return edited(files, "formulas.yaml", (name,), entry)

    return _saved(request, row, form, change, "formulas.yaml", (name,), fields)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def formula(request, org, copy, formula):
    """Change a formula, or take it out where no source needs it."""
    row = _draft(request, copy)
    entry = data_of(row.files, "formulas.yaml").get(formula)
    if entry is None:
        raise Http404
    form = FormulaForm(request.POST or None, entry=entry, initial=_formula_initial(entry))
    if form.is_bound and form.is_valid() and (done := _formula_saved(request, row, form, formula)):
        return done
    return _page(request, row, form, entry.get("zh", formula), "formula", **_preview(row, form, formula))


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def formula_new(request, org, copy):
    """Add a formula."""
    row = _draft(request, copy)
    form = FormulaForm(request.POST or None)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["id"]
        if name in data_of(row.files, "formulas.yaml"):
            form.add_error("id", _("已有同编号的公式，请换一个。"))
        elif done := _formula_saved(request, row, form, name):
            return done
    return _page(request, row, form, _("添加公式"), "formula", **_preview(row, form, ""))


@require_POST
@needs("catalogue.change")
def formula_preview(request, org, copy):
    """The formula typeset and its units checked while it is typed."""
    row = _draft(request, copy)
    name = request.POST.get("formula", "")
    entry = data_of(row.files, "formulas.yaml").get(name)
    form = FormulaForm(request.POST, entry=entry)
    form.full_clean()
    context = {"copy": row, "form": form, "with_terms": request.GET.get("part") == "terms", **_preview(row, form, name)}
    return render(request, "catalogue/standards/_formula_live.html", context)


def _preview(row: StandardCopy, form: FormulaForm, name: str) -> dict:
    """The typeset expression and what is wrong with it, in sentences."""
    text = form.data.get("expr", "") if form.is_bound else form.entry_before.get("expr", "")
    name = name or "new_formula"
    try:
        expression = Expression.parse(text)
    except TanhengError as error:
        return {"math": "", "sentences": [error.zh()] if text.strip() else []}
    found = {"math": mathml(expression), "sentences": []}
    entry = form.entry() if form.is_bound else form.entry_before
    try:
        after = edited(row.files, "formulas.yaml", (name,), entry)
        faults = faults_of(after, publishing.folder_of(row))
    except InputError as error:
        return {**found, "sentences": [error.zh()]}
    units = [fault.error for fault in faults if fault.file == "formulas.yaml" and fault.path[:1] == (name,)]
    wanted = ("formula.", "unit.", "standard.unit", "standard.unknown_quantity")
    found["sentences"] = list(dict.fromkeys(error.zh() for error in units if error.code.startswith(wanted)))
    return found


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def parameter(request, org, copy, table, row):
    """Change a default value, add one (the row after the last), or take it out."""
    found = _draft(request, copy)
    names = table_names(found.files) or [OWN_TABLE]
    if table >= len(names):
        raise Http404
    name, rows = names[table], rows_of(found.files, names[table])
    before = rows[row] if row < len(rows) else None
    form = ParameterForm(request.POST or None, initial=before)
    if form.is_bound and form.is_valid():
        new = [*rows]
        new[row : row + 1] = [] if "remove" in request.POST else [form.row(before)]
        at = (min(row, len(rows)),)

        def change(files: Files) -> Files:
            return with_rows(files, name, new)

        if done := _saved(request, found, form, change, name, at, {}):
            return done
    title = _("添加缺省值") if before is None else _("缺省值")
    return _page(request, found, form, title, can_remove=before is not None)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def constants(request, org, copy):
    """Constants and GWP."""
    row = _draft(request, copy)
    text = data_of(row.files, "standard.yaml")
    initial = {"gwp_set": text["gwp"]["set"], "gwp_doc": text["gwp"]["source"].get("doc")}
    form = ConstantsForm(request.POST or None, text=text, initial=initial)
    if form.is_bound and form.is_valid():
        after = form.text_after()

        def change(files: Files) -> Files:
            files = edited(files, "standard.yaml", ("constants",), after["constants"])
            return edited(files, "standard.yaml", ("gwp",), after["gwp"])

        fields = {("constants", name): f"constant_{name}" for name in after["constants"]}
        fields |= {("gwp", "values", gas): f"gas_{gas}" for gas in after["gwp"]["values"]} | {("gwp",): "gwp_set"}
        if done := _saved(request, row, form, change, "standard.yaml", (), fields):
            return done
    return _page(request, row, form, _("常数与 GWP"))


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def source(request, org, copy, source):
    """The name of a source and the formulas of its gases."""
    row = _draft(request, copy)
    entry = data_of(row.files, "standard.yaml")["sources"].get(source)
    if entry is None:
        raise Http404
    initial = {"zh": entry["zh"], "doc": entry["source"].get("doc"), "clause": entry["source"].get("clause")}
    formulas = data_of(row.files, "formulas.yaml")
    form = SourceForm(request.POST or None, source=entry, formulas=formulas, initial=initial)
    if form.is_bound and form.is_valid():
        after = form.entry()

        def change(files: Files) -> Files:
            return edited(files, "standard.yaml", ("sources", source), after)

        at = ("sources", source)
        fields = {(*at, "lines", n): f"line_{n}" for n in range(len(entry["lines"]))} | {(*at, "source"): "doc"}
        if done := _saved(request, row, form, change, "standard.yaml", at, fields):
            return done
    return _page(request, row, form, entry["zh"])


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def rule(request, org, copy, source, number):
    """One rule of what a source takes, or of what is not counted."""
    row = _draft(request, copy)
    text = data_of(row.files, "standard.yaml")
    is_counted = source != NOT_COUNTED
    if is_counted and source not in text["sources"]:
        raise Http404
    place = ("sources", source, "take") if is_counted else (NOT_COUNTED,)
    rules = (text["sources"][source]["take"] if is_counted else text.get(NOT_COUNTED)) or []
    before = rules[number] if number < len(rules) else None
    at = (*place, min(number, len(rules)))
    form = RuleForm(
        request.POST or None, formulas=data_of(row.files, "formulas.yaml"), is_counted=is_counted, initial=_rule(before)
    )
    if form.is_bound and form.is_valid():
        after = form.rule(before)

        def change(files: Files) -> Files:
            if "remove" in request.POST and before is not None:
                return removed(files, "standard.yaml", at)
            if not is_counted and not text.get(NOT_COUNTED):
                return edited(files, "standard.yaml", (NOT_COUNTED,), [after])
            return edited(files, "standard.yaml", at, after)

        fields = {(*at, key): key for key in ("materials", "requires", "formula", "role")}
        if done := _saved(request, row, form, change, "standard.yaml", at, fields):
            return done
    title = text["sources"][source]["zh"] if is_counted else _("不计入")
    return _page(request, row, form, f"{title} · {_('规则')}", can_remove=before is not None)


def _rule(before: dict | None) -> dict:
    if before is None:
        return {}
    chosen = before.get("materials", "*")
    return {**before, "materials": [] if chosen == "*" else chosen, "why": before.get("reason", "")}
