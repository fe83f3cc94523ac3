"""``tanheng compare`` on case files."""

import json
from pathlib import Path

import pytest

from tanheng.cli.main import main
from tanheng.kernel.resources import data_dir

CASES = data_dir() / "standards/gbt_32151_5_2015/cases"


def said(capsys: pytest.CaptureFixture[str], *argv: object) -> str:
    assert main(["compare", *(str(each) for each in argv)]) == 0
    return capsys.readouterr().out


def test_two_cases_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, CASES / "one_coal.yaml", CASES / "integrated_works.yaml")
    assert "甲：" in out and "活动数据" in out and "化石燃料燃烧排放" in out


def test_two_cases_as_json_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, CASES / "eaf_works.yaml", CASES / "integrated_works.yaml", "--json"))
    parts = sum(part["value"] for part in found["parts"])
    assert parts == pytest.approx(found["total"]["difference"], abs=1e-6)
    sources = sum(source["difference"] for source in found["sources"])
    assert sources == pytest.approx(found["total"]["difference"], abs=1e-6)


def test_two_processes_of_one_case(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(
        capsys, CASES / "processes.yaml", "--standard", "gbt_32151_5_2015", "--process", "焦化", "--process", "炼铁"
    )
    assert "焦化" in text and "炼铁" in text


@pytest.mark.parametrize("more", [[], ["--standard", "gbt_32151_5_2015"]])
def test_one_result_is_not_two(capsys: pytest.CaptureFixture[str], more: list[str]) -> None:
    assert main(["compare", str(CASES / "one_coal.yaml"), *more]) == 2
    assert "两个" in capsys.readouterr().err


def test_a_missing_file_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["compare", str(tmp_path / "none.yaml"), str(CASES / "one_coal.yaml")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
