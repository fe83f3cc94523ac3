"""A report as a Word file, through a template that an administrator may replace."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tanheng.kernel.errors import InputError
from tanheng.kernel.resources import data_dir
from tanheng.reporting.blocks import Cell, Column, Row, Section, Table
from tanheng.reporting.content import Cover, ReportContent
from tanheng.reporting.entity import Entity
from tanheng.reporting.make_template import ANNEXES, ATTACHED, CHAPTERS, TEMPLATE
from tanheng.reporting.template_safety import check_package, environment
from tanheng.reporting.wordml import WordWriter, printable

__all__ = ["default_template", "template_names", "validate_template", "write_docx", "write_sections"]

SECTIONS = (*CHAPTERS, "declaration", *ATTACHED, *ANNEXES)
_TIMES = 3  # a template may write everything so many times
_PICTURE_WIDTH_EMU = 5_760_000  # 16 cm


def default_template() -> bytes:
    """Return our own template, for download or as a start for an enterprise's own."""
    return (data_dir() / TEMPLATE).read_bytes()


def write_docx(content: ReportContent, path: Path | None = None, template: bytes | Path | None = None) -> bytes:
    """Write a report as docx.

    Parameters
    ----------
    content
        The report.
    path
        Where to store it as well, if anywhere.
    template
        An enterprise's own template (checked as :func:`validate_template` does); default: ours.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    InputError
        ``report.template_*`` when the template cannot be used.
    """
    body = _bytes(template)
    check_package(body)
    made = _render(body, content)
    if path is not None:
        path.write_bytes(made)
    return made


def write_sections(cover: Cover, running_head: str, preface: str, sections: Sequence[Section], entity: Entity) -> bytes:
    """Write any document of sections as docx, on the pages of our own template; it has no figures and no charts."""
    from markupsafe import Markup

    def no_picture(image: bytes) -> str:
        raise AssertionError("a document of sections has no charts")

    writer = WordWriter(no_picture)
    written = "".join(writer.section(section) for section in sections)
    parts = {**dict.fromkeys(SECTIONS, Markup("")), CHAPTERS[0]: Markup(written)}
    context = {**_sample(), **_cover_context(cover, running_head, preface, entity, writer), "正文": parts}
    return _filled(_open(default_template()), context)


def validate_template(template: bytes | Path) -> None:
    """Try a template without a report: readable, no macro, bounded, every variable known, every tag closed.

    Raises
    ------
    InputError
        ``report.template_unreadable``, ``_macro``, ``_too_large``, ``_unknown``, ``_syntax`` or ``_unsafe``.
    """
    body = _bytes(template)
    check_package(body)
    opened = _open(body)
    try:
        _filled(opened, _sample())
    except (TypeError, ValueError) as error:  # e.g. a text compared with a number
        raise InputError("report.template_syntax", reason=str(error)) from error


def template_names() -> tuple[str, ...]:
    """Return the variables a template may use, e.g. ``企业名称``, ``正文.emissions``."""
    return tuple(
        name
        for key, value in _sample().items()
        for name in ([f"{key}.{part}" for part in value] if isinstance(value, dict) else [key])
    )


def _bytes(template: bytes | Path | None) -> bytes:
    if template is None:
        return default_template()
    return template if isinstance(template, bytes) else template.read_bytes()


def _open(body: bytes) -> Any:
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate

    opened = DocxTemplate(io.BytesIO(body))
    try:
        opened.init_docx()
    except (KeyError, ValueError, PackageNotFoundError) as error:
        raise InputError("report.template_unreadable", reason=str(error)) from error
    return opened


def _render(body: bytes, content: ReportContent) -> bytes:
    opened = _open(body)

    def picture(image: bytes) -> str:
        inline = opened.docx.part.new_pic_inline(io.BytesIO(image), width=_PICTURE_WIDTH_EMU)
        return f"<w:drawing>{inline.xml.split('?>')[-1].strip()}</w:drawing>"

    return _filled(opened, _context(content, WordWriter(picture)))


def _filled(opened: Any, context: Mapping[str, Any]) -> bytes:
    """Render and save; everything a template can do wrong becomes one of our errors."""
    from jinja2 import TemplateSyntaxError, UndefinedError
    from jinja2.exceptions import SecurityError, TemplateRuntimeError
    from lxml.etree import XMLSyntaxError  # type: ignore[import-untyped]

    jinja = environment(1_000_000 + _TIMES * _length(context))
    try:
        unknown = sorted(opened.get_undeclared_template_variables(jinja_env=jinja) - set(context))
        if unknown:
            raise InputError("report.template_unknown", names=unknown)
        opened.render(dict(context), jinja_env=jinja, autoescape=True)
    except UndefinedError as error:
        raise InputError("report.template_unknown", names=[str(error)]) from error
    except SecurityError as error:
        raise InputError("report.template_unsafe", reason=str(error)) from error
    except (TemplateSyntaxError, TemplateRuntimeError, XMLSyntaxError, SyntaxError, RecursionError) as error:
        raise InputError("report.template_syntax", reason=str(error)) from error
    file = io.BytesIO()
    opened.save(file)
    return file.getvalue()


def _length(context: Mapping[str, Any]) -> int:
    texts = (each for value in context.values() for each in (value.values() if isinstance(value, dict) else [value]))
    return sum(map(len, texts))


def _context(content: ReportContent, writer: WordWriter) -> dict[str, Any]:
    """Return what a template may use; ``正文`` holds the parts by id, empty where a report has none."""
    from markupsafe import Markup

    written = dict.fromkeys(SECTIONS, "")
    for section in content.sections:
        written[section.id] = writer.section(section, new_page=section.id in (*ATTACHED, *ANNEXES))
    total = content.reading.at("total")
    return {
        **_cover_context(content.cover, content.running_head, content.preface, content.entity, writer),
        "排放总量": printable(total.text), "排放单位": printable(content.unit),
        "正文": {name: Markup(text) for name, text in written.items()},
    }  # fmt: skip


def _cover_context(cover: Cover, running_head: str, preface: str, entity: Entity, writer: WordWriter) -> dict[str, Any]:
    """Return what stands before the sections; call it after they are written, for the table of contents."""
    from markupsafe import Markup

    texts = {
        "标题": cover.title, "企业名称": cover.entity, "报告期": cover.period, "核算依据": cover.basis,
        "页眉": running_head, "前言": preface, "统一社会信用代码": entity.uscc, "地址": entity.address,
        "法定代表人": entity.legal_representative, "填报负责人": entity.filled_by, "联系人": entity.contact,
        "联系电话": entity.phone,
    }  # fmt: skip
    return {
        **{name: printable(text) for name, text in texts.items()},
        "封面状态": Markup("".join(writer.block(block) for block in cover.notices)),
        "封面信息": Markup(writer.block(_facts(cover.facts))),
        "目录": Markup(writer.contents()),
    }  # fmt: skip


def _facts(facts: tuple[tuple[str, str], ...]) -> Table:
    rows = tuple(Row((Cell(name), Cell(text))) for name, text in facts)
    return Table("cover", "", (Column("项目", 1.0), Column("内容", 2.4)), rows, head=False)


def _sample() -> dict[str, Any]:
    """Return a context of the same shape without a report."""
    from markupsafe import Markup

    names = (
        "标题", "企业名称", "报告期", "核算依据", "页眉", "前言", "统一社会信用代码", "地址", "法定代表人",
        "填报负责人", "联系人", "联系电话", "排放总量", "排放单位",
    )  # fmt: skip
    empty = Markup("<w:p/>")
    blocks = {"封面状态": empty, "封面信息": empty, "目录": empty}
    return {**{name: name for name in names}, **blocks, "正文": dict.fromkeys(SECTIONS, empty)}
