"""The PDF: Chinese is text, every table is there, and what is missing on a machine is said."""

import io
import shutil

import pypdf
import pytest

from tanheng.kernel.errors import TanhengError
from tanheng.reporting.docx import write_docx
from tanheng.reporting.drawing import chart_font
from tanheng.reporting.pdf import html_report, write_pdf

needs_fonts = pytest.mark.skipif(
    chart_font() is None or shutil.which("fc-list") is None,
    reason="Debian packages fonts-noto-cjk and pango are not installed",
)


@needs_fonts
def test_the_pdf_holds_the_report_as_text(gapped):
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(write_pdf(gapped))).pages]
    whole = "".join(pages).replace(" ", "").replace("\n", "")
    assert len(pages) > 15
    for text in ("演示数据", "结果不完整", "附表1", "真实性声明", "平台分析口径", gapped.reading.at("total").text):
        assert text in whole
    assert all("演示数据" in page for page in pages)
    assert f"共{len(pages)}页" in whole


def test_a_figure_on_the_page_is_that_of_the_result(gapped):
    page = html_report(gapped)
    texts = {fig.text for table in gapped.tables() for row in table.rows for fig in row.figures}
    assert len(texts) > 100
    assert [text for text in texts if text not in page] == []


def test_names_are_escaped_and_nothing_is_fetched(steel):
    page = html_report(steel)
    assert "某&lt;钢铁&gt;&amp;" in page and "某<钢铁>" not in page
    assert "http" not in page.replace("http://www.w3.org/", "")


@needs_fonts
def test_without_pango_the_packages_are_named_and_word_still_works(steel, tmp_path, monkeypatch):
    broken = tmp_path / "weasyprint"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    with pytest.raises(TanhengError) as caught:
        write_pdf(steel)
    assert caught.value.code == "report.pdf_unavailable"
    assert "libpango" in caught.value.zh() and "fonts-noto-cjk" in caught.value.zh()
    assert write_docx(steel)
