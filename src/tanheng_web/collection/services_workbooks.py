"""Importing workbooks: upload, check, confirm. Until it is confirmed nothing of a file is in the data."""

import hashlib
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanheng.kernel.errors import InputError, TanhengError
from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import imports
from tanheng_web.collection.models import ActivityValue, MonthReport, SourceStream, Workbook
from tanheng_web.collection.services_values import draft_for
from tanheng_web.collection.workbook.faults import Entry, Findings, Overwrite
from tanheng_web.common import jobs
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.common.models import Job

__all__ = [
    "MARK_JOB",
    "marked_name",
    "workbook_check",
    "workbook_check_now",
    "workbook_confirm",
    "workbook_confirm_now",
    "workbook_mark",
    "workbook_upload",
]

BATCH = 1000
MARK_JOB = "workbook-marked"


def silent(done: int, total: int, message: str = "") -> None:
    """Progress that nobody watches."""


@transaction.atomic
def workbook_upload(*, by, organisation, file: File, name: str) -> tuple[Workbook, bool]:
    """Keep an uploaded file; returns it and whether it is new: the same bytes are not kept twice."""
    require(by, "data.enter", organisation)
    digest = _digest(file)
    known = (
        Workbook.objects.filter(organisation=organisation, sha256=digest)
        .exclude(status=Workbook.Status.REFUSED)
        .order_by("-pk")
        .first()
    )
    if known is not None:
        return known, False
    book = Workbook(
        organisation=organisation, name=Path(name).name[:200], size=file.size, sha256=digest, uploaded_by=by
    )
    book.file.save(f"{digest[:16]}.xlsx", file, save=False)
    book.save()
    log(action="workbook.upload", by=by, organisation=organisation, on=book, data={"sha256": digest})
    return book, True


def _digest(file: File) -> str:
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


@transaction.atomic
def workbook_check(*, by, workbook: Workbook) -> Workbook:
    """Start the check in the background."""
    require(by, "data.enter", workbook.organisation)
    from tanheng_web.collection.tasks import workbook_check_task  # the task calls back into this module

    link = reverse("collection:workbook", args=[workbook.organisation_id, workbook.pk])
    title = _("检查 %(name)s") % {"name": workbook.name}
    workbook.job = jobs.start(
        workbook_check_task,
        organisation=workbook.organisation,
        by=by,
        kind="import",
        title=title,
        link=link,
        workbook_id=workbook.pk,
    )
    workbook.status = Workbook.Status.UPLOADED
    workbook.save(update_fields=["job", "status"])
    return workbook


def workbook_check_now(*, workbook: Workbook, progress=silent) -> Findings | None:
    """Check a file and keep what was found; None when it cannot be read at all. Writes no activity data."""
    try:
        findings, period = imports.checked(workbook, progress)
    except TanhengError as error:
        workbook.status, workbook.refusal, workbook.counts, workbook.findings = (
            Workbook.Status.REFUSED,
            error.zh(),
            {},
            None,
        )
        workbook.save(update_fields=["status", "refusal", "counts", "findings"])
        return None
    workbook.status, workbook.refusal, workbook.period = Workbook.Status.CHECKED, "", period.key
    workbook.counts = imports.counts_of(findings)
    workbook.findings = imports.packed(findings)
    workbook.save(update_fields=["status", "refusal", "period", "counts", "findings"])
    return findings


def marked_name(workbook: Workbook) -> str:
    """What the copy with its faults marked is called."""
    return f"待更正_{workbook.name}"


@transaction.atomic
def workbook_mark(*, by, workbook: Workbook) -> Job:
    """Order a copy of a file with its faults marked; it is found under the job's result."""
    require(by, "view", workbook.organisation)
    from tanheng_web.collection.tasks import workbook_mark_task  # the task calls back into this module

    title = _("标出问题 %(name)s") % {"name": workbook.name}
    job = jobs.start(
        workbook_mark_task, organisation=workbook.organisation, by=by, kind=MARK_JOB, title=title,
        workbook_id=workbook.pk, name=marked_name(workbook),
    )  # fmt: skip
    job.link = reverse("collection:workbook-corrected-file", args=[workbook.organisation_id, job.pk])
    job.save(update_fields=["link"])
    return job


@transaction.atomic
def workbook_confirm(*, by, workbook: Workbook) -> Workbook:
    """Start the import of the good rows in the background."""
    workbook = _confirmable(by, workbook)
    from tanheng_web.collection.tasks import workbook_confirm_task  # the task calls back into this module

    link = reverse("collection:workbook", args=[workbook.organisation_id, workbook.pk])
    title = _("导入 %(name)s") % {"name": workbook.name}
    workbook.job = jobs.start(
        workbook_confirm_task,
        organisation=workbook.organisation,
        by=by,
        kind="import",
        title=title,
        link=link,
        workbook_id=workbook.pk,
        by_id=by.pk,
    )
    workbook.save(update_fields=["job"])
    return workbook


def _confirmable(by, workbook: Workbook) -> Workbook:
    require(by, "data.enter", workbook.organisation)
    workbook = Workbook.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=workbook.pk)
    if workbook.status == Workbook.Status.CONFIRMED:
        at = timezone.localtime(workbook.confirmed_at).strftime("%Y-%m-%d %H:%M")
        raise InputError("workbook.already_confirmed", at=at)
    if workbook.status != Workbook.Status.CHECKED:
        raise InputError("workbook.not_ready")
    if not workbook.counts.get("values"):
        raise InputError("workbook.nothing_to_import")
    return workbook


def workbook_confirm_now(*, by, workbook: Workbook, progress=silent) -> int:
    """Check once more against the present state and write the good rows: all of them in one transaction, or none."""
    require(by, "data.enter", workbook.organisation)
    findings, _period = imports.checked(workbook, progress)
    progress(1, 1, _("正在写入"))
    with transaction.atomic():
        workbook = _confirmable(by, workbook)
        written, findings.overwrites = _write(workbook, findings.entries, by)
        workbook.status, workbook.confirmed_by, workbook.confirmed_at = Workbook.Status.CONFIRMED, by, timezone.now()
        findings.counts.changed = len(findings.overwrites)
        workbook.counts = imports.counts_of(findings) | {"written": written}
        workbook.findings = imports.packed(findings)
        workbook.save()
        log(
            action="workbook.confirm",
            by=by,
            organisation=workbook.organisation,
            on=workbook,
            data={"values": len(findings.entries), "written": written, "changed": len(findings.overwrites)},
        )
    return written


def _write(workbook: Workbook, entries: list[Entry], by) -> tuple[int, list[Overwrite]]:
    """Write month by month; an unchanged number is left alone. A month locked meanwhile raises and undoes all.

    Months are locked in their order: two imports at once wait for each other and never in a circle.
    """
    streams = {row.code: row for row in SourceStream.objects.filter(organisation=workbook.organisation)}
    months: dict[str, list[Entry]] = {}
    for entry in entries:
        months.setdefault(entry.month, []).append(entry)
    written, overwrites = 0, []
    for month in sorted(months):
        report = draft_for(workbook.organisation, Month.parse(month), by)
        count, changed = _write_month(report, workbook, months[month], streams, by)
        written += count
        overwrites += changed
    return written, overwrites


def _write_month(
    report: MonthReport, workbook: Workbook, entries: list[Entry], streams: dict[str, SourceStream], by
) -> tuple[int, list[Overwrite]]:
    rows = ActivityValue.objects.filter(report=report, is_current=True)
    there = {(row[1], row[2]): (row[0], row[3]) for row in rows.values_list("pk", "stream_id", "key", "value")}
    old, new, changed, now = [], [], [], timezone.now()
    for entry in entries:
        stream = streams[entry.code]
        value = imports.decimal_of(entry.value)
        known = there.get((stream.pk, entry.key))
        if known is not None and known[1] is not None and known[1] == value:
            continue
        if known is not None:
            old.append(known[0])
            if known[1] is not None:
                changed.append(Overwrite(entry, float(known[1])))
        new.append(_row(report, workbook, entry, stream, value, by, now))
    for start in range(0, len(old), BATCH):
        ActivityValue.objects.filter(pk__in=old[start : start + BATCH]).update(is_current=False)
    ActivityValue.objects.bulk_create(new, batch_size=BATCH)
    report.save(update_fields=["changed_at"])
    return len(new), changed


def _row(report: MonthReport, workbook: Workbook, entry: Entry, stream: SourceStream, value, by, now) -> ActivityValue:
    return ActivityValue(
        report=report,
        stream=stream,
        key=entry.key,
        value=value,
        unit=stream.key_unit(entry.key),
        entered=entry.entered[:80],
        note=entry.note[:300],
        kind=ActivityValue.Kind.WORKBOOK,
        workbook=workbook,
        sheet=entry.sheet[:40],
        cell=entry.cell,
        entered_by=by,
        entered_at=now,
    )


def period_of(workbook: Workbook) -> Period | None:
    """The period that a checked workbook is for."""
    return Period.parse(workbook.period) if workbook.period else None
