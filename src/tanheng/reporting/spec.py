"""``report.yaml`` of a standard: which chapters, declaration and attached tables, in whose wording."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from tanheng.kernel.errors import StandardError
from tanheng.reporting.record_spec import RecordSheet
from tanheng.rules.package import Standard

__all__ = ["AddRule", "AttachedTable", "BlockSpec", "ColumnSpec", "Declaration", "ReportSpec", "RowSpec", "report_spec"]

Confidence = Literal["seen", "recalled-high", "recalled-low", "ours"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Chapter(_Model):
    """One of the standard's chapters."""

    id: str
    zh: str
    confidence: Confidence
    checked: bool


class BasicRow(_Model):
    """A row of the basic information; ``field`` is an attribute of the entity or ``period``."""

    zh: str
    field: str


class Declaration(_Model):
    """The truthfulness declaration and what is signed below it."""

    text: str
    sign: tuple[str, ...]
    confidence: Confidence
    checked: bool
    note: str = ""


class ColumnSpec(_Model):
    """A column: ``value`` is label, figure, mass, value, unit, origin or a symbol such as ``net_calorific_value``."""

    zh: str
    value: str
    width: float = 1.0
    unit: str | None = None


class RowSpec(_Model):
    """A row: either an address of the result or the inputs of the streams of ``source`` and ``materials``."""

    zh: str
    figure: str | None = None
    mass: str | None = None
    source: str | None = None
    less: str | None = None
    materials: tuple[str, ...] = ()
    symbol: str = "quantity"
    unit: str | None = None
    deduct: bool = False
    level: int = 0
    kind: Literal["body", "total", "sub"] = "body"


class AddRule(_Model):
    """Rows of the enterprise below the standard's list: materials of ``source`` that the list does not name."""

    source: str
    zh: str
    symbol: str = "quantity"


class BlockSpec(_Model):
    """A block of an attached table with columns of its own; ``source`` is that of rows that name none.

    ``origin`` names the symbol whose origin the column 数据来源 tells (default: that of the row).
    """

    zh: str = ""
    source: str | None = None
    origin: str | None = None
    columns: tuple[ColumnSpec, ...]
    rows: tuple[RowSpec, ...]
    add: tuple[AddRule, ...] = ()


class AttachedTable(_Model):
    """An attached table of the standard."""

    id: str
    zh: str
    confidence: Confidence
    checked: bool
    note: str = ""
    blocks: tuple[BlockSpec, ...]


class ReportSpec(_Model):
    """The whole of ``report.yaml``. ``basis`` tells of the document in its own words; ``missing`` what was not seen."""

    title: str
    preface: str
    preface_confidence: Confidence
    checked: bool
    evidence: str
    note: str = ""
    gas_unit: str
    chapters: tuple[Chapter, ...]
    basic_information: tuple[BasicRow, ...]
    basic_information_confidence: Confidence
    boundary: tuple[str, ...]
    boundary_confidence: Confidence
    basis: str = ""
    missing: tuple[str, ...] = ()
    total_equation: str
    activity_symbols: tuple[str, ...]
    declaration: Declaration
    attached: tuple[AttachedTable, ...]
    record_sheets: tuple[RecordSheet, ...] = ()


def report_spec(standard: Standard) -> ReportSpec:
    """Return what the report of a standard looks like.

    Raises
    ------
    StandardError
        ``report.none`` where the package has no ``report.yaml``, ``report.spec`` where it is faulty.
    """
    if not standard.report:
        raise StandardError("report.none", standard=standard.id)
    try:
        return ReportSpec.model_validate(standard.report)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise StandardError("report.spec", standard=standard.id, place=place, reason=str(first["msg"])) from error
