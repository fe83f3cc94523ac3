"""Names of people's making in documents and pages: text, whatever they hold."""

import io
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from tanheng.accounting.case import load_case
from tanheng.accounting.run import run
from tanheng.kernel.resources import data_dir
from tanheng.reporting.blocks import ChartBlock
from tanheng.reporting.content import Entity, ReportContent
from tanheng.reporting.docx import write_docx
from tanheng.reporting.drawing import chart_font, draw
from tanheng.reporting.figures import Fig
from tanheng.reporting.pdf import html_report
from tanheng.reporting.xlsx import write_xlsx
from tanheng.reporting.xlsx_template import fill_workbook
from tanheng.rules.package import load_standard
from tanheng_web.collection.services import stream_change
from tanheng_web.common.spreadsheets import as_cell
from tanheng_web.organisations.services import organisation_change, process_rename

BAD = '<img src=x onerror=alert(1)>"\'{{ 7*7 }}{% raw %}$\\frac{a}$=HYPERLINK("http://evil")\x0b\ufffe\r\n'


@pytest.fixture(scope="module")
def report() -> ReportContent:
    case = load_case(data_dir() / "standards/gbt_32151_5_2015/cases/integrated_works.yaml")
    streams = case.stream_set
    named = replace(streams, declared=tuple(replace(each, label=BAD, material_zh=BAD) for each in streams.declared))
    standard = load_standard(case.standards[0])
    result = run(standard, named, period=case.period, as_of=case.as_of, title=BAD)
    entity = Entity(BAD, uscc=BAD, address=BAD, legal_representative=BAD, processes=((BAD, (BAD,)),))
    return ReportContent.build(result, standard, entity, None)


def test_a_word_report_prints_them_as_they_are(report):
    made = Document(io.BytesIO(write_docx(report)))
    text = "\n".join(cell.text for table in made.tables for row in table.rows for cell in row.cells)
    assert "{{ 7*7 }}" in text
    assert "<img src=x" in text


def test_a_workbook_holds_no_formula(report):
    with zipfile.ZipFile(io.BytesIO(write_xlsx(report))) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
        assert sheets
        assert [sheet for sheet in sheets if b"<f>" in sheet or b"<hyperlink " in sheet] == []


def test_a_template_in_excel_takes_them_as_text(report):
    """A line break of Word in the name of a works ended the job with a fault of ours."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["{{ 企业名称 }}", "甲：{{ 地址 }}"])
    book.save(file)
    filled = openpyxl.load_workbook(io.BytesIO(fill_workbook(file.getvalue(), report)))
    first, second = next(filled.active.iter_rows())
    assert (first.data_type, second.data_type) == ("s", "s")
    assert first.value.startswith("<img src=x")


@pytest.mark.parametrize("first", "=+-@\t\n＝＋－＠")
def test_a_cell_of_an_export_is_no_formula(first):
    assert as_cell(f"{first}1+1") == f"'{first}1+1"
    assert as_cell(f"\x0b{first}1+1") == f"'{first}1+1"
    assert (as_cell("炼铁=1"), as_cell(-1.5), as_cell(None)) == ("炼铁=1", -1.5, None)


def test_the_page_behind_the_pdf_escapes_them(report):
    page = html_report(report)
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page


@pytest.mark.skipif(chart_font() is None, reason="needs a Chinese font")
@pytest.mark.parametrize("form", ["png", "svg"])
def test_a_name_is_no_formula_of_a_chart(form):
    """matplotlib typesets what stands between two $ and fails at what it cannot read: no report was made any more."""
    figure = Fig("total", 1.0, "tCO2e", "1")
    chart = ChartBlock("a", "bars", "$\\frac{$", "$x$", ("$\\nonsense{$", "$$"), (figure, figure))
    assert draw(chart, form)


def test_pages_escape_them(plant, client):
    bad = BAD.replace("\x0b", "").replace("\r\n", "")
    boss = plant.admin
    organisation_change(organisation=plant.works, by=boss, name=bad[:80], short_name=bad[:29], address=bad)
    stream_change(by=boss, stream=plant.streams["M001"], label=bad[:80], material_zh=bad[:60])
    process_rename(process=plant.works.processes.get(name="炼铁"), by=boss, name=bad.replace("/", "")[:60])
    client.force_login(boss)
    org = plant.works.pk
    pages = [
        reverse("dashboards:panorama", args=[org]),
        *(reverse(f"collection:{name}", args=[org]) for name in ("overview", "streams", "own-values", "imports")),
        reverse("collection:month", args=[org, "2025-07"]),
        *(reverse(f"settings:{name}", args=[org]) for name in ("basic", "processes", "sites", "group", "members")),
        reverse("inventory:runs", args=[org]),
        reverse("organisations:list"),
        reverse("common:search") + "?q=img",
        reverse("common:search") + "?q=%3Cimg src=x onerror=alert(1)%3E",
        reverse("accounts:profile"),
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "<img src=x" not in answer.text, page
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"], page


def test_a_template_of_such_names_holds_no_formula_of_theirs(plant, client):
    stream_change(by=plant.admin, stream=plant.streams["M001"], label='=HYPERLINK("http://evil")')
    client.force_login(plant.admin)
    answer = client.get(reverse("collection:template", args=[plant.works.pk]), {"period": "2025-07"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        parts = b"".join(book.read(name) for name in book.namelist() if "worksheets" in name)
    assert b"<f>HYPERLINK" not in parts
    assert b"<f>=HYPERLINK" not in parts
    assert b"\n" not in answer.headers["Content-Disposition"].encode()
