"""Worked cases as pages: what goes in, what is expected, what comes out; of a standard, and of a copy while edited."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tanheng.kernel.errors import TanhengError
from tanheng.rules.package import Standard, load_standard
from tanheng.rules.package_copy import case_names, checked_copy, data_of, faults_of
from tanheng_web.catalogue.standards import cases, publishing, services
from tanheng_web.catalogue.standards.case_tables import CaseTables, case_tables
from tanheng_web.catalogue.standards.forms_values import CaseForm
from tanheng_web.catalogue.standards.saving import revision_of
from tanheng_web.catalogue.standards.selectors import OWN_PREFIX, copy_for, is_offered
from tanheng_web.common.access import needs
from tanheng_web.common.forms import attempted

__all__ = ["case_page", "standard_case"]


def _named(files, number: int) -> str:
    names = case_names(files)
    if number >= len(names):
        raise Http404
    return names[number]


def _tables(files, name: str, standard: Standard | None, original=None) -> CaseTables | None:
    """The tables of a case; None where it cannot even be read (the page then has the sentence and the text)."""
    expect = data_of(files, name).get("expect") or {}
    first = (data_of(original, name).get("expect") or {}) if original and name in original else None
    try:
        case = cases.case_of(files, name)
    except TanhengError:
        return None
    try:
        result = cases.case_result(files, name, standard)[1] if standard else None
    except TanhengError:
        result = None
    return case_tables(case, expect, standard, result, first)


@require_GET
@needs("view")
def standard_case(request, org, standard, number):
    """A case of a packaged standard, run anew. Cases of own standards hold data of their owner: see there."""
    if standard.startswith(OWN_PREFIX) or not is_offered(request.organisation, standard):
        raise Http404
    found = load_standard(standard)
    files = cases.packaged_files(found.directory, standard)
    name = _named(files, number)
    outcome = next(each for each in cases.packaged_outcomes(found) if each.name == name)
    context = {
        "standard": found,
        "case": data_of(files, name),
        "kind": outcome.kind_zh,
        "source": outcome.source,
        "outcome": outcome,
        "tables": _tables(files, name, found),
        "text": files[name],
    }
    return render(request, "catalogue/standards/case.html", context)


@require_http_methods(["GET", "POST"])
@needs("catalogue.change")
def case_page(request, org, copy, number):
    """A case of a copy, old and new expectation side by side; replacing it needs a reason."""
    row = copy_for(request.organisation, copy)
    name = _named(row.files, number)
    form = CaseForm(request.POST or None)
    if form.is_bound and form.is_valid():
        values = {
            "revision": revision_of(request),
            "case": name,
            "reason": form.cleaned_data["reason"],
        }
        if attempted(form, services.case_adopt, copy=row, by=request.user, **values):
            messages.success(request, _("已采用新的期望，并写入历史。"))
            return redirect("catalogue:copy", org=org, copy=row.pk)
    folder = publishing.folder_of(row)
    standard = None if faults_of(row.files, folder) else checked_copy(row.files, folder)
    data = data_of(row.files, name)
    context = {
        "copy": row,
        "form": form,
        "case": data,
        "kind": cases.KINDS.get(str(data.get("kind") or ""), "—"),
        "source": data.get("citation") or data.get("source") or "",
        "outcome": next((each for each in services.cases_check(copy=row)["cases"] if each["name"] == name), None),
        "tables": _tables(row.files, name, standard, row.original),
        "text": row.files[name],
        "name": name,
        "is_frozen": name.startswith(cases.FROZEN),
    }
    return render(request, "catalogue/standards/case.html", context, status=422 if form.errors else 200)
