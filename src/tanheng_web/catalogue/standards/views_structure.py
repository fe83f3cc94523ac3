"""Forms of what a copied standard is made of: sources, the place of a material, rounding, GWP set, indicators."""

from django.http import Http404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tanheng.rules.package_copy import data_of, edited, removed, written
from tanheng.rules.package_copy_rules import report_row_added, rule_put
from tanheng_web.catalogue.standards.forms_structure import (
    GwpForm,
    IndicatorForm,
    PlaceForm,
    RoundingForm,
    SourceNewForm,
)
from tanheng_web.catalogue.standards.saving import Files, edit_page, saved
from tanheng_web.catalogue.standards.selectors import copy_for
from tanheng_web.common.access import needs

__all__ = ["gwp", "indicator", "indicator_new", "place", "rounding", "source_new"]

STANDARD = "standard.yaml"


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def place(request, org, copy):
    """Let a source take a material in a use, or say that it is not counted."""
    row = copy_for(request.organisation, copy)
    form = PlaceForm(request.POST or None, text=data_of(row.files, STANDARD))
    if form.is_bound and form.is_valid():
        at, given = form.cleaned_data["place"], form.cleaned_data

        def change(files: Files) -> Files:
            return {**files, STANDARD: written(rule_put(data_of(files, STANDARD), at, form.rule(), move=given["move"]))}

        if done := saved(request, row, form, change, STANDARD, ("sources", at), {("sources", at): "place"}):
            return done
    return edit_page(request, row, form, _("添加物料"))


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def source_new(request, org, copy):
    """Add an emission source with its first rule; it has its row in the report's table of sources."""
    row = copy_for(request.organisation, copy)
    text, formulas = data_of(row.files, STANDARD), data_of(row.files, "formulas.yaml")
    form = SourceNewForm(request.POST or None, text=text, formulas=formulas)
    if form.is_bound and form.is_valid():
        name, given = form.cleaned_data["id"], form.cleaned_data

        def change(files: Files) -> Files:
            text = _summed(data_of(files, STANDARD), name, given["subtotals"])
            text = {**text, "sources": {**text["sources"], name: form.source()}}
            files = {**files, STANDARD: written(rule_put(text, name, form.rule(), move=given["move"]))}
            if "report.yaml" in files:
                report = report_row_added(data_of(files, "report.yaml"), name, given["zh"])
                files = {**files, "report.yaml": written(report)}
            return files

        at = ("sources", name)
        if done := saved(
            request, row, form, change, STANDARD, at, {(*at, "lines"): "formula", (*at, "take"): "materials"}
        ):
            return done
    return edit_page(request, row, form, _("添加排放源"))


def _summed(text: dict, source: str, subtotals: list[str]) -> dict:
    """The new source in the subtotals that were chosen, and in the enterprise account if that names its sources."""
    sums = {
        key: {**each, "sources": [*each["sources"], source]} if key in subtotals else each
        for key, each in (text.get("subtotals") or {}).items()
    }
    enterprise = text["accounts"]["enterprise"]
    if enterprise.get("sources"):
        enterprise = {**enterprise, "sources": [*enterprise["sources"], source]}
    return {**text, "subtotals": sums, "accounts": {**text["accounts"], "enterprise": enterprise}}


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def rounding(request, org, copy):
    """Where and how the standard rounds."""
    row = copy_for(request.organisation, copy)
    before = data_of(row.files, STANDARD)["rounding"]
    initial = {"level": before["level"], "decimals": before["decimals"]}
    form = RoundingForm(request.POST or None, rounding=before, initial=initial)
    if form.is_bound and form.is_valid():

        def change(files: Files) -> Files:
            return edited(files, STANDARD, ("rounding",), form.entry())

        if done := saved(
            request, row, form, change, STANDARD, ("rounding",), {("rounding", "parameters"): "new_quantity"}
        ):
            return done
    return edit_page(request, row, form, _("修约"))


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def gwp(request, org, copy):
    """Another published set of GWP, more or fewer gases."""
    row = copy_for(request.organisation, copy)
    form = GwpForm(request.POST or None, gwp=data_of(row.files, STANDARD)["gwp"])
    if form.is_bound and form.is_valid():

        def change(files: Files) -> Files:
            return edited(files, STANDARD, ("gwp",), form.entry())

        # a gas that a source needs is a fault at the source
        if done := saved(request, row, form, change, STANDARD, (), {("sources",): "gases", ("gwp",): "set"}):
            return done
    return edit_page(request, row, form, _("GWP 集"))


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def indicator_new(request, org, copy):
    """Add an indicator."""
    row = copy_for(request.organisation, copy)
    form = IndicatorForm(request.POST or None, text=data_of(row.files, STANDARD))
    if form.is_bound and form.is_valid() and (done := _indicator_saved(request, row, form, form.cleaned_data["id"])):
        return done
    return edit_page(request, row, form, _("添加指标"))


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def indicator(request, org, copy, indicator):
    """Change an indicator or take it out."""
    row = copy_for(request.organisation, copy)
    text = data_of(row.files, STANDARD)
    before = (text.get("indicators") or {}).get(indicator)
    if before is None:
        raise Http404
    below = before["denominator"]
    chosen = [] if below["materials"] == "*" else below["materials"]
    initial = {**before, "role": below["role"], "materials": chosen, "basis": below["basis"]}
    form = IndicatorForm(request.POST or None, text=text, before=before, initial=initial)
    if form.is_bound and form.is_valid() and (done := _indicator_saved(request, row, form, indicator)):
        return done
    return edit_page(request, row, form, before.get("zh", indicator), can_remove=True)


def _indicator_saved(request, row, form: IndicatorForm, name: str):
    at = ("indicators", name)

    def change(files: Files) -> Files:
        if "remove" in request.POST and form.before:
            return removed(files, STANDARD, at)
        if not data_of(files, STANDARD).get("indicators"):
            files = edited(files, STANDARD, ("indicators",), {})
        return edited(files, STANDARD, at, form.entry())

    fields = {(*at, "unit"): "unit", (*at, "numerator"): "numerator", (*at, "denominator"): "materials"}
    return saved(request, row, form, change, STANDARD, at, fields)
