"""A filled docx or xlsx as plain HTML for a page: headings, paragraphs, tables; pictures are named, nothing loaded."""

import io
import re
from collections.abc import Iterator
from datetime import datetime, time
from html import escape
from typing import Any

from tanheng.reporting.template_safety import check_package

__all__ = ["MOST_CHARACTERS", "docx_html", "xlsx_html"]

MOST_CHARACTERS = 2_000_000
_MOST_ROWS = 500
_MOST_COLUMNS = 40
_DECIMALS = re.compile(r"0\.(0+)")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def docx_html(body: bytes) -> str:
    """Return the text of a docx as HTML; everything in it is escaped."""
    import docx

    check_package(body)
    document = docx.Document(io.BytesIO(body))
    return _bounded(_blocks(document.element.body))


def _bounded(parts: Iterator[str]) -> str:
    found: list[str] = []
    left = MOST_CHARACTERS
    for part in parts:
        left -= len(part)
        if left < 0:
            return "".join([*found, "<p>…（后面的内容请下载文件查看）</p>"])
        found.append(part)
    return "".join(found)


def _blocks(parent: Any) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_WORD}p":
            yield _paragraph(element)
        elif element.tag == f"{_WORD}tbl":
            yield _table(element)
        elif element.tag == f"{_WORD}sdt":
            content = element.find(f"{_WORD}sdtContent")
            yield from _blocks(content) if content is not None else ()


def _paragraph(element: Any) -> str:
    if not _text(element).strip():
        return ""
    style = element.find(f"{_WORD}pPr/{_WORD}pStyle")
    name = style.get(f"{_WORD}val", "") if style is not None else ""
    level = next((int(sign) for sign in name if sign.isdigit()), 0) if name.lower().startswith("heading") else 0
    tag = "h2" if name == "Title" else f"h{min(level + 1, 6)}" if level else "p"
    mark = "• " if element.find(f"{_WORD}pPr/{_WORD}numPr") is not None and tag == "p" else ""
    return f"<{tag}>{mark}{_runs(element)}</{tag}>"


def _runs(element: Any) -> str:
    """Return the runs in reading order, bold ones marked; the letters of an equation as one."""
    parts = []
    for node in element.iter(f"{_WORD}r", f"{_MATH}oMath"):
        text = escape(_text(node))
        bold = node.find(f"{_WORD}rPr/{_WORD}b")
        is_bold = bold is not None and bold.get(f"{_WORD}val", "1") not in ("0", "false")
        parts.append(f"<strong>{text}</strong>" if is_bold and text.strip() else text)
    return "".join(parts)


def _text(element: Any) -> str:
    """Return text in reading order: runs, the letters of equations, a word where a picture stands."""
    parts = []
    for node in element.iter():
        if node.tag in (f"{_WORD}t", f"{_MATH}t"):
            parts.append(node.text or "")
        elif node.tag in (f"{_WORD}tab", f"{_WORD}br"):
            parts.append(" ")
        elif node.tag == f"{_WORD}drawing":
            parts.append("〔图〕")
    return "".join(parts)


def _table(element: Any) -> str:
    """Return a table with its cells joined as in the file: sideways by their span, downwards by their merge."""
    rows = [list(_cells(row)) for row in element.findall(f"{_WORD}tr")]
    written = []
    for n, row in enumerate(rows):
        cells = []
        for at, cell in row:
            if _merge(cell) == "continue":
                continue
            below = sum(1 for _ in _continued(rows[n + 1 :], at)) if _merge(cell) == "restart" else 0
            down = f' rowspan="{below + 1}"' if below else ""
            wide = f' colspan="{_span(cell)}"' if _span(cell) > 1 else ""
            inner = "<br>".join(_inside(cell))
            cells.append(f"<td{wide}{down}>{inner}</td>")
        written.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><tbody>{''.join(written)}</tbody></table>"


def _inside(cell: Any) -> Iterator[str]:
    """Yield the paragraphs of a cell, and tables within it."""
    for part in cell.iter(f"{_WORD}p", f"{_WORD}tbl"):
        if part.getparent() is cell or part.getparent().tag == f"{_WORD}sdtContent":
            yield _runs(part) if part.tag == f"{_WORD}p" else _table(part)


def _cells(row: Any) -> Iterator[tuple[int, Any]]:
    """Yield the cells of a row with the column in which each begins."""
    at = 0
    for cell in row.findall(f"{_WORD}tc"):
        yield at, cell
        at += _span(cell)


def _span(cell: Any) -> int:
    span = cell.find(f"{_WORD}tcPr/{_WORD}gridSpan")
    text = span.get(f"{_WORD}val", "1") if span is not None else "1"
    return min(max(1, int(text)), _MOST_COLUMNS) if text.isascii() and text.isdigit() else 1


def _merge(cell: Any) -> str:
    merge = cell.find(f"{_WORD}tcPr/{_WORD}vMerge")
    return "" if merge is None else str(merge.get(f"{_WORD}val", "continue"))


def _continued(rows: list[list[tuple[int, Any]]], at: int) -> Iterator[Any]:
    """Yield the cells below that go on with a merge, until one does not."""
    for row in rows:
        cell = next((cell for column, cell in row if column == at), None)
        if cell is None or _merge(cell) != "continue":
            return
        yield cell


def xlsx_html(body: bytes) -> str:
    """Return the sheets of an xlsx as HTML tables: at most 500 rows and 40 columns each; formulas as written."""
    import openpyxl

    check_package(body, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(body), keep_links=False)
    return _bounded(part for sheet in book.worksheets for part in _sheet(sheet))


def _sheet(sheet: Any) -> Iterator[str]:
    """Yield a sheet with its merged cells joined and its numbers as the cells write them."""
    yield f"<h2>{escape(sheet.title)}</h2><table><tbody>"
    spans = {(area.min_row, area.min_col): area for area in sheet.merged_cells.ranges}
    hidden = {
        (row, column)
        for area in spans.values()
        for row in range(area.min_row, min(area.max_row, _MOST_ROWS) + 1)
        for column in range(area.min_col, min(area.max_col, _MOST_COLUMNS) + 1)
    } - set(spans)
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS), max_col=min(sheet.max_column, _MOST_COLUMNS)):
        shown = (cell for cell in row if (cell.row, cell.column) not in hidden)
        yield "<tr>" + "".join(_cell(cell, spans.get((cell.row, cell.column))) for cell in shown) + "</tr>"
    yield "</tbody></table>"


def _cell(cell: Any, area: Any) -> str:
    wide = "" if area is None else f' colspan="{min(area.max_col, _MOST_COLUMNS) - area.min_col + 1}"'
    down = "" if area is None else f' rowspan="{min(area.max_row, _MOST_ROWS) - area.min_row + 1}"'
    kind = " data-num" if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) else ""
    text = escape(_shown(cell.value, str(cell.number_format or "")))
    bold = cell.font is not None and cell.font.b and text
    return f"<td{wide}{down}{kind}>{f'<strong>{text}</strong>' if bold else text}</td>"


def _shown(value: object, number_format: str = "") -> str:
    """Return a value as its cell shows it: the decimals of a plain number format, percentages, days."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    decimals = _DECIMALS.search(number_format)
    if number_format.endswith("%"):
        return f"{value:.{len(decimals[1]) if decimals else 0}%}"
    if decimals:
        return f"{value:,.{len(decimals[1])}f}"
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
