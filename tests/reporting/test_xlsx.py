"""The Excel file: numbers are numbers, and each has its address."""

import io
import math

import openpyxl
import pytest

from tanheng.accounting.explain import recompute
from tanheng.reporting.xlsx import write_xlsx

from .plants import years


@pytest.fixture(scope="module")
def book(gapped):
    return openpyxl.load_workbook(io.BytesIO(write_xlsx(gapped)))


def test_there_is_a_sheet_for_every_subject(book):
    assert book.sheetnames == [
        "封面", "附表1", "附表2", "附表3", "核算结果", "逐月排放", "工序分析", "活动水平",
        "排放因子", "数据质量", "缺省与待核", "计算过程",
    ]  # fmt: skip


def test_every_figure_of_the_tables_is_a_number_with_the_digits_excel_keeps(book, gapped):
    numbers = {
        cell.value
        for name in book.sheetnames[1:-1]
        for row in book[name]
        for cell in row
        if cell.data_type == "n" and cell.value is not None
    }
    listed = {section.id for section in gapped.sections} - {"annex_trace", "basic", "declaration"}
    figures = [
        fig
        for table_of in gapped.sections
        if table_of.id in listed
        for part in table_of.walk()
        for block in part.blocks
        for row in getattr(block, "rows", ())
        for fig in row.figures
    ]
    assert len(figures) > 200
    shown = [(fig.address, fig.shown) for fig in figures if fig.shown is not None]
    assert [
        address for address, value in shown if not any(math.isclose(value, number, rel_tol=1e-15) for number in numbers)
    ] == []


def test_the_total_opens(book):
    sheet = book["附表1"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "企业二氧化碳排放总量")
    this, _ = years()
    assert row[1].value == this.data["total"]["value"]
    assert row[2].value == "total"
    assert row[1].number_format.startswith('#,##0.00"＊"')


def test_every_value_of_the_calculation_is_recomputed_at_its_address(book):
    this, _ = years()
    rows = list(book["计算过程"].iter_rows(min_row=2, values_only=True))
    assert len(rows) > 1500
    for row in rows[::7]:
        again = recompute(this, row[-1])
        assert math.isclose(row[6], again, rel_tol=1e-9, abs_tol=1e-9), row


def test_the_calculation_names_cell_and_people(book):
    rows = [row for row in book["计算过程"].iter_rows(min_row=2, values_only=True) if row[5] == "数量"]
    assert "工作簿“活动数据-2024.xlsx”工作表“活动数据”单元格" in rows[0][9]
    assert "填报员甲 2024-02-03 09:00 录入；管理员乙 2024-02-05 15:00 审核（第 1 版）" in rows[0][9]


def test_heads_are_frozen_and_columns_are_wide_enough(book):
    assert book["计算过程"].freeze_panes == "D2"
    assert all(book[name].freeze_panes for name in book.sheetnames[1:])
    assert book["附表1"].column_dimensions["A"].width > 30


def test_names_that_look_like_formulas_stay_text(steel):
    from dataclasses import replace

    named = replace(
        steel, entity=steel.entity, cover=replace(steel.cover, facts=(("报告主体", "=1+1"), ("网址", "http://x")))
    )
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(named)))["封面"]
    cell = next(row[1] for row in sheet.iter_rows() if row[0].value == "报告主体")
    assert (cell.value, cell.data_type) == ("=1+1", "s")
