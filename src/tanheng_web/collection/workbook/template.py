"""Write the workbook: empty, prefilled, or as it was read with its faults marked. XlsxWriter, row by row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.workbook.spec import (
    GUIDE_SHEET,
    META_SHEET,
    WORDS_SHEET,
    SheetSpec,
    StreamSpec,
    TemplateSpec,
)

__all__ = ["Mark", "MarkedSheet", "write_marked", "write_template"]

MAX_COMMENTS = 5_000  # Excel grows slow with more; colours and the list of faults stay complete
WIDTHS = {"month": 10, "code": 11, "material": 16, "process": 20, "role": 10, "direction": 8, "unit": 9, "note": 30}
GUIDE = (
    "1. 每行是一个源流的一个月。灰色单元格是系统给出的编号与名称，请不要修改；白色单元格填写数字。",
    "2. 没有发生请填 0；不知道请留空（留空是缺口，不会按 0 计算）。",
    "3. 数量按“单位”列填写；如改用别的单位，请同时改“单位”列，系统会换算并注明。",
    "4. 低位发热量、含碳量等有实测值时填写；没有时留空，系统按企业默认值、标准缺省值的次序取用并在结果中注明。",
    "5. 碳氧化率、纯度等份额填小数（0.93），或写 93%。",
    "6. 期初库存应等于上月期末库存。购入量、外销量、库存量不能为负。",
    "7. 与上月、上年相差很大而数据无误时，请在备注写“已核实：原因”。",
    "8. 填好后在“活动数据 → 导入”上传。系统先检查，列出每一处问题；确认之前不写入任何数据。",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A fault at a cell: severity `error` or `warning`, and the sentence."""

    severity: str
    text: str


@dataclass(frozen=True)
class MarkedSheet:
    """A sheet as it was read: rows of raw cells from A1 on, and marks by (row, column) from 0."""

    name: str
    rows: Iterable[list[object]]
    marks: Mapping[tuple[int, int], list[Mark]]
    head_row: int | None = None
    hidden: bool = False


def write_template(spec: TemplateSpec) -> bytes:
    """Return the workbook of a period, prefilled where `spec.values` knows a number."""
    target = BytesIO()
    book = _open(target)
    formats = _formats(book)
    _guide(book, spec, formats)
    for sheet in spec.sheets:
        _data_sheet(book, spec, sheet, formats)
    _hidden(book, spec)
    book.close()
    return target.getvalue()


def write_marked(spec: TemplateSpec, sheets: Iterable[MarkedSheet]) -> bytes:
    """Return the workbook as it was read, every typed cell kept, faults coloured and explained in comments."""
    target = BytesIO()
    book = _open(target)
    formats = _formats(book)
    _guide(book, spec, formats)
    for sheet in sheets:
        _marked_sheet(book, sheet, formats)
    _hidden(book, spec)
    book.close()
    return target.getvalue()


def _open(target: BytesIO) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    )
    book.set_properties({"title": "碳衡活动数据模板", "company": "碳衡 Tanheng"})
    return book


def _formats(book: xlsxwriter.Workbook) -> dict[str, object]:
    base = {"font_name": "等线", "font_size": 10, "valign": "vcenter"}
    make = lambda **more: book.add_format({**base, **more})  # noqa: E731  one line a format reads best
    return {
        "title": make(font_size=16, bold=True),
        "text": make(text_wrap=True, valign="top"),
        "name": make(bold=True, font_color="#44546A"),
        "head": make(bold=True, text_wrap=True, align="center", bg_color="#1F4E79", font_color="#FFFFFF", border=1),
        "key": make(bg_color="#F2F2F2", font_color="#404040", border=1, border_color="#D9D9D9"),
        "open_key": make(bg_color="#F2F2F2", border=1, border_color="#D9D9D9", locked=False),
        "number": make(num_format="#,##0.######", border=1, border_color="#D9D9D9", locked=False),
        "closed": make(bg_color="#E7E6E6", border=1, border_color="#D9D9D9", pattern=1),
        "note": make(border=1, border_color="#D9D9D9", locked=False),
        "plain": make(border=1, border_color="#D9D9D9", locked=False),
        "count": make(num_format="#,##0.######", border=1, border_color="#D9D9D9", locked=False),
        "date": make(num_format="yyyy-mm-dd", locked=False),
        "error": make(bg_color="#FFC7CE", font_color="#9C0006", border=1, border_color="#C00000", locked=False),
        "warning": make(bg_color="#FFEB9C", font_color="#7F6000", border=1, border_color="#BF9000", locked=False),
    }


def _guide(book: xlsxwriter.Workbook, spec: TemplateSpec, formats: dict[str, object]) -> None:
    sheet = book.add_worksheet(GUIDE_SHEET)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 96)
    sheet.write_string(0, 0, "碳衡活动数据填报模板", formats["title"])
    facts = {
        "企业": spec.organisation,
        "企业编码": spec.organisation_code or str(spec.organisation_id),
        "期间": spec.period.label_zh,
        "模板版本": spec.version,
    }
    for row, (name, text) in enumerate(facts.items(), start=2):
        sheet.write_string(row, 0, name, formats["name"])
        sheet.write_string(row, 1, text, formats["text"])
    for row, text in enumerate(GUIDE, start=7):
        sheet.write_string(row, 1, text, formats["text"])
        sheet.set_row(row, 32)
    sheet.protect("", {"select_locked_cells": True})
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)


def _data_sheet(book: xlsxwriter.Workbook, spec: TemplateSpec, data: SheetSpec, formats: dict[str, object]) -> None:
    sheet = book.add_worksheet(data.name)
    _heads(sheet, [column.title for column in data.columns], formats)
    row = 0
    for month in spec.period.months:
        for stream in data.streams:
            if stream.active_in(month):
                row += 1
                _row(sheet, row, spec, data, stream, str(month), formats)
    _behaviour(sheet, data, row)


def _heads(sheet, titles: list[str], formats: dict[str, object]) -> None:
    sheet.set_row(0, 34)
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, formats["head"])


def _row(sheet, row: int, spec: TemplateSpec, data: SheetSpec, stream: StreamSpec, month: str, formats) -> None:
    keys = {
        "month": month,
        "code": stream.code,
        "material": stream.material_zh,
        "process": stream.process,
        "role": stream.role_zh,
        "direction": stream.direction_zh,
        "unit": words.unit_label(stream.unit),
    }
    for place, column in enumerate(data.columns):
        if column.key in keys:
            sheet.write_string(row, place, keys[column.key], formats["open_key" if column.key == "unit" else "key"])
        elif column.key == "note":
            sheet.write_blank(row, place, None, formats["note"])
        elif column.key not in stream.keys:
            sheet.write_blank(row, place, None, formats["closed"])
        elif (value := spec.values.get((stream.code, month, column.key))) is not None:
            sheet.write_number(row, place, value, formats["number"])
        else:
            sheet.write_blank(row, place, None, formats["number"])


def _behaviour(sheet, data: SheetSpec, last: int) -> None:
    for place, column in enumerate(data.columns):
        sheet.set_column(place, place, WIDTHS.get(column.key, 15))
        if column.is_number and last:
            sheet.data_validation(1, place, last, place, _validation(column.key))
        elif column.key == "unit" and last:
            sheet.data_validation(1, place, last, place, _units_list(data))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(last, 1), len(data.columns) - 1)
    sheet.protect("", _PROTECT)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


_PROTECT = {
    "format_columns": True,
    "format_rows": True,
    "format_cells": True,
    "sort": True,
    "autofilter": True,
    "insert_rows": False,
    "delete_rows": False,
}


def _validation(key: str) -> dict[str, object]:
    low = 0 if key in words.BALANCE or (key not in words.QUANTITY_KEYS and key != "temperature") else -1e15
    return {
        "validate": "decimal",
        "criteria": "between",
        "minimum": low,
        "maximum": 1 if key in words.SHARES else 1e15,
        "error_type": "warning",
        "error_title": "请核对",
        "error_message": "份额请填 0 到 1 之间的小数。"
        if key in words.SHARES
        else "这里应填数字；购入量、外销量和库存量不能为负。",
    }


def _units_list(data: SheetSpec) -> dict[str, object]:
    # Column A of the hidden dictionary holds the units; other spellings stay allowed, hence only an information.
    return {
        "validate": "list",
        "source": f"='{WORDS_SHEET}'!$A$2:$A${len(_unit_words()) + 1}",
        "error_type": "information",
        "error_title": "请核对单位",
        "error_message": "改用别的单位时，系统会换算；不能换算的单位会被拒绝。",
    }


def _unit_words() -> list[str]:
    return [
        words.unit_label(unit)
        for unit in ("t", "kg", "1e4t", "1e4Nm3", "1e3Nm3", "Nm3", "MWh", "1e4kWh", "kWh", "GJ", "1e4GJ", "MJ")
    ]


def _hidden(book: xlsxwriter.Workbook, spec: TemplateSpec) -> None:
    lists = [
        ("单位", _unit_words()),
        ("用途", list(words.ROLES.values())),
        ("物料", sorted({s.material_zh for s in spec.streams})),
    ]
    sheet = book.add_worksheet(WORDS_SHEET)
    for column, (head, entries) in enumerate(lists):
        sheet.write_column(0, column, [head, *entries])
    sheet.hide()
    sheet = book.add_worksheet(META_SHEET)
    for row, (key, value) in enumerate(spec.meta().items()):
        sheet.write_string(row, 0, key)
        sheet.write_string(row, 1, value)
    sheet.protect()
    sheet.very_hidden()


def _marked_sheet(book: xlsxwriter.Workbook, marked: MarkedSheet, formats: dict[str, object]) -> None:
    sheet = book.add_worksheet(marked.name)
    comments, columns, rows = 0, 1, 0
    for row, cells in enumerate(marked.rows):
        rows = row
        columns = max(columns, len(cells))
        for column, cell in enumerate(cells):
            marks = marked.marks.get((row, column))
            style = _style(marks, row == marked.head_row, cell, formats)
            _cell(sheet, row, column, cell, style)
            if marks and comments < MAX_COMMENTS:
                comments += 1
                sheet.write_comment(
                    row, column, "\n".join(mark.text for mark in marks)[:1000], {"x_scale": 2.2, "y_scale": 1.4}
                )
    sheet.set_column(0, columns - 1, 14)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    if marked.head_row is not None:
        sheet.freeze_panes(marked.head_row + 1, 3)
        sheet.set_row(marked.head_row, 34)
        sheet.autofilter(marked.head_row, 0, max(rows, marked.head_row + 1), columns - 1)


def _style(marks: list[Mark] | None, is_head: bool, cell: object, formats: dict[str, object]):
    if marks:
        return formats["error" if any(mark.severity == "error" for mark in marks) else "warning"]
    if is_head:
        return formats["head"]
    if isinstance(cell, date):
        return formats["date"]
    return formats["count" if isinstance(cell, float) else "plain"]


def _cell(sheet, row: int, column: int, cell: object, style) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, style)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, style)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell, style)
    elif isinstance(cell, datetime | date):
        sheet.write_datetime(row, column, cell, style)
    else:
        sheet.write_string(row, column, str(cell)[:32_767], style)
