"""The life of a month: draft → submitted → approved (or returned); reopened as a new version with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.collection.bases import untested
from tanheng_web.collection.models import ActivityValue, MonthReport
from tanheng_web.collection.selectors import gaps_of
from tanheng_web.common.access import require
from tanheng_web.common.audit import log

__all__ = ["month_approve", "month_reopen", "month_return", "month_submit"]

REFRESH = "tanheng_web.inventory.services.results_refresh"  # an app above this one
BATCH = 1000


@transaction.atomic
def month_submit(*, by, report: MonthReport, gap_reason: str = "") -> MonthReport:
    """Hand a month in; with missing cells only when a reason is given.

    A value that must be tested by one method alone says that it was, or on which voucher it stands.
    """
    require(by, "data.submit", report.organisation)
    report = _locked(report)
    if not report.is_editable:
        raise InputError("month.not_submittable", month=report.span.label_zh, status=report.get_status_display())
    if not report.entries.filter(is_current=True, value__isnull=False).exists():
        raise InputError("month.nothing_entered", month=report.span.label_zh)
    if unsaid := untested(report):
        raise InputError("month.method_missing", month=report.span.label_zh, first="、".join(unsaid[:3]))
    gaps = gaps_of(report)
    if gaps and not gap_reason.strip():
        raise InputError(
            "month.gaps_need_reason",
            month=report.span.label_zh,
            count=len(gaps),
            first="、".join(gap.text for gap in gaps[:3]),
        )
    report.status, report.submitted_by, report.submitted_at = report.Status.SUBMITTED, by, timezone.now()
    report.gap_reason = gap_reason.strip()[:500] if gaps else ""
    report.save()
    return _logged("month.submit", report, by, gaps=len(gaps), reason=report.gap_reason)


@transaction.atomic
def month_return(*, by, report: MonthReport, comment: str) -> MonthReport:
    """Give a submitted month back with a comment."""
    require(by, "data.review", report.organisation)
    report = _submitted(report)
    if not comment.strip():
        raise InputError("month.comment_needed")
    report.status, report.comment = report.Status.RETURNED, comment.strip()[:500]
    report.save()
    return _logged("month.return", report, by, comment=report.comment)


@transaction.atomic
def month_approve(*, by, report: MonthReport, refresh: bool = True, seen: str | None = None) -> MonthReport:
    """Approve and lock a month; the former version is superseded. Two people, unless the enterprise allows one.

    `seen` is the submission (`handed_in`) that the reviewer looked at; one handed in anew since then is refused.
    """
    require(by, "data.review", report.organisation)
    report = _submitted(report)
    if seen is not None and seen != report.handed_in:
        raise InputError("month.handed_in_anew", month=report.span.label_zh)
    if report.submitted_by_id == by.pk and not report.organisation.allow_self_approval:
        raise InputError("month.four_eyes", month=report.span.label_zh)
    former = MonthReport.objects.filter(
        organisation=report.organisation, month=report.month, status=MonthReport.Status.APPROVED
    )
    former.update(status=MonthReport.Status.SUPERSEDED)
    report.status, report.approved_by, report.approved_at, report.comment = (
        report.Status.APPROVED,
        by,
        timezone.now(),
        "",
    )
    report.save()
    if refresh:
        organisation, year = report.organisation, report.month.year
        transaction.on_commit(lambda: import_string(REFRESH)(organisation=organisation, year=year, by=by))
    return _logged("month.approve", report, by)


@transaction.atomic
def month_reopen(*, by, report: MonthReport, reason: str) -> MonthReport:
    """Begin a new version with the same values; the approved one stays in force until the new one is approved."""
    require(by, "data.review", report.organisation)
    report = _locked(report)
    if not reason.strip():
        raise InputError("month.reason_needed")
    if report.status != report.Status.APPROVED:
        raise InputError("month.not_approved", month=report.span.label_zh, status=report.get_status_display())
    versions = MonthReport.objects.filter(organisation=report.organisation, month=report.month)
    if opened := versions.filter(status__in=MonthReport.OPEN).first():
        raise InputError("month.already_open", month=report.span.label_zh, version=opened.version)
    version = max(versions.values_list("version", flat=True)) + 1
    fresh = MonthReport.objects.create(
        organisation=report.organisation,
        month=report.month,
        version=version,
        reason=reason.strip()[:500],
        created_by=by,
    )
    _copied(report, fresh)
    return _logged("month.reopen", fresh, by, reason=fresh.reason, version=version)


def _copied(source: MonthReport, target: MonthReport) -> None:
    # Who entered a value, when and from which cell goes with it: copying is not entering.
    rows = list(ActivityValue.objects.filter(report=source, is_current=True))
    for row in rows:
        row.pk, row.report, row._state.adding = None, target, True
    ActivityValue.objects.bulk_create(rows, batch_size=BATCH)


def _locked(report: MonthReport) -> MonthReport:
    return MonthReport.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=report.pk)


def _submitted(report: MonthReport) -> MonthReport:
    report = _locked(report)
    if report.status != report.Status.SUBMITTED:
        raise InputError("month.not_submitted", month=report.span.label_zh, status=report.get_status_display())
    return report


def _logged(action: str, report: MonthReport, by, **data) -> MonthReport:
    facts = {
        "month": str(Month.of(report.month)),
        "version": report.version,
        **{key: value for key, value in data.items() if value},
    }
    log(action=action, by=by, organisation=report.organisation, on=report, data=facts)
    return report
