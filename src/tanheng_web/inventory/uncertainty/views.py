"""Pages of 不确定性: the list, a new study, a study, its report."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng_web.common.access import can, needs
from tanheng_web.inventory.models import UncertaintyStudy
from tanheng_web.inventory.uncertainty import selectors, services
from tanheng_web.inventory.uncertainty.forms import KINDS, StudyForm
from tanheng_web.inventory.uncertainty.pages import rows_of, study_context
from tanheng_web.organisations.selectors import standards_of

__all__ = ["report_file", "report_new", "study_document", "study_list", "study_new", "study_page"]


@require_GET
@needs("view")
def study_list(request, org):
    studies, runs = selectors.studies_of(request.organisation), selectors.runs_to_study(request.organisation)
    asked = next((run for run in runs if str(run.pk) == request.GET.get("run")), None)
    context = {
        "studies": (studies.filter(run=asked) if asked else studies)[:200],
        "asked": asked,
        "has_runs": bool(runs),
        "may_run": can(request.user, "run.create", request.organisation),
    }
    return render(request, "inventory/uncertainty/list.html", context)


@require_http_methods(["GET", "POST"])
@needs("run.create")
def study_new(request, org):
    runs = selectors.runs_to_study(request.organisation)
    asked = request.POST if request.method == "POST" else request.GET
    run = _chosen_run(runs, asked.get("run"))
    method = asked.get("method") if asked.get("method") in UncertaintyStudy.Method.values else "monte_carlo"
    if run is None:
        return render(request, "inventory/uncertainty/new.html", {"runs": runs})
    subjects = selectors.subjects_of(run)
    of = _chosen_subject(subjects, asked.get("of"))
    every = selectors.variables_of(run, of)
    variables = every[: selectors.MOST_SHOWN]
    others = any(each.has_distribution for each in every[selectors.MOST_SHOWN :])
    form = StudyForm(request.POST or None, method=method, variables=variables, others_move=others)
    if request.method == "POST" and form.is_valid():
        parameters = form.parameters() | {"of": of}
        if not form.errors:
            study = services.study_create(run=run, method=method, parameters=parameters, by=request.user)
            return redirect("inventory:uncertainty-study", org=org, study=study.pk)
    context = {
        "runs": runs,
        "run": run,
        "subjects": subjects.items(),
        "of": of,
        "method": method,
        "methods": UncertaintyStudy.Method.choices,
        "form": form,
        "rows": rows_of(form, variables),
        "hidden": len(every) - len(variables),
        "without": sum(1 for each in every if not each.has_distribution),
        "total": len(every),
        "kinds": KINDS,
        "is_monte_carlo": method == "monte_carlo",
        "mix": form.data if form.is_bound else {},
    }
    return render(request, "inventory/uncertainty/new.html", context, status=422 if form.errors else 200)


def _chosen_run(runs, given):
    """The result asked for, else the newest under the primary standard of its year."""
    named = [run for run in runs if str(run.pk) == str(given)]
    newest = max((run.last_month for run in runs), default=None)
    first = [
        run
        for run in runs
        if run.last_month == newest and run.standard in standards_of(run.organisation, newest.year)[:1]
    ]
    return (named or first or runs or [None])[0]


def _chosen_subject(subjects, given):
    """The figure asked for, where this result has it, else the total."""
    known = {address for entries in subjects.values() for address, _label in entries}
    return given if given in known else "total"


@require_GET
@needs("view")
def study_page(request, org, study):
    found = selectors.study_for(request.organisation, study)
    if not found.is_done:
        return render(request, "inventory/uncertainty/wait.html", {"study": found, "job": found.job})
    return render(request, "inventory/uncertainty/study.html", study_context(found, request.user))


@require_GET
@needs("view")
def study_document(request, org, study):
    """The study as it was stored: canonical JSON, whose digest stands on the page and in the report."""
    found = selectors.study_for(request.organisation, study)
    if not found.is_done:
        return redirect("inventory:uncertainty-study", org=org, study=study)
    response = HttpResponse(found.json_bytes(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="tanheng-study-{study}.json"'
    return response


@require_POST
@needs("report.create")
def report_new(request, org, study):
    found = selectors.study_for(request.organisation, study)
    job = services.study_report_create(study=found, kind=request.POST.get("kind", ""), by=request.user)
    if request.htmx:
        return render(request, "common/components/job.html", {"job": job, "is_mine": True})
    return redirect("common:job", pk=job.pk)


@require_GET
@needs("view")
def report_file(request, org, report):
    found = selectors.study_report_for(request.organisation, report)
    run = found.study.run
    name = f"{request.organisation.label}_{run.period_zh}_{_('不确定性分析报告')}.{found.kind}".replace(" ", "")
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=name)
