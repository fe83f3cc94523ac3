"""May this file be opened at all? Asked before any parser sees it, with bounded memory.

The central directory of a zip may lie, so every part is also really unpacked, in small pieces, and counted.
On the way each sheet is scanned for what the reader does not tell: error values, formulas without a result, and how
far the cells reach (the reader allocates the whole rectangle).
"""

import html
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from tanheng.kernel.errors import InputError

__all__ = ["MAX_BYTES", "MAX_UNPACKED", "Inspection", "SheetScan", "inspect"]

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 1024 * 1024 * 1024
MAX_RATIO = 200  # of one part above 10 MB; spreadsheets that people fill in stay below 30
RATIO_FROM = 10 * 1024 * 1024
MAX_PARTS = 5_000
MAX_CELLS = 8_000_000  # of the rectangles from A1 to the last cell, all sheets together
MAX_SHARED_STRINGS = 300 * 1024 * 1024
PIECE = 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
KEPT_CELLS = 50_000
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # all that the format allows; LZMA may ask for 4 GB

# [^<>] everywhere: no pattern may run past the next tag, however the file is made to be slow.
_CELL_OPENED = re.compile(rb"<(?:\w+:)?c\b([^<>]*)>")
_CELL_CLOSED = re.compile(rb"</(?:\w+:)?c>")
_REF = re.compile(rb'\br="([A-Z]{1,3}\d{1,7})"')
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\br="(\d{1,8})"')
_WIDE = re.compile(rb'<(?:\w+:)?c\b[^<>]*?\br="([A-Z]{2,3})\d')
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_FORMULA_TEXT = re.compile(rb"<(?:\w+:)?f\b[^<>]*(?<!/)>([^<]*)</")
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]+)</")
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z]+\d+:[A-Z]+\d+)"')


@dataclass
class SheetScan:
    """What the raw XML of a sheet says: error cells by address, formulas without result, merged ranges, extent."""

    errors: dict[str, str] = field(default_factory=dict)
    without_result: dict[str, str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    rows: int = 0
    columns: int = 26


@dataclass(frozen=True)
class Inspection:
    """A file that may be opened, and the scans by sheet name."""

    size: int
    unpacked: int
    sheets: dict[str, SheetScan]


def inspect(path: Path, name: str) -> Inspection:
    """Check the file at `path`, called `name` by its owner.

    Raises
    ------
    InputError
        ``workbook.*``: what kind of file it is instead of an .xlsx, and how to mend it.
    """
    size = path.stat().st_size
    if size == 0:
        raise InputError("workbook.empty_file", name=name)
    if size > MAX_BYTES:
        raise InputError("workbook.too_large", name=name, megabytes=round(size / 1024**2, 1), most=50)
    with path.open("rb") as file:
        _kind(file.read(8192), path, name)
    try:
        with zipfile.ZipFile(path) as archive:
            return _archive(archive, size, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ElementTree.ParseError,
        KeyError,
        RuntimeError,
    ) as error:
        raise InputError("workbook.damaged", name=name) from error


def _kind(head: bytes, path: Path, name: str) -> None:
    suffix = Path(name).suffix.lower()
    if head.startswith(OLE):
        raise InputError("workbook.encrypted" if _ole_is_encrypted(path) else "workbook.xls", name=name)
    if head.startswith(BIFF):
        raise InputError("workbook.xls", name=name)
    if not head.startswith(b"PK"):
        raise InputError(_text_kind(head, suffix), name=name, suffix=suffix or "无扩展名")
    if suffix in {".xlsm", ".xltm", ".xlam"}:
        raise InputError("workbook.macro", name=name)


def _ole_is_encrypted(path: Path) -> bool:
    """Stream names of a compound file are UTF-16; an encrypted workbook holds one called EncryptedPackage."""
    wanted = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as file:
        tail = b""
        while piece := file.read(PIECE):
            if wanted in tail + piece:
                return True
            tail = piece[-len(wanted) :]
    return False


def _text_kind(head: bytes, suffix: str) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table")):
        return "workbook.html"
    if start.startswith((b"<?xml", b"<workbook")):
        return "workbook.xml"
    if start.startswith(b"%pdf"):
        return "workbook.not_xlsx"
    if b"\x00" not in head and (b"," in head or b"\t" in head or b";" in head or suffix == ".csv"):
        return "workbook.csv"
    return "workbook.not_xlsx"


def _archive(archive: zipfile.ZipFile, size: int, name: str) -> Inspection:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    _refuse_by_names(names, name)
    if any(part.flag_bits & 1 for part in parts):
        raise InputError("workbook.encrypted", name=name)
    if any(part.compress_type not in COMPRESSIONS for part in parts):
        raise InputError("workbook.damaged", name=name)
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise InputError("workbook.unpacked_too_large", name=name)
    sheets = _sheet_parts(archive, name)
    scans = {title: SheetScan() for title in sheets.values()}
    unpacked = 0
    for part in parts:
        title = sheets.get(part.filename)
        unpacked += _unpacked(archive, part, scans[title] if title is not None else None, unpacked, name)
    cells = 0
    for title, scan in scans.items():
        cells += scan.rows * scan.columns
        if cells > MAX_CELLS:
            raise InputError("workbook.reaches_too_far", name=name, sheet=title, rows=scan.rows)
    return Inspection(size, unpacked, scans)


def _refuse_by_names(names: set[str], name: str) -> None:
    lower = {part.lower() for part in names}
    if any(part.endswith("vbaproject.bin") or "/macrosheets/" in part for part in lower):
        raise InputError("workbook.macro", name=name)
    if any("externallinks/" in part for part in lower):
        raise InputError("workbook.external_links", name=name)
    if "mimetype" in names and "content.xml" in names:
        raise InputError("workbook.ods", name=name)
    if "xl/workbook.bin" in lower:
        raise InputError("workbook.xlsb", name=name)
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise InputError("workbook.not_xlsx", name=name, suffix=".zip")


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, scan: SheetScan | None, before: int, name: str) -> int:
    """Unpack one part in pieces; returns its true size."""
    size, is_xml = 0, part.filename.endswith((".xml", ".rels", ".vml"))
    with archive.open(part) as stream:
        scanner = _Scanner(scan, name) if scan is not None else None
        first = True
        for piece in _pieces(stream):
            size += len(piece)
            if before + size > MAX_UNPACKED or (size > RATIO_FROM and size > MAX_RATIO * max(part.compress_size, 1)):
                raise InputError("workbook.unpacked_too_large", name=name)
            if "sharedstrings" in part.filename.lower() and size > MAX_SHARED_STRINGS:
                raise InputError("workbook.unpacked_too_large", name=name)
            if is_xml:
                _refuse_entities(piece, first, name)
            if scanner:
                scanner.feed(piece)
            first = False
        if scanner:
            scanner.close()
    return size


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(PIECE):
        yield piece


def _refuse_entities(piece: bytes, first: bool, name: str) -> None:
    # A DTD can only stand before the root element; no spreadsheet program writes one, or writes UTF-16.
    if first and (piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
        raise InputError("workbook.entities", name=name)


class _Scanner:
    """Reads a sheet's XML piece by piece, cut after a whole cell."""

    def __init__(self, scan: SheetScan, name: str) -> None:
        self.scan, self.name, self.rest = scan, name, b""

    def feed(self, piece: bytes) -> None:
        text = self.rest + piece
        cut = max(text.rfind(b"</c>") + 4, text.rfind(b"</row>") + 6, text.rfind(b":c>") + 3)
        if cut < 7:
            if len(text) > 64 * PIECE:
                raise InputError("workbook.damaged", name=self.name)
            self.rest = text
            return
        self._read(text[:cut])
        self.rest = text[cut:]

    def close(self) -> None:
        """What is left holds no whole cell; the merged ranges stand there, behind the last row."""
        self.scan.merged.extend(found.decode() for found in _MERGE.findall(self.rest)[:KEPT_CELLS])

    def _read(self, text: bytes) -> None:
        scan = self.scan
        scan.rows = max(scan.rows, max((int(row) for row in _ROW.findall(text)), default=0))
        scan.columns = max(scan.columns, max((_column(wide) for wide in set(_WIDE.findall(text))), default=0))
        if b't="e"' not in text and not _FORMULA.search(text):
            return
        for attributes, body in _cells(text):
            self._cell(attributes, body)

    def _cell(self, attributes: bytes, body: bytes) -> None:
        is_error = b't="e"' in attributes
        if not is_error and not _FORMULA.search(body):
            return
        reference = _REF.search(attributes)
        value = _VALUE.search(body)
        if reference is None or len(self.scan.errors) + len(self.scan.without_result) > KEPT_CELLS:
            return
        if is_error:
            self.scan.errors[reference[1].decode()] = value[1].decode("utf-8", "replace") if value else "#错误"
        elif value is None and b't="str"' not in attributes:
            formula = _FORMULA_TEXT.search(body)
            self.scan.without_result[reference[1].decode()] = (
                f"={html.unescape(formula[1].decode('utf-8', 'replace'))}" if formula else "=？"
            )


def _cells(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Attributes and content of each cell: what lies between its end and the last beginning before it, in one pass."""
    for before in _CELL_CLOSED.split(text)[:-1]:
        opened = next(iter(deque(_CELL_OPENED.finditer(before), maxlen=1)), None)
        if opened is not None and not opened[1].endswith(b"/"):
            yield opened[1], before[opened.end() :]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_parts(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Part name → sheet name, from workbook.xml and its relations; both are small and checked for entities first."""
    book = _small_xml(archive, "xl/workbook.xml", name)
    relations = _small_xml(archive, "xl/_rels/workbook.xml.rels", name)
    targets = {node.get("Id"): node.get("Target", "") for node in relations}
    found = {}
    for node in book.iter():
        if node.tag.rsplit("}", 1)[-1] == "sheet":
            identity = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            target = targets.get(identity, "")
            found[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = node.get("name", "")
    return found


def _small_xml(archive: zipfile.ZipFile, part: str, name: str) -> ElementTree.Element:
    with archive.open(part) as stream:
        text = stream.read(8 * PIECE)
    _refuse_entities(text, True, name)
    return ElementTree.fromstring(text)
