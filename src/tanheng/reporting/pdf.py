"""A report as PDF through WeasyPrint, which needs Pango and a Chinese font of the system."""

import base64
import itertools
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from tanheng.kernel.errors import TanhengError
from tanheng.kernel.resources import data_dir
from tanheng.reporting.blocks import Block, ChartBlock, FormulaBlock, Notice, Paragraph, Section, Table
from tanheng.reporting.content import Cover
from tanheng.reporting.drawing import chart_font, draw
from tanheng.reporting.pdf_process import UNAVAILABLE
from tanheng.rules.printers import svg

__all__ = ["PACKAGES", "Document", "html_report", "write_pdf"]

PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk fonts-dejavu-core"
_SUBSCRIPTS = {chr(0x2080 + digit): f"<sub>{digit}</sub>" for digit in range(10)}
_WIDE = "annex_"
_MOST_SECONDS = 300


class Document(Protocol):
    """What a PDF is made of: a report, or any other document of sections."""

    @property
    def cover(self) -> Cover: ...
    @property
    def running_head(self) -> str: ...
    @property
    def preface(self) -> str: ...
    @property
    def chapters(self) -> tuple[Section, ...]: ...
    @property
    def declaration(self) -> Section: ...
    @property
    def attached(self) -> tuple[Section, ...]: ...
    @property
    def annexes(self) -> tuple[Section, ...]: ...
    @property
    def sections(self) -> tuple[Section, ...]: ...


def write_pdf(content: Document, path: Path | None = None) -> bytes:
    """Write a report as PDF and return the file.

    Raises
    ------
    TanhengError
        ``report.pdf_unavailable`` where Pango or a Chinese font is missing; docx and xlsx do not need them;
        ``report.pdf_failed`` when the conversion breaks off.
    """
    if chart_font() is None:
        raise TanhengError("report.pdf_unavailable", reason="没有中文字体", packages=PACKAGES)
    made = _convert(html_report(content))
    if path is not None:
        path.write_bytes(made)
    return made


def _convert(html: str) -> bytes:
    """Convert in a process of its own: WeasyPrint takes 200 MB for Chinese fonts, which a worker would keep."""
    command = [sys.executable, "-m", "tanheng.reporting.pdf_process"]
    try:
        done = subprocess.run(command, input=html.encode(), capture_output=True, timeout=_MOST_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise TanhengError("report.pdf_failed", reason=f"超过 {_MOST_SECONDS} 秒") from error
    said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    if done.returncode == UNAVAILABLE:
        raise TanhengError("report.pdf_unavailable", reason=f"缺少系统库（{said}）", packages=PACKAGES)
    if done.returncode:
        raise TanhengError("report.pdf_failed", reason=said)
    return done.stdout


def html_report(content: Document) -> str:
    """Return the report as one HTML page with everything in it."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = data_dir() / "report_templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["typeset"] = _typeset
    environment.filters["kind"] = _kind
    environment.globals.update(formula_svg=_formula_svg, chart_svg=_chart_svg, widths=_widths, is_wide=_is_wide)
    template = environment.get_template("report.html.j2")
    return template.render(
        content=content, css=_markup((folder / "report.css").read_text(encoding="utf-8")), contents=_contents(content)
    )


def _markup(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)


def _typeset(text: str) -> Any:
    """Escape a text; ₂ becomes a real subscript, so that every Chinese font will do."""
    from markupsafe import Markup, escape

    parts = itertools.groupby(text, key=lambda letter: letter in _SUBSCRIPTS)
    return Markup("").join(
        Markup("".join(_SUBSCRIPTS[each] for each in letters)) if low else escape("".join(letters))
        for low, letters in parts
    )


def _kind(block: Block) -> str:
    names = {Paragraph: "paragraph", Notice: "notice", Table: "table", FormulaBlock: "formula", ChartBlock: "chart"}
    return names[type(block)]


def _formula_svg(block: FormulaBlock) -> Any:
    return _markup(svg(block.formula, block.values, size=13))


def _chart_svg(block: ChartBlock) -> str | None:
    """Return the chart as a data address: inline, the ids of two charts would meet."""
    drawn = draw(block, "svg")
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}" if drawn else None


def _widths(table: Table) -> list[str]:
    whole = sum(column.width for column in table.columns)
    return [f"{100 * column.width / whole:.2f}%" for column in table.columns]


def _is_wide(section: Section) -> bool:
    return section.id.startswith(_WIDE)


def _contents(content: Document) -> Sequence[Section]:
    return [part for section in content.sections for part in section.walk() if part.level <= 2]
