"""A filled docx or xlsx as plain HTML for a page: headings, paragraphs, tables; pictures are named, nothing loaded."""

import io
from collections.abc import Iterator
from html import escape
from typing import Any

from tanheng.reporting.template_safety import check_package

__all__ = ["MOST_CHARACTERS", "docx_html", "xlsx_html"]

MOST_CHARACTERS = 2_000_000
_MOST_ROWS = 500
_MOST_COLUMNS = 40
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
    text = _text(element)
    if not text.strip():
        return ""
    style = element.find(f"{_WORD}pPr/{_WORD}pStyle")
    name = style.get(f"{_WORD}val", "") if style is not None else ""
    level = next((int(sign) for sign in name if sign.isdigit()), 0) if name.lower().startswith("heading") else 0
    tag = "h2" if name == "Title" else f"h{min(level + 1, 6)}" if level else "p"
    return f"<{tag}>{escape(text)}</{tag}>"


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
    rows = []
    for row in element.findall(f"{_WORD}tr"):
        cells = [f"<td>{escape(_text(cell))}</td>" for cell in row.findall(f"{_WORD}tc")]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def xlsx_html(body: bytes) -> str:
    """Return the sheets of an xlsx as HTML tables: at most 500 rows and 40 columns each; formulas as written."""
    import openpyxl

    check_package(body, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(body), keep_links=False)
    return _bounded(part for sheet in book.worksheets for part in _sheet(sheet))


def _sheet(sheet: Any) -> Iterator[str]:
    yield f"<h2>{escape(sheet.title)}</h2><table><tbody>"
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS), max_col=min(sheet.max_column, _MOST_COLUMNS)):
        yield "<tr>" + "".join(f"<td>{escape(_shown(cell.value))}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.10g}" if isinstance(value, float) else str(value)
