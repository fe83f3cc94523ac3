"""Forms of a copied standard: default values, constants and GWP, sources, rules."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng.rules.package_copy import data_of, edited, removed, rows_of, with_rows
from tanheng_web.catalogue.standards.forms_values import ConstantsForm, ParameterForm, RuleForm, SourceForm
from tanheng_web.catalogue.standards.places import NOT_COUNTED, table_names
from tanheng_web.catalogue.standards.saving import Files, edit_page, saved
from tanheng_web.catalogue.standards.selectors import copy_for
from tanheng_web.common.access import needs

__all__ = ["constants", "parameter", "rule", "source"]

OWN_TABLE = "parameters/enterprise.csv"


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def parameter(request, org, copy, table, row):
    """Change a default value, add one (the row after the last), or take it out."""
    found = copy_for(request.organisation, copy)
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

        if done := saved(request, found, form, change, name, at, {}):
            return done
    title = _("添加缺省值") if before is None else _("缺省值")
    return edit_page(request, found, form, title, can_remove=before is not None)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def constants(request, org, copy):
    """Constants and GWP."""
    row = copy_for(request.organisation, copy)
    text = data_of(row.files, "standard.yaml")
    initial = {"gwp_set": text["gwp"]["set"], "gwp_doc": text["gwp"]["source"].get("doc")}
    form = ConstantsForm(request.POST or None, text=text, initial=initial)
    if form.is_bound and form.is_valid():
        after = form.text_after()

        def change(files: Files) -> Files:
            files = edited(files, "standard.yaml", ("constants",), after["constants"])
            return edited(files, "standard.yaml", ("gwp",), after["gwp"])

        fields = {("constants", name): f"constant_{name}" for name in text.get("constants", {})}
        new = form.cleaned_data["new_name"]
        fields |= {("constants", new, "unit"): "new_unit", ("constants", new): "new_value"} if new else {}
        fields |= {("gwp", "values", gas): f"gas_{gas}" for gas in after["gwp"]["values"]} | {("gwp",): "gwp_set"}
        if done := saved(request, row, form, change, "standard.yaml", (), fields):
            return done
    return edit_page(request, row, form, _("常数与 GWP"))


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def source(request, org, copy, source):
    """The name of a source and the formulas of its gases."""
    row = copy_for(request.organisation, copy)
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
        if done := saved(request, row, form, change, "standard.yaml", at, fields):
            return done
    return edit_page(request, row, form, entry["zh"])


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def rule(request, org, copy, source, number):
    """One rule of what a source takes, or of what is not counted."""
    row = copy_for(request.organisation, copy)
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
        if done := saved(request, row, form, change, "standard.yaml", at, fields):
            return done
    title = text["sources"][source]["zh"] if is_counted else _("不计入")
    return edit_page(request, row, form, f"{title} · {_('规则')}", can_remove=before is not None)


def _rule(before: dict | None) -> dict:
    if before is None:
        return {}
    chosen = before.get("materials", "*")
    return {**before, "materials": [] if chosen == "*" else chosen, "why": before.get("reason", "")}
