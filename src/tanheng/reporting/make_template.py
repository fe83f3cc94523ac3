"""Make our Word template: ``python -m tanheng.reporting.make_template``. An administrator may edit or replace the file.

The script is the source, ``data/report_templates/report.docx`` its result; both are committed.
"""

from pathlib import Path
from typing import Any

from tanheng.kernel.resources import data_dir

__all__ = ["TEMPLATE", "make_template"]

TEMPLATE = "report_templates/report.docx"
_SONG, _HEI, _LATIN = "宋体", "黑体", "Times New Roman"
_GREY, _AMBER = "5A6572", "8A4B08"
CHAPTERS = ("basic", "emissions", "activity", "factors")
ATTACHED = ("table_1", "table_2", "table_3")
ANNEXES = ("annex_trace", "annex_quality", "annex_defaults", "annex_processes", "annex_months")


def make_template(path: Path) -> None:
    """Write the template."""
    from docx import Document
    from docx.enum.section import WD_ORIENT, WD_SECTION
    from docx.shared import Cm

    document = Document()
    _language(document)
    _styles(document)
    _page(document.sections[0])
    _cover(document)
    body = document.add_section(WD_SECTION.NEW_PAGE)
    _head_and_foot(body)
    _lines(document, "ReportContentsTitle", "目　录")
    _lines(document, "BodyText", "{{p 目录 }}")
    _lines(document, "BodyText", "{{ 前言 }}", page_break=True)
    _lines(document, "BodyText", *(f"{{{{p 正文.{name} }}}}" for name in (*CHAPTERS, "declaration")))
    for name in ATTACHED:
        _lines(document, "BodyText", f"{{{{p 正文.{name} }}}}")
    wide = document.add_section(WD_SECTION.NEW_PAGE)
    wide.orientation = WD_ORIENT.LANDSCAPE
    wide.page_width, wide.page_height = Cm(29.7), Cm(21.0)
    for name in ANNEXES:
        _lines(document, "BodyText", f"{{{{p 正文.{name} }}}}")
    _update_fields(document)
    _properties(document)
    document.save(str(path))


def _page(section: Any) -> None:
    from docx.shared import Cm

    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.0)
    section.header_distance = section.footer_distance = Cm(1.1)


# styles


def _styles(document: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    _font(document.styles["Normal"], 10.5)
    _style(document, "Body Text", 10.5, after=4, line=1.35, first=2)
    for level, size in ((1, 15), (2, 12)):
        heading = document.styles[f"Heading {level}"]
        _font(heading, size, east=_HEI, bold=True, color="000000")
        _spacing(heading, before=14 if level == 1 else 10, after=6, line=1.2)
        heading.paragraph_format.keep_with_next = True
    _style(document, "Caption", 10, east=_HEI, before=6, after=3, align=ALIGN.CENTER, keep=True, color="000000")
    _style(document, "List Bullet", 10.5, after=2, line=1.3)
    _style(document, "Report Cover Title", 26, east=_HEI, bold=True, before=150, after=20, align=ALIGN.CENTER, line=1.3)
    _style(document, "Report Cover Name", 18, east=_HEI, after=8, align=ALIGN.CENTER)
    _style(document, "Report Cover Text", 12, after=4, align=ALIGN.CENTER, line=1.3)
    _style(document, "Report Contents Title", 16, east=_HEI, bold=True, after=10, align=ALIGN.CENTER)
    _style(document, "Report Lead", 12, after=4, line=1.4)
    _style(document, "Report Note", 9, after=6, color=_GREY)
    _style(document, "Report Notice", 10.5, east=_HEI, before=3, after=6, color=_AMBER)
    _style(document, "Report Declaration", 10.5, after=4, line=1.35, first=2, keep=True)
    _style(document, "Report Sign", 10.5, before=10, after=10, align=ALIGN.RIGHT, keep=True)
    _style(document, "Report Table Text", 9)
    _style(document, "Report Gap", 6, after=4)
    _style(document, "Report Chart", 10.5, before=4, after=4, align=ALIGN.CENTER)
    _style(document, "Report Formula", 10.5, before=2, after=8)
    _style(document, "Report Formula Caption", 10, before=6, after=2, keep=True)
    _contents_styles(document)
    _table_style(document)


def _language(document: Any) -> None:
    """Chinese of the mainland: it decides which form of a glyph and of a comma is drawn."""
    from docx.oxml.ns import qn

    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")


def _style(document: Any, name: str, size: float, **look: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    known = {style.name for style in document.styles}
    style = document.styles[name] if name in known else document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.hidden, style.quick_style = False, True
    _font(style, size, look.get("east", _SONG), bold=look.get("bold", False), color=look.get("color"))
    _spacing(style, look.get("before", 0), look.get("after", 0), look.get("line", 1.15))
    if "align" in look:
        style.paragraph_format.alignment = look["align"]
    if look.get("first"):
        _first_line(style, look["first"])
    style.paragraph_format.keep_with_next = look.get("keep")


def _font(style: Any, size: float, east: str = _SONG, *, bold: bool = False, color: str | None = None) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.size, style.font.bold, style.font.italic, style.font.name = Pt(size), bold, False, _LATIN
    if color:
        style.font.color.rgb = RGBColor.from_string(color)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script, font in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", east)):
        fonts.set(qn(f"w:{script}"), font)


def _spacing(style: Any, before: float, after: float, line: float) -> None:
    from docx.shared import Pt

    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = line


def _first_line(style: Any, characters: int) -> None:
    """Indent the first line by characters, as Chinese documents do."""
    from docx.oxml.ns import qn

    indent = style.element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * characters))


def _contents_styles(document: Any) -> None:
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm

    for level in (1, 2):
        _style(document, f"toc {level}", 11 if level == 1 else 10, after=3)
        style = document.styles[f"toc {level}"]
        style.element.set(style.element.nsmap["w"].join(("{", "}styleId")), f"TOC{level}")
        style.paragraph_format.left_indent = Cm(0.7 * (level - 1))
        style.paragraph_format.tab_stops.add_tab_stop(Cm(16.6), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def _table_style(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    style = document.styles.add_style("Report Table", WD_STYLE_TYPE.TABLE)
    style.base_style = document.styles["Normal Table"]
    strong, thin = ('w:val="single" w:sz="8" w:color="3E4C59"', 'w:val="single" w:sz="4" w:color="B8C2CC"')
    borders = "".join(
        f"<w:{side} {strong if side in ('top', 'bottom') else thin}/>"
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    sides = (("top", 28), ("left", 70), ("bottom", 28), ("right", 70))
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    style.element.append(
        parse_xml(
            f"<w:tblPr {nsdecls('w')}><w:tblBorders>{borders}</w:tblBorders>"
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>"
        )
    )


# parts


def _cover(document: Any) -> None:
    _lines(document, "ReportCoverTitle", "{{ 标题 }}")
    _lines(document, "ReportCoverName", "{{ 企业名称 }}")
    _lines(document, "ReportCoverText", "{{ 核算依据 }}", "")
    _lines(document, "BodyText", "{{p 封面状态 }}", "{{p 封面信息 }}")
    _header(document.sections[0])


def _head_and_foot(section: Any) -> None:
    section.footer.is_linked_to_previous = False
    foot = section.footer.paragraphs[0]
    _centre(foot, 9)
    foot.add_run("第 ")
    _field(foot, "PAGE")
    foot.add_run(" 页　共 ")
    _field(foot, "NUMPAGES")
    foot.add_run(" 页")


def _header(section: Any) -> None:
    head = section.header.paragraphs[0]
    _centre(head, 9)
    head.add_run("{{ 页眉 }}")


def _centre(paragraph: Any, size: float) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.style, size, color=_GREY)


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()._r
    for kind in ("begin", "instr", "separate", "text", "end"):
        if kind == "instr":
            element = OxmlElement("w:instrText")
            element.set(qn("xml:space"), "preserve")
            element.text = f" {name} "
        elif kind == "text":
            element = OxmlElement("w:t")
            element.text = "1"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run.append(element)


def _lines(document: Any, style_id: str, *texts: str, page_break: bool = False) -> None:
    by_id = {style.style_id: style for style in document.styles}
    for text in texts:
        paragraph = document.add_paragraph(text, style=by_id[style_id])
        if page_break:
            paragraph.paragraph_format.page_break_before = True


def _update_fields(document: Any) -> None:
    """Let Word fill in the page numbers of the table of contents when the file is opened."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    settings = document.settings.element
    settings.insert(settings.index(settings.find(qn("w:compat"))), update)  # the schema has an order


def _properties(document: Any) -> None:
    from datetime import datetime

    core = document.core_properties
    core.title, core.author, core.comments = "碳衡报告模板", "碳衡", "标记见《更换报告模板》"
    core.created = core.modified = datetime(2025, 1, 1)
    core.last_modified_by, core.revision = "碳衡", 1


if __name__ == "__main__":
    make_template(data_dir() / TEMPLATE)
