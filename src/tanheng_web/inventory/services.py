"""Running the accounts, posting them to 碳账本, making reports. Every door (page, command, job) calls these."""

import hashlib
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.periods import Month, Period
from tanheng_web.catalogue.standards.selectors import is_offered
from tanheng_web.common import audit, jobs
from tanheng_web.common.access import require
from tanheng_web.common.models import Job
from tanheng_web.inventory import execution, selectors
from tanheng_web.inventory.editions import must_correct
from tanheng_web.inventory.models import Report, ReportTemplate, Run
from tanheng_web.inventory.reports import template_check
from tanheng_web.organisations.selectors import standards_of
from tanheng_web.organisations.services.boundary import entity_check

__all__ = [
    "report_create",
    "results_refresh",
    "run_again",
    "run_create",
    "run_execute_now",
    "template_upload",
    "year_period",
]

TEMPLATE_LIMIT_BYTES = 10 * 1024 * 1024


@transaction.atomic
def run_create(
    *, organisation, period: str, by, standard: str = "", as_of: date | None = None, is_year_to_date: bool = False
) -> Run:
    """Order a run: checks that there is something to account, then starts the job."""
    run = _run_add(organisation, period, by, standard, as_of, is_year_to_date)
    link = reverse("inventory:run", args=[organisation.pk, run.pk])
    title = _("核算 %(period)s（%(standard)s）") % {"period": run.period_zh, "standard": run.standard_zh}
    run.job = jobs.start(
        execution.run_execute, organisation=organisation, by=by, kind="run", title=title, link=link, run_id=run.pk
    )
    run.save(update_fields=["job"])
    return run


def _run_add(organisation, period: str, by, standard: str, as_of: date | None, is_year_to_date: bool) -> Run:
    require(by, "run.create", organisation)
    entity_check(organisation)
    span = Period.parse(period)
    standard = standard or next(iter(standards_of(organisation, span.first.year)), "")
    if not standard:
        raise InputError("run.no_standard", organisation=organisation.label)
    if not is_offered(organisation, standard):
        raise NotFound("run.standard_unknown", standard=standard)
    if not any(
        span.first.first_day <= month <= span.last.first_day for month in selectors.approved_months(organisation)
    ):
        raise InputError("run.nothing_approved", organisation=organisation.label, period=span.label_zh)
    run = Run.objects.create(
        organisation=organisation,
        standard=standard,
        period=span.key,
        first_month=span.first.first_day,
        last_month=span.last.first_day,
        as_of=as_of,
        is_year_to_date=is_year_to_date,
        created_by=by,
    )
    audit.log(
        action="run.create", by=by, organisation=organisation, on=run, data={"period": span.key, "standard": standard}
    )
    return run


def run_execute_now(
    *, organisation, period: str, by, standard: str = "", as_of: date | None = None, is_year_to_date: bool = False
) -> Run:
    """The same in this process, for commands: returns the finished run."""
    run = _run_add(organisation, period, by, standard, as_of, is_year_to_date)
    execution.execute(run, execution.silent)
    return Run.objects.light().select_related("organisation").get(pk=run.pk)


def run_again(*, run: Run, by) -> Run:
    """Order the same accounting anew, from the data approved by now; it supersedes this one when it is done.

    A year to date grows to the months approved since.
    """
    organisation = run.organisation
    latest = year_period(organisation, run.first_month.year) if run.is_year_to_date else None
    return run_create(
        organisation=organisation,
        period=latest.key if latest else run.period,
        by=by,
        standard=run.standard,
        as_of=run.as_of,
        is_year_to_date=run.is_year_to_date,
    )


def year_period(organisation, year: int) -> Period | None:
    """From January to the last approved month of a year; None while nothing is approved."""
    months = [month for month in selectors.approved_months(organisation) if month.year == year]
    return Period(Month(year, 1), Month.of(months[-1])) if months else None


def results_refresh(*, organisation, year: int, by, now: bool = False) -> Run | None:
    """Bring the results of a year up to its approved data under every standard chosen for it.

    Returns the run of the primary standard, or None while nothing is approved. An unchanged result is returned as it
    is; a refresh that still waits takes the newer months along, so that approving twelve months in a row computes once.
    With `now` it is computed in this process, else by a job.
    """
    period = year_period(organisation, year)
    if period is None:
        return None
    runs = [_refreshed(organisation, standard, period, by, now) for standard in standards_of(organisation, year)]
    return runs[0] if runs else None


def _refreshed(organisation, standard: str, period: Period, by, now: bool) -> Run:
    held = selectors.latest_run(organisation, period.first.year, standard)
    if held and held.period == period.key and not selectors.is_stale(held, organisation):
        return held
    asked = {"organisation": organisation, "period": period.key, "by": by, "standard": standard}
    if now:
        return run_execute_now(**asked, is_year_to_date=True)
    return _widened(organisation, standard, period) or run_create(**asked, is_year_to_date=True)


@transaction.atomic
def _widened(organisation, standard: str, period: Period) -> Run | None:
    """A refresh of the same year and standard that has not begun, now covering `period`."""
    waiting = Run.objects.select_for_update(of=("self",)).filter(
        organisation=organisation,
        standard=standard,
        is_year_to_date=True,
        status=Run.Status.QUEUED,
        first_month=period.first.first_day,
        job__status=Job.Status.QUEUED,
    )
    run = waiting.heads().first()
    if run is not None:
        run.period, run.last_month = period.key, period.last.first_day
        run.save(update_fields=["period", "last_month"])
    return run


@transaction.atomic
def report_create(*, run: Run, kind: str, by, reason: str = "") -> Any:
    """Order a report file of a finished run; returns the job.

    Where another result of the period is published, the file is a correction of that edition and needs a reason.
    """
    require(by, "report.create", run.organisation)
    if kind not in Report.Kind.values:
        raise InputError("report.kind_unknown", kind=kind)
    if not run.is_done:
        raise InputError("report.run_not_done", period=run.period_zh)
    corrects = must_correct(run)
    if corrects is not None and not reason.strip():
        raise InputError("report.reason_missing", period=run.period_zh, number=corrects.number)
    title = _("生成%(kind)s报告 %(period)s") % {"kind": Report.Kind(kind).label, "period": run.period_zh}
    link = reverse("inventory:run", args=[run.organisation_id, run.pk]) + "#reports"
    return jobs.start(
        execution.report_execute,
        organisation=run.organisation,
        by=by,
        kind="report",
        title=title,
        link=link,
        run_id=run.pk,
        report_kind=kind,
        by_id=by.pk,
        corrects_id=corrects.pk if corrects else None,
        reason=reason.strip()[:2000] if corrects else "",
    )


@transaction.atomic
def template_upload(*, organisation, standard: str, name: str, body: bytes, by) -> ReportTemplate:
    """Replace the docx template of an enterprise by a new version after trying it; the older versions stay."""
    require(by, "template.change", organisation)
    if len(body) > TEMPLATE_LIMIT_BYTES:
        raise InputError("template.too_large", name=name, limit=TEMPLATE_LIMIT_BYTES // 1024 // 1024)
    template_check(body)
    newest = ReportTemplate.objects.select_for_update().filter(organisation=organisation, standard=standard).first()
    template = ReportTemplate.objects.create(
        organisation=organisation,
        standard=standard,
        version=newest.version + 1 if newest else 1,
        name=name[:200],
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        uploaded_by=by,
    )
    audit.log(action="template.upload", by=by, organisation=organisation, on=template, data={"sha256": template.sha256})
    return template
