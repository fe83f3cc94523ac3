"""What a report is made of, before it becomes a Word, PDF or Excel file. Frozen; texts carry ₂ and ³ as such."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tanheng.reporting.figures import Fig
from tanheng.rules.formula import Formula

__all__ = [
    "PARTIAL",
    "Block",
    "Cell",
    "ChartBlock",
    "Column",
    "FormulaBlock",
    "Notice",
    "Paragraph",
    "Row",
    "Section",
    "Table",
]

PARTIAL = "＊"
Align = Literal["left", "right", "center"]
Kind = Literal["body", "group", "total", "sub"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence or more; figures that stand in it are listed so that they can be opened."""

    text: str
    figures: tuple[Fig, ...] = ()
    style: Literal["body", "note", "list", "lead", "declare", "sign"] = "body"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must not be overlooked."""

    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: a text, or a figure that prints as its text."""

    text: str
    fig: Fig | None = None
    indent: int = 0

    @classmethod
    def of(cls, fig: Fig, *, partial: bool = False) -> "Cell":
        """Return the cell of a figure; a sum that lacks something bears a mark."""
        return cls(fig.text + PARTIAL if partial and fig.value is not None else fig.text, fig)


@dataclass(frozen=True, slots=True)
class Column:
    """Head, relative width and alignment of a column."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    """A row; a ``group`` row has one cell that spans the table."""

    cells: tuple[Cell, ...]
    kind: Kind = "body"

    @property
    def figures(self) -> tuple[Fig, ...]:
        """The figures of the row, from left to right."""
        return tuple(cell.fig for cell in self.cells if cell.fig is not None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head that is repeated on every page."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    head: bool = True


@dataclass(frozen=True, slots=True)
class FormulaBlock:
    """A formula, typeset; with ``values`` the same formula with numbers put in. ``figures`` are those numbers."""

    formula: Formula
    values: Mapping[str, str] | None = None
    caption: str = ""
    figures: tuple[Fig, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A chart: bars or a line from figures. The title says the finding, ``axis`` the unit."""

    id: str
    kind: Literal["bars", "line"]
    title: str
    axis: str
    labels: tuple[str, ...]
    figures: tuple[Fig, ...]
    previous: tuple[Fig | None, ...] = ()
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(fig.value for fig in self.figures)


Block = Paragraph | Notice | Table | FormulaBlock | ChartBlock


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter or a part of one. ``id`` names it for templates."""

    id: str
    title: str
    level: int
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()

    def walk(self) -> Iterator["Section"]:
        """Yield the section and everything below it, in reading order."""
        yield self
        for section in self.sections:
            yield from section.walk()

    def figures(self) -> Iterator[Fig]:
        """Yield every figure of the section and of those below it."""
        for section in self.walk():
            for block in section.blocks:
                yield from _figures(block)


def _figures(block: Block) -> Iterator[Fig]:
    if isinstance(block, Table):
        for row in block.rows:
            yield from row.figures
    elif isinstance(block, ChartBlock):
        yield from block.figures
        yield from (fig for fig in block.previous if fig is not None)
    elif isinstance(block, Paragraph | FormulaBlock):
        yield from block.figures
