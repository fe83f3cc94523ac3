"""``tanheng uncertainty`` and ``tanheng sensitivity``: same seed, same bytes; bad input exits 2 with a sentence."""

import json

import pytest

from tanheng.cli.main import main
from tanheng.kernel.resources import data_dir

CASE = str(data_dir() / "standards/gbt_32151_5_2015/cases/integrated_works.yaml")


def test_the_same_seed_prints_the_same_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    outputs = []
    for _ in range(2):
        assert main(["uncertainty", CASE, "--n", "2000", "--seed", "7", "--json"]) == 0
        outputs.append(capfdbinary.readouterr().out)
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0])["schema"] == "tanheng/uncertainty/1"


def test_a_distribution_is_chosen_by_option(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    chosen = ["--set", "purchased@coke={normal: 5 %}", "--set", "purchased@anthracite=fixed"]
    assert main(["uncertainty", CASE, "--n", "500", "--json", *chosen]) == 0
    entries = {entry["id"]: entry for entry in json.loads(capfdbinary.readouterr().out)["inputs"]}
    assert entries["purchased@coke"]["given"] == {"normal": "5 %"}
    assert entries["purchased@anthracite"]["basis"] == "fixed"


def test_people_read_the_finding_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["uncertainty", CASE, "--n", "1000"]) == 0
    printed = capsys.readouterr().out
    assert "有 95% 的把握，排放总量在" in printed
    assert "无不确定度依据" in printed
    assert "待核原文" in printed


@pytest.mark.parametrize("method", ["tornado", "morris", "sobol"])
def test_every_method_ranks(capsys: pytest.CaptureFixture[str], method: str) -> None:
    assert main(["sensitivity", CASE, "--method", method, "--top", "3"]) == 0
    assert "  1. " in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["uncertainty", CASE, "--n", "5"],
        ["uncertainty", CASE, "--seed", "-1"],
        ["uncertainty", CASE, "--set", "nothing=fixed"],
        ["uncertainty", CASE, "--set", "purchased@coke"],
        ["uncertainty", CASE, "--set", "purchased@coke={normal: 200 %}"],
        ["uncertainty", CASE, "--set", "purchased@coke={normal: [1, 2}"],
        ["sensitivity", CASE, "--vary", "nothing=-1%..1%"],
        ["sensitivity", CASE, "--vary", "quantity"],
        ["sensitivity", CASE, "--mix", "a>b"],
        ["sensitivity", CASE, "--method", "sobol", "--n", "100"],
        ["uncertainty", "no-such-file.yaml"],
    ],
)
def test_bad_input_exits_2_with_a_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert said.strip()
    assert "Traceback" not in said
    assert "？" not in said


def test_a_distribution_of_a_case_file_is_read_and_a_faulty_one_named(
    tmp_path: pytest.TempPathFactory, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    case = """
title: 一种煤
standard: gbt_32151_5_2015
period: "2022"
site: {province: 河北}
streams:
  - {id: coal, material: 烟煤, role: fuel, quantity: 1000 t, values: {net_calorific_value:
      {value: 20000 kJ/kg, distribution: DISTRIBUTION}, carbon_content: 0.02 tC/GJ, oxidation_factor: 0.9}}
"""
    path = tmp_path / "case.yaml"  # type: ignore[operator]
    path.write_text(case.replace("DISTRIBUTION", "{uniform: [19000, 21000]}"), encoding="utf-8")
    assert main(["uncertainty", str(path), "--json"]) == 0
    entries = json.loads(capfdbinary.readouterr().out)["inputs"]
    entry = next(each for each in entries if each["quantity"] == "net_calorific_value")
    assert entry["basis"] == "given"
    assert [entry["distribution"]["first"], entry["distribution"]["second"]] == [0.95, 1.05]
    path.write_text(case.replace("DISTRIBUTION", "{normal: 150 %}"), encoding="utf-8")
    assert main(["uncertainty", str(path)]) == 2
    assert "对数正态" in capfdbinary.readouterr().err.decode()
