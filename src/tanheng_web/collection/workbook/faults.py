"""A fault at a cell, and the rows that were found good."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tanheng.kernel.errors import InputError

__all__ = ["ERROR", "WARNING", "Counts", "Entry", "Fault", "Findings", "Overwrite", "address", "column_letters"]

ERROR, WARNING = "error", "warning"


def column_letters(column: int) -> str:
    """A, B, …, AA of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(row: int, column: int) -> str:
    """The A1 address of a row and column counted from 0."""
    return f"{column_letters(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place. `row` and `column` count from 0; -1 means the whole sheet."""

    severity: str
    sheet: str
    row: int
    column: int
    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        return address(self.row, self.column) if self.row >= 0 and self.column >= 0 else ""

    @property
    def text(self) -> str:
        """The Chinese sentence: what is wrong and what would be right."""
        return InputError(self.code, **self.values).zh()


@dataclass(frozen=True, slots=True)
class Entry:
    """One good number: of which stream, month and key, in which cell, and what was typed when that differs."""

    code: str
    month: str
    key: str
    value: float
    sheet: str
    cell: str
    entered: str = ""
    note: str = ""


@dataclass
class Counts:
    """Rows of the file: filled, good, with faults, empty, left out because their month is locked."""

    filled: int = 0
    good: int = 0
    bad: int = 0
    empty: int = 0
    locked: int = 0
    values: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class Overwrite:
    """A number that is there already and would become, or became, another."""

    entry: Entry
    before: float


@dataclass
class Findings:
    """Everything that one pass over a workbook found; `locked` rows by (month, sheet, row from 1)."""

    faults: list[Fault] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    locked: list[tuple[str, str, int]] = field(default_factory=list)
    overwrites: list[Overwrite] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(fault.severity == ERROR for fault in self.faults)

    @property
    def warnings(self) -> int:
        return len(self.faults) - self.errors
