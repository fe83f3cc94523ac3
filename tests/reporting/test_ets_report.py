"""The report forms of the national ETS guidelines: summary rows, record sheets, what is missing is said."""

import io

import openpyxl
import pytest

from tanheng.accounting.case import parse_case
from tanheng.accounting.run import run
from tanheng.kernel.errors import StandardError
from tanheng.reporting.blocks import Paragraph
from tanheng.reporting.content import ReportContent
from tanheng.reporting.xlsx import write_records, write_xlsx
from tanheng.rules.package import load_standard

from .plants import ENTITY, report_of

STEEL, ALUMINIUM = "cets_ag_03_01_v01_2024", "cets_ag_04_01_v01_2024"


@pytest.fixture(scope="module")
def steel() -> ReportContent:
    return report_of(f"{STEEL}/cases/process_level.yaml")


@pytest.fixture(scope="module")
def aluminium() -> ReportContent:
    return report_of(f"{ALUMINIUM}/cases/electrolysis_months.yaml")


def _texts(content, title):
    section = next(section for section in content.records if section.title == title)
    return [[cell.text for cell in row.cells] for table in section.blocks for row in table.rows]


def _paragraphs(content):
    for section in content.sections:
        for part in section.walk():
            yield from (block.text for block in part.blocks if isinstance(block, Paragraph))


def test_the_summary_has_the_four_rows_of_the_platform(steel):
    rows = _texts(steel, "排放量汇总表")
    assert [(row[0], row[3]) for row in rows] == [
        ("企业层级排放总量", "499,351.56"),
        ("工序层级排放总量", "256,364.77"),
        ("掺烧自产二次能源的化石燃料发电设施排放总量", "155,562.65"),
        ("其他排放总量", "87,424.14"),
    ]


def test_the_sheets_bear_the_names_of_the_platform(steel):
    book = openpyxl.load_workbook(io.BytesIO(write_records(steel)))
    assert book.sheetnames == ["企业层级生产数据及排放量表", "排放量汇总表", "工序-生产线生产数据及排放量表"]
    heads = [cell.value for cell in book["企业层级生产数据及排放量表"][3]][:8]
    assert heads[:3] == ["信息项", "单位", "6月"] and heads[4:7] == ["获取方式", "数据来源", "支撑材料"]
    assert set(book.sheetnames) <= set(openpyxl.load_workbook(io.BytesIO(write_xlsx(steel))).sheetnames)


def test_a_process_sheet_nets_inputs_and_outputs(steel):
    rows = _texts(steel, "工序-生产线生产数据及排放量表")
    totals = [row[3] for row in rows if row[0].startswith("排放量合计")]
    assert totals == ["36,412.48", "65,220.58", "4,159.67", "197,661.35", "−47,089.31", "155,562.65"]


def test_every_figure_of_the_record_sheets_recomputes_from_its_leaves(steel, aluminium):
    for content in (steel, aluminium):
        figures = [fig for section in content.records for fig in section.figures() if fig.value is not None]
        assert len(figures) > 40
        for fig in figures:
            assert fig.recompute(content.reading.result) == pytest.approx(fig.value, rel=1e-9, abs=1e-9), fig.address


def test_twelve_months_stand_beside_the_year(aluminium):
    row = next(row for row in _texts(aluminium, "铝电解工序月度数据") if row[0] == "阳极消耗量")
    assert row[2:4] == ["13,650.93", "12,480.12"] and row[14] == "161,385.58" and row[15] == "实测值"
    effect = [row for row in _texts(aluminium, "铝电解工序月度数据") if row[0] == "排放量"][-1]
    assert effect[14] == "49,823.27" and effect[9] == "4,229.06"


def test_what_no_source_gave_is_named_not_invented(steel, aluminium):
    for content, words in ((steel, "惩罚性"), (aluminium, "附录 C")):
        assert any(words in text for text in _paragraphs(content))
        assert any("没有代拟" in text for text in _paragraphs(content))


def test_rounding_is_said_as_it_is_done(steel):
    assert any("每行（源流、月份）的排放量四舍五入到小数点后 2 位后相加" in text for text in _paragraphs(steel))


def test_the_balance_of_the_gases_stands_in_the_annex(steel):
    table = next(table for table in steel.tables() if table.id == "balances")
    rows = {row.cells[0].text: [cell.text for cell in row.cells[2:6]] for row in table.rows}
    assert rows["高炉煤气"] == ["41,800.00", "0", "40,735.00", "1,065.00"]
    assert rows["焦炭"] == ["125,800.00", "−16,600.00", "109,200.00", "0"]


MEASURED = """
title: measured carbon
standard: cets_ag_03_01_v01_2024
period: "2025-03"
streams:
  - {id: a, material: anthracite, role: fuel, quantity: 100 t, values: {carbon_content_mass: 0.7 tC/t}}
  - {id: b, material: washed_coal, role: fuel, quantity: 100 t}
"""


def test_two_formulas_of_one_source_are_both_told_and_summed_once():
    case = parse_case(MEASURED.encode())
    standard = load_standard(STEEL)
    doc = run(standard, case.stream_set, period=case.period)
    content = ReportContent.build(doc, standard, ENTITY)
    traced = [table for table in content.tables() if table.id.startswith("trace_fuel_combustion")]
    assert sorted(table.id for table in traced) == [
        "trace_fuel_combustion_CO2_fuel_by_carbon",
        "trace_fuel_combustion_CO2_fuel_by_heat",
    ]
    assert all(row.cells[0].text != "合计" for table in traced for row in table.rows)
    assert doc.data["sources"]["fuel_combustion"]["value"] == pytest.approx(256.67 + 245.45)


def test_a_standard_without_record_sheets_says_so():
    with pytest.raises(StandardError, match="no_records"):
        write_records(report_of("gbt_32151_5_2015/cases/integrated_works.yaml"))
