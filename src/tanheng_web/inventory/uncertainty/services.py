"""Ordering studies and their reports. The work is a job; what it leaves is stored once and never changed."""

import hashlib
import zlib
from typing import Any

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanheng.kernel.errors import InputError, TanhengError
from tanheng_web.common import audit, jobs
from tanheng_web.common.access import require
from tanheng_web.common.jobs import Cancelled, background, progress
from tanheng_web.common.models import Job
from tanheng_web.inventory.models import Run, StudyReport, UncertaintyStudy
from tanheng_web.inventory.reports import entity_of
from tanheng_web.inventory.selectors import document_of

__all__ = [
    "study_create",
    "study_execute",
    "study_execute_now",
    "study_report_create",
    "study_report_execute",
    "study_report_store",
]


@transaction.atomic
def study_create(*, run: Run, method: str, parameters: dict[str, Any], by) -> UncertaintyStudy:
    """Order a study of a finished run; returns it, queued."""
    study = _study_add(run, method, parameters, by)
    organisation = run.organisation
    link = reverse("inventory:uncertainty-study", args=[organisation.pk, study.pk])
    title = f"{study.get_method_display()} {run.period_zh}"
    study.job = jobs.start(
        study_execute, organisation=organisation, by=by, kind="study", title=title, link=link, study_id=study.pk
    )
    study.save(update_fields=["job"])
    return study


def _study_add(run: Run, method: str, parameters: dict[str, Any], by) -> UncertaintyStudy:
    require(by, "run.create", run.organisation)
    if not run.is_done:
        raise InputError("study.run_not_done", period=run.period_zh)
    if method not in UncertaintyStudy.Method.values:
        raise InputError("study.method_unknown", method=method)
    study = UncertaintyStudy.objects.create(run=run, method=method, parameters=parameters, created_by=by)
    audit.log(
        action="study.create",
        by=by,
        organisation=run.organisation,
        on=study,
        data={"method": study.get_method_display()},
    )
    return study


def study_execute_now(*, run: Run, method: str, parameters: dict[str, Any], by) -> UncertaintyStudy:
    """The same in this process, for commands and examples: returns the finished study."""
    study = _study_add(run, method, parameters, by)
    _execute(study, lambda done, total: None)
    study.refresh_from_db()
    return study


@background
def study_execute(job, *, study_id: int) -> None:
    """Job: open the result, draw, store. Cancelled or killed half-way, the study says so and has no document."""
    study = UncertaintyStudy.objects.select_related("run__organisation").get(pk=study_id)
    _execute(study, lambda done, total: progress(job, done, total, _("已算 %d / %d") % (done, total)))
    progress(job, 1, 1, _("分析完成"))


def _execute(study: UncertaintyStudy, tell: Any) -> None:
    changed = UncertaintyStudy.objects.filter(pk=study.pk)
    changed.update(status=UncertaintyStudy.Status.RUNNING, fault="")
    try:
        document = _compute(study, tell)
    except (TanhengError, Cancelled) as fault:
        said = fault.zh() if isinstance(fault, TanhengError) else _("已取消。")
        changed.update(status=UncertaintyStudy.Status.FAILED, fault=said)
        raise
    _store(study, document)


def _compute(study: UncertaintyStudy, tell: Any) -> dict[str, Any]:
    # the engine is loaded where it works: the web process only orders studies
    from tanheng.accounting.study_subjects import subject_of
    from tanheng.uncertainty.drivers import Mix, Range
    from tanheng.uncertainty.sensitivity import sensitivity_study
    from tanheng.uncertainty.study import uncertainty_study

    result, given = document_of(study.run), study.parameters
    common = {
        "run_digest": result.digest, "subject": subject_of(result, given.get("of", "total")),
        "seed": given["seed"], "n": given["n"], "progress": tell,
    }  # fmt: skip
    if study.method == UncertaintyStudy.Method.MONTE_CARLO:
        return uncertainty_study(result.data, overrides=given["overrides"], months=given["months"], **common)
    ranges = [Range(*each) for each in given["ranges"]]
    mix = Mix(**given["mix"]) if given.get("mix") else None
    return sensitivity_study(result.data, method=study.method, ranges=ranges, mix=mix, **common)


@transaction.atomic
def _store(study: UncertaintyStudy, document: dict[str, Any]) -> None:
    from tanheng.kernel.canonical_json import digest, dumps
    from tanheng.uncertainty.words import study_sentence

    body = dumps(document)
    held = UncertaintyStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    held.document, held.digest = zlib.compress(body, 6), digest(body)
    held.sentence, held.finished_at = study_sentence(document), timezone.now()
    held.status = UncertaintyStudy.Status.DONE
    held.save(update_fields=["document", "digest", "sentence", "finished_at", "status"])
    audit.log(
        action="study.finish", by=held.created_by, organisation=study.run.organisation, on=held,
        data={"digest": held.digest},
    )  # fmt: skip


@transaction.atomic
def study_report_create(*, study: UncertaintyStudy, kind: str, by) -> Job:
    """Order a report file of a finished study; returns the job."""
    require(by, "report.create", study.run.organisation)
    if kind not in StudyReport.Kind.values:
        raise InputError("report.kind_unknown", kind=kind)
    if not study.is_done:
        raise InputError("study.not_done", method=study.get_method_display())
    organisation = study.run.organisation
    link = reverse("inventory:uncertainty-study", args=[organisation.pk, study.pk]) + "#reports"
    title = _("生成%(kind)s报告 %(study)s") % {"kind": StudyReport.Kind(kind).label, "study": study}
    return jobs.start(
        study_report_execute, organisation=organisation, by=by, kind="study_report", title=title, link=link,
        study_id=study.pk, report_kind=kind, by_id=by.pk,
    )  # fmt: skip


@background
def study_report_execute(job, *, study_id: int, report_kind: str, by_id: int) -> None:
    """Job: write a report file of a study."""
    progress(job, 0, 2, _("正在排版"))
    study = UncertaintyStudy.objects.select_related("run__organisation").get(pk=study_id)
    body = _report_bytes(study, report_kind)
    progress(job, 1, 2, _("正在保存"))
    study_report_store(study=study, kind=report_kind, body=body, by=get_user_model().objects.get(pk=by_id))
    progress(job, 2, 2, _("报告已生成"))


def _report_bytes(study: UncertaintyStudy, kind: str) -> bytes:
    from tanheng.reporting.uncertainty_report import write_study
    from tanheng.rules.package import load_standard

    result = document_of(study.run)
    entity = entity_of(study.run.organisation)
    return write_study(study.open(), study.digest, result, load_standard(study.run.standard), entity, kind)


@transaction.atomic
def study_report_store(*, study: UncertaintyStudy, kind: str, body: bytes, by) -> StudyReport:
    """Keep a report file with its digest."""
    sha256 = hashlib.sha256(body).hexdigest()
    report = StudyReport(study=study, kind=kind, sha256=sha256, size=len(body), created_by=by)
    report.file.save(f"tanheng-study-{study.run.organisation_id}-{study.pk}.{kind}", ContentFile(body), save=True)
    audit.log(action="study.report", by=by, organisation=study.run.organisation, on=report, data={"sha256": sha256})
    return report
