"""Pages of 数据质量控制方案."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tanheng.kernel.errors import InputError, TanhengError
from tanheng.reporting.control_plan import plan_spec, write_plan_docx
from tanheng_web.common.access import can, needs
from tanheng_web.common.job_files import response
from tanheng_web.common.numbers import whole
from tanheng_web.inventory.control_plan import printing, selectors, services
from tanheng_web.inventory.control_plan.answering import items_of, read

__all__ = [
    "draft", "issue", "parameter", "parameter_drop", "parameter_new", "plan_file", "plan_page", "plan_print",
    "plan_printed", "plans", "section",
]  # fmt: skip

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _edits(request) -> int:
    return whole(request.POST.get("edits", "")) or 0


@require_GET
@needs("view")
def plans(request, org):
    """The versions under a guide, and the draft with what is still open."""
    guides = selectors.guides(request.organisation)
    chosen = request.GET.get("standard") or (guides[0][0] if guides else "")
    if guides and chosen not in dict(guides):
        raise Http404
    found = selectors.plans_of(request.organisation, chosen)
    plan = next((each for each in found if each.is_draft), None)
    context = {
        "guides": guides,
        "chosen": chosen,
        "issued": [each for each in found if not each.is_draft],
        "draft": plan,
        "lines": selectors.lines_of(plan) if plan else [],
        "parameters": plan.answers.get("parameters", []) if plan else [],
        "spec": plan_spec(),
        "year": timezone.localdate().year + 1,
        "may": can(request.user, services.RIGHT, request.organisation),
    }
    return render(request, "inventory/control_plan/plans.html", context)


@require_POST
@needs("report.create")
def draft(request, org):
    """Begin the first version or a revision."""
    standard, year = request.POST.get("standard", ""), request.POST.get("year", "").strip()
    try:
        if whole(year) is None:
            raise InputError("plan.year", year=f"“{year[:20]}”" if year else "未填，")
        plan = services.plan_draft(
            organisation=request.organisation, by=request.user, standard=standard, year=whole(year)
        )
    except TanhengError as error:
        messages.error(request, error.zh())
        return redirect("inventory:control-plan", org)
    messages.success(request, f"已起草第 {plan.version} 版，内容按现有资料预填，请逐项确认。")
    return _home(org, plan)


def _home(org: int, plan):
    url = redirect("inventory:control-plan", org).url
    return redirect(f"{url}?standard={plan.standard}")


@require_GET
@needs("view")
def plan_page(request, org, plan):
    """One version as it will be printed."""
    found = selectors.plan_for(request.organisation, plan)
    return render(
        request,
        "inventory/control_plan/plan.html",
        {"plan": found, "document": selectors.document_of(found)},
    )


@require_GET
@needs("view")
def plan_file(request, org, plan):
    """A version as Word."""
    found = selectors.plan_for(request.organisation, plan)
    body = write_plan_docx(selectors.document_of(found))
    headers = {"Content-Disposition": content_disposition_header(True, printing.file_name(found, "docx"))}
    return HttpResponse(body, content_type=DOCX, headers=headers)


@require_POST
@needs("view")
def plan_print(request, org, plan):
    """Order a version as PDF."""
    found = selectors.plan_for(request.organisation, plan)
    try:
        job = printing.ordered(found, request.user)
    except TanhengError as error:
        messages.error(request, error.zh())
        return redirect("inventory:control-plan-version", org, found.pk)
    return redirect("common:job", pk=job.pk)


@require_GET
@needs("view")
def plan_printed(request, org, job):
    """The PDF that a job has written."""

    def name(found) -> str:
        return printing.file_name(selectors.plan_for(request.organisation, found.kwargs["plan_id"]), "pdf")

    return response(request.organisation, job, printing.JOB, name)


@require_http_methods(["GET", "POST"])
@needs("report.create")
def section(request, org, plan, section):
    """Write one section of the draft."""
    found, asked = selectors.draft_of(request.organisation, plan), plan_spec().section(section)
    if asked is None:
        raise Http404
    return _form(
        request,
        found,
        asked.zh,
        asked.fields,
        found.answers.get("sections", {}).get(section, {}),
        lambda answers, edits: services.section_save(
            plan=found, section=section, answers=answers, edits=edits, by=request.user
        ),
    )


@require_http_methods(["GET", "POST"])
@needs("report.create")
def parameter(request, org, plan, number):
    """Write one parameter of the draft (1 is the first)."""
    found = selectors.draft_of(request.organisation, plan)
    records = found.answers.get("parameters", [])
    if not 1 <= number <= len(records):
        raise Http404
    given, spec = records[number - 1], plan_spec().parameter
    return _form(
        request,
        found,
        given.get("name") or f"{spec.zh} {number}",
        spec.fields,
        given,
        lambda answers, edits: services.parameter_save(
            plan=found, number=number - 1, answers=answers, edits=edits, by=request.user
        ),
        number=number,
    )


def _form(request, plan, title, fields, given, save, number=None):
    """Show a form, or save it; what was typed stays when it is refused."""
    status, fault = 200, ""
    if request.method == "POST":
        try:
            answers = read(fields, request.POST)
            saved = save(answers, _edits(request))
        except TanhengError as error:
            status, fault = 422, error.zh()
            given = _typed(fields, request.POST)
        else:
            messages.success(request, f"已保存“{title}”。")
            if "more" in request.POST:
                return redirect(request.path)
            return _home(request.organisation.pk, saved)
    context = {
        "plan": plan,
        "title": title,
        "items": items_of(fields, given),
        "fault": fault,
        "edits": request.POST.get("edits", plan.edits) if status == 422 else plan.edits,
        "number": number,
    }
    return render(request, "inventory/control_plan/form.html", context, status=status)


def _typed(fields, posted):
    """What was typed, as far as it can be shown again: rows in their order, whatever is wrong with them."""
    return {
        field.id: [
            [posted.get(f"{field.id}-{n}-{c}", "") for c in range(len(field.columns))]
            for n in range(200)
            if any(posted.get(f"{field.id}-{n}-{c}") for c in range(len(field.columns)))
        ]
        if field.kind == "table"
        else posted.get(field.id, "")
        for field in fields
    }


@require_POST
@needs("report.create")
def parameter_new(request, org, plan):
    """Add a parameter and open it."""
    found = selectors.draft_of(request.organisation, plan)
    try:
        saved = services.parameter_add(plan=found, edits=_edits(request), by=request.user)
    except TanhengError as error:
        messages.error(request, error.zh())
        return _home(org, found)
    return redirect("inventory:control-plan-parameter", org, plan, len(saved.answers["parameters"]))


@require_POST
@needs("report.create")
def parameter_drop(request, org, plan, number):
    """Take a parameter out of the draft."""
    found = selectors.draft_of(request.organisation, plan)
    if not 1 <= number <= len(found.answers.get("parameters", [])):
        raise Http404
    try:
        services.parameter_remove(plan=found, number=number - 1, edits=_edits(request), by=request.user)
    except TanhengError as error:
        messages.error(request, error.zh())
    return _home(org, found)


@require_POST
@needs("report.create")
def issue(request, org, plan):
    """Issue the draft."""
    found = selectors.draft_of(request.organisation, plan)
    try:
        services.plan_issue(plan=found, by=request.user)
    except TanhengError as error:
        messages.error(request, error.zh())
    else:
        messages.success(request, f"第 {found.version} 版已发布，不再改动；修订请另起一版。")
    return _home(org, found)
