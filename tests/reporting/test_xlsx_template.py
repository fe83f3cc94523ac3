"""Workbooks of others: filled by name, rows repeated, nothing computed, nothing fetched; and the preview of a file."""

import io
import zipfile

import openpyxl
import pytest

from tanheng.accounting.case import parse_case
from tanheng.accounting.run import run
from tanheng.kernel.errors import InputError
from tanheng.reporting.content import Entity, ReportContent
from tanheng.reporting.docx import write_docx
from tanheng.reporting.preview import docx_html, xlsx_html
from tanheng.reporting.xlsx_template import fill_workbook, validate_workbook
from tanheng.rules.package import load_standard

STEEL = "gbt_32151_5_2015"


@pytest.fixture(scope="module")
def content() -> ReportContent:
    standard = load_standard(STEEL)
    body = (standard.directory / "cases" / "eaf_works.yaml").read_bytes()
    case = parse_case(body, name="eaf_works.yaml")
    result = run(standard, case.stream_set, period=case.period, as_of=case.as_of, title=case.title)
    return ReportContent.build(result, standard, Entity(name="=甲|钢<厂>", province="山东"))


def workbook(*rows, **named) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for name, place in named.items():
        book.defined_names[name] = openpyxl.workbook.defined_name.DefinedName(name, attr_text=f"'Sheet'!{place}")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def filled(body: bytes, content: ReportContent):
    return openpyxl.load_workbook(io.BytesIO(fill_workbook(body, content))).active


def test_cells_named_cells_and_lists_are_filled(content):
    body = workbook(
        ["{{ 企业名称 }} {{报告期}}", "{{ 排放总量 }}", None, "合计"],
        ["{{ 排放源[].名称 }}", "{{ 排放源[].数值 }}", "t"],
        ["末行", "{{ 排放源.flux }}"],
        报告期="$F$1",
    )
    sheet = filled(body, content)
    sources = content.reading.data["sources"]
    assert sheet["F1"].value == content.cover.period
    assert sheet["B1"].value == content.reading.data["total"]["value"]
    assert sheet["A1"].value.startswith("=甲|钢<厂> 20") and sheet["A1"].data_type == "s"
    names = [content.reading.standard.sources[key].zh for key in sources]
    assert [sheet.cell(row=2 + n, column=1).value for n in range(len(names))] == names
    assert {sheet.cell(row=2 + n, column=3).value for n in range(len(names))} == {"t"}
    last = 2 + len(names)
    assert (sheet.cell(row=last, column=1).value, sheet.cell(row=last, column=2).value) == (
        "末行", sources["flux"]["value"],
    )  # fmt: skip


def test_unknown_names_are_listed_and_nothing_is_written(content):
    with pytest.raises(InputError) as refused:
        validate_workbook(workbook(["{{ 利润 }}", "{{ 排放源[].利润 }}", "{{ 企业名称 }}"]))
    assert refused.value.values["names"] == ["利润", "排放源[].利润"]
    with pytest.raises(InputError) as missing:
        fill_workbook(workbook(["{{ 排放源.moon }}"]), content)
    assert missing.value.code == "report.template_unknown"


@pytest.mark.parametrize(
    "formula",
    [
        '=WEBSERVICE("http://x")',
        "=cmd|'/c calc'!A1",
        "='[1]Sheet'!A1",
        '=HYPERLINK("file:///etc/passwd")',
        '=RTD("x",,1)',
    ],
)
def test_formulas_that_reach_outside_are_refused(formula):
    with pytest.raises(InputError) as refused:
        validate_workbook(workbook([formula]))
    assert refused.value.code == "report.template_unsafe"


def test_macros_connections_and_what_is_no_workbook_are_refused():
    def with_part(name: str) -> bytes:
        file = io.BytesIO(workbook(["x"]))
        with zipfile.ZipFile(file, "a") as package:
            package.writestr(name, b"x")
        return file.getvalue()

    for part in (
        "xl/vbaProject.bin",
        "xl/connections.xml",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/a.bin",
    ):
        with pytest.raises(InputError) as refused:
            validate_workbook(with_part(part))
        assert refused.value.code == "report.template_macro"
    for body in (b"", b"PK", b"\xd0\xcf\x11\xe0xls", b"hello"):
        with pytest.raises(InputError):
            validate_workbook(body)


def test_a_huge_sheet_is_refused():
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "x"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(InputError) as refused:
        validate_workbook(file.getvalue())
    assert refused.value.code == "report.template_too_large"


def test_a_preview_shows_texts_and_tables_and_escapes_everything(content):
    page = docx_html(write_docx(content))
    assert "<table>" in page and "钢&lt;厂&gt;" in page and "<厂>" not in page and "<script" not in page
    sheet = xlsx_html(fill_workbook(workbook(["{{ 企业名称 }}", "{{ 排放总量 }}"]), content))
    assert "钢&lt;厂&gt;" in sheet and "<table>" in sheet


def test_a_preview_joins_cells_and_writes_numbers_as_the_file_does():
    import docx

    document = docx.Document()
    document.add_paragraph().add_run("要点").bold = True
    table = document.add_table(3, 3)
    for n, cell in enumerate(table._cells):
        cell.text = f"c{n}"
    table.cell(0, 0).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    file = io.BytesIO()
    document.save(file)
    page = docx_html(file.getvalue())
    assert "<strong>要点</strong>" in page and 'colspan="3"' in page and 'rowspan="2"' in page
    assert page.count("<td") == 1 + 3 + 2

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["总量", 1234.5678, 0.25])
    sheet.append(["<b>", None, 3])
    sheet.merge_cells("A3:C3")
    sheet["A3"] = "合并"
    sheet["B1"].number_format, sheet["C1"].number_format = "#,##0.00", "0.0%"
    file = io.BytesIO()
    book.save(file)
    shown = xlsx_html(file.getvalue())
    assert ">1,234.57<" in shown and ">25.0%<" in shown and "&lt;b&gt;" in shown
    assert '<td colspan="3" rowspan="1">合并</td></tr>' in shown and "data-num>3<" in shown
