"""The report names boundary, captive plant and what was left out; a plant below half is explained, not listed."""

import pytest

from tanheng.accounting.boundary import unit_of
from tanheng.accounting.captive_power import captive_rule
from tanheng.accounting.case import load_case
from tanheng.accounting.run import run
from tanheng.reporting.content import Entity, ReportContent
from tanheng.rules.package import load_standard

CASE = """
title: 试验厂
source: 手工
standard: gbt_32151_4_2015
period: "2025"
site: {province: 山东, main_product: 原铝}
streams:
  - {id: coal, material: 烟煤, role: fuel, quantity: 1000 t}
  - {id: plant-coal, label: 机组用煤, material: 烟煤, role: fuel, process: 自备电厂, quantity: 1000 t}
  - {id: made, material: 电力, role: electricity, process: 自备电厂, direction: out, quantity: 600 MWh}
  - {id: bought, material: 电力, role: electricity, quantity: 400 MWh}
  - {id: al, material: 原铝, role: product, quantity: 100 t}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    path = tmp_path_factory.mktemp("case") / "case.yaml"
    path.write_text(CASE.replace("label: 机组用煤, ", ""), "utf-8")
    case = load_case(path)
    return run(load_standard("gbt_32151_4_2015"), case.stream_set, period=case.period)


def content(result, **more):
    return ReportContent.build(result, load_standard("gbt_32151_4_2015"), Entity("试验厂", **more))


def test_the_captive_plant_is_a_section_of_its_own(result):
    report = content(result)
    table = next(table for table in report.tables() if table.id == "captive_fuels")
    fig = table.rows[0].figures[0]
    assert fig.address == "stream:plant-coal"
    line = next(row for row in result.data["streams"] if row["id"] == "plant-coal")
    assert fig.value == line["value"]
    texts = [block.text for section in report.sections for part in section.walk() for block in part.blocks
             if hasattr(block, "text")]  # fmt: skip
    assert any("供电自给率 60.00%" in text for text in texts)


def test_below_the_enterprises_own_threshold_it_is_only_explained(result):
    report = content(result, captive_rule=captive_rule(threshold=60), captive_plants=("自备电厂",))
    names = {table.id for table in report.tables()}
    assert "captive_amounts" in names
    assert "captive_fuels" not in names


def test_boundary_and_cut_offs_are_listed(result):
    units = (
        unit_of("自备电厂", "captive_power"),
        unit_of("旧车间", "rolling", is_inside=False, reason="已出租"),
    )
    report = content(result, units=units, entity_kind="法人企业", ignored=(("冰晶石", "0.120", "量小", "张三"),))
    tables = {table.id: table for table in report.tables()}
    assert [cell.text for cell in tables["boundary_outside"].rows[0].cells] == ["旧车间", "已出租"]
    assert tables["boundary_units"].rows[0].cells[2].text == "辅助生产系统"
    assert tables["cut_off"].rows[0].cells[3].text == "张三"
