"""A report as an Excel file: numbers are numbers, units stand in the heads, every figure has its address beside it."""

import io
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tanheng.kernel.errors import StandardError
from tanheng.reporting.blocks import Cell, Notice, Paragraph, Section, Table
from tanheng.reporting.content import Cover, ReportContent
from tanheng.reporting.figures import UNKNOWN, Fig
from tanheng.reporting.reading import Reading
from tanheng.reporting.trace_sheet import TRACE_HEADS, TRACE_WIDTHS, trace_rows

__all__ = ["write_records", "write_sheets", "write_xlsx"]

ADDRESS = "数字地址（数从何来）"
_INNER_WIDTH = 22  # characters of a column of relative width 1
_MOST_WIDTH = 60
_ADDRESS_WIDTH = 34
_LINE = 14  # points
_PORTRAIT = 105  # characters that fit on an upright page


def write_xlsx(content: ReportContent, path: Path | None = None) -> bytes:
    """Write a report as xlsx and return the file; sheets: cover, attached tables, results, activity data, factors,
    data quality, defaults, processes, months, and the calculation line by line.
    """
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"title": content.cover.title, "subject": content.cover.basis, "author": content.cover.entity})
    writer = _Book(book, content.cover, content.running_head)
    writer.front(content.declaration)
    for section in content.attached:
        writer.sheet(_sheet_name(section.title), section)
    by_id = {section.id: section for section in (*content.chapters, *content.annexes)}
    for section in content.records:
        writer.sheet(_sheet_name(section.title), section)
    for name, id in SHEETS:
        if id in by_id:
            writer.sheet(name, by_id[id])
    writer.trace(content.reading)
    book.close()
    made = file.getvalue()
    if path is not None:
        path.write_bytes(made)
    return made


def write_records(content: ReportContent, path: Path | None = None) -> bytes:
    """Write the monthly record sheets alone, as the reporting platform keeps them.

    Raises
    ------
    StandardError
        ``report.no_records`` where the standard has no record sheets.
    """
    import xlsxwriter

    if not content.records:
        raise StandardError("report.no_records", standard=content.reading.standard.id)
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    writer = _Book(book, content.cover, content.running_head)
    for section in content.records:
        writer.sheet(_sheet_name(section.title), section)
    book.close()
    made = file.getvalue()
    if path is not None:
        path.write_bytes(made)
    return made


def write_sheets(cover: Cover, running_head: str, sections: Mapping[str, Section]) -> bytes:
    """Write any document of sections as xlsx: a cover, and a sheet for each section with its sentences and tables."""
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": cover.title, "subject": cover.basis, "author": cover.entity})
    writer = _Book(book, cover, running_head)
    writer.front()
    for name, section in sections.items():
        writer.sheet(name, section, sentences=True)
    book.close()
    return file.getvalue()


SHEETS = (
    ("核算结果", "emissions"),
    ("逐月排放", "annex_months"),
    ("工序分析", "annex_processes"),
    ("活动水平", "activity"),
    ("排放因子", "factors"),
    ("数据质量", "annex_quality"),
    ("缺省与待核", "annex_defaults"),
)


def _sheet_name(title: str) -> str:
    """``附表1　报告主体…`` becomes ``附表1``; Excel allows 31 characters and not all signs."""
    first = title.split("\u3000")[0]
    return "".join("－" if letter in r"[]:*?/\\" else letter for letter in first)[:31]


class _Book:
    """The workbook with its formats."""

    def __init__(self, book: Any, cover: Cover, running_head: str) -> None:
        self.book = book
        self.cover = cover
        self.running_head = running_head
        base = {"font_name": "等线", "font_size": 10, "valign": "vcenter"}
        self.plain = book.add_format({**base, "text_wrap": True})
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.state = book.add_format({**base, "font_color": "#8A4B08", "bold": True})
        self.caption = book.add_format({**base, "bold": True, "font_size": 11})
        self.head = book.add_format(
            {
                **base,
                "bold": True,
                "bg_color": "#EEF2F6",
                "border": 1,
                "border_color": "#B8C2CC",
                "text_wrap": True,
                "align": "center",
            }
        )
        self.note = book.add_format({**base, "font_size": 9, "font_color": "#5A6572", "text_wrap": True})
        self.small = book.add_format({**base, "font_size": 9})
        self.address = book.add_format({**base, "font_size": 8, "font_color": "#5A6572"})
        self._cells: dict[tuple[Any, ...], Any] = {}
        self._base = {**base, "border": 1, "border_color": "#B8C2CC"}

    def cell_format(self, *, number: str = "", bold: bool = False, indent: int = 0, align: str = "left") -> Any:
        """Return a format of a table cell, each made once."""
        key = (number, bold, indent, align)
        if key not in self._cells:
            look = {
                **self._base,
                "bold": bold,
                "indent": indent,
                "align": "right" if number else align,
                "text_wrap": not number,
            }
            if bold:
                look["bg_color"] = "#F6F8FA"
            if number:
                look["num_format"] = number
            self._cells[key] = self.book.add_format(look)
        return self._cells[key]

    def add(self, name: str, *, landscape: bool = False) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.5, 0.5, 0.7, 0.6)
        if landscape:
            sheet.set_landscape()
        sheet.set_header(f"&C&9{self.running_head.replace('&', '&&')}")
        sheet.set_footer("&C&9第 &P 页　共 &N 页")
        return sheet

    def front(self, declaration: Section | None = None) -> None:
        sheet = self.add("封面")
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 62)
        sheet.write_string(0, 0, self.cover.title, self.title)
        row = 1
        for state in self.cover.states:
            sheet.write_string(row, 0, state, self.state)
            row += 1
        for name, text in self.cover.facts:
            sheet.write_string(row, 0, name, self.cell_format(bold=True))
            sheet.write_string(row, 1, text, self.cell_format())
            row += 1
        if declaration is None:
            return
        sheet.write_string(row + 1, 0, "声明", self.caption)
        for n, block in enumerate(declaration.blocks):
            sheet.write_string(row + 2 + n, 0, getattr(block, "text", ""), self.small)

    def sheet(self, name: str, section: Section, *, sentences: bool = False) -> None:
        """Write the tables of a section below each other, their addresses in one column at the right.

        With ``sentences`` what the section says in words stands above its tables.
        """
        tables = [block for part in section.walk() for block in part.blocks if isinstance(block, Table)]
        widths = _column_widths(tables)
        sheet = self.add(name, landscape=sum(widths) > _PORTRAIT)
        sheet.write_string(0, 0, section.title, self.title)
        row = 1
        for state in self.cover.states:
            sheet.write_string(row, 0, state, self.state)
            row += 1
        said = [block for part in section.walk() for block in part.blocks if isinstance(block, Paragraph | Notice)]
        for sentence in said if sentences else ():
            sheet.write_string(row, 0, sentence.text, self.state if isinstance(sentence, Notice) else self.small)
            row += 1
        first = row + (2 if len(tables) == 1 and tables[0].title else 1)
        for table in tables:
            row = self._table(sheet, row, table, widths)
        for column, width in enumerate([*widths, _ADDRESS_WIDTH]):
            sheet.set_column(column, column, width)
        sheet.print_area(0, 0, row, max(len(widths) - 1, 0))  # addresses are for the screen
        if len(tables) == 1:
            sheet.repeat_rows(first - 1)
        sheet.freeze_panes(first if len(tables) == 1 else 1, 1)

    def _table(self, sheet: Any, row: int, table: Table, widths: Sequence[float]) -> int:
        if table.title:
            sheet.write_string(row, 0, table.title, self.caption)
            row += 1
        addresses = len(widths)
        if table.head:
            for column, spec in enumerate(table.columns):
                sheet.write_string(row, column, spec.title, self.head)
            sheet.write_string(row, addresses, ADDRESS, self.head)
            sheet.set_row(row, _height([spec.title for spec in table.columns], widths))
            row += 1
        for line in table.rows:
            for column, (cell, spec) in enumerate(zip(line.cells, table.columns, strict=True)):
                self._cell(sheet, row, column, cell, bold=line.kind == "total", align=spec.align)
            sheet.write_string(row, addresses, _addresses(line.figures), self.address)
            sheet.set_row(row, _height([cell.text for cell in line.cells], widths))
            row += 1
        for note in table.notes:
            sheet.merge_range(row, 0, row, max(addresses - 1, 1), note, self.note)
            sheet.set_row(row, 13 * math.ceil(_characters(note) / sum(widths)))
            row += 1
        return row + 1

    def _cell(self, sheet: Any, row: int, column: int, cell: Cell, *, bold: bool, align: str) -> None:
        fig = cell.fig
        tail = cell.text.removeprefix(fig.text) if fig is not None else ""
        if fig is None or fig.shown is None:
            sheet.write_string(row, column, cell.text, self.cell_format(bold=bold, indent=cell.indent, align=align))
        else:
            sheet.write_number(row, column, fig.shown, self.cell_format(number=_number_format(fig, tail), bold=bold))

    def trace(self, reading: Reading) -> None:
        """Write every line with every value put in, where it came from and its address."""
        sheet = self.add("计算过程", landscape=True)
        for column, (head, width) in enumerate(zip(TRACE_HEADS, TRACE_WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, head, self.head)
        sheet.freeze_panes(1, 3)
        sheet.repeat_rows(0)
        exact = self.cell_format(number='#,##0.0#########;"−"#,##0.0#########;0')
        last = 0
        for last, values in enumerate(trace_rows(reading), 1):
            for column, value in enumerate(values):
                if isinstance(value, float):
                    sheet.write_number(last, column, value, exact)
                else:
                    sheet.write_string(last, column, UNKNOWN if value is None else value, self.small)
        sheet.autofilter(0, 0, max(last, 1), len(TRACE_HEADS) - 1)


def _addresses(figures: Iterable[Fig]) -> str:
    return "；".join(_short(fig.address) for fig in figures)


def _short(address: str) -> str:
    return address if len(address) <= 120 else address[:117] + "…)"


def _number_format(fig: Fig, tail: str = "") -> str:
    """Return the format that shows a figure as the report prints it; ``tail``: a mark or a unit behind it."""
    behind = f'"{tail}"' if tail else ""
    decimals = len(fig.text.partition(".")[2]) if fig.decimals is None else fig.decimals
    places = "." + "0" * decimals if decimals else ""
    return f'#,##0{places}{behind};"−"#,##0{places}{behind};0{behind}'


def _column_widths(tables: Sequence[Table]) -> list[float]:
    """Return widths in characters that suit every table of a sheet, which share their columns."""
    count = max((len(table.columns) for table in tables), default=0)
    widths = [12.0] * count
    for table in tables:
        for n, column in enumerate(table.columns):
            longest = max((_characters(row.cells[n].text) for row in table.rows), default=0)
            wanted = max(min(longest + 2, _MOST_WIDTH), min(_characters(column.title) + 2, _INNER_WIDTH))
            widths[n] = max(widths[n], wanted)
    return widths


def _height(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Return the height of a row whose texts are wrapped; not every program finds it by itself."""
    lines = max(math.ceil((_characters(text) + 1) / width) for text, width in zip(texts, widths, strict=False))
    return _LINE * max(lines, 1) + 2


def _characters(text: str) -> float:
    """A Chinese character is two wide."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
