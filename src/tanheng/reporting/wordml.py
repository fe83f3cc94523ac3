"""Blocks as WordprocessingML. Styles are named, not spelled out, so that a template decides how they look."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from tanheng.reporting.blocks import (
    Block,
    Cell,
    ChartBlock,
    Column,
    FormulaBlock,
    Notice,
    Paragraph,
    Row,
    Section,
    Table,
)
from tanheng.reporting.drawing import draw
from tanheng.rules.printers import omml

__all__ = ["WordWriter", "printable"]

_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_SUBSCRIPTS = {chr(0x2080 + digit): str(digit) for digit in range(10)}
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHORT = 14  # rows: a table this short is not torn apart by a page
_GRID = 9638  # twentieths of a point; only the proportions count, tables take the width of the page
_STYLES = {
    "body": "BodyText",
    "lead": "ReportLead",
    "note": "ReportNote",
    "list": "ListBullet",
    "declare": "ReportDeclaration",
    "sign": "ReportSign",
}
_LISTED = 2  # levels of headings in the table of contents
_CONTENTS = ' TOC \\o "1-2" \\h \\z \\u '
_TEXT = "<w:r><w:t>…</w:t></w:r>"
NO_CHART = "（图略：没有可画的数据，或本机没有中文字体。）"
Picture = Callable[[bytes], str]


class WordWriter:
    """Writes sections; ``picture`` puts an image into the package and returns its drawing."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.headings: list[tuple[int, str, str]] = []
        self._numbers = itertools.count(1)

    def section(self, section: Section, *, new_page: bool = False) -> str:
        """Return a section with its heading and everything below it."""
        return "".join([self.heading(section, new_page=new_page), self.body(section)])

    def body(self, section: Section) -> str:
        """Return a section without its heading."""
        parts = [self.block(block) for block in section.blocks]
        return "".join([*parts, *(self.section(below) for below in section.sections)])

    def heading(self, section: Section, *, new_page: bool = False) -> str:
        """Return the heading, with the bookmark that the table of contents points to."""
        number = next(self._numbers)
        mark = f"_Toc{900000 + number}"
        self.headings.append((section.level, section.title, mark))
        start = f'<w:bookmarkStart w:id="{9000 + number}" w:name="{mark}"/>'
        text = start + _runs(section.title) + f'<w:bookmarkEnd w:id="{9000 + number}"/>'
        return _paragraph(f"Heading{section.level}", text, new_page=new_page)

    def contents(self) -> str:
        """Return a table of contents of the headings written so far; Word fills in the page numbers."""
        lines = list(self._contents_lines())
        return "".join(lines)

    def _contents_lines(self) -> Iterator[str]:
        begin = _field("begin") + _instruction(_CONTENTS) + _field("separate")
        listed = [heading for heading in self.headings if heading[0] <= _LISTED]
        last = len(listed) - 1
        for n, (level, title, mark) in enumerate(listed):
            page = "".join(
                [_field("begin"), _instruction(f" PAGEREF {mark} \\h "), _field("separate"), _TEXT, _field("end")]
            )
            link = f'<w:hyperlink w:anchor="{mark}" w:history="1">{_runs(title)}<w:r><w:tab/></w:r>{page}</w:hyperlink>'
            yield _paragraph(f"TOC{level}", (begin if n == 0 else "") + link + (_field("end") if n == last else ""))

    def block(self, block: Block) -> str:
        """Return one block."""
        match block:
            case Paragraph():
                return _paragraph(_STYLES[block.style], _runs(block.text))
            case Notice():
                return _paragraph("ReportNotice", _runs(block.text))
            case Table():
                return self._table(block)
            case FormulaBlock():
                return self._formula(block)
            case ChartBlock():
                return self._chart(block)

    def _formula(self, block: FormulaBlock) -> str:
        caption = _paragraph("ReportFormulaCaption", _runs(block.caption)) if block.caption else ""
        math = omml(block.formula, block.values)
        inner = (
            f'<m:oMathPara xmlns:m="{_MATH}"><m:oMathParaPr><m:jc m:val="left"/></m:oMathParaPr>{math}</m:oMathPara>'
        )
        return caption + _paragraph("ReportFormula", inner)

    def _chart(self, block: ChartBlock) -> str:
        image = draw(block, "png")
        note = _paragraph("ReportNote", _runs(block.note)) if block.note else ""
        if image is None:
            return _paragraph("ReportNote", _runs(f"{block.title}。{NO_CHART}")) + note
        return _paragraph("ReportChart", f"<w:r>{self.picture(image)}</w:r>") + note

    def _table(self, table: Table) -> str:
        title = _paragraph("Caption", _runs(table.title)) if table.title else ""
        widths = _widths(table.columns)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        head = _head(table.columns, widths) if table.head else ""
        last = len(table.rows) - 1
        whole = last < _SHORT
        rows = "".join(_row(row, table.columns, widths, keep=whole and n < last) for n, row in enumerate(table.rows))
        properties = '<w:tblStyle w:val="ReportTable"/><w:tblW w:w="5000" w:type="pct"/><w:tblLayout w:type="fixed"/>'
        notes = "".join(
            _paragraph("ReportNote", _runs("注：" + note if n == 0 else note)) for n, note in enumerate(table.notes)
        )
        gap = notes or _paragraph("ReportGap", "")
        return f"{title}<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>{gap}"


def _widths(columns: Sequence[Column]) -> list[int]:
    whole = sum(column.width for column in columns)
    return [round(_GRID * column.width / whole) for column in columns]


def _head(columns: Sequence[Column], widths: Sequence[int]) -> str:
    cells = "".join(
        _cell(_runs(column.title, bold=True), width, "center", shade="EEF2F6", keep=True)
        for column, width in zip(columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _row(row: Row, columns: Sequence[Column], widths: Sequence[int], *, keep: bool) -> str:
    cells = "".join(
        _filled(cell, row, column, width, keep=keep)
        for cell, column, width in zip(row.cells, columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _filled(cell: Cell, row: Row, column: Column, width: int, *, keep: bool) -> str:
    shade = "F6F8FA" if row.kind == "total" else ""
    runs = _runs(cell.text, bold=row.kind == "total")
    return _cell(runs, width, column.align, indent=cell.indent, shade=shade, keep=keep)


def _cell(runs: str, width: int, align: str, *, indent: int = 0, shade: str = "", keep: bool = False) -> str:
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    inset = f'<w:ind w:left="{220 * indent}"/>' if indent else ""
    together = "<w:keepNext/>" if keep else ""
    properties = f'<w:pPr><w:pStyle w:val="ReportTableText"/>{together}{inset}<w:jc w:val="{align}"/></w:pPr>'
    frame = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{frame}<w:p>{properties}{runs}</w:p></w:tc>"


def _paragraph(style: str, inner: str, *, new_page: bool = False) -> str:
    broken = "<w:pageBreakBefore/>" if new_page else ""
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{broken}</w:pPr>{inner}</w:p>"


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{escape(text)}</w:instrText></w:r>'


def _runs(text: str, *, bold: bool = False) -> str:
    """Return text as runs; ₂ becomes a real subscript, which every font can draw."""
    return "".join(_run(part, bold=bold, low=low) for part, low in _split(text))


def _split(text: str) -> Iterator[tuple[str, bool]]:
    for low, part in itertools.groupby(text, key=lambda letter: letter in _SUBSCRIPTS):
        yield "".join(_SUBSCRIPTS.get(letter, letter) for letter in part), low


def _run(text: str, *, bold: bool, low: bool) -> str:
    properties = ("<w:b/>" if bold else "") + ('<w:vertAlign w:val="subscript"/>' if low else "")
    shown = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{shown}<w:t xml:space="preserve">{escape(printable(text))}</w:t></w:r>'


def printable(text: str) -> str:
    """Drop control characters and what is no character: no XML file may hold them, and names come from people."""
    return _NO_XML.sub("", text)
