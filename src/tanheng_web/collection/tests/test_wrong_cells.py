"""What people get wrong inside the workbook: every fault is named with its cell in one pass, nothing is lost."""

import datetime as dt

import openpyxl
import pytest

from tanheng.kernel.periods import Month
from tanheng_web.collection.plausibility import times_text
from tanheng_web.collection.tests.workbooks import STREAMS, found, spec, workbook
from tanheng_web.collection.workbook.checked import Context
from tanheng_web.collection.workbook.marking import marked_workbook
from tanheng_web.collection.workbook.reading import read
from tanheng_web.collection.workbook.safety import inspect

MATERIALS, PRODUCTS, ENERGY, PROCESSES = "物料收支", "产品产量", "电力热力", "工序投入产出"


def faults(findings, severity=None):
    return {(f.sheet, f.cell, f.code) for f in findings.faults if severity in (None, f.severity)}


@pytest.mark.parametrize(
    ("cell", "value", "code", "words"),
    [
        ("H2", "十万", "cell.not_a_number", "十万"),
        ("H2", "1,23", "cell.separators", "千分位"),
        ("H2", True, "cell.not_a_number", "是"),
        ("H2", dt.date(2025, 1, 1), "cell.is_date", "2025-01-01"),
        ("H2", "500 kWh", "cell.unit_inside_refused", "500 kWh"),
        ("H2", 1e16, "cell.too_large", "范围"),
        ("H2", -5, "cell.negative", "购入量"),
        ("I2", -5, "cell.negative", "期初库存"),
        ("K2", -5, "cell.negative", "外销量"),
        ("H2", 101000000, "cell.thousand", "1000 倍"),
        ("H2", 1010000000, "cell.thousand", "10000 倍"),
        ("H2", 101, "cell.thousand", "1000 倍"),
        ("M2", -28.4, "cell.negative_value", "发热量"),
        ("N2", 0.3, "cell.blocked_confirmable", "tC/GJ"),
        ("O2", 98, "cell.share_percent", "0.98"),
        ("A2", "2024-01", "row.month_other_year", "2024"),
        ("A2", "一月", "row.month_unreadable", "一月"),
        ("A2", 2025.1, "row.month_ambiguous", "10 月"),
        ("A2", None, "row.month_empty", "月份"),
        ("B2", "M901", "row.code_unknown", "M001 焦炭"),
        ("B2", None, "row.code_empty", "M001 焦炭"),
        ("C2", "烟煤", "row.material_differs", "焦炭"),
        ("C2", "焦碳", "row.material_unknown", "焦炭"),
        ("D2", "烧结", "row.process_differs", "企业边界"),
        ("E2", "熔剂", "row.role_differs", "燃料"),
        ("F2", "产出", "row.direction_differs", "投入"),
        ("G2", "MWh", "unit.refused", "MWh"),
        ("G2", "担", "unit.not_known", "担"),
        ("B2", "P001", "row.wrong_sheet", "产品产量"),
        ("O4", 0.9, "cell.not_asked", "碳氧化率"),
    ],
)
def test_a_wrong_cell_is_an_error_with_its_address(tmp_path, cell, value, code, words):
    findings = found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {cell: value}}))
    mine = [f for f in findings.faults if f.code == code]
    assert [(f.sheet, f.cell, f.severity) for f in mine] == [(MATERIALS, cell, "error")]
    assert words in mine[0].text
    assert (findings.counts.bad, findings.counts.good) == (1, 95)


@pytest.mark.parametrize(
    ("cell", "value", "code", "key", "read"),
    [
        ("H2", "１０１，０００", "cell.read_as", "purchased", 101000),
        ("H2", "101,000.5", "cell.read_as", "purchased", 101000.5),
        ("H2", " 101 000 ", "cell.read_as", "purchased", 101000),
        ("H2", "101000 t", "cell.unit_inside", "purchased", 101000),
        ("H2", "101000000 公斤", "cell.unit_inside", "purchased", 101000),
        ("O2", "98%", "cell.unit_inside", "oxidation_factor", 0.98),
        ("M2", 40, "cell.implausible", "net_calorific_value", 40),
        ("H2", 800000, "cell.jump", "purchased", 800000),
    ],
)
def test_what_can_be_read_is_read_and_said(tmp_path, cell, value, code, key, read):
    findings = found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {cell: value}}))
    assert (MATERIALS, cell, code) in faults(findings, "warning")
    assert not faults(findings, "error")
    entry = next(e for e in findings.entries if (e.cell, e.key) == (cell, key))
    assert entry.value == pytest.approx(read)


@pytest.mark.parametrize(
    "text",
    [
        "2025年1月",
        "2025/1",
        "2025-01",
        "2025.01",
        "202501",
        "2025年01月份",
        "２０２５年１月",
        "2025-01-31",
        dt.date(2025, 1, 1),
        dt.datetime(2025, 1, 15, 8),
        45658,
        "1月",
        1,
    ],
)
def test_months_in_every_form(tmp_path, text):
    findings = found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"A2": text}}))
    assert not findings.faults and findings.counts.good == 96


def test_a_negative_net_quantity_is_normal(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", changes={PROCESSES: {"H2": -95000}}))
    assert not faults(findings, "error")


def test_error_values_and_formulas_without_result(tmp_path):
    import io
    import zipfile

    path = workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"H2": "=1/0", "H3": "=100+1"}})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = next(name for name, content in parts.items() if b"<f>1/0</f>" in content)
    parts[sheet] = (
        parts[sheet]
        .replace(b'<c r="H2"', b'<c t="e" r="H2"')
        .replace(b"<f>1/0</f><v></v>", b"<f>1/0</f><v>#DIV/0!</v>")
        .replace(b"<f>1/0</f><v />", b"<f>1/0</f><v>#DIV/0!</v>")
        .replace(b"<f>1/0</f><v/>", b"<f>1/0</f><v>#DIV/0!</v>")
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path.write_bytes(target.getvalue())
    findings = found(path)
    assert faults(findings) == {(MATERIALS, "H2", "cell.error_value"), (MATERIALS, "H3", "cell.no_result")}
    assert "#DIV/0!" in next(f.text for f in findings.faults)


def test_merged_cells_are_refused_for_all_their_rows(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", edit=lambda book: book[MATERIALS].merge_cells("H2:H4")))
    assert (MATERIALS, "H2", "row.merged") in faults(findings, "error")
    assert findings.counts.bad == 3


def test_merged_titles_above_the_head_do_not_matter(tmp_path):
    def edit(book):
        book[MATERIALS].insert_rows(1, 2)
        book[MATERIALS]["A1"] = "2025 年物料收支表"
        book[MATERIALS].merge_cells("A1:P1")

    findings = found(workbook(tmp_path / "x.xlsx", edit=edit))
    assert not findings.faults
    assert next(e for e in findings.entries if e.code == "M001").cell == "H4"


def test_duplicate_rows(tmp_path):
    def edit(book):
        sheet = book[MATERIALS]
        for column in range(1, 17):
            sheet.cell(38, column).value = sheet.cell(2, column).value
            sheet.cell(39, column).value = sheet.cell(3, column).value
        sheet["H39"] = 999

    findings = found(workbook(tmp_path / "x.xlsx", edit=edit))
    assert faults(findings, "error") == {
        (MATERIALS, "B38", "row.duplicate_same"),
        (MATERIALS, "B39", "row.duplicate"),
        (MATERIALS, "B3", "row.duplicate_first"),
    }
    assert {e.cell for e in findings.entries if e.code == "M001" and e.month == "2025-01"} >= {"H2"}


def test_columns_are_found_by_their_heads_not_their_places(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", edit=lambda book: book[MATERIALS].move_range("H1:H37", cols=12)))
    assert not findings.faults
    assert next(e for e in findings.entries if e.key == "purchased").cell == "T2"


def test_a_renamed_column_is_not_guessed(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"H1": "购入数量"}}))
    fault = next(f for f in findings.faults if f.code == "column.renamed")
    assert fault.cell == "H1" and "购入量" in fault.text
    assert findings.counts.bad == 36 and not any(e.sheet == MATERIALS for e in findings.entries)


def test_a_usual_other_name_is_accepted(tmp_path):
    assert not found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"H1": "采购量"}})).faults


def test_a_unit_in_a_head_that_contradicts_the_row_is_not_guessed(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", changes={PRODUCTS: {"H1": "数量（万吨）"}}))
    assert len([f for f in findings.faults if f.code == "cell.unit_contradiction"]) == 12


def test_a_missing_column(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", edit=lambda book: book[MATERIALS].delete_cols(8)))
    assert any(f.code == "column.missing" and "购入量" in f.text for f in findings.faults)


def test_a_column_that_stands_twice(tmp_path):
    assert any(
        f.code == "column.twice"
        for f in found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"Q1": "购入量"}})).faults
    )


def test_an_unknown_sheet_and_a_renamed_one(tmp_path):
    def edit(book):
        book.create_sheet("我的草稿")["A1"] = "x"
        book[PRODUCTS].title = "产品产量表"

    codes = {(f.sheet, f.code) for f in found(workbook(tmp_path / "x.xlsx", edit=edit)).faults}
    assert {("我的草稿", "sheet.unknown"), ("产品产量表", "sheet.unknown"), (PRODUCTS, "sheet.missing")} <= codes


def test_another_unit_in_the_unit_column_is_converted(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", changes={ENERGY: {"G2": "万kWh", "H2": 7070}}))
    entry = next(e for e in findings.entries if (e.code, e.month) == ("E001", "2025-01"))
    assert entry.value == pytest.approx(70700) and entry.entered == "7,070 万kWh"
    assert (ENERGY, "H2", "unit.converted") in faults(findings, "warning")


def test_another_unit_in_a_head_is_converted_or_refused(tmp_path):
    findings = found(
        workbook(
            tmp_path / "x.xlsx",
            changes={ENERGY: {"I1": "蒸汽热焓（MJ/kg）", **{f"I{row}": 2.8 for row in range(3, 27, 2)}}},
        )
    )
    assert next(e for e in findings.entries if (e.sheet, e.cell) == (ENERGY, "I3")).value == pytest.approx(2800)
    findings = found(workbook(tmp_path / "y.xlsx", changes={ENERGY: {"I1": "蒸汽热焓（t）"}}))
    assert findings.counts.bad == 12


def test_opening_stock_that_is_not_last_months_closing_stock(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"I5": 5600}}))
    assert faults(findings) == {(MATERIALS, "I5", "cell.stock_gap")}
    assert "5,000" in findings.faults[0].text


def test_a_verified_note_lets_a_slip_pass(tmp_path):
    findings = found(
        workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"H2": 101000000, "P2": "已核实：年度集中采购"}})
    )
    assert not faults(findings, "error") and (MATERIALS, "H2", "cell.thousand") in faults(findings, "warning")


def test_a_single_month_is_compared_with_the_year_before(tmp_path):
    template = spec("2025-07")
    past = {("E001", "quantity"): {Month(2025, 7).shift(months=-back): 70000.0 + back for back in range(1, 13)}}
    path = workbook(tmp_path / "x.xlsx", template, changes={ENERGY: {"H2": 70000000}})
    findings = found(path, template, Context(history=past))
    assert faults(findings, "error") == {(ENERGY, "H2", "cell.thousand")}
    assert "过去 12 个月" in findings.faults[0].text


def test_locked_months_are_listed_once_a_sheet(tmp_path):
    findings = found(workbook(tmp_path / "x.xlsx"), context=Context(locked={Month(2025, 3): "已审核锁定"}))
    assert {(f.sheet, f.code) for f in findings.faults} == {
        (name, "row.month_locked") for name in (MATERIALS, PRODUCTS, ENERGY, PROCESSES)
    }
    assert findings.counts.locked == 8 and not any(e.month == "2025-03" for e in findings.entries)


def test_all_faults_come_in_one_pass_and_the_corrected_file_keeps_every_cell(tmp_path):
    changes = {MATERIALS: {"H2": "十万", "A3": "去年", "C4": "焦碳", "Q2": "我的备注列"}, ENERGY: {"H2": -1}}
    path = workbook(tmp_path / "x.xlsx", changes=changes)
    template = spec()
    findings = found(path)
    assert {(MATERIALS, "H2"), (MATERIALS, "A3"), (MATERIALS, "C4")} <= {
        (s, c) for s, c, _ in faults(findings, "error")
    }
    content = marked_workbook(template, read(path, path.name, template, inspect(path, path.name)), findings.faults)
    again = tmp_path / "改.xlsx"
    again.write_bytes(content)
    before, after = openpyxl.load_workbook(path), openpyxl.load_workbook(again)
    for name in (MATERIALS, PRODUCTS, ENERGY, PROCESSES):
        for row in before[name].iter_rows():
            for cell in row:
                assert after[name][cell.coordinate].value == cell.value
    assert "不是数字" in after[MATERIALS]["H2"].comment.text
    assert faults(found(again)) == faults(findings)


def test_the_template_locks_keys_and_explains_itself(tmp_path):
    book = openpyxl.load_workbook(workbook(tmp_path / "x.xlsx"))
    sheet = book[MATERIALS]
    assert book.sheetnames[:5] == ["填写说明", MATERIALS, PRODUCTS, ENERGY, PROCESSES]
    assert sheet.protection.sheet and sheet["B2"].protection.locked and not sheet["H2"].protection.locked
    assert sheet.freeze_panes == "D2" and sheet.auto_filter.ref and sheet.data_validations.dataValidation
    assert book["_tanheng"].sheet_state == "veryHidden" and book["_字典"].sheet_state == "hidden"
    assert "GJ/t" in sheet["M1"].value and len(STREAMS) == 8


def test_a_verified_note_lets_a_range_pass_but_nothing_impossible(tmp_path):
    note = "已核实：检测报告 7 号"
    findings = found(workbook(tmp_path / "x.xlsx", changes={MATERIALS: {"N2": 0.06, "P2": note}}))
    assert not faults(findings, "error") and (MATERIALS, "N2", "cell.blocked_confirmable") in faults(findings)
    findings = found(workbook(tmp_path / "y.xlsx", changes={MATERIALS: {"H2": -1, "O2": 1.5, "P2": note}}))
    assert {fault[2] for fault in faults(findings, "error")} == {"cell.negative", "cell.share_percent"}


def test_a_ratio_is_never_written_with_an_exponent():
    assert [times_text(ratio) for ratio in (10_600.4, 1 / 10_600.4, 1.5, 1_234_567_890.0)] == [
        "10,600 倍",
        "1/10,600",
        "1.5 倍",
        "1,235,000,000 倍",
    ]
