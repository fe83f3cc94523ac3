"""Workbooks of others filled from a report: ``{{ 企业名称 }}`` in cells, named cells, rows repeated for a list.

A template takes values, it computes nothing here: a cell names a variable (``{{ 排放总量 }}``, ``{{ 排放源.flux }}``)
or a column of a list (``{{ 排放源[].数值 }}``, whose row is repeated for every entry). A cell that holds nothing else
gets a number as a number. Formulas of the template stay, but those that reach outside are refused.
"""

import copy
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tanheng.kernel.errors import InputError
from tanheng.kernel.text import printable
from tanheng.kernel.units import label
from tanheng.reporting.content import ReportContent
from tanheng.reporting.template_safety import check_package

__all__ = ["LISTS", "SCALARS", "fill_workbook", "validate_workbook"]

SCALARS = (
    *("标题", "企业名称", "报告期", "核算依据", "统一社会信用代码", "省份", "地址", "法定代表人"),
    *("填报负责人", "联系人", "联系电话", "排放总量", "排放单位", "结果指纹"),
)
LISTS: Mapping[str, tuple[str, ...]] = {
    "排放源": ("名称", "数值", "编号"),
    "小计": ("名称", "数值", "编号"),
    "气体": ("名称", "数值", "编号"),
    "工序": ("名称", "数值", "编号"),
    "月份": ("名称", "数值", "编号"),
    "指标": ("名称", "数值", "单位", "编号"),
}
_GROUPS = {
    "排放源": "sources",
    "小计": "subtotals",
    "气体": "gases",
    "工序": "processes",
    "月份": "months",
    "指标": "indicators",
}
_PLACE = re.compile(r"\{\{\s*([^{}\s]{1,80})\s*\}\}")
_REACHES_OUT = re.compile(
    r"\b(WEBSERVICE|FILTERXML|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|HYPERLINK|IMAGE|CUBE\w+)\s*\(|\||\[\d*\]|file:|https?:",
    re.IGNORECASE,
)
_MOST_CELLS = 200_000
_MOST_ROWS = 2_000
UNKNOWN = "—"
Values = Mapping[str, Any]


def validate_workbook(body: bytes) -> None:
    """Try a template without a report: readable, no macro, bounded, every variable of a known kind.

    Raises
    ------
    InputError
        ``report.template_unreadable``, ``_macro``, ``_too_large``, ``_unknown`` or ``_unsafe``.
    """
    book = _opened(body)
    unknown = sorted({name for _cell, names in _places(book) for name in names if not _is_known(name)})
    if unknown:
        raise InputError("report.template_unknown", names=unknown)


def _is_known(name: str) -> bool:
    if name in SCALARS:
        return True
    group, bracket, column = name.partition("[].")
    if bracket:
        return column in LISTS.get(group, ())
    group, dot, key = name.partition(".")
    return bool(dot and key) and group in LISTS


def fill_workbook(body: bytes, content: ReportContent) -> bytes:
    """Return the template with the values of a report in it; an unknown value is ``—``, never 0.

    Raises
    ------
    InputError
        As :func:`validate_workbook`; ``report.template_unknown`` also for a source or month the result does not have.
    """
    book, values, lists = _opened(body), _scalars(content), _lists(content)
    unknown = sorted(
        {name for _c, names in _places(book) for name in names if "[]." not in name and name not in values}
    )
    if unknown:
        raise InputError("report.template_unknown", names=unknown)
    for sheet in book.worksheets:
        _rows_repeated(sheet, lists)
        for row in sheet.iter_rows():
            for cell in row:
                _filled(cell, values)
    _named_cells(book, values)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _opened(body: bytes) -> Any:
    import openpyxl

    check_package(body, "xlsx")
    try:
        book = openpyxl.load_workbook(io.BytesIO(body), keep_links=False)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        raise InputError("report.template_unreadable", reason=type(error).__name__) from error
    cells = sum(sheet.max_row * sheet.max_column for sheet in book.worksheets)
    if cells > _MOST_CELLS:
        raise InputError("report.template_too_large", bytes=cells, most=_MOST_CELLS)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and _REACHES_OUT.search(str(cell.value)):
                    raise InputError(
                        "report.template_unsafe", reason=f"{sheet.title}!{cell.coordinate} 的公式取用外部内容"
                    )
    return book


def _places(book: Any) -> Iterator[tuple[Any, list[str]]]:
    """Yield the cells that name variables."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and (names := _PLACE.findall(cell.value)):
                    yield cell, names


def _rows_repeated(sheet: Any, lists: Mapping[str, list[Values]]) -> None:
    """Repeat each row that names a list for every entry of it, from the bottom up, with its formats."""
    for number in range(sheet.max_row, 0, -1):
        cells = list(sheet[number])
        group = next((name for cell in cells for name in _list_names(cell)), None)
        if group is None:
            continue
        entries = lists[group][:_MOST_ROWS] or [dict.fromkeys(LISTS[group])]
        template = [(cell.column, cell.value, copy.copy(cell._style)) for cell in cells]
        _make_room(sheet, number, len(entries) - 1)
        for n, entry in enumerate(entries):
            own = {f"{group}[].{column}": value for column, value in entry.items()}
            for column, text, style in template:
                target = sheet.cell(row=number + n, column=column)
                target._style = copy.copy(style)
                if isinstance(text, str) and _PLACE.search(text):
                    _written(target, text, own)
                elif n:
                    target.value = text


def _list_names(cell: Any) -> list[str]:
    names = _PLACE.findall(cell.value) if isinstance(cell.value, str) else []
    return [name.partition("[].")[0] for name in names if "[]." in name]


def _make_room(sheet: Any, number: int, count: int) -> None:
    """Insert rows below one; merged cells further down move along (openpyxl leaves them where they are)."""
    if count < 1:
        return
    moved = [each for each in list(sheet.merged_cells.ranges) if each.min_row > number]
    for each in moved:
        sheet.merged_cells.remove(each)
    sheet.insert_rows(number + 1, count)
    for each in moved:
        each.shift(row_shift=count)
        sheet.merged_cells.add(each)


def _filled(cell: Any, values: Values) -> None:
    if isinstance(cell.value, str) and _PLACE.search(cell.value):
        _written(cell, cell.value, values)


def _written(cell: Any, text: str, values: Values) -> None:
    """Put values into a cell; a text never becomes a formula."""
    whole = _PLACE.fullmatch(text.strip())
    if whole and whole[1] in values:
        value = values[whole[1]]
        if isinstance(value, int | float):
            cell.value = value
            return
        text = UNKNOWN if value is None else str(value)
    else:
        text = _PLACE.sub(lambda found: _shown(values, found), text)
    cell.value = printable(text)
    cell.data_type = "s"


def _shown(values: Values, found: re.Match[str]) -> str:
    if found[1] not in values:
        return found[0]
    value = values[found[1]]
    return UNKNOWN if value is None else str(value)


def _named_cells(book: Any, values: Values) -> None:
    """Fill the cells to which the workbook gave the name of a variable."""
    for name, defined in book.defined_names.items():
        if name not in values:
            continue
        for title, place in defined.destinations:
            if title in book.sheetnames and ":" not in place:
                _written(book[title][place.replace("$", "")], f"{{{{ {name} }}}}", values)


def _scalars(content: ReportContent) -> dict[str, Any]:
    """Return every single value by name; figures as numbers [unit of the report]."""
    cover, entity, data = content.cover, content.entity, content.reading.data
    values: dict[str, Any] = {
        "标题": cover.title,
        "企业名称": cover.entity,
        "报告期": cover.period,
        "核算依据": cover.basis,
        "统一社会信用代码": entity.uscc,
        "省份": entity.province,
        "地址": entity.address,
        "法定代表人": entity.legal_representative,
        "填报负责人": entity.filled_by,
        "联系人": entity.contact,
        "联系电话": entity.phone,
        "排放总量": data["total"]["value"],
        "排放单位": content.unit,
        "结果指纹": content.reading.result.digest,
    }
    for group, rows in _lists(content).items():
        values |= {f"{group}.{row['编号']}": row["数值"] for row in rows}
    return values


def _lists(content: ReportContent) -> dict[str, list[Values]]:
    """Return the lists a row may be repeated for."""
    return {group: [_entry(content, group, key, each) for key, each in _figures(content, group)] for group in _GROUPS}


def _figures(content: ReportContent, group: str) -> list[tuple[str, Mapping[str, Any]]]:
    return list((content.reading.data.get(_GROUPS[group]) or {}).items())


def _entry(content: ReportContent, group: str, key: str, figure: Mapping[str, Any]) -> dict[str, Any]:
    known = getattr(content.reading.standard, _GROUPS[group], None)
    named = known.get(key) if isinstance(known, Mapping) else None
    found = {"名称": getattr(named, "zh", key), "数值": figure.get("value"), "编号": key}
    return {**found, "单位": label(str(figure.get("unit") or ""))} if group == "指标" else found
