"""Imported factors are read word by word and refused where they cannot be true; every fault with row and column."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.rules.factors import packaged
from tanheng.rules.factors.checks import check_rows
from tanheng.rules.factors.rows import columns, read_row

TODAY = date(2026, 5, 1)
GOOD = {
    "code": "EF-1", "zh": "1号锅炉天然气含碳量", "value": "0.0153", "unit": "tC/GJ", "quantity": "单位热值含碳量",
    "family": "组织核算", "klass": "化石燃料", "publisher": "某检测公司", "document": "检测报告", "document_no": "J-1",
    "published_on": "2026-01-10", "data_year": "2025", "material": "天然气", "carrier": "天然气",
}  # fmt: skip
POWER = GOOD | {
    "zh": "华北电网平均", "value": "0.6776", "unit": "tCO2/MWh", "quantity": "排放因子", "klass": "电力", "gas": "CO2",
    "material": "电力", "carrier": "电力", "indicator": "电网平均", "level": "区域电网", "region_zh": "华北",
    "data_year": "2024",
}  # fmt: skip


def faults_of(*rows: dict) -> list[tuple[int, str, str]]:
    read = [read_row(number, cells, "own:1") for number, cells in enumerate(rows, 2)]
    faults = [fault for _, found in read for fault in found]
    faults += check_rows([row for row, _ in read if row], packaged(), TODAY)
    assert all(fault.zh() for fault in faults)
    return [(fault.row, fault.column, fault.code) for fault in faults]


def test_a_good_row_has_no_fault():
    assert faults_of(GOOD) == []
    row, _ = read_row(2, GOOD, "own:1")
    assert row is not None and row.factor.id == "own:1:EF-1"
    assert (row.factor.family, row.factor.klass, row.factor.unit) == ("inventory", "fossil_fuel", "tC/GJ")


@pytest.mark.parametrize(
    ("base", "change", "column", "code"),
    [
        (GOOD, {"document": ""}, "来源文件", "factor.no_source"),
        (GOOD, {"publisher": " "}, "发布机构", "factor.no_source"),
        (GOOD, {"value": ""}, "数值", "factor.cell_missing"),
        (GOOD, {"value": "很多"}, "数值", "number.not_a_number"),
        (GOOD, {"value": "-0.0153"}, "数值", "factor.negative"),
        (GOOD, {"unit": "tC/斤"}, "单位", "unit.unknown"),
        (GOOD, {"unit": "tCO2/GJ"}, "单位", "factor.dimension"),
        (GOOD, {"value": "15.3"}, "数值", "factor.slip"),
        (GOOD, {"value": "0.0000153"}, "数值", "factor.slip"),
        (GOOD, {"value": "0.09"}, "数值", "factor.far"),
        (GOOD, {"data_year": "2026", "published_on": "2025-12-01"}, "数据年份", "factor.years_swapped"),
        (GOOD, {"data_year": "25"}, "数据年份", "factor.year"),
        (GOOD, {"data_year": "1890"}, "数据年份", "factor.year_range"),
        (GOOD, {"published_on": "2027-01-01"}, "发布日期", "factor.published_later"),
        (GOOD, {"published_on": "去年"}, "发布日期", "factor.day"),
        (GOOD, {"valid_from": "2026-02-01", "valid_to": "2026-01-01"}, "有效期止", "factor.validity_reversed"),
        (POWER, {"region_zh": "华北电网"}, "区域", "factor.place"),
        (POWER, {"level": ""}, "地域级别", "factor.place"),
        (POWER, {"level": "省级"}, "省份", "factor.place"),
        (GOOD, {"valid_to": "2029-01-11"}, "有效期止", "factor.life_too_long"),
        (GOOD, {"family": "两者"}, "因子类别", "factor.word_unknown"),
        (GOOD, {"material": "不知名的煤"}, "物料", "material.unknown"),
        (GOOD, {"supersedes": "没有的因子"}, "替代的因子", "factor.replaces_unknown"),
        (GOOD, {"supersedes": "average:regional:north:2023"}, "替代的因子", "factor.replaces_unlike"),
        (GOOD | {"quantity": "碳氧化率", "unit": "1", "value": "0.98"}, {"value": "98"}, "数值", "factor.percent"),
        (GOOD | {"quantity": "碳氧化率", "unit": "%", "value": "98"}, {"value": "0.98"}, "数值", "factor.fraction"),
        (POWER, {"value": "677.6"}, "数值", "factor.slip"),
        (POWER, {"unit": "tCO2/t"}, "单位", "factor.dimension"),
        (POWER, {"gas": ""}, "气体", "factor.gas"),
        (POWER, {"gas": "CO2e"}, "单位", "factor.dimension"),
        (POWER, {"value": "0.6776", "data_year": "2021", "published_on": "2024-04-12"}, "数据年份",
         "factor.value_of_other_year"),
        (POWER, {"data_year": "2023", "published_on": "2025-12-31"}, "有效期起", "factor.overlap"),
    ],
)  # fmt: skip
def test_each_slip_is_told_in_its_column(base, change, column, code):
    cells = base | change
    if code == "factor.value_of_other_year":
        cells["value"] = str(packaged().get("average:regional:north:2022").value)
    assert (2, column, code) in faults_of(cells)


def test_one_life_may_be_used_up_to_its_end():
    assert faults_of(GOOD | {"valid_to": "2029-01-10"}) == []


def test_a_declared_replacement_may_overlap():
    cells = POWER | {"data_year": "2023", "published_on": "2025-12-31", "supersedes": "average:regional:north:2023"}
    assert "factor.overlap" not in [code for _, _, code in faults_of(cells)]


def test_all_faults_of_a_file_come_in_one_list():
    found = faults_of(GOOD | {"unit": "tC/斤", "document": ""}, GOOD, GOOD | {"value": "15.3"})
    assert {(2, "单位", "unit.unknown"), (2, "来源文件", "factor.no_source"), (4, "数值", "factor.slip"),
            (4, "因子编号", "factor.code_twice")} <= set(found)  # fmt: skip


def test_two_rows_for_one_purpose_and_year_overlap():
    assert (3, "有效期起", "factor.overlap") in faults_of(POWER, POWER | {"code": "EF-2"})


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(columns())), st.text(max_size=12) | st.floats() | st.none(), max_size=8))
def test_no_cell_breaks_the_reading(cells):
    row, faults = read_row(2, GOOD | cells, "own:1")
    assert (row is None) == bool(faults)
    if row:
        check_rows([row], packaged(), TODAY)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([1000, 0.001, 1_000_000]))
def test_a_factor_of_a_thousand_is_always_found_in_fuel_values(times):
    for factor in packaged().all():
        if factor.klass == "fossil_fuel" and factor.quantity in ("net_calorific_value", "carbon_content"):
            cells = GOOD | {"value": float(factor.value) * times, "unit": factor.unit, "material": factor.material,
                            "quantity": factor.quantity, "carrier": factor.carrier}  # fmt: skip
            assert (2, "数值", "factor.slip") in faults_of(cells), factor.id
