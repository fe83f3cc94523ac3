"""Rows of a factor workbook become factors; every fault is told with row and column, none stops the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from tanheng.kernel.catalogue import find_material
from tanheng.kernel.errors import InputError, NotFound, TanhengError, UnitError
from tanheng.kernel.quantities import parse_number
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import canonical
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.rules.factors.model import LibraryFactor, vocabulary

__all__ = ["Fault", "Row", "columns", "read_row", "rules"]

_WORDS = ("quantity", "family", "klass", "stage", "carrier", "emission_type", "indicator", "level", "basis")
_DAYS = ("published_on", "valid_from", "valid_to")
_LENGTHS = {"code": 80, "zh": 200, "supersedes": 160, "unit": 40, "region_zh": 60, "province": 20, "gas": 12}
_MOST, _DECIMALS = Decimal(10) ** 12, 15
_YEARS = range(1900, 2200)  # of a day; a factor of 9999 would live beyond the calendar
_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a cell: ``severity`` error (the row is not taken) or warning (a question)."""

    row: int
    column: str
    error: TanhengError
    severity: str = "error"

    @property
    def code(self) -> str:
        """The code of the fault."""
        return self.error.code

    def zh(self) -> str:
        """What is wrong and how to mend it."""
        return self.error.zh()


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read: its number in the file and the factor it says."""

    number: int
    code: str
    factor: LibraryFactor


@cache
def rules() -> Mapping[str, Any]:
    """Return the rules of an import (``data/factors/import.yaml``)."""
    data: Mapping[str, Any] = read_yaml(data_dir() / "factors" / "import.yaml").data
    return data


def columns() -> Mapping[str, Mapping[str, Any]]:
    """Return the columns of the template: id → zh, required, aliases, help."""
    found: Mapping[str, Mapping[str, Any]] = rules()["columns"]
    return found


def read_row(number: int, cells: Mapping[str, object], owner: str) -> tuple[Row | None, list[Fault]]:
    """Read one row of cells by column id; without a factor where an error stands in its way."""
    faults: list[Fault] = []
    text = {name: _text(cells.get(name)) for name in columns()}
    for name, column in columns().items():
        if column["required"] and not text[name]:
            code = "factor.no_source" if name in ("document", "publisher") else "factor.cell_missing"
            faults.append(Fault(number, column["zh"], InputError(code, column=column["zh"])))
    for name, most in _LENGTHS.items():
        if len(text[name]) > most:
            _fault(number, name, "factor.too_long", faults, column=columns()[name]["zh"], most=most)
    days = {name: _day(number, name, cells.get(name), faults) for name in _DAYS}
    words = {name: _word(number, name, text[name], faults) for name in (*_WORDS, "metal")}
    value = _number(number, text["value"], faults)
    unit = _unit(number, text["unit"], faults)
    material = _material(number, text["material"], faults)
    year = _year(number, text["data_year"], faults)
    if faults or value is None:
        return None, faults
    factor = LibraryFactor(
        id=f"{owner}:{text['code']}", zh=text["zh"], value=value, unit=unit, material=material, data_year=year,
        gas=text["gas"], region_zh=text["region_zh"], province=text["province"], document=text["document"],
        document_no=text["document_no"], publisher=text["publisher"], gwp_set=text["gwp_set"],
        uncertainty=text["uncertainty"], boundary=text["boundary"], applies_to=text["applies_to"], url=text["url"],
        note=text["note"], supersedes=text["supersedes"], owner=owner, evidence="enterprise", confidence="entered",
        checked=False, published_on=days["published_on"], valid_from=days["valid_from"], valid_to=days["valid_to"],
        quantity=words["quantity"], family=words["family"], klass=words["klass"], metal=words["metal"],
        stage=words["stage"], carrier=words["carrier"], emission_type=words["emission_type"], level=words["level"],
        indicator=words["indicator"], basis=words["basis"],
    )  # fmt: skip
    return Row(number, text["code"], _started(factor)), []


def _started(factor: LibraryFactor) -> LibraryFactor:
    return replace(factor, valid_from=factor.valid_from or factor.published_on)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"  # as a spreadsheet shows it: 2025, not 2025.0, and 0.043, not 0.043000000000000003
    return str(cell).strip()


def _fault(number: int, name: str, code: str, faults: list[Fault], **values: object) -> None:
    faults.append(Fault(number, columns()[name]["zh"], InputError(code, **values)))


def _day(number: int, name: str, cell: object, faults: list[Fault]) -> date | None:
    day, text = _day_of(cell), _text(cell)
    if day is not None and day.year in _YEARS:
        return day
    if text:
        _fault(number, name, "factor.day" if day is None else "factor.day_range", faults, text=text)
    return None


def _day_of(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    for form in _FORMATS if text else ():
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _word(number: int, name: str, text: str, faults: list[Fault]) -> str:
    """Read a word of a dimension by id or Chinese name; several metals stand apart by 、 or commas."""
    words = vocabulary()[name]
    by_name = {zh: key for key, zh in words.items()} | {key: key for key in words}
    parts = text.replace("，", "、").replace(",", "、").split("、") if name == "metal" else [text]
    found = []
    for part in (part.strip() for part in parts if part.strip()):
        if part in by_name:
            found.append(by_name[part])
        else:
            _fault(number, name, "factor.word_unknown", faults, text=part, known=list(words.values()))
    return " ".join(found)


def _number(number: int, text: str, faults: list[Fault]) -> Decimal | None:
    if not text:
        return None
    try:
        value = parse_number(text)
    except InputError as error:
        faults.append(Fault(number, columns()["value"]["zh"], error))
        return None
    if value < 0:
        _fault(number, "value", "factor.negative", faults, value=text)
    elif value >= _MOST or int(value.normalize().as_tuple().exponent) < -_DECIMALS:
        _fault(number, "value", "factor.digits", faults, value=text, most=f"{_MOST:.0e}", decimals=_DECIMALS)
    return value


def _unit(number: int, text: str, faults: list[Fault]) -> str:
    try:
        return canonical(text) if text else ""
    except UnitError as error:
        faults.append(Fault(number, columns()["unit"]["zh"], error))
        return ""


def _material(number: int, text: str, faults: list[Fault]) -> str:
    try:
        return find_material(text).id if text else ""
    except NotFound as error:
        faults.append(Fault(number, columns()["material"]["zh"], error))
        return ""


def _year(number: int, text: str, faults: list[Fault]) -> str:
    if text and not (text.isdecimal() and len(text) == 4):
        _fault(number, "data_year", "factor.year", faults, text=text)
        return ""
    return str(int(text)).zfill(4) if text else ""
