"""Read a workbook that passed the safety check: raw cells with their true addresses, heads matched by name."""

import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine

from tanheng.kernel.errors import InputError, PeriodError, UnitError
from tanheng.kernel.periods import Period
from tanheng.kernel.units import compatible
from tanheng_web.catalogue.units.reading import read_unit
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.workbook.faults import ERROR, WARNING, Fault, address
from tanheng_web.collection.workbook.safety import Inspection, SheetScan
from tanheng_web.collection.workbook.spec import (
    ALIASES,
    GUIDE_SHEET,
    KEYS,
    META_SHEET,
    NOTE,
    SHEETS,
    TEMPLATE_VERSION,
    WORDS_SHEET,
    Column,
    SheetSpec,
    TemplateSpec,
)

__all__ = ["Meta", "ReadBook", "ReadSheet", "period_of", "read", "read_meta"]

HEAD_ROWS = 20
OWN_SHEETS = {GUIDE_SHEET, WORDS_SHEET, META_SHEET}
_HEAD_CUT = re.compile(r"[\n\r(（\[【]")


@dataclass(frozen=True, slots=True)
class Meta:
    """What the hidden sheet says the workbook is."""

    version: str
    organisation_id: str
    organisation: str
    period: str


@dataclass
class ReadSheet:
    """One data sheet: raw rows from row 1, where the head is, which column holds which key."""

    name: str
    spec: SheetSpec | None
    rows: list[list[object]]
    scan: SheetScan
    head_row: int | None = None
    columns: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    is_blocked: bool = False
    faults: list[Fault] = field(default_factory=list)

    def fault(self, severity: str, row: int, column: int, code: str, **values: object) -> None:
        self.faults.append(Fault(severity, self.name, row, column, code, values))


@dataclass
class ReadBook:
    """The sheets of a workbook in their order; `faults` concern sheets that are missing or unknown."""

    sheets: list[ReadSheet]
    faults: list[Fault]


def read_meta(path: Path, name: str, *, organisation_id: int, organisation: str) -> Meta:
    """Say what template this is.

    Raises
    ------
    InputError
        ``workbook.not_ours``, ``workbook.other_version``, ``workbook.other_organisation``, ``workbook.damaged``.
    """
    with _open(path, name) as book:
        if META_SHEET not in book.sheet_names:
            raise InputError("workbook.not_ours", name=name)
        rows = book.get_sheet_by_name(META_SHEET).to_python(skip_empty_area=False)
    facts = {str(row[0]): str(row[1]) for row in rows if len(row) > 1}
    if facts.get("format") != "tanheng/workbook":
        raise InputError("workbook.not_ours", name=name)
    version = facts.get("template_version", "").removesuffix(".0")
    if version != TEMPLATE_VERSION:
        raise InputError("workbook.other_version", found=version or "（空）", expected=TEMPLATE_VERSION)
    owner = facts.get("organisation_id", "").removesuffix(".0")
    if owner != str(organisation_id):
        raise InputError("workbook.other_organisation", found=facts.get("organisation", owner), expected=organisation)
    return Meta(version, owner, facts.get("organisation", ""), facts.get("period", ""))


def period_of(meta: Meta) -> Period:
    """The period that the template is for."""
    try:
        return Period.parse(meta.period.removesuffix(".0"))
    except PeriodError as error:
        raise InputError("workbook.period_unreadable", text=meta.period) from error


def read(path: Path, name: str, spec: TemplateSpec, inspection: Inspection) -> ReadBook:
    """Read every sheet. Nothing is judged here but sheets and heads."""
    found: list[ReadSheet] = []
    faults: list[Fault] = []
    expected = {sheet.name: sheet for sheet in spec.sheets}
    with _open(path, name) as book:
        for title in book.sheet_names:
            if title in OWN_SHEETS:
                continue
            sheet = expected.get(title.strip())
            rows = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
            found.append(_read_sheet(title, sheet, rows, inspection.sheets.get(title, SheetScan())))
            if sheet is None and rows:
                faults.append(
                    Fault(WARNING, title, -1, -1, "sheet.unknown", {"found": title, "near": _near_sheet(title)})
                )
    names = {sheet.spec.name for sheet in found if sheet.spec}
    if not names:
        raise InputError("workbook.no_data_sheet", expected="、".join(expected))
    missing = [title for title in expected if title not in names]
    faults += [Fault(WARNING, title, -1, -1, "sheet.missing", {"expected": title}) for title in missing]
    return ReadBook(found, faults)


def _open(path: Path, name: str) -> python_calamine.CalamineWorkbook:
    try:
        return python_calamine.load_workbook(str(path))
    except python_calamine.PasswordError as error:
        raise InputError("workbook.encrypted", name=name) from error
    except (python_calamine.CalamineError, OSError) as error:
        raise InputError("workbook.damaged", name=name) from error


def _near_sheet(title: str) -> str:
    close = difflib.get_close_matches(title.strip(), list(SHEETS.values()), n=1, cutoff=0.5)
    return f"是否应为“{close[0]}”？请改回该名称。" if close else ""


def _read_sheet(title: str, spec: SheetSpec | None, rows: list[list[object]], scan: SheetScan) -> ReadSheet:
    sheet = ReadSheet(title, spec, rows, scan)
    for cell, text in (*scan.errors.items(), *scan.without_result.items()):
        _keep(sheet.rows, cell, text)
    if spec is not None:
        _heads(sheet, spec)
    return sheet


def _keep(rows: list[list[object]], cell: str, text: str) -> None:
    """Put the text of an error or a formula where the reader left a hole, so that nothing typed is lost."""
    row, column = position(cell)
    while len(rows) <= row:
        rows.append([])
    rows[row] += [""] * (column + 1 - len(rows[row]))
    if rows[row][column] in ("", 0.0):
        rows[row][column] = text


def position(cell: str) -> tuple[int, int]:
    """Row and column from 0 of an A1 address."""
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(cell[len(letters) :]) - 1, column - 1


def plain(text: object) -> str:
    """A text as it is compared: width of letters and blanks do not matter."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split())


def _heads(sheet: ReadSheet, spec: SheetSpec) -> None:
    names = {plain(name): key for key, (head, others) in (*KEYS.items(), ("note", NOTE)) for name in (head, *others)}
    numbers = {column.key: column for column in spec.columns if column.is_number}
    for key, column in numbers.items():
        names.setdefault(plain(column.head), key)
        for other in ALIASES.get(key, ()):
            names.setdefault(plain(other), key)
    sheet.head_row = _head_row(sheet.rows, names)
    if sheet.head_row is None:
        sheet.is_blocked = True
        sheet.fault(ERROR, -1, -1, "sheet.no_head", sheet=sheet.name)
        return
    unknown = _match(sheet, names, numbers)
    _missing(sheet, spec, unknown)


def _head_row(rows: list[list[object]], names: dict[str, str]) -> int | None:
    for index, row in enumerate(rows[:HEAD_ROWS]):
        keys = {names.get(_split_head(cell)[0]) for cell in row if isinstance(cell, str)}
        if {"month", "code"} <= keys or len(keys & {"month", "code", "material", "unit"}) >= 3:
            return index
    return None


def _split_head(cell: object) -> tuple[str, str]:
    """Name and unit of a head: ``低位发热量\\nGJ/t`` or ``购入量（t）``."""
    name, *rest = _HEAD_CUT.split(str(cell).strip(), maxsplit=1)
    unit = rest[0].strip() if rest else ""
    # only the bracket that closes the head's own: min/(槽·日) keeps its
    while unit and unit[-1] in ")）]】" and sum(map(unit.count, "(（[【")) < sum(map(unit.count, ")）]】")):
        unit = unit[:-1].rstrip()
    return plain(name), unit


def _match(sheet: ReadSheet, names: dict[str, str], numbers: dict[str, Column]) -> list[tuple[int, str]]:
    """Match heads by name, whatever their order; returns the heads that nothing matched."""
    assert sheet.head_row is not None
    unknown: list[tuple[int, str]] = []
    for place, cell in enumerate(sheet.rows[sheet.head_row]):
        if cell == "":
            continue
        name, unit = _split_head(cell)
        key = names.get(name)
        if key is None:
            unknown.append((place, str(cell).strip().split("\n")[0]))
        elif key in sheet.columns:
            first = address(sheet.head_row, sheet.columns[key])
            sheet.fault(ERROR, sheet.head_row, place, "column.twice", found=name, first=first)
            sheet.is_blocked = True
        else:
            sheet.columns[key] = place
            if key in numbers and unit:
                _head_unit(sheet, numbers[key], place, unit)
    return unknown


def _head_unit(sheet: ReadSheet, column: Column, place: int, text: str) -> None:
    """A unit written in the head that is not the template's counts for the whole column."""
    if plain(text) == plain(" 或 ".join(words.unit_label(unit) for unit in column.units)) or "或" in text:
        return
    assert sheet.head_row is not None
    expected = " 或 ".join(words.unit_label(unit) or "小数" for unit in column.units) or "“单位”列"
    try:
        unit = read_unit(text)
    except UnitError:
        if (
            column.key in words.QUANTITY_KEYS
            or column.key in words.SHARES
            or not any((c.isascii() and c.isalpha()) or c == "%" for c in text)
        ):
            return
        sheet.refused.add(column.key)
        sheet.fault(ERROR, sheet.head_row, place, "column.unit_refused", found=text, expected=expected)
        return
    if column.key in words.QUANTITY_KEYS:
        sheet.units[column.key] = unit  # compared with the unit of each row
        return
    if unit in column.units:
        return
    if not any(compatible(unit, other) for other in column.units):
        sheet.refused.add(column.key)
        sheet.fault(ERROR, sheet.head_row, place, "column.unit_refused", found=text, expected=expected)
        return
    sheet.units[column.key] = unit
    sheet.fault(WARNING, sheet.head_row, place, "column.unit_changed", found=text, expected=expected)


def _missing(sheet: ReadSheet, spec: SheetSpec, unknown: list[tuple[int, str]]) -> None:
    assert sheet.head_row is not None
    absent = {column.key: column for column in spec.columns if column.key not in sheet.columns}
    for place, head in unknown:
        heads = {column.head: key for key, column in absent.items()}
        close = difflib.get_close_matches(_split_head(head)[0], list(heads), n=1, cutoff=0.5)
        if close:
            sheet.fault(ERROR, sheet.head_row, place, "column.renamed", found=head, expected=close[0])
            sheet.is_blocked = True
            del absent[heads[close[0]]]
        else:
            sheet.fault(WARNING, sheet.head_row, place, "column.unknown", found=head)
    for key, column in absent.items():
        if key in {"month", "code"}:
            sheet.fault(ERROR, sheet.head_row, 0, "sheet.not_enough_keys", missing=column.head)
            sheet.is_blocked = True
        elif key in words.QUANTITY_KEYS:
            sheet.fault(ERROR, sheet.head_row, 0, "column.missing", expected=column.head)
            sheet.is_blocked = True
        elif column.is_number:
            sheet.fault(WARNING, sheet.head_row, 0, "column.value_missing", expected=column.head)
