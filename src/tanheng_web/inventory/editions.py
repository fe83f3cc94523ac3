"""Publishing reports. A published report never changes; a correction is a new edition that names the one before."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from tanheng.accounting.difference import Pair
from tanheng.kernel.errors import InputError
from tanheng_web.common import audit
from tanheng_web.common.access import require
from tanheng_web.inventory.models import Report, ReportEdition, Run

__all__ = ["edition_changes", "edition_in_force", "editions_of", "file_verify", "must_correct", "report_publish"]

HEAVY = ("run__document", "run__summary", "run__views")


def edition_in_force(run: Run) -> ReportEdition | None:
    """The published edition of the enterprise, standard and period of a run."""
    return _editions(run).filter(superseded_at=None).first()


def _editions(run: Run) -> QuerySet[ReportEdition]:
    found = ReportEdition.objects.filter(
        organisation=run.organisation_id, standard=run.standard, period=run.period
    ).select_related("run", "corrects", "published_by")
    return found.defer(*HEAVY)


def editions_of(organisation) -> QuerySet[ReportEdition]:
    """Every edition of an enterprise with its files, the newest period and edition first."""
    found = ReportEdition.objects.filter(organisation=organisation).select_related("run", "corrects", "published_by")
    return found.defer(*HEAVY).prefetch_related("files").order_by("-run__last_month", "standard", "period", "-number")


def edition_changes(editions: Sequence[ReportEdition]) -> dict[int, list[tuple[str, Pair]]]:
    """What each corrected edition changes: every source that differs, and the total, before and after."""
    corrected = [edition for edition in editions if edition.corrects_id]
    wanted = {run for edition in corrected for run in (edition.run_id, edition.corrects.run_id)}
    rows = Run.objects.filter(pk__in=wanted).values_list("pk", "summary__sources", "summary__labels", "total")
    facts = {pk: (sources, labels["sources"], total) for pk, sources, labels, total in rows}
    return {edition.pk: _changes(facts[edition.corrects.run_id], facts[edition.run_id]) for edition in corrected}


def _changes(old: tuple[Any, ...], new: tuple[Any, ...]) -> list[tuple[str, Pair]]:
    pairs = {
        {**old[1], **new[1]}.get(name, name): Pair(*(each[0].get(name, {"value": 0.0})["value"] for each in (old, new)))
        for name in dict.fromkeys((*new[0], *old[0]))
    }
    return [
        *((label, pair) for label, pair in pairs.items() if pair.old != pair.new),
        ("排放总量", Pair(old[2], new[2])),
    ]


def must_correct(run: Run) -> ReportEdition | None:
    """The published edition that a report of this run would restate: one made from another result."""
    edition = edition_in_force(run)
    return edition if edition is not None and edition.run_id != run.pk else None


def file_verify(report: Report) -> None:
    """Refuse a file whose bytes are not those that were made: its digest was kept."""
    with report.file.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != report.sha256:
        raise InputError("report.file_changed", kind=report.get_kind_display(), period=report.run.period_zh)


@transaction.atomic
def report_publish(*, report: Report, by) -> ReportEdition:
    """Publish a report file: the original of its period, another format of it, or a correction of what is in force."""
    report = (
        Report.objects.select_for_update(of=("self",))
        .select_related("run__organisation")
        .defer(*HEAVY)
        .get(pk=report.pk)
    )
    run = report.run
    require(by, "report.create", run.organisation)
    _refuse(report)
    file_verify(report)
    current = ReportEdition.objects.select_for_update().filter(
        organisation=run.organisation_id, standard=run.standard, period=run.period, superseded_at=None
    ).first()  # fmt: skip
    edition = _same(report, current) if current is not None and current.run_id == run.pk else _next(report, current, by)
    Report.objects.filter(pk=report.pk).update(edition=edition)
    audit.log(
        action="report.publish", by=by, organisation=run.organisation, on=report,
        data={"edition": edition.number, "sha256": report.sha256, "reason": edition.reason},
    )  # fmt: skip
    return edition


def _refuse(report: Report) -> None:
    run = report.run
    if report.edition_id is not None:
        raise InputError("report.already_published", period=run.period_zh)
    if run.superseded_at is not None:
        raise InputError("report.run_superseded", period=run.period_zh)
    if not run.is_complete:
        raise InputError("report.incomplete", period=run.period_zh, count=run.gap_count)


def _same(report: Report, edition: ReportEdition) -> ReportEdition:
    """Another format of the edition in force."""
    if edition.files.filter(kind=report.kind).exists():
        raise InputError("report.kind_published", kind=report.get_kind_display(), number=edition.number)
    if report.corrects_id != edition.corrects_id:
        raise InputError("report.made_before", number=edition.number)
    return edition


def _next(report: Report, current: ReportEdition | None, by) -> ReportEdition:
    if report.corrects_id != (current.pk if current else None):
        raise InputError(
            "report.correction_needed", period=report.run.period_zh, number=current.number if current else 0
        )
    now = timezone.now()
    if current is not None:
        current.superseded_at = now
        current.save(update_fields=["superseded_at"])
    run = report.run
    return ReportEdition.objects.create(
        organisation=run.organisation,
        standard=run.standard,
        period=run.period,
        number=current.number + 1 if current else 1,
        kind=ReportEdition.Kind.CORRECTED if current else ReportEdition.Kind.ORIGINAL,
        run=run,
        corrects=current,
        reason=report.reason,
        published_by=by,
        published_at=now,
    )
