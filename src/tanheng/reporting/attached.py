"""The attached tables of the standard: its rows in its order, filled from the lines of the result."""

from collections.abc import Iterator, Sequence

from tanheng.kernel.units import convert, label
from tanheng.reporting.blocks import Align, Cell, Column, Row, Table
from tanheng.reporting.figures import UNKNOWN, Fig
from tanheng.reporting.lines import Line
from tanheng.reporting.origins import NOT_DECLARED, References, origin_text
from tanheng.reporting.reading import Reading
from tanheng.reporting.spec import AttachedTable, BlockSpec, ColumnSpec, RowSpec

__all__ = ["attached_tables"]

LEGEND = (
    "“/”表示本报告主体没有该项；“—”表示数值未知，或有进有出、不能取平均（逐项见第三、四章）；"
    "“＊”表示有缺口，为已知部分之和（见数据质量说明）；0 表示填报为零。"
)
RECALLED = "表名、列与行次凭二手来源复原，标准附录原文待核。"


def attached_tables(reading: Reading, tables: Sequence[AttachedTable]) -> tuple[tuple[Table, ...], ...]:
    """Return every attached table as the blocks it consists of; only the last block carries the notes."""
    return tuple(tuple(_blocks(reading, table)) for table in tables)


def _blocks(reading: Reading, table: AttachedTable) -> Iterator[Table]:
    last = len(table.blocks) - 1
    references = References()
    notes = tuple(text for text in (table.note, "" if table.checked else RECALLED, LEGEND) if text)
    for n, block in enumerate(table.blocks):
        columns = tuple(Column(column.zh, column.width, _align(column)) for column in block.columns)
        filler = _Row(reading, block, references)
        rows = tuple(filler.build(row) for row in (*block.rows, *_added(reading, block)))
        yield Table(f"{table.id}_{n + 1}", block.zh, columns, rows, (*references.notes, *notes) if n == last else ())


def _align(column: ColumnSpec) -> Align:
    return {"label": "left", "origin": "left", "unit": "center"}.get(column.value, "right")  # type: ignore[return-value]


def _added(reading: Reading, block: BlockSpec) -> Iterator[RowSpec]:
    """Yield the enterprise's own rows: what it reports under a source and the standard's list does not name."""
    for rule in block.add:
        named = {
            material for row in block.rows if (row.source or block.source) == rule.source for material in row.materials
        }
        lines = reading.of_source(rule.source, besides=named)
        for material in dict.fromkeys(line.material for line in lines):
            zh = rule.zh.format(material=reading.material_zh(material))
            yield RowSpec(zh=zh, source=rule.source, materials=(material,), symbol=rule.symbol)


class _Row:
    """Fills one row."""

    def __init__(self, reading: Reading, block: BlockSpec, references: References) -> None:
        self.reading = reading
        self.references = references
        self.block = block
        self.missed = False

    def build(self, row: RowSpec) -> Row:
        """Return the row with one cell a column."""
        lines = self._lines(row.source or self.block.source, row)
        less = self._lines(row.less, row) if row.less else ()
        self.missed = self.reading.missing(row.source or self.block.source, row.materials)
        cells = tuple(self._cell(column, row, lines, less) for column in self.block.columns)
        return Row(cells, row.kind)

    def _lines(self, source: str | None, row: RowSpec) -> tuple[Line, ...]:
        """Return one line a stream and month; several gases of a stream repeat the same inputs."""
        if source is None:
            return ()
        found: dict[tuple[str, str], Line] = {}
        for line in self.reading.of_source(source, row.materials):
            key = (line.stream, line.month)
            if key not in found or found[key].find(row.symbol) is None:
                found[key] = line
        return tuple(found.values())

    def _cell(self, column: ColumnSpec, row: RowSpec, lines: Sequence[Line], less: Sequence[Line]) -> Cell:
        match column.value:
            case "label":
                return Cell(row.zh, indent=row.level)
            case "unit":
                return Cell(label(self._unit(row, lines)))
            case "figure":
                return self._figure(row)
            case "mass":
                return self._mass(row)
            case "origin":
                return Cell(origin_text(lines, self.block.origin or row.symbol, self.references))
            case "value":
                return self._input(row.symbol, self._unit(row, lines), lines, less)
            case symbol:
                return self._input(symbol, column.unit, lines, less)

    def _figure(self, row: RowSpec) -> Cell:
        address = row.figure or "total"
        return Cell.of(self.reading.at(address, deduct=row.deduct), partial=self.reading.partial(address))

    def _mass(self, row: RowSpec) -> Cell:
        if row.mass is None:
            return Cell(NOT_DECLARED)
        fig = self.reading.mass(row.mass, row.mass.rpartition("gas:")[2])
        return Cell.of(fig.scaled(-fig.scale, fig.shown_unit, fig.decimals) if row.deduct else fig)

    def _unit(self, row: RowSpec, lines: Sequence[Line]) -> str:
        if row.unit is not None:
            return row.unit
        found = next((value for line in lines if (value := line.find(row.symbol))), None)
        return found.unit if found else "1"

    def _input(self, symbol: str, unit: str | None, lines: Sequence[Line], less: Sequence[Line]) -> Cell:
        known = [line for line in lines if line.find(symbol)]
        minus = [line for line in less if line.find(symbol)]
        if not known and not minus:
            return Cell(NOT_DECLARED if not self.missed else UNKNOWN)
        if symbol != "quantity":
            return Cell.of(_in_unit(self.reading.mean(known, symbol), unit))
        fig = _in_unit(self.reading.total(known, symbol, minus), unit)
        partial = self.missed or self.reading.incomplete([*known, *minus])
        return Cell.of(fig, partial=partial)


def _in_unit(fig: Fig, unit: str | None) -> Fig:
    if unit is None or unit == fig.unit:
        return fig
    return fig.scaled(convert(1.0, fig.unit, unit), unit, fig.decimals)
