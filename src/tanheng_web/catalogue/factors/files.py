"""The factor workbook: its template, and reading an uploaded .xlsx or .csv with bounds."""

import csv
import io
import math
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import python_calamine
import xlsxwriter

from tanheng.kernel.errors import InputError
from tanheng.rules.factors import vocabulary
from tanheng.rules.factors.rows import columns
from tanheng_web.collection.workbook.safety import inspect

__all__ = ["MAX_BYTES", "MAX_ROWS", "SHEET", "read_rows", "write_template"]

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 20_000
MAX_CELL = 500
HEAD_ROWS = 10
SHEET = "因子"
WORDS = "词表"
_WORDED = {
    "quantity", "family", "klass", "metal", "stage", "carrier", "emission_type", "indicator", "level", "basis",
}  # fmt: skip
Cells = dict[str, object]


def read_rows(path: Path, name: str) -> list[tuple[int, Cells]]:
    """Return the filled rows below the head: number in the file, cells by column id.

    Raises
    ------
    InputError
        ``factor.file_*`` and ``workbook.*``: why the file cannot be read.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise InputError("factor.file_too_large", name=name, megabytes=round(size / 1024**2, 1), most=20)
    rows = _csv(path, name) if name.lower().endswith((".csv", ".txt")) else _xlsx(path, name)
    numbered = enumerate(rows, 1)
    head: dict[str, int] | None = None
    found: list[tuple[int, Cells]] = []
    for number, row in numbered:
        if head is None:
            head = _head(row)
            if head is None and number >= HEAD_ROWS:
                break
            continue
        cells = {key: _cell(row[place]) for key, place in head.items() if place < len(row)}
        if any(cell not in (None, "") for cell in cells.values()):
            found.append((number, cells))
        if len(found) > MAX_ROWS:
            raise InputError("factor.file_too_long", name=name, most=MAX_ROWS)
    if head is None:
        wanted = [column["zh"] for column in columns().values() if column["required"]]
        raise InputError("factor.file_no_head", name=name, columns=wanted)
    if not found:
        raise InputError("factor.file_empty", name=name)
    return found


def _head(row: list[object]) -> dict[str, int] | None:
    """Columns by name, id or alias; a row with the code and the value among them is the head."""
    names = {}
    for key, column in columns().items():
        names |= {alias.lower(): key for alias in (key, column["zh"], *column["aliases"])}
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        key = names.get(str(cell or "").strip().rstrip("*").strip().lower())
        if key is not None and key not in found:
            found[key] = place
    return found if {"code", "value", "unit"} <= set(found) else None


def _cell(cell: object) -> object:
    """A text without NUL, which no database keeps, and no longer than a field; a number that is one."""
    if isinstance(cell, float) and not math.isfinite(cell):
        return str(cell)
    return cell[:MAX_CELL].replace("\x00", "") if isinstance(cell, str) else cell


def _xlsx(path: Path, name: str) -> Iterator[list[object]]:
    inspect(path, name)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    title = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
    yield from book.get_sheet_by_name(title).to_python(skip_empty_area=False)


def _csv(path: Path, name: str) -> Iterator[list[object]]:
    """Text of a spreadsheet in Chinese Windows is GB 18030; everything else writes UTF-8."""
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InputError("factor.file_encoding", name=name)
    if "\x00" in text:
        raise InputError("factor.file_encoding", name=name)
    try:
        yield from csv.reader(io.StringIO(text))
    except csv.Error as error:
        raise InputError("factor.file_encoding", name=name) from error


def write_template(rows: list[Cells] | None = None) -> bytes:
    """Return the workbook: head with what each column means, lists to choose from, and rows if there are any."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, words = book.add_worksheet(SHEET), book.add_worksheet(WORDS)
    wanted = book.add_format({"bold": True, "bg_color": "#dbe9f6", "border": 1})
    optional = book.add_format({"bold": True, "bg_color": "#f1f3f5", "border": 1})
    sheet.freeze_panes(1, 2)
    for place, (key, column) in enumerate(columns().items()):
        sheet.set_column(place, place, max(10, 2 * len(column["zh"]) + 4))
        sheet.write_string(
            0, place, column["zh"] + ("*" if column["required"] else ""), wanted if column["required"] else optional
        )
        if column["help"]:
            sheet.write_comment(0, place, column["help"])
        if key in _WORDED:
            _choices(sheet, words, place, key)
    for number, row in enumerate(rows or [], 1):
        for place, key in enumerate(columns()):
            _write(sheet, number, place, row.get(key))
    book.close()
    return target.getvalue()


def _choices(sheet, words, place: int, key: str) -> None:
    names = list(vocabulary()[key].values())
    words.write_string(0, place, columns()[key]["zh"])
    for line, zh in enumerate(names, 1):
        words.write_string(line, place, zh)
    if key == "metal":
        return  # several may stand in one cell
    letter = xlsxwriter.utility.xl_col_to_name(place)
    source = f"={WORDS}!${letter}$2:${letter}${len(names) + 1}"
    sheet.data_validation(1, place, MAX_ROWS, place, {"validate": "list", "source": source, "error_type": "warning"})


def _write(sheet, number: int, place: int, cell: object) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime | date):
        sheet.write_string(number, place, cell.strftime("%Y-%m-%d"))
    else:
        sheet.write_string(number, place, str(cell))
