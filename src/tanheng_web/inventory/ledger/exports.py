"""The ledger as a file: xlsx or csv, full precision, with who and why; large ones are written by a job."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.core.files.base import File
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from tanheng.kernel.periods import Period
from tanheng_web.common import jobs
from tanheng_web.common.job_files import store
from tanheng_web.common.jobs import background, progress
from tanheng_web.common.models import Job
from tanheng_web.common.spreadsheets import as_cell
from tanheng_web.inventory.ledger.selectors import Chosen, Row, chosen_of, rows_of
from tanheng_web.organisations.models import Organisation

__all__ = ["AT_ONCE", "JOB", "KINDS", "export_execute", "file_name", "ordered", "written"]

KINDS = ("xlsx", "csv")
JOB = "ledger-export"
AT_ONCE = 20_000
CHUNK = 2000
HEAD = (
    "期", "口径", "排放源", "源流编号", "源流", "工序", "物料", "用途", "方向", "气体", "公式", "气体质量 t",
    "排放量 tCO2e", "记入核算", "记入时间", "记入人", "记入原因", "替代核算", "替代时间", "替代人", "替代原因",
)  # fmt: skip


def file_name(organisation, kind: str) -> str:
    return f"{organisation.label}_碳账本_{timezone.localdate():%Y%m%d}.{kind}"


def written(organisation, chosen: Chosen, kind: str, tell=None) -> IO[bytes]:
    """A file with the chosen entries; `tell(done)` hears of every chunk."""
    lines = _lines(organisation, chosen, tell or (lambda done: None))
    return _xlsx(lines) if kind == "xlsx" else _csv(lines)


def _lines(organisation, chosen: Chosen, tell) -> Iterator[Sequence[Any]]:
    yield HEAD
    done = 0
    for part in _chunks(chosen.entries.order_by("pk")):
        yield from (_line(row) for row in rows_of(organisation, chosen, part))
        done += len(part)
        tell(done)


def _chunks(entries: QuerySet) -> Iterator[list[Any]]:
    last = 0
    while part := list(entries.filter(pk__gt=last)[:CHUNK]):
        yield part
        last = part[-1].pk


def _line(row: Row) -> tuple[Any, ...]:
    entry = row.entry
    facts = (
        entry.month, entry.account, row.source_zh, entry.stream, row.stream_zh, entry.process, entry.material,
        entry.role, entry.direction, entry.gas, entry.formula, entry.mass, entry.value,
    )  # fmt: skip
    return (*facts, *_posted(row.posted), *_posted(row.superseded))


def _posted(posting) -> tuple[Any, ...]:
    if posting is None:
        return ("", "", "", "")
    at = timezone.localtime(posting.posted_at).strftime("%Y-%m-%d %H:%M:%S")
    reasons = "；".join(part for part in (posting.reasons_zh, posting.note) if part)
    return (posting.run_id, at, str(posting.by), reasons)


def _csv(lines: Iterator[Sequence[Any]]) -> IO[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([as_cell(cell) for cell in line] for line in lines)
    return io.BytesIO(text.getvalue().encode("utf-8-sig"))  # the mark by which Excel knows UTF-8


def _xlsx(lines: Iterator[Sequence[Any]]) -> IO[bytes]:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("碳账本")
    sheet.freeze_panes = "A2"
    for line in lines:
        sheet.append([as_cell(cell) for cell in line])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def ordered(organisation, period: Period, query: str, kind: str, by) -> Job:
    """Order a file from a job; it is found under the job's result."""
    job = jobs.start(
        export_execute, organisation=organisation, by=by, kind=JOB, title=f"导出碳账本（{kind}）",
        organisation_id=organisation.pk, period=period.key, query=query, file_kind=kind,
    )  # fmt: skip
    job.link = reverse("inventory:ledger-file", args=[organisation.pk, job.pk])
    job.save(update_fields=["link"])
    return job


@background
def export_execute(job, *, organisation_id: int, period: str, query: str, file_kind: str) -> None:
    """Job: write the file; begun anew it replaces what was there."""
    organisation = Organisation.objects.get(pk=organisation_id)
    chosen = chosen_of(organisation, Period.parse(period), QueryDict(query))
    total = max(1, chosen.entries.count())
    progress(job, 0, total, "正在写入")
    file = written(organisation, chosen, file_kind, lambda done: progress(job, min(done, total - 1), total))
    store(job, File(file))
    progress(job, total, total, "文件已写好")
