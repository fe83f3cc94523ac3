"""From a stored file to findings, and findings in the form in which they are kept."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from tanheng.kernel.periods import Period
from tanheng_web.collection import selectors
from tanheng_web.collection.models import Workbook
from tanheng_web.collection.workbook.checking import check
from tanheng_web.collection.workbook.faults import Findings
from tanheng_web.collection.workbook.marking import marked_workbook
from tanheng_web.collection.workbook.reading import period_of, read, read_meta
from tanheng_web.collection.workbook.safety import inspect

__all__ = ["checked", "counts_of", "decimal_of", "marked", "packed", "unpacked"]

PLACES = Decimal(1).scaleb(-12)
GOOD_SHOWN = 200


def decimal_of(value: float) -> Decimal:
    """The decimal that a spreadsheet shows: 15 significant digits, at most 12 places."""
    return Decimal(f"{value:.15g}").quantize(PLACES)


def checked(workbook: Workbook, progress) -> tuple[Findings, Period]:
    """Inspect, read and check a file against the enterprise as it is now; raises InputError when it cannot be read."""
    spec, book, period = _read(workbook, progress)
    context = selectors.check_context(workbook.organisation, period, timezone.localdate())
    return check(
        spec, book, context, lambda done, total: progress(done, total, f"正在检查第 {done:,} / {total:,} 行")
    ), period


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
    return asdict(findings.counts) | {"errors": findings.errors, "warnings": findings.warnings}


def packed(findings: Findings) -> bytes:
    """Faults as rows of [severity, sheet, row, cell, code, text], and the first good numbers as examples."""
    faults = [[f.severity, f.sheet, f.row + 1, f.cell, f.code, f.text] for f in findings.faults]
    good = [[e.sheet, e.cell, e.month, e.code, e.key, e.value] for e in findings.entries[:GOOD_SHOWN]]
    return zlib.compress(json.dumps({"faults": faults, "good": good}, ensure_ascii=False).encode(), 6)


def unpacked(workbook: Workbook) -> Mapping[str, list]:
    """What ``packed`` kept; empty before the check."""
    if not workbook.findings:
        return {"faults": [], "good": []}
    return json.loads(zlib.decompress(bytes(workbook.findings)))
