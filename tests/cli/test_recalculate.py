"""``tanheng recalculate``: old, new and difference; exit codes as the other commands."""

import csv
import json
from pathlib import Path

import pytest

from tanheng.cli import main
from tanheng.rules.factors import packaged
from tanheng.rules.factors.reading import COLUMNS

CASE = """title: 用电
standard: gbt_32151_5_2015
period: "2022"
as_of: 2025-12-31
site: {province: 河北, main_product: 粗钢}
streams:
  - {id: el, material: 电力, role: electricity, quantity: 1000 MWh}
  - {id: coal, material: 烟煤, role: fuel, quantity: 10 t}
"""


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return str(path)


def _used(case: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, float]:
    """The grid factor of the case and its value."""
    assert main(["calculate", case, "--json"]) == 0
    (stream,) = (each for each in json.loads(capsys.readouterr().out)["streams"] if each["id"] == "el")
    value = stream["inputs"]["emission_factor"]["value"]
    found = [f for f in packaged().all() if f.level == "regional" and float(f.value) == value and "华北" in f.region_zh]
    return found[-1].id, value


def test_a_replaced_factor_shows_old_new_and_difference(case, capsys):
    old, value = _used(case, capsys)
    new = next(
        f for f in packaged().all() if f.level == "national" and f.unit == "tCO2/MWh" and f.family == "inventory"
    )
    assert main(["recalculate", case, "--replace", f"{old}={new.id}", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    row = found["groups"]["stream"]["el"]
    assert row["old"] == pytest.approx(value * 1000) and row["new"] == pytest.approx(float(new.value) * 1000)
    assert row["change"] == row["new"] - row["old"]
    assert found["changed"] == 1 and list(found["groups"]["source"]) == list(found["groups"]["source"])[:1]
    assert main(["recalculate", case, case, "--replace", f"{old}={new.id}"]) == 1
    text = capsys.readouterr().out
    assert text.count("原值") == 2 and "1 行变化" in text and "按排放源" in text


def test_nothing_changed_is_fine(case, capsys):
    assert main(["recalculate", case, "--as-of", "2025-12-31"]) == 0
    assert "0 行变化" in capsys.readouterr().out


def test_a_file_of_factors_takes_the_place_of_the_packaged(case, capsys, tmp_path):
    old, _ = _used(case, capsys)
    factor = packaged().get(old)
    row = {name: getattr(factor, name) for name in COLUMNS} | {"value": "0.5", "checked": "false"}
    path = tmp_path / "own.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow({name: "" if each is None else each for name, each in row.items()})
    assert main(["recalculate", case, "--library", str(path), "--as-of", "2025-12-31", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert found["groups"]["stream"]["el"]["new"] == 500.0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], "没有说明换成什么因子"),
        (["--replace", "a"], "不是因子替换"),
        (["--replace", "no:such=no:other"], "no:such"),
        (["--as-of", "昨天"], "不是日期"),
        (["--library", "/no/such.csv"], "没有这个文件"),
        (["--as-of", "2025-12-31", "--standard", "none"], "none"),
    ],
)
def test_bad_input_exits_2_with_a_sentence(case, capsys, more, said):
    assert main(["recalculate", case, *more]) == 2
    shown = capsys.readouterr()
    assert said in shown.err and "Traceback" not in shown.err


def test_two_replacements_of_one_factor_are_refused(case, capsys):
    old, _ = _used(case, capsys)
    assert main(["recalculate", case, "--replace", f"{old}=a", "--replace", f"{old}=b"]) == 2
    assert "两个替换" in capsys.readouterr().err


def test_a_file_that_is_no_factor_file_is_refused(case, capsys, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["recalculate", case, "--library", str(path)]) == 2
    assert "Traceback" not in capsys.readouterr().err
