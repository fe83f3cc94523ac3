"""The corrected template: the workbook as it was read, with its faults marked."""

from collections.abc import Iterable

from tanheng_web.collection.workbook.faults import Fault
from tanheng_web.collection.workbook.reading import ReadBook
from tanheng_web.collection.workbook.spec import TemplateSpec
from tanheng_web.collection.workbook.template import Mark, MarkedSheet, write_marked

__all__ = ["marked_workbook"]


def marked_workbook(spec: TemplateSpec, book: ReadBook, faults: Iterable[Fault]) -> bytes:
    """Return the .xlsx that a person corrects and uploads again."""
    marks: dict[str, dict[tuple[int, int], list[Mark]]] = {}
    for fault in faults:
        if fault.row >= 0:
            place = (fault.row, max(fault.column, 0))
            marks.setdefault(fault.sheet, {}).setdefault(place, []).append(Mark(fault.severity, fault.text))
    sheets = [
        MarkedSheet(
            sheet.name, _with_room(sheet.rows, marks.get(sheet.name, {})), marks.get(sheet.name, {}), sheet.head_row
        )
        for sheet in book.sheets
    ]
    return write_marked(spec, sheets)


def _with_room(rows: list[list[object]], marks: dict[tuple[int, int], list[Mark]]) -> list[list[object]]:
    """Let a mark beyond the last cell of its row be drawn."""
    for row, column in marks:
        if row < len(rows):
            rows[row] += [""] * (column + 1 - len(rows[row]))
    return rows
