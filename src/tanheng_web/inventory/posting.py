"""What a finished computation leaves behind: the run and its lines in 碳账本, the report file. Each all or nothing.

A run posts only the lines that differ from the current ones of its book and supersedes those; the rest stays current.
The sum of the current lines is therefore the newest run's total, and the state after any past run can be rebuilt.
"""

import hashlib
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tanheng.accounting.difference import FACTS, KEY, Delta, Key, delta
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import InputError
from tanheng_web.common import audit
from tanheng_web.inventory.factor_uses import uses_record
from tanheng_web.inventory.models import LedgerBook, LedgerEntry, LedgerPosting, Report, ReportTemplate, Run, RunStreams
from tanheng_web.inventory.models.ledger import REASONS
from tanheng_web.inventory.reasons import reasons_of
from tanheng_web.organisations.models import Organisation

__all__ = ["report_store", "run_post"]

BATCH = 1000
COLUMNS = (*KEY, *FACTS)


@transaction.atomic
def run_post(
    *,
    run: Run,
    document: ResultDocument,
    views: dict[str, Any],
    fingerprint: str,
    streams: bytes | None = None,
    note: str = "",
) -> Run:
    """Store the result and post the lines that changed; older results of the period and standard are superseded."""
    # Two results of one period posted in the same moment would each see no older one, and both stay current.
    Organisation.objects.select_for_update(no_key=True).get(pk=run.organisation_id)
    run = Run.objects.select_for_update(of=("self",)).light().get(pk=run.pk)
    if run.status == Run.Status.DONE:
        raise InputError("run.already_done", run=run.pk)
    book, older = _book(run)
    now = timezone.now()
    Run.objects.filter(pk__in=[each.pk for each in older]).update(superseded_at=now, superseded_by=run)
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
    if streams is not None:
        RunStreams.objects.create(run=run, body=streams)
    uses_record(run, document)
    before = book.run
    found = _lines_post(book, run, document.data["lines"], now)
    posting = LedgerPosting.objects.create(
        book=book,
        number=book.postings_made,
        run=run,
        reasons=reasons_of(before, run, summary, fingerprint, found),
        note=note[:500],
        added=len(found.added),
        kept=found.kept,
        superseded=len(found.superseded),
        by=run.created_by,
        posted_at=now,
    )
    audit.log(
        action="run.post",
        by=run.created_by,
        organisation=run.organisation,
        on=run,
        data={
            "digest": document.digest,
            "supersedes": [each.pk for each in older],
            "reason": "、".join(REASONS[code] for code in posting.reasons),
        },
    )
    return run


def _book(run: Run) -> tuple[LedgerBook, Sequence[Run]]:
    """The book a run goes on with, locked, and the runs it supersedes; a second book among them is closed."""
    older = list(
        Run.objects.heads()
        .current()
        .filter(_replaced(run), organisation=run.organisation_id, standard=run.standard)
        .order_by("-last_month", "-finished_at")
    )
    books = list(LedgerBook.objects.select_for_update(of=("self",)).filter(run__in=older))
    books.sort(key=lambda book: [each.pk for each in older].index(book.run_id))
    for closed in books[1:]:
        _close(closed, run)
    if books:
        return books[0], older
    return LedgerBook.objects.create(organisation=run.organisation, standard=run.standard), older


def _replaced(run: Run) -> Q:
    """Results of the same period; a year to date also replaces the shorter ones of its year."""
    same = Q(period=run.period)
    if run.is_year_to_date:
        same |= Q(is_year_to_date=True, first_month=run.first_month, last_month__lte=run.last_month)
    return same


def _close(book: LedgerBook, run: Run) -> None:
    """A book whose run is superseded by a run of another book: its lines are superseded after its last posting."""
    LedgerEntry.objects.filter(book=book).current().update(
        superseded_no=book.postings_made + 1, superseded_by=run, superseded_at=timezone.now()
    )
    book.run = None
    book.save(update_fields=["run"])


def _lines_post(book: LedgerBook, run: Run, lines: dict[str, list[Any]], now) -> Delta:
    """Bring the current lines of a book to those of a result; returns what changed."""
    ids, held = _current(book)
    found = delta(held, lines)
    number = book.postings_made + 1
    stale = [ids[key] for key in found.superseded]
    for start in range(0, len(stale), BATCH):
        LedgerEntry.objects.filter(pk__in=stale[start : start + BATCH]).update(
            superseded_no=number, superseded_by=run, superseded_at=now
        )
    LedgerEntry.objects.bulk_create(_entries(book, run, number, lines, found.added), batch_size=BATCH)
    book.run, book.postings_made = run, number
    book.save(update_fields=["run", "postings_made"])
    return found


def _current(book: LedgerBook) -> tuple[dict[Key, int], dict[Key, Key]]:
    """Row numbers and facts of the current lines by key; equal keys are numbered in the order of their lines."""
    ids: dict[Key, int] = {}
    held: dict[Key, Key] = {}
    seen: dict[Key, int] = {}
    rows = LedgerEntry.objects.filter(book=book).current().order_by("posted_no", "line")
    for pk, *row in rows.values_list("pk", *COLUMNS).iterator(chunk_size=5000):
        key = tuple(row[: len(KEY)])
        count = seen[key] = seen.get(key, -1) + 1
        ids[(*key, count)], held[(*key, count)] = pk, tuple(row[len(KEY) :])
    return ids, held


def _entries(
    book: LedgerBook, run: Run, number: int, lines: dict[str, list[Any]], added: Iterable[int]
) -> list[LedgerEntry]:
    """The lines to post, every account of the standard: 口径 tells them apart, only the enterprise's make the total."""
    return [
        LedgerEntry(book=book, run=run, posted_no=number, line=line, **{name: lines[name][line] for name in COLUMNS})
        for line in added
    ]


@transaction.atomic
def report_store(
    *, run: Run, kind: str, body: bytes, template: ReportTemplate | None, by, corrects=None, reason: str = ""
) -> Report:
    """Keep a report file with its digest; `corrects` is the published edition that it would restate."""
    digest = hashlib.sha256(body).hexdigest()
    report = Report(
        run=run,
        kind=kind,
        template=template,
        sha256=digest,
        size=len(body),
        created_by=by,
        corrects=corrects,
        reason=reason,
    )
    report.file.save(
        f"tanheng-{run.organisation_id}-{run.period.replace('..', '_')}-{run.pk}.{kind}", ContentFile(body), save=True
    )
    audit.log(action="report.create", by=by, organisation=run.organisation, on=report, data={"sha256": digest})
    return report
