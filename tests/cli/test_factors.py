"""``tanheng factors search``."""

import json

import pytest

from tanheng.cli import main


def test_words_and_dimensions_are_combined(capsys):
    assert main(["factors", "search", "华北", "电力", "--year", "2021", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(factor["id"], factor["value"], factor["unit"]) for factor in found["factors"]] == [
        ("average:regional:north:2021", "0.7120", "kgCO2/kWh")
    ]


def test_a_dimension_is_named_in_chinese_or_by_id(capsys):
    outputs = []
    for metal, stage in (("铝", "冶炼"), ("al", "smelting")):
        assert main(["factors", "search", "--metal", metal, "--stage", stage, "--limit", "99"]) == 0
        outputs.append(capsys.readouterr().out)
    assert outputs[0] == outputs[1]
    assert "电解铝" in outputs[0]


def test_an_unknown_metal_is_refused_with_those_there_are(capsys):
    assert main(["factors", "search", "--metal", "金"]) == 2
    assert "铜（cu）" in capsys.readouterr().err


@pytest.mark.parametrize(("day", "state"), [("2024-12-31", "有效"), ("2025-12-20", "已过期，无更新值"),
                                            ("2026-01-05", "已过期，有更新值")])  # fmt: skip
def test_the_state_is_that_of_the_day(capsys, day, state):
    main(["factors", "search", "华北", "电力", "--year", "2022", "--as-of", day, "--json"])
    assert json.loads(capsys.readouterr().out)["factors"][0]["state"] == state


def test_nothing_found_is_said(capsys):
    assert main(["factors", "search", "不存在的词"]) == 0
    assert capsys.readouterr().out.startswith("0 条")
