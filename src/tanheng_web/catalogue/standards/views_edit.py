"""Forms of a copied standard: names and validity, formulas with their live check."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tanheng.kernel.errors import InputError, TanhengError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.units import label
from tanheng.rules.formula import Expression
from tanheng.rules.package_copy import data_of, edited, faults_of
from tanheng.rules.printers import mathml
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import publishing
from tanheng_web.catalogue.standards.forms import FormulaForm, IdentityForm, units_text
from tanheng_web.catalogue.standards.saving import Files, edit_page, saved
from tanheng_web.catalogue.standards.selectors import copy_for
from tanheng_web.common.access import needs

__all__ = ["formula", "formula_new", "formula_preview", "identity"]


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def identity(request, org, copy):
    """Names, document, validity."""
    row = copy_for(request.organisation, copy)
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
        if done := saved(request, row, form, change, "standard.yaml", ("in_force",), fields):
            return done
    return edit_page(request, row, form, _("名称与实施期"))


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

    return saved(request, row, form, change, "formulas.yaml", (name,), fields)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def formula(request, org, copy, formula):
    """Change a formula, or take it out where no source needs it."""
    row = copy_for(request.organisation, copy)
    entry = data_of(row.files, "formulas.yaml").get(formula)
    if entry is None:
        raise Http404
    form = FormulaForm(request.POST or None, entry=entry, initial=_formula_initial(entry))
    if form.is_bound and form.is_valid() and (done := _formula_saved(request, row, form, formula)):
        return done
    return edit_page(
        request,
        row,
        form,
        entry.get("zh", formula),
        "formula",
        quantities=_quantities(),
        **_preview(row, form, formula),
    )


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def formula_new(request, org, copy):
    """Add a formula."""
    row = copy_for(request.organisation, copy)
    form = FormulaForm(request.POST or None)
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["id"]
        if name in data_of(row.files, "formulas.yaml"):
            form.add_error("id", _("已有同编号的公式，请换一个。"))
        elif done := _formula_saved(request, row, form, name):
            return done
    return edit_page(request, row, form, _("添加公式"), "formula", quantities=_quantities(), **_preview(row, form, ""))


@require_POST
@needs("catalogue.change")
def formula_preview(request, org, copy):
    """The formula typeset and its units checked while it is typed."""
    row = copy_for(request.organisation, copy)
    name = request.POST.get("formula", "")
    entry = data_of(row.files, "formulas.yaml").get(name)
    form = FormulaForm(request.POST, entry=entry)
    form.full_clean()
    context = {"copy": row, "form": form, "with_terms": request.GET.get("part") == "terms", **_preview(row, form, name)}
    return render(request, "catalogue/standards/_formula_live.html", context)


def _quantities() -> list[tuple[str, str, str]]:
    """What an expression may name: id, Chinese name, units."""
    return [
        (id, each.zh, "、".join(label(unit) or "无量纲" for unit in each.all_units)) for id, each in glossary().items()
    ]


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
