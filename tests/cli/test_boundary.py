"""``tanheng boundary`` lists what does not fit; ``tanheng gases`` all six families."""

import json
from pathlib import Path

import pytest

from tanheng.cli import main

CASE = """
title: 试验厂
source: 手工
standard: gbt_32151_4_2015
period: "2025"
site: {province: 山东, main_product: 原铝}
streams:
  - {id: coal, material: 烟煤, role: fuel, quantity: 1000 t}
  - {id: plant-coal, material: 烟煤, role: fuel, process: 自备电厂, quantity: 1000 t}
  - {id: made, material: 电力, role: electricity, process: 自备电厂, direction: out, quantity: 600 MWh}
  - {id: bought, material: 电力, role: electricity, quantity: 400 MWh}
  - {id: al, material: 原铝, role: product, quantity: 100 t}
  - {id: other, material: 电力, role: electricity, process: 新工序, quantity: 10 MWh}
"""


@pytest.fixture
def case(tmp_path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    return path


def test_units_mismatches_and_own_supply_are_listed(case, capsys):
    assert main(["boundary", str(case), "--entity", "legal_person"]) == 0
    said = capsys.readouterr().out
    assert "自备电厂  自备电厂  辅助生产系统" in said
    assert "“新工序”没有单位类型" in said
    assert "供电自给率 60.00%" in said


def test_a_department_is_refused_with_a_code(case, capsys):
    assert main(["boundary", str(case), "--entity", "department", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["own_supply"] == 60
    assert found["findings"][0]["code"] == "entity_refused"


def test_all_six_families_are_shown(capsys):
    assert main(["gases", "gbt_32151_4_2015"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6"]
    assert "CF4=6500" in rows[4][3]
    assert main(["gases"]) == 0
    assert main(["gases", "nothing"]) == 2
