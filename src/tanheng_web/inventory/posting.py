"""What a finished computation leaves behind: the run and its lines in 碳账本, the report file. Each all or nothing."""

import hashlib
import zlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import InputError
from tanheng_web.common import audit
from tanheng_web.inventory.models import LedgerEntry, Report, ReportTemplate, Run

__all__ = ["report_store", "run_post"]

BATCH = 1000


@transaction.atomic
def run_post(*, run: Run, document: ResultDocument, views: dict[str, Any], fingerprint: str) -> Run:
    """Store the result and post its lines; older results of the period and standard are superseded. All or nothing."""
    run = Run.objects.select_for_update().light().get(pk=run.pk)
    if run.status == Run.Status.DONE:
        raise InputError("run.already_done", run=run.pk)
    now = timezone.now()
    older = Run.objects.current().filter(_replaced(run), organisation=run.organisation_id, standard=run.standard)
    older_ids = list(older.values_list("pk", flat=True))
    Run.objects.filter(pk__in=older_ids).update(superseded_at=now, superseded_by=run)
    LedgerEntry.objects.filter(run__in=older_ids, superseded_at=None).update(superseded_at=now)
    summary = document.summary()
    Run.objects.filter(pk=run.pk).update(
        status=Run.Status.DONE,
        fault="",
        summary=summary,
        views=views,
        document=zlib.compress(document.json_bytes(), 6),
        digest=document.digest,
        total=summary["total"]["value"],
        is_complete=summary["complete"],
        gap_count=len(summary["gaps"]),
        approved_fingerprint=fingerprint,
        finished_at=now,
    )
    LedgerEntry.objects.bulk_create(_entries(run, document.data["lines"]), batch_size=BATCH)
    audit.log(
        action="run.post",
        by=run.created_by,
        organisation=run.organisation,
        on=run,
        data={"digest": document.digest, "supersedes": older_ids},
    )
    return run


def _replaced(run: Run) -> Q:
    """Results of the same period; a year to date also replaces the shorter ones of its year."""
    same = Q(period=run.period)
    if run.is_year_to_date:
        same |= Q(is_year_to_date=True, first_month=run.first_month, last_month__lte=run.last_month)
    return same


def _entries(run: Run, lines: dict[str, list[Any]]) -> list[LedgerEntry]:
    """Lines of the enterprise account; the process account is a view on the same emissions and is not posted twice."""
    names = ("month", "stream", "source", "process", "material", "role", "direction", "gas", "formula", "mass", "value")
    columns = [lines[name] for name in names]
    return [
        LedgerEntry(run=run, line=number, **dict(zip(names, row, strict=True)))
        for number, (account, *row) in enumerate(zip(lines["account"], *columns, strict=True))
        if account == "enterprise"
    ]


@transaction.atomic
def report_store(*, run: Run, kind: str, body: bytes, template: ReportTemplate | None, by) -> Report:
    """Keep a report file with its digest."""
    digest = hashlib.sha256(body).hexdigest()
    report = Report(run=run, kind=kind, template=template, sha256=digest, size=len(body), created_by=by)
    report.file.save(
        f"tanheng-{run.organisation_id}-{run.period.replace('..', '_')}-{run.pk}.{kind}", ContentFile(body), save=True
    )
    audit.log(action="report.create", by=by, organisation=run.organisation, on=report, data={"sha256": digest})
    return report
