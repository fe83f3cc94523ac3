"""Periods, errors, canonical JSON, catalogue, glossary, strict YAML."""

import contextlib
import json
import pickle
import re
from datetime import UTC, date, datetime
from string import Formatter

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tanheng.kernel import canonical_json
from tanheng.kernel.catalogue import find_material, materials
from tanheng.kernel.errors import Faults, InputError, NotFound, PeriodError, TanhengError, sentences
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.quantities import glossary
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import canonical
from tanheng.kernel.yaml_lines import parse_yaml


@pytest.mark.parametrize(
    ("text", "key", "label", "months"),
    [
        ("2025", "2025", "2025 年", 12), ("2025-07", "2025-07", "2025 年 7 月", 1),
        ("2025年7月", "2025-07", "2025 年 7 月", 1),
        ("2025-01..2025-06", "2025-01..2025-06", "2025 年 1–6 月", 6), ("2025-01..2025-12", "2025", "2025 年", 12),
        ("2024-07..2025-06", "2024-07..2025-06", "2024 年 7 月–2025 年 6 月", 12), ("2024..2025", "2024-01..2025-12",
         "2024 年 1 月–2025 年 12 月", 24), (2025, "2025", "2025 年", 12),
    ],
)  # fmt: skip
def test_periods_are_read_and_named(text, key, label, months):
    period = Period.parse(text)
    assert (period.key, period.label_zh, len(period.months)) == (key, label, months)
    assert Period.parse(period.key) == period
    assert period.shift(years=-1).shift(years=1) == period


@pytest.mark.parametrize(
    "text", ["", "25", "2025-13", "2025-00", "0000", "2025-01..", "x", "2025-1-1", "２０２５-１３"]
)
def test_unreadable_periods_are_refused(text):
    with pytest.raises(PeriodError) as caught:
        Period.parse(text)
    assert "期间" in caught.value.zh()


def test_a_reversed_range_is_refused():
    with pytest.raises(PeriodError) as caught:
        Period.parse("2025-06..2025-01")
    assert caught.value.code == "period.reversed"


def test_asia_shanghai_decides_the_month_and_bounds_are_half_open():
    period = Period.parse("2025-01")
    assert period.start_at == datetime(2024, 12, 31, 16, tzinfo=UTC)
    assert period.end_at == Period.parse("2025-02").start_at
    assert (period.first_day, period.end_day) == (date(2025, 1, 1), date(2025, 2, 1))
    assert Month(2025, 1) in period
    assert Month(2025, 2) not in period
    assert Month(2024, 12) < Month(2025, 1)


@given(st.text(max_size=20))
def test_nothing_but_period_error_comes_out(text):
    with contextlib.suppress(PeriodError):
        Period.parse(text)


def test_errors_have_a_chinese_sentence_with_place_and_survive_a_queue():
    error = InputError("number.not_a_number", text="abc", file="case.yaml", line=3)
    assert error.zh().startswith("case.yaml:3：“abc”不是数字")
    again = pickle.loads(pickle.dumps(Faults([error, error])))
    assert again.zh() == f"{error.zh()}\n{error.zh()}"
    assert str(error) == "number.not_a_number: text='abc', file='case.yaml', line=3"
    assert error.at(path="streams.coke").values["path"] == "streams.coke"
    assert type(error.at(x=1)) is InputError


def test_an_unknown_code_still_says_something():
    assert "no.such" in TanhengError("no.such", a=1).zh()


def _raised_codes(room):
    pattern = re.compile(r"""["']((?:unit|number|quantity|period|material|yaml|formula|standard)\.[a-z_0-9]+)["']""")
    source = data_dir().parent / "src" / "tanheng" / room
    return {code for path in source.glob("*.py") for code in pattern.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("room", ["kernel", "rules"])
def test_every_code_that_is_raised_has_a_sentence(room):
    assert {code for code in _raised_codes(room) if not code.endswith((".yaml", ".csv"))} <= set(sentences())


def test_every_sentence_is_chinese_and_well_formed():
    for code, sentence in sentences().items():
        assert list(Formatter().parse(sentence)), code
        assert re.search(r"[\u4e00-\u9fff]|^\{text\}$", sentence), code


def test_canonical_json_has_one_form():
    assert canonical_json.dumps({"b": [1.5, 0.1], "a": "吨"}) == '{"a":"吨","b":[1.5,0.1]}'.encode()
    with pytest.raises(ValueError):
        canonical_json.dumps({"a": float("nan")})
    with pytest.raises(TypeError):
        canonical_json.dumps({"a": {1, 2}})
    assert len(canonical_json.digest(b"")) == 64


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.recursive(_LEAVES, lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner), max_leaves=8))
def test_canonical_json_round_trips(value):
    try:
        content = canonical_json.dumps(value)
    except UnicodeEncodeError:
        return  # lone surrogates are not UTF-8
    assert canonical_json.dumps(json.loads(content)) == content


def test_materials_are_found_by_id_name_and_alias():
    assert find_material("coke").zh == "焦炭"
    assert find_material(" 焦 炭 ").id == "coke"
    assert find_material("铁水").id == "pig_iron"
    assert find_material("ＣＯＧ").id == "cog"
    with pytest.raises(NotFound) as caught:
        find_material("焦碳")
    assert "焦炭" in caught.value.zh()


def test_the_catalogue_and_the_glossary_are_sound():
    for material in materials().values():
        assert canonical(material.unit) == material.unit
    for name, entry in glossary().items():
        assert entry.id == name
        assert entry.all_units, name
        assert all(canonical(unit) == unit for unit in entry.all_units)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "yaml.duplicate_key", 3), ("a: &x [1]\nb: *x\n", "yaml.anchor", 1),
        ("a: [1\nb: 2", "yaml.syntax", 2),
        ("a: !!python/object:os.system x", "yaml.tag", 1), ("a: !x 1", "yaml.tag", 1), ("? [1]\n: 2", "yaml.key", 1),
        ("a: 2025-13-45\n", "yaml.syntax", 1),
    ],
)  # fmt: skip
def test_yaml_is_read_strictly_with_lines(content, code, line):
    with pytest.raises(Faults) as caught:
        parse_yaml(content.encode(), name="x.yaml")
    fault = caught.value.faults[0]
    assert fault.code == code
    assert fault.values["file"] == "x.yaml"
    assert abs(fault.values["line"] - line) <= 1


def test_yaml_keeps_the_lines_of_values():
    document = parse_yaml(b"a:\n  b: 1\n  c:\n    - x\n    - on: y\n")
    assert document.line(("a", "c", 1, "on")) == 5
    assert document.data["a"]["c"][1] == {"on": "y"}
    assert document.line(("a", "missing")) == 1


def test_deep_yaml_is_refused_not_crashed():
    for content in ("[" * 20000, "a:\n" + "".join(" " * n + "a:\n" for n in range(1, 60)) + " " * 60 + "b: 1"):
        with pytest.raises(Faults):
            parse_yaml(content.encode())


@given(st.text(max_size=200))
def test_nothing_but_faults_comes_out_of_yaml(content):
    try:
        parse_yaml(content.encode("utf-8", "surrogatepass"))
    except Faults as error:
        assert error.zh()


def test_the_units_file_is_valid_for_other_readers_too():
    assert yaml.safe_load((data_dir() / "units.yaml").read_text(encoding="utf-8"))["t"]["define"] == "1000 * kg"


def test_a_number_without_unit_leaves_no_space_before_the_comma():
    said = InputError(
        "cell.jump", key="纯度", value="95", unit="", reference="中位数", expected="0.95", ratio="100 倍"
    ).zh()
    assert said.startswith("纯度为 95，是中位数")
