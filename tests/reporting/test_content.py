"""What stands in a report, where it stands, in whose words."""

import math

import pytest
import yaml

from tanheng.accounting.run import run
from tanheng.kernel.errors import StandardError
from tanheng.kernel.periods import Period
from tanheng.kernel.resources import data_dir
from tanheng.reporting.blocks import ChartBlock, Notice, Paragraph, Table
from tanheng.reporting.content import Entity, ReportContent
from tanheng.reporting.spec import report_spec
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

from .plants import PLANT, STANDARD, report_of, result_of, year, years

CHAPTERS = ["一、企业基本情况", "二、温室气体排放情况", "三、活动水平数据及来源说明", "四、排放因子数据及来源说明"]
FUELS = [
    "无烟煤", "烟煤", "褐煤", "洗精煤", "其他洗煤", "其他煤制品", "焦炭", "原油", "燃料油", "汽油", "柴油", "一般煤油",
    "液化天然气", "液化石油气", "焦油", "粗苯", "焦炉煤气", "高炉煤气", "转炉煤气", "其他煤气", "天然气", "炼厂干气",
]  # fmt: skip


def table(content: ReportContent, id: str) -> Table:
    return next(each for each in content.tables() if each.id == id)


def texts(found: Table) -> dict[str, list[str]]:
    return {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in found.rows}


def words(content: ReportContent) -> str:
    parts = [content.running_head, *content.cover.states, content.preface]
    for section in content.sections:
        for each in section.walk():
            parts.append(each.title)
            parts += [block.text for block in each.blocks if isinstance(block, Paragraph | Notice)]
    return "\n".join(parts)


@pytest.mark.parametrize("fixture", ["steel", "aluminium"])
def test_the_four_chapters_stand_in_the_order_of_the_standard(fixture, request):
    content = request.getfixturevalue(fixture)
    titles = [section.title for section in content.sections]
    assert titles[:4] == CHAPTERS
    assert titles[4] == "真实性声明"
    names = ("附表1", "附表2", "附表3") if fixture == "steel" else ("表 A.1", "表 A.2", "表 A.3")
    assert [title.split("\u3000")[0] for title in titles[5:8]] == list(names)
    assert all(title.startswith("附件") for title in titles[8:])


def test_the_first_table_of_steel_has_the_rows_of_the_standard_with_purchase_and_export_apart(steel):
    rows = texts(table(steel, "table_1_1"))
    assert list(rows) == [
        "企业二氧化碳排放总量", "化石燃料燃烧排放量", "工业生产过程排放量", "其中：熔剂消耗排放量",
        "其中：电极消耗排放量",
        "其中：外购含碳原料消耗排放量", "净购入使用的电力、热力产生的排放量",
        "其中：购入电力产生的排放量", "其中：购入热力产生的排放量",
        "其中：输出电力产生的排放量（扣减）", "其中：输出热力产生的排放量（扣减）", "固碳产品隐含的排放量（扣减）",
    ]  # fmt: skip
    assert rows["企业二氧化碳排放总量"] == ["5,795,849.25"]
    assert rows["其中：输出电力产生的排放量（扣减）"] == ["26,518.95"]
    assert rows["固碳产品隐含的排放量（扣减）"] == ["134,982.26"]


@pytest.mark.parametrize("fixture", ["steel", "aluminium"])
@pytest.mark.parametrize("id", ["table_2_1", "table_3_1"])
def test_the_22_fuels_stand_in_the_order_of_the_reference(fixture, id, request):
    assert list(texts(table(request.getfixturevalue(fixture), id)))[:22] == FUELS


def test_net_consumption_and_negative_fuels_are_those_of_the_case(steel):
    rows = texts(table(steel, "table_2_1"))
    assert rows["洗精煤"] == ["1,612,300.00", "26.344"]
    assert rows["焦油"] == ["−59,050.00", "33.453"]
    assert rows["褐煤"] == ["/", "/"]
    electricity = texts(table(steel, "table_2_3"))
    assert electricity["净购入电力"] == ["1,133,500.00", "MWh"]
    assert electricity["购入电力"] == ["1,180,000.00", "MWh"]
    assert electricity["输出热力"] == ["380,500.00", "GJ"]


def test_oxidation_is_printed_in_per_cent(steel):
    assert texts(table(steel, "table_3_1"))["无烟煤"] == ["0.02749", "94"]


def test_the_tables_of_aluminium_hold_masses_and_equivalents(aluminium):
    rows = texts(table(aluminium, "table_1_1"))
    assert rows["总计"] == ["/", "3,377,020.58"]
    assert rows["能源作为原材料用途"] == ["526,064.00", "526,064.00"]
    assert rows["过程排放（阳极效应/碳酸盐）"] == ["/", "77,987.91"]
    assert rows["其中：阳极效应 CF₄"] == ["10.51", "68,318.25"]
    assert rows["输出热力（扣减）"] == ["550.00", "550.00"]
    activity = texts(table(aluminium, "table_2_2"))
    assert activity["平均每天每槽阳极效应持续时间"][:1] == ["0.21"]
    assert texts(table(aluminium, "table_3_2"))["炭阳极平均含硫量"][:2] == ["2", "%"]


def test_what_the_list_does_not_name_stands_below_it():
    rows = texts(table(report_of("gbt_32151_5_2015/cases/measured_alloys.yaml"), "table_2_2"))
    names = list(rows)
    assert names[7] == "钼铁合金净购入量"
    assert len(names) > 8, "the alloys of the enterprise are missing"


def test_intensity_has_four_decimals(steel):
    assert "吨钢排放强度为 1.9238 tCO₂/t。" in words(steel)


def test_a_secondary_standard_is_never_shown_as_verified(steel):
    assert any("二手来源，待核原文" in state for state in steel.cover.states)
    quality = next(section for section in steel.sections if section.id == "annex_quality")
    assert any(isinstance(block, Notice) and "待核原文" in block.text for block in quality.blocks)


def test_an_incomplete_result_says_so_and_marks_partial_sums(gapped):
    assert any(state.startswith("结果不完整：有 1 处缺口") for state in gapped.cover.states)
    rows = texts(table(gapped, "table_1_1"))
    assert rows["企业二氧化碳排放总量"][0].endswith("＊")
    assert rows["化石燃料燃烧排放量"][0].endswith("＊")
    assert not rows["其中：熔剂消耗排放量"][0].endswith("＊")
    assert texts(table(gapped, "table_2_1"))["天然气"][0].endswith("＊")
    months = texts(table(gapped, "months"))
    assert "2024-07＊" in months and "2024-06" in months
    assert table(gapped, "gaps").rows[0].cells[1].text.startswith("2024 年 7 月")


def test_a_complete_result_marks_nothing(steel):
    assert not any("＊" in cell.text for each in steel.tables() for row in each.rows for cell in row.cells)


def test_demonstration_data_is_marked_on_every_page(gapped, steel):
    assert "演示数据" in gapped.running_head
    assert "演示数据" not in steel.running_head


def test_every_default_and_every_unchecked_value_is_listed(steel):
    result = result_of("gbt_32151_5_2015/cases/integrated_works.yaml").data
    listed = table(steel, "defaults").rows
    assert len(listed) >= len(result["defaults"]) == len(result["unchecked"]) > 0
    assert all("待核原文" in row.cells[-1].text for row in listed)


def test_processes_with_the_rest_add_up_and_are_labelled_as_our_view(gapped):
    annex = next(section for section in gapped.sections if section.id == "annex_processes")
    assert "平台分析口径" in annex.title
    rows = [row for row in table(gapped, "processes_emissions").rows if row.kind == "body"]
    assert rows[-1].cells[0].text == "其他"
    total = sum(row.cells[1].fig.value for row in rows)
    assert total == pytest.approx(gapped.reading.data["total"]["value"], abs=1e-6)


def test_months_and_total_agree_with_the_result(gapped):
    this, _ = years()
    rows = table(gapped, "months").rows
    assert [row.cells[1].fig.value for row in rows[:-1]] == [month["value"] for month in this.data["months"].values()]


def test_charts_say_the_finding_and_name_the_unit(gapped):
    charts = [
        block
        for section in gapped.sections
        for each in section.walk()
        for block in each.blocks
        if isinstance(block, ChartBlock)
    ]
    assert [chart.id for chart in charts] == ["by_source", "by_month", "by_process"]
    assert charts[0].title == "化石燃料燃烧排放最多，其次是购入电力；固碳产品抵减最多"
    assert all("tCO₂" in chart.axis and not chart.is_empty for chart in charts)
    assert all(fig is not None for fig in charts[1].previous)


def test_missing_entity_fields_are_said_not_invented(gapped):
    rows = texts(table(gapped, "basic"))
    assert rows["法定代表人"] == ["（未填写）"]
    assert rows["企业名称"] == ["测量用钢铁厂"]


def test_the_result_of_another_standard_is_refused():
    with pytest.raises(StandardError) as caught:
        ReportContent.build(result_of("gbt_32151_4_2015/cases/smelter.yaml"), load_standard(STANDARD), PLANT, None)
    assert caught.value.code == "report.other_standard"
    assert "gbt_32151_4_2015" in caught.value.zh()


@pytest.mark.parametrize("standard", ["gbt_32151_5_2015", "gbt_32151_4_2015"])
def test_nothing_of_the_wording_claims_to_be_checked(standard):
    spec = report_spec(load_standard(standard))
    assert not spec.checked
    assert not any(part.checked for part in (*spec.chapters, *spec.attached, spec.declaration))


def test_a_faulty_report_yaml_names_the_place():
    standard = load_standard(STANDARD)
    broken = standard.model_copy(
        update={"report": {**standard.report, "chapters": [{"id": "basic", "zh": "x", "wrong": 1}]}}
    )
    with pytest.raises(StandardError) as caught:
        report_spec(broken)
    assert caught.value.code == "report.spec" and "chapters.0" in caught.value.zh()
    with pytest.raises(StandardError) as caught:
        report_spec(standard.model_copy(update={"report": {}}))
    assert caught.value.code == "report.none"


def test_building_is_pure():
    result = result_of("gbt_32151_5_2015/cases/integrated_works.yaml")
    first, second = (ReportContent.build(result, load_standard(STANDARD), Entity("甲厂"), None) for _ in range(2))
    assert first.sections == second.sections and first.cover == second.cover


def test_sources_have_the_colours_of_the_pages():
    css = (data_dir().parent / "src/tanheng_web/static/tanheng/figures.css").read_text(encoding="utf-8")
    colours = yaml.safe_load((data_dir() / "report_templates" / "colours.yaml").read_text(encoding="utf-8"))
    assert set(load_standard(STANDARD).sources) <= set(colours)
    assert [name for name, colour in colours.items() if f"--th-source-{name}: {colour};" not in css] == []


def small(*records: StreamRecord, province: str = "河北") -> ReportContent:
    """A plant that bought and sold coke, with a stream nobody reported."""
    declared = (
        StreamDecl("bought", "coke", "fuel"),
        StreamDecl("sold", "coke", "by_product", "out"),
        StreamDecl("diesel", "diesel", "fuel"),
        StreamDecl("power", "electricity", "electricity"),
        StreamDecl("steel", "crude_steel", "product", "out"),
    )
    site = SiteInfo(province, main_product="crude_steel")
    result = run(load_standard(STANDARD), StreamSet(site, declared, records), period=Period.parse("2024"))
    content = ReportContent.build(result, load_standard(STANDARD), PLANT, None)
    for fig in content.figures():
        again = fig.recompute(result)
        assert (fig.value is None) == (again is None or math.isnan(again)), fig.address
    return content


def record(stream: str, amount: float, unit: str, **values: float) -> StreamRecord:
    given = {name: Given(value, "GJ/t") for name, value in values.items()}
    return StreamRecord(stream, "2024", {"quantity": Given(amount, unit)}, given)


COKE = (record("bought", 100.0, "t", net_calorific_value=28.0), record("sold", 40.0, "t", net_calorific_value=29.0))


def test_unknown_is_a_dash_and_never_zero():
    content = small(*COKE, record("power", 10.0, "MWh"), record("steel", 5.0, "t"), province="")
    rows = texts(table(content, "table_1_1"))
    assert rows["其中：购入电力产生的排放量"] == ["—"]
    assert rows["其中：购入热力产生的排放量"] == ["0"]
    assert texts(table(content, "table_2_1"))["柴油"] == ["—", "—"]
    assert texts(table(content, "table_2_3"))["购入电力"] == ["10.00", "MWh"]
    assert texts(table(content, "table_3_3"))["购入电力排放因子"] == ["—", "tCO₂/MWh"]


def test_a_mean_of_bought_and_sold_is_not_printed_and_the_streams_stand_apart():
    content = small(*COKE, record("steel", 5.0, "t"))
    assert texts(table(content, "table_2_1"))["焦炭"] == ["60.00", "—"]
    assert [row.cells[2].text for row in table(content, "activity_parameters").rows] == ["28", "29"]


def test_an_intensity_over_nothing_produced_is_unknown():
    content = small(*COKE, record("steel", 0.0, "t"))
    assert "吨钢排放强度为 — tCO₂/t。" in words(content)


def test_a_single_month_has_no_table_of_months():
    standard = load_standard(STANDARD)
    content = ReportContent.build(year(standard, Period.parse("2024-03")), standard, PLANT, None)
    assert [section.id for section in content.annexes][-1] == "annex_processes"
    assert content.cover.title == "2024 年 3 月温室气体排放报告"
