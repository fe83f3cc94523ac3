"""From a stored file to findings, and findings in the form in which they are kept."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import selectors
from tanheng_web.collection.models import Workbook
from tanheng_web.collection.workbook.checking import check
from tanheng_web.collection.workbook.faults import Findings, Overwrite
from tanheng_web.collection.workbook.marking import marked_workbook
from tanheng_web.collection.workbook.reading import period_of, read, read_meta
from tanheng_web.collection.workbook.safety import inspect
from tanheng_web.common.own_names import names_of

__all__ = ["checked", "counts_of", "decimal_of", "marked", "packed", "unpacked"]

PLACES = Decimal(1).scaleb(-12)
GOOD_SHOWN = 200
CHANGES_SHOWN = 50
PLACE = ("sheet", "cell", "month", "code", "key")
ROWS_SHOWN = 30


def decimal_of(value: float) -> Decimal:
    """The decimal that a spreadsheet shows: 15 significant digits, at most 12 places."""
    return Decimal(f"{value:.15g}").quantize(PLACES)


def checked(workbook: Workbook, progress) -> tuple[Findings, Period]:
    """Inspect, read and check a file against the enterprise as it is now; raises InputError when it cannot be read."""
    with names_of(workbook.organisation):
        return _checked(workbook, progress)


def _checked(workbook: Workbook, progress) -> tuple[Findings, Period]:
    spec, book, period = _read(workbook, progress)
    context = selectors.check_context(workbook.organisation, period, timezone.localdate())
    findings = check(
        spec, book, context, lambda done, total: progress(done, total, f"正在检查第 {done:,} / {total:,} 行")
    )
    _compare_drafts(findings, context.history)
    return findings, period


def _compare_drafts(findings: Findings, known: Mapping[tuple[str, str], Mapping[Month, float]]) -> None:
    """Count which numbers would change what is there, and which are there already."""
    months = {month: Month.parse(month) for month in {entry.month for entry in findings.entries}}
    for entry in findings.entries:
        before = known.get((entry.code, entry.key), {}).get(months[entry.month])
        if before is None:
            continue
        if before == entry.value or decimal_of(before) == decimal_of(entry.value):
            findings.counts.same += 1
        else:
            findings.overwrites.append(Overwrite(entry, before))
    findings.counts.changed = len(findings.overwrites)


def _read(workbook: Workbook, progress):
    path = Path(workbook.file.path)
    organisation = workbook.organisation
    progress(0, 0, "正在检查文件")
    inspection = inspect(path, workbook.name)
    meta = read_meta(path, workbook.name, organisation_id=organisation.pk, organisation=organisation.name)
    period = period_of(meta)
    spec = selectors.template_spec(organisation, period)
    progress(0, 0, "正在读取工作表")
    return spec, read(path, workbook.name, spec, inspection), period


def marked(workbook: Workbook) -> bytes:
    """The corrected template of a checked file: as it was read, faults marked."""
    spec, book, period = _read(workbook, lambda done, total, message: None)
    context = selectors.check_context(workbook.organisation, period, timezone.localdate())
    findings = check(spec, book, context)
    return marked_workbook(spec, book, findings.faults)


def counts_of(findings: Findings) -> dict[str, int]:
    """The numbers that the page and lists show."""
    at = timezone.now().isoformat(timespec="microseconds")
    return asdict(findings.counts) | {"errors": findings.errors, "warnings": findings.warnings, "checked_at": at}


def packed(findings: Findings) -> bytes:
    """Faults as rows of [severity, sheet, row, cell, code, text]; the first good numbers and changes; locked rows."""
    faults = [[f.severity, f.sheet, f.row + 1, f.cell, f.code, f.text] for f in findings.faults]
    good = [[e.sheet, e.cell, e.month, e.code, e.key, e.value] for e in findings.entries[:GOOD_SHOWN]]
    changes = [
        [*(getattr(each.entry, name) for name in PLACE), each.before, each.entry.value]
        for each in findings.overwrites[:CHANGES_SHOWN]
    ]
    kept = {"faults": faults, "good": good, "changes": changes, "locked": _locked_rows(findings)}
    return zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), 6)


def _locked_rows(findings: Findings) -> list[list[object]]:
    """Rows that were left out by month and sheet: [month, sheet, count, first row numbers]."""
    places: dict[tuple[str, str], list[int]] = {}
    for month, sheet, row in findings.locked:
        places.setdefault((month, sheet), []).append(row)
    return [[month, sheet, len(rows), sorted(rows)[:ROWS_SHOWN]] for (month, sheet), rows in sorted(places.items())]


def unpacked(workbook: Workbook) -> Mapping[str, list]:
    """What ``packed`` kept; empty before the check."""
    if not workbook.findings:
        return {"faults": [], "good": [], "changes": [], "locked": []}
    return {"changes": [], "locked": []} | json.loads(zlib.decompress(bytes(workbook.findings)))
