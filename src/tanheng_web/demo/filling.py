"""Fill a template the way a statistician does: find the row of a stream and month, type the number into its cell.

The file stays the one that the product wrote: only the contents of cells change, in the sheet's own XML.
"""

import re
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from python_calamine import CalamineWorkbook

from tanheng.kernel.errors import InputError
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.workbook.spec import KEYS, NOTE, SHEETS

__all__ = ["Entry", "fill"]

Entry = tuple[str, str, str]  # stream code, month, key; the key "note" is the remark
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_EMPTY_CELL = re.compile(r'<c r="([A-Z]+[0-9]+)"( s="[0-9]+")?/>')


def fill(template: bytes, entries: Mapping[Entry, Decimal | str]) -> bytes:
    """Return the workbook with every entry typed into its cell.

    Raises
    ------
    InputError
        ``demo.no_cell`` when the template has no cell for an entry.
    """
    cells = _cells(template)
    if lost := sorted(set(entries) - set(cells)):
        raise InputError("demo.no_cell", entries=lost[:5], count=len(lost))
    typed: dict[str, dict[str, Decimal | str]] = {}
    for entry, value in entries.items():
        sheet, cell = cells[entry]
        typed.setdefault(sheet, {})[cell] = value
    return _rewritten(template, typed)


def _cells(template: bytes) -> dict[Entry, tuple[str, str]]:
    """Return sheet and cell of every (stream, month, column) by reading heads and keys."""
    book = CalamineWorkbook.from_filelike(BytesIO(template))
    heads = {words.key_zh(key): key for key in (*words.QUANTITY_KEYS, *words.VALUE_KEYS)} | {NOTE[0]: "note"}
    month_head, code_head = KEYS["month"][0], KEYS["code"][0]
    found: dict[Entry, tuple[str, str]] = {}
    for name in book.sheet_names:
        if name not in SHEETS.values():
            continue
        first, *rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        titles = [str(cell).split("\n")[0] for cell in first]
        month_at, code_at = titles.index(month_head), titles.index(code_head)
        keys = {place: heads[title] for place, title in enumerate(titles) if title in heads}
        for number, row in enumerate(rows, start=2):
            for place, key in keys.items():
                found[str(row[code_at]), str(row[month_at]), key] = (name, f"{_letters(place)}{number}")
    return found


def _letters(place: int) -> str:
    text, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _rewritten(template: bytes, typed: Mapping[str, Mapping[str, Decimal | str]]) -> bytes:
    target = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(template)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
    ):
        sheets = {path: typed[name] for name, path in _sheet_paths(source).items() if name in typed}
        for part in source.infolist():
            body = source.read(part)
            if part.filename in sheets:
                body = _typed(body.decode("utf-8"), sheets[part.filename]).encode("utf-8")
            copy.writestr(part, body, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _sheet_paths(source: zipfile.ZipFile) -> dict[str, str]:
    links = ElementTree.fromstring(source.read("xl/_rels/workbook.xml.rels"))
    paths = {link.get("Id"): f"xl/{link.get('Target')}" for link in links}
    book = ElementTree.fromstring(source.read("xl/workbook.xml"))
    return {sheet.get("name", ""): paths[sheet.get(_LINK)] for sheet in book.iter(f"{_MAIN}sheet")}


def _typed(xml: str, cells: Mapping[str, Decimal | str]) -> str:
    left = set(cells)

    def cell(found: re.Match[str]) -> str:
        address, style = found[1], found[2] or ""
        if address not in cells:
            return found[0]
        left.discard(address)
        value = cells[address]
        if isinstance(value, str):
            return f'<c r="{address}"{style} t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{address}"{style}><v>{value}</v></c>'

    body = _EMPTY_CELL.sub(cell, xml)
    if left:
        raise InputError("demo.no_cell", entries=sorted(left)[:5], count=len(left))
    return body
