from django.core.files.base import ContentFile

from tanheng.kernel.periods import Month
from tanheng_web.accounts.models import User
from tanheng_web.common import job_files
from tanheng_web.common.models import Job
from tanheng_web.inventory.control_plan import printing
from tanheng_web.inventory.ledger import exports
from tanheng_web.inventory.models import (
    ControlPlan,
    CutOffDecision,
    EmissionLimit,
    FilledTemplate,
    Recalculation,
    Report,
    ReportTemplate,
    Review,
    TemplatePack,
)
from tanheng_web.inventory.posting import report_store
from tanheng_web.inventory.reports import template_default
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.inventory.uncertainty.services import study_execute_now, study_report_store

__all__ = ["examples"]

PLAN_URLS: dict[str, dict[str, object]] = {
    "version": {},
    "issue": {},
    "file": {},
    "print": {},
    "section": {"section": "unit"},
    "parameter-add": {},
    "parameter": {"number": 1},
    "parameter-remove": {"number": 1},
}


def examples(*, organisation, by) -> dict[str, object]:
    """A finished run, a report of it, the template that comes with the software."""
    works_with_streams(organisation, by)
    month_fill(
        organisation,
        Month(2025, 1),
        enter=User.objects.get(username="reporter"),
        review=User.objects.get(username="manager"),
    )
    run = run_execute_now(organisation=organisation, period="2025-01", by=by)
    report = report_store(run=run, kind=Report.Kind.DOCX, body=b"example", template=None, by=by)
    decision = CutOffDecision.objects.create(
        organisation=organisation, year=2025, material="oxygen", label="氧气", share=0, reason="示例", decided_by=by
    )
    written = Job.objects.create(
        organisation=organisation, by=by, kind=exports.JOB, status=Job.Status.DONE, kwargs={"file_kind": "csv"}
    )
    job_files.store(written, ContentFile(b"example"))
    parameters = {"n": 100, "seed": 1, "months": "shared", "overrides": {}}
    study = study_execute_now(run=run, method="monte_carlo", parameters=parameters, by=by)
    about = study_report_store(study=study, kind="docx", body=b"example", by=by)
    made = Recalculation.objects.create(organisation=organisation, created_by=by, status="computed")
    review = Review.objects.create(run=run, kind="internal", opened_by=by)
    limit = EmissionLimit.objects.create(
        organisation=organisation, year=2025, standard=run.standard, measure="total", kind="target", value=1,
        warn_percent=90, document="示例", set_by=by,
    )  # fmt: skip
    plan = ControlPlan.objects.create(
        organisation=organisation, standard="cets_ag_03_01_v01_2024", year=2026, version=1, created_by=by,
        changed_by=by, answers={"sections": {}, "parameters": [{"name": "示例"}]},
    )  # fmt: skip
    template = ReportTemplate.objects.create(
        organisation=organisation, standard=organisation.standard, version=1, name="x.docx", body=template_default(),
        sha256="0" * 64, uploaded_by=by,
    )  # fmt: skip
    pack = TemplatePack.objects.create(
        organisation=organisation, zh="补充表", kind="docx", name="x.docx", body=template.body, sha256="0" * 64,
        uploaded_by=by,
    )  # fmt: skip
    filled = FilledTemplate.objects.create(
        run=run, pack=pack, kind="docx", body=b"example", html="<p>示例</p>", sha256="0" * 64, created_by=by
    )
    printed = Job.objects.create(
        organisation=organisation, by=by, kind=printing.JOB, status=Job.Status.DONE, kwargs={"plan_id": plan.pk}
    )
    job_files.store(printed, ContentFile(b"example"))
    more = {
        "inventory:control-plan-printed": {"job": printed.pk},
        "pack": pack.pk,
        "filled": filled.pk,
        "inventory:template-restore": {"version": 1},
        "inventory:template-remove": {"version": 1},
        "limit": limit.pk,
        "review": review.pk,
        "comment": review.comments.create(address="total", label="总量", text="示例", by=by).pk,
        **{f"inventory:control-plan-{name}": {"plan": plan.pk, **rest} for name, rest in PLAN_URLS.items()},
        "recalculation": made.pk,
        "study": study.pk,
        "inventory:uncertainty-report": {"report": about.pk},
        "inventory:template-file": {"version": 0},
        "inventory:ledger-file": {"job": written.pk},
    }
    return {"run": run.pk, "decision": decision.pk, "report": report.pk, **more}
