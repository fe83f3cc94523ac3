"""``tanheng consolidate``: the same tables as the group's report; faults with file and line; exit codes."""

import json
from pathlib import Path

import pytest

from tanheng.cli import main

WORKS = """
title: 甲厂
standard: gbt_32151_5_2015
period: "2025"
site: {province: 河北}
streams:
  - {id: coal, material: 烟煤, role: fuel, quantity: 1000 t}
  - {id: out, material: 电力, role: electricity, direction: out, quantity: 100 MWh}
"""
MILL = """
title: 乙厂
standard: gbt_32151_5_2015
period: "2025"
site: {province: 河北}
streams:
  - {id: el, material: 电力, role: electricity, quantity: 300 MWh}
"""
GROUP = """
title: 试验集团
period: "2025"
members:
  a: {name: 甲厂, case: a.yaml}
  b: {name: 乙厂, case: b.yaml}
  c: {name: 丙厂}
holdings:
  - {owner: group, member: a, share: 100}
  - {owner: group, member: b, share: 50 %, operational_control: false}
  - {owner: a, member: c, share: SHARE}
transfers:
  - supplier: a
    receiver: b
    material: 电力
    supplied: 100 MWh
    received: 90 MWh
    supplier_stream: out
    receiver_stream: el
"""


@pytest.fixture
def group(tmp_path):
    def written(share: str = "30", text: str = GROUP) -> Path:
        (tmp_path / "a.yaml").write_text(WORKS, "utf-8")
        (tmp_path / "b.yaml").write_text(MILL, "utf-8")
        path = tmp_path / "group.yaml"
        path.write_text(text.replace("SHARE", share), "utf-8")
        return path

    return written


def test_three_approaches_stand_side_by_side(group, capsys):
    assert main(["consolidate", str(group())]) == 0
    said = capsys.readouterr().out
    for wanted in (
        "股权比例法",
        "运营控制法",
        "财务控制法",
        "登记为没有控制权",
        "股权比例 30%，不满足≥50%",
        "按较小的数量抵销",
    ):
        assert wanted in said, wanted
    assert main(["consolidate", str(group()), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    equity = {row["member"]: row for row in found["equity_share"]["members"]}
    assert equity["b"]["part"] == pytest.approx(0.5 * equity["b"]["own"])
    assert found["equity_share"]["total"] == pytest.approx(equity["a"]["own"] + equity["b"]["part"])
    assert [row["member"] for row in found["operational_control"]["members"] if row["included"]] == ["a"]


def test_a_member_without_result_is_named_and_no_zero(group, capsys):
    assert main(["consolidate", str(group("60"))]) == 1
    said = capsys.readouterr().out
    assert "“丙厂”2025 年没有核算结果，合并结果缺这一部分" in said
    assert "合计只含已知部分，缺失的不按零计" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("share: 100", "share: 120", "股权比例应在 0 与 100 之间"),
        ("owner: a, member: c", "owner: c, member: c", "“丙厂”"),
        ("case: b.yaml", "case: nix.yaml", "读不到文件"),
        ("owner: group, member: a", "owner: grup, member: a", "group.yaml:9 holdings[0].owner"),
        ("material: 电力", "material: 火星石", "group.yaml:15 transfers[0].material"),
        ('period: "2025"\nmembers', 'period: "2O25"\nmembers', "group.yaml:3 period"),
    ],
)
def test_what_cannot_be_is_refused(group, capsys, old, new, said):
    assert main(["consolidate", str(group(text=GROUP.replace(old, new)))]) == 2
    assert said in capsys.readouterr().err
