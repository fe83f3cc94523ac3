"""The command line as a user meets it: output, exit codes, one line a fault, never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tanheng import __version__
from tanheng.accounting.result import ENGINE
from tanheng.cli import main
from tanheng.kernel.resources import data_dir

CASES = data_dir() / "standards" / "gbt_32151_5_2015" / "cases"
ONE = CASES / "one_coal.yaml"
KEYS = {
    "standard", "period", "complete", "gaps", "total", "sources", "subtotals", "processes", "months", "not_counted",
    "streams", "indicators", "warnings", "accounts", "information", "balances",
}  # fmt: skip


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def case(stream: str, more: str = "") -> str:
    return f'title: 测试\nstandard: gbt_32151_5_2015\nperiod: "2022"\nstreams:\n  - {stream}\n{more}'


def test_json_is_as_the_design_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", str(ONE), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == KEYS
    assert found["total"] == {"unit": "tCO2e", "value": 1320.0}
    stream = found["streams"][0]
    assert set(stream) == {"id", "source", "value", "unit", "formula", "inputs"}
    assert stream["inputs"]["net_calorific_value"] == {"origin": "measured", "unit": "GJ/t", "value": 20.0}


def test_a_case_is_printed_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", str(CASES / "processes.yaml")]) == 0
    out = capsys.readouterr().out
    assert "二手来源，待核原文" in out and "炼铁/1号高炉" in out and "其他" in out and "33,987.11 tCO₂e" in out


def test_check_agrees_with_every_case_and_exits_1_on_a_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *(str(path) for path in sorted(CASES.glob("*.yaml")))]) == 0
    wrong = write(tmp_path, ONE.read_text(encoding="utf-8").replace("1320.00", "1320.01"))
    capsys.readouterr()
    assert main(["check", str(wrong)]) == 1
    assert "应为 1320.01 tCO2e" in capsys.readouterr().out


def test_must_not_and_origins_are_checked(tmp_path: Path) -> None:
    coal = "{id: coal, material: 烟煤, role: fuel, quantity: 1 t}"
    assert main(["check", str(write(tmp_path, case(coal, "expect: {must_not: {total: 1.75 tCO2e}}\n")))]) == 1
    assert (
        main(["check", str(write(tmp_path, case(coal, "expect: {origins: {coal.carbon_content: measured}}\n")))]) == 1
    )
    assert main(["check", str(write(tmp_path, case(coal, "expect: {total: 1.7 tCO2e}\n")))]) == 0
    loose = "expect: {total: 1.8 tCO2e, tolerance: {value: 0.1 tCO2e, reason: 测试}}\n"
    assert main(["check", str(write(tmp_path, case(coal, loose)))]) == 0
    assert main(["check", str(write(tmp_path, case(coal, "expect: {total: 1.8 tCO2e, tolerance: 0.1}\n")))]) == 2


def test_explain_prints_the_tree_to_the_line_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(ONE), "coal"]) == 0
    out = capsys.readouterr().out
    assert "co2_per_carbon" in out and "one_coal.yaml:7 streams[0].values.carbon_content" in out
    assert main(["explain", str(ONE), "month:1999-01"]) == 2
    assert "month:1999-01" in capsys.readouterr().err


def test_standards_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["standards"]) == 0
    assert "gbt_32151_4_2015" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("stream", "place", "said"),
    [
        ("{id: a, material: 烟媒, role: fuel, quantity: 1 t}", "streams[0].material", "烟煤"),
        ("{id: a, material: 烟煤, role: fule, quantity: 1 t}", "streams[0].role", "fuel"),
        ("{id: a, material: 烟煤, role: fuel, quantity: 一吨}", "streams[0].quantity", "一吨"),
        ("{id: a, material: 烟煤, role: fuel, quantity: 1 MWh}", "streams[0].quantity", "t"),
        ("{id: a, material: 烟煤, role: fuel, quantity: 1 tt}", "streams[0].quantity", "tt"),
        (
            "{id: a, material: 烟煤, role: fuel, quantity: {purchased: -1 t}}",
            "streams[0].quantity.purchased",
            "不能为负",
        ),
        ("{id: a, material: 烟煤, role: fuel, quantity: {bought: 1 t}}", "streams[0].quantity.bought", "purchased"),
        ("{id: a, material: 烟煤, role: fuel, quantty: 1 t}", "streams[0].quantty", "quantity"),
        ("{id: a, material: 烟煤, role: fuel, months: {2023-01: 1 t}}", "streams[0].months.2023-01", "2022"),
        (
            "{id: a, material: 烟煤, role: fuel, quantity: 1 t, values: {ncv: 20 GJ/t}}",
            "streams[0].values.ncv",
            "词汇表",
        ),
        (
            "{id: a, material: 烟煤, role: fuel, quantity: 1 t, values: {oxidation_factor: 1 GJ/t}}",
            "oxidation_factor",
            "单位",
        ),
        (
            "{id: a, material: 电力, role: electricity, quantity: 1 MWh, factor: average:x}",
            "streams[0].factor",
            "因子库",
        ),
        ("{id: a, role: fuel, quantity: 1 t}", "streams[0]", "material"),
        ("{id: a, material: 焦炭, role: anode, quantity: 1 t}", "", "没有规定"),
    ],
)
def test_bad_input_exits_2_and_names_file_place_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], stream: str, place: str, said: str
) -> None:
    path = write(tmp_path, case(stream))
    assert main(["calculate", str(path)]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert any(f"{path}:5" in line and place in line and said in line for line in lines), lines


def test_every_fault_is_found_in_one_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = case("{id: a, material: 烟媒, role: fule, quantity: x}", "as_of: soon\nsite: {land: 河北}\n")
    assert main(["calculate", str(write(tmp_path, text))]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 5


@pytest.mark.parametrize(
    "text", ["", "- 1", "a: [", "title: x\ntitle: y", "\x00", "a: &x [*x]", "streams: 3\nperiod: nothing\n"]
)
def test_unreadable_files_are_refused_in_one_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert main(["calculate", str(write(tmp_path, text))]) == 2
    err = capsys.readouterr().err
    assert err.strip() and "Traceback" not in err and "case.yaml" in err


def test_no_file_and_unknown_standard(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", "/nowhere/case.yaml"]) == 2
    assert main(["calculate", str(ONE), "--standard", "gbt_1"]) == 2
    assert "gbt_32151_5_2015" in capsys.readouterr().err


def test_full_width_digits_and_chinese_units_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream = (
        "{id: a, material: 烟煤, role: 'fuel', quantity: '１，０００ 吨', values: {net_calorific_value: 20 吉焦/吨}}"
    )
    assert main(["calculate", str(write(tmp_path, case(stream))), "--json"]) == 0
    inputs = json.loads(capsys.readouterr().out)["streams"][0]["inputs"]
    assert (inputs["quantity"]["value"], inputs["net_calorific_value"]["value"]) == (1000.0, 20.0)


@pytest.mark.parametrize(
    "argv", [["--help"], ["calculate", "--help"], ["check", "--help"], ["explain", "--help"], ["standards", "--help"]]
)
def test_help_speaks_both_languages(capsys: pytest.CaptureFixture[str], argv: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(argv)
    out = capsys.readouterr().out
    assert (
        stopped.value.code == 0
        and any("\u4e00" <= c <= "\u9fff" for c in out)
        and "standard" in out.lower() + "standard"
    )
    assert not {"edge", "backup", "restore"} & set(out.split())


def test_a_wrong_command_exits_2() -> None:
    for argv in (["fly"], ["calculate"]):
        with pytest.raises(SystemExit) as stopped:
            main(argv)
        assert stopped.value.code == 2
    assert main([]) == 2


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code = "import sys; from tanheng.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "calculate", str(ONE)],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert "Traceback" not in done.stderr


def test_gaps_stand_before_a_total_that_is_called_incomplete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coke = "{id: coke, material: 焦炭, role: fuel, quantity: 100 t}"
    coke += "\n  - {id: p, material: 石油焦, role: fuel, quantity: 1 t}"
    assert main(["calculate", str(write(tmp_path, case(coke)))]) == 0
    out = capsys.readouterr().out
    assert out.index("缺口") < out.index("总量（不完整") < out.index("按排放源")
    assert main(["calculate", str(ONE)]) == 0
    assert "不完整" not in capsys.readouterr().out


def test_the_version_is_that_of_the_package_and_of_every_result(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0 and capsys.readouterr().out == f"tanheng {__version__}\n"
    assert __version__ == ENGINE


def test_total_and_both_intensities_of_a_period_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calculate", str(CASES / "output_value.yaml")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "总量 9,557.30 tCO₂e" in out
    assert "吨钢排放强度 2.3893 tCO₂e/t" in out and "单位产值排放 7.6458 tCO₂e/万元" in out


IMPOSSIBLE = "{id: coal, material: 烟煤, role: fuel, quantity: 1 t, values: {oxidation_factor: 93}}"
UNUSUAL = "{id: coal, material: 烟煤, role: fuel, quantity: 1 t, values: {net_calorific_value: 20000 GJ/t}}"


def test_an_impossible_value_is_bad_input_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, case(IMPOSSIBLE))
    assert main(["calculate", str(path)]) == 2
    err = capsys.readouterr().err
    assert f"{path}:5" in err and "碳氧化率为 93，不可能出现" in err


def test_calculate_and_check_say_what_is_implausible(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, case(UNUSUAL, "expect: {complete: true}\n"))
    assert main(["calculate", str(path)]) == 0
    assert "平均低位发热量为 20,000 GJ/t，通常在 15 至 31 之间" in capsys.readouterr().out
    assert main(["calculate", str(path), "--json"]) == 0
    assert "value.implausible" in [found["code"] for found in json.loads(capsys.readouterr().out)["warnings"]]
    assert main(["check", str(path)]) == 0
    assert "提示：2022 年“烟煤”" in capsys.readouterr().out


def test_check_explain_and_gases_have_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ONE), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["standard"], found["differences"]) == ("gbt_32151_5_2015", [])
    assert main(["explain", str(ONE), "total", "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert tree["value"] == 1320.0
    line = tree["children"][0]["children"][0]
    values = {child["symbol"]: child["value"] for child in line["children"]}
    assert values["net_calorific_value"] == 20.0 and line["expr"]
    assert main(["gases", "gbt_32151_5_2015", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "CO2"


COMMANDS = (
    "standards", "calculate", "check", "explain", "uncertainty", "sensitivity", "factors", "factors search", "boundary",
    "gases", "compare", "recalculate", "serve", "demo",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_chinese_to_its_headings(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    out = capsys.readouterr().out
    assert ended.value.code == 0 and out.count("用法 usage: tanheng") == 1 and "显示本说明" in out
    assert not [text for text in ("positional arguments", "show this help message", "%%") if text in out]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("calculate", "缺少 CASE.yaml"),
        ("bogus", "不能是 'bogus'，可选"),
        ("calculate a.yaml --bogus", "不认识 --bogus"),
        ("standards --year abc", "--year 应为整数，不能是 'abc'"),
        ("factors search --as-of gestern", "--as-of 应为日期"),
        ("factors search --limit 0", "--limit 应为不小于 1 的整数，不能是 0"),
        ("sensitivity a.yaml --method x", "--method 不能是 'x'，可选"),
        ("serve --port abc", "--port 应为整数，不能是 'abc'"),
        ("serve --host", "--host 后面缺少取值"),
    ],
)
def test_a_bad_command_line_is_told_in_chinese(given: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(given.split())
    assert ended.value.code == 2 and said in capsys.readouterr().err
