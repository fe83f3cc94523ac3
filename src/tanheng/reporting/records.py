"""Monthly record sheets: every item of every stream by month, as a reporting platform keeps them."""

from collections.abc import Iterator, Sequence

from tanheng.accounting.address import with_filter
from tanheng.accounting.explain import explain
from tanheng.accounting.figures import add
from tanheng.kernel.periods import Period
from tanheng.kernel.units import label
from tanheng.reporting.blocks import Cell, Column, Kind, Row, Section, Table
from tanheng.reporting.figures import Fig, grouped
from tanheng.reporting.lines import Line
from tanheng.reporting.origins import References, origin_text
from tanheng.reporting.reading import Reading
from tanheng.reporting.record_items import Item, obtained
from tanheng.reporting.record_spec import RecordGroup, RecordSheet

__all__ = ["record_sections"]

_COMPUTED = (Cell("计算值"), Cell(""), Cell(""))
_MEASURED = (Cell("实测值"), Cell(""), Cell(""))
NOT_THE_TEXT = "表名、信息项与列取自二手来源，指南附录原文待核；支撑材料由企业填附。"


def record_sections(reading: Reading, sheets: Sequence[RecordSheet]) -> tuple[Section, ...]:
    """Return every record sheet as a section; a sheet on which nothing is reported has its head only."""
    return tuple(Section(sheet.id, sheet.zh, 1, tuple(_Sheet(reading, sheet).tables())) for sheet in sheets)


class _Sheet:
    """Fills one sheet."""

    def __init__(self, reading: Reading, sheet: RecordSheet) -> None:
        self.reading = reading
        self.sheet = sheet
        span = Period.parse(reading.data["period"])
        known = {line.month for line in reading.lines}
        self.months = [str(month) for month in span.months] if known & {str(m) for m in span.months} else []
        self.references = References()
        self.lines = [line for line in reading.lines if line.account in sheet.accounts]

    def tables(self) -> Iterator[Table]:
        """Yield one table, or one a process."""
        notes = tuple(text for text in (self.sheet.note, "" if self.sheet.checked else NOT_THE_TEXT) if text)
        if self.sheet.by_process:
            for process in dict.fromkeys(line.process.split("/")[0] for line in self.lines):
                own = [line for line in self.lines if line.process.split("/")[0] == process]
                rows = (*self._groups(own), self._process_total(process))
                yield self._table(f"record_{process}", process, rows, ())
            yield Table("record_notes", "", (Column("说明", 6.0),), (), (*self.references.notes, *notes), head=False)
            return
        rows = (*(self._figure(row.zh, row.figure, row.kind) for row in self.sheet.rows), *self._groups(self.lines))
        yield self._table(f"record_{self.sheet.id}", "", rows, (*self.references.notes, *notes))

    def _table(self, id: str, title: str, rows: tuple[Row, ...], notes: tuple[str, ...]) -> Table:
        heads = [Column(f"{int(month[5:])}月", 1.0, "right") for month in self.months]
        columns = (
            Column("信息项", 2.4), Column("单位", 0.8, "center"), *heads,
            Column("全年值" if self._is_year else "本期值", 1.2, "right"),
            Column("获取方式", 0.9, "center"), Column("数据来源", 3.0), Column("支撑材料", 1.4),
        )  # fmt: skip
        return Table(id, title, columns, rows, notes)

    @property
    def _is_year(self) -> bool:
        return len(Period.parse(self.reading.data["period"]).months) == 12

    def _groups(self, lines: Sequence[Line]) -> Iterator[Row]:
        for group in self.sheet.groups:
            rows = [*self._of_streams(group, lines), *self._information(group)]
            if rows:
                yield self._head(group.zh, "total")
                yield from rows

    def _of_streams(self, group: RecordGroup, lines: Sequence[Line]) -> Iterator[Row]:
        chosen = [
            line
            for line in lines
            if line.source == group.source
            and (not group.materials or line.material in group.materials)
            and line.material not in group.besides
        ]
        for stream in dict.fromkeys(line.stream for line in chosen):
            own = [line for line in chosen if line.stream == stream]
            yield self._head(self.reading.stream_zh(stream), "sub", 1)
            for item in group.items:
                found = Item(self.reading, item.take, own)
                if found.is_given:
                    yield self._item(item.zh, found, own)

    def _item(self, zh: str, item: Item, lines: Sequence[Line]) -> Row:
        months = [Cell.of(item.month(month)) for month in self.months]
        origin = origin_text(lines, item.symbol, self.references) if item.symbol else ""
        last = (Cell(obtained(item.origins)), Cell(origin), Cell(""))
        return Row((Cell(zh, indent=2), Cell(label(item.unit)), *months, Cell.of(item.whole()), *last))

    def _head(self, zh: str, kind: Kind, indent: int = 0) -> Row:
        blank = (Cell("") for _ in range(len(self.months) + 5))
        return Row((Cell(zh, indent=indent), *blank), kind)

    def _information(self, group: RecordGroup) -> Iterator[Row]:
        for name in group.information:
            found = self.reading.data["information"].get(name)
            if found is None or found["value"] is None:
                continue
            decimals = self.reading.decimals
            cells = [Cell(grouped(found["months"].get(month), decimals)) for month in self.months]
            whole = Cell(grouped(found["value"], decimals) + ("" if found["complete"] else "＊"))
            first = (Cell(found["zh"], indent=1), Cell(label(found["unit"])))
            yield Row((*first, *cells, whole, *_MEASURED))

    def _figure(self, zh: str, address: str, kind: Kind) -> Row:
        """Return a figure of the result by month; what the result lacks is unknown, never zero."""
        months = [Cell.of(self._at(address, month)) for month in self.months]
        return Row((Cell(zh), Cell("tCO₂e"), *months, Cell.of(self._at(address)), *_COMPUTED), kind)

    def _at(self, address: str, month: str = "") -> Fig:
        full = address if not month else f"month:{month}" if address == "total" else f"{address}+month:{month}"
        value = explain(self.reading.result, full).value if self._is_there(address) else None
        decimals = self.reading.decimals
        return Fig(full, value, "tCO2e", grouped(value, decimals), 1.0, decimals, "tCO2e")

    def _is_there(self, address: str) -> bool:
        if address == "total":
            return True
        group = {"account": "accounts", "process": "processes", "source": "sources", "subtotal": "subtotals"}
        kind, _, name = address.partition(":")
        found = self.reading.data[group[kind]].get(name)
        return found is not None and found["value"] is not None

    def _process_total(self, process: str) -> Row:
        own = [line for line in self.lines if line.process.split("/")[0] == process]
        by_month = [self._sum(process, [line for line in own if line.month == month], month) for month in self.months]
        cells = [Cell.of(fig) for fig in (*by_month, self._sum(process, own))]
        return Row(
            (Cell("排放量合计（投入 − 输出）"), Cell("tCO₂"), *cells, Cell("计算值"), Cell(""), Cell("")), "total"
        )

    def _sum(self, process: str, lines: Sequence[Line], month: str = "") -> Fig:
        rest = {"process": process, **({"month": month} if month else {})}
        value, decimals = add([line.value for line in lines]) if lines else None, self.reading.decimals
        return Fig(with_filter(rest), value, "tCO2e", grouped(value, decimals), 1.0, decimals, "tCO2e")
