"""A standard copied and changed: what stays the same, what is refused and where, what differs."""

import pytest

from tanheng.kernel.errors import InputError
from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import parse_yaml
from tanheng.rules.material_groups import without_groups
from tanheng.rules.package import load_standard
from tanheng.rules.package_copy import (
    case_names,
    checked_copy,
    copy_files,
    data_of,
    edited,
    faults_of,
    removed,
    rows_of,
    with_rows,
)
from tanheng.rules.package_copy_diff import package_changes, rule_zh

STEEL = "gbt_32151_5_2015"
PACKAGES = data_dir() / "standards"


@pytest.fixture
def files():
    copied = copy_files(load_standard(STEEL).directory, STEEL)
    return edited(copied, "standard.yaml", ("id",), "own_1_steel")


@pytest.mark.parametrize("standard", sorted(path.parent.name for path in PACKAGES.glob("*/standard.yaml")))
def test_a_copy_says_what_its_original_says(standard):
    original = load_standard(standard)
    files = copy_files(original.directory, standard)
    for name in files:
        if name.endswith(".yaml") and not name.startswith("cases/"):
            said = parse_yaml((original.directory / name).read_bytes()).data
            assert data_of(files, name) == (without_groups(said) if name == "standard.yaml" else said)
    copy = checked_copy(edited(files, "standard.yaml", ("id",), "own_1_copy"), "own_1_copy")
    assert copy.formulas.keys() == original.formulas.keys()
    assert len(copy.parameters) == len(original.parameters)
    assert len(case_names(files)) == len(list((original.directory / "cases").glob("*.yaml")))


def test_a_wrong_unit_is_said_at_the_term_and_at_the_expression(files):
    wrong = edited(files, "formulas.yaml", ("fuel_combustion", "terms", "carbon_content"), "tC/t")
    faults = faults_of(wrong, "own_1_steel")
    places = [(fault.file, fault.path) for fault in faults]
    assert ("formulas.yaml", ("fuel_combustion", "terms", "carbon_content")) in places
    assert ("formulas.yaml", ("fuel_combustion", "expr")) in places
    assert any("量纲不同" in fault.error.zh() for fault in faults)
    assert all("formulas.yaml" not in fault.error.zh() for fault in faults)  # people see a field, not a file


@pytest.mark.parametrize("expr", ["__import__('os')", "quantity.real", "quantity[0]", "9**9**9", "open", "lambda: 1"])
def test_nothing_but_the_small_grammar_is_taken(files, expr):
    assert faults_of(edited(files, "formulas.yaml", ("flux", "expr"), expr), "own_1_steel")


def test_a_cycle_of_formulas_is_refused(files):
    ring = {
        "zh": "绕圈", "unit": "tCO2/t", "expr": "emission_factor * purity", "gives": "emission_factor",
        "terms": {"emission_factor": "tCO2/t", "purity": "1"}, "for": {"role": "flux"},
        "valid": {"from": "2016-06-01", "to": None}, "source": {"doc": "测试"},
    }  # fmt: skip
    faults = faults_of(edited(files, "formulas.yaml", ("ring",), ring), "own_1_steel")
    assert "formula.circular" in [fault.error.code for fault in faults]


def test_a_default_without_source_is_said_at_its_row(files):
    rows = rows_of(files, "parameters/fuels.csv")
    rows[3]["document"] = ""
    (fault,) = faults_of(with_rows(files, "parameters/fuels.csv", rows), "own_1_steel")
    assert (fault.file, fault.path, fault.error.code) == ("parameters/fuels.csv", (3,), "standard.missing_source")


def test_a_copy_may_not_take_the_id_of_a_packaged_standard(files):
    (fault,) = faults_of(edited(files, "standard.yaml", ("id",), STEEL), "own_1_steel")
    assert (fault.error.code, fault.path) == ("standard.id_taken", ("id",))


def test_what_differs_is_told_value_by_value_in_words(files):
    changed = edited(files, "formulas.yaml", ("flux", "expr"), "quantity * emission_factor * purity")
    changed = edited(changed, "standard.yaml", ("constants", "co2_per_carbon", "value"), "11/3")
    rows = rows_of(changed, "parameters/fuels.csv")
    rows[0]["value"] = "21.0"
    changed = with_rows(changed, "parameters/fuels.csv", rows)
    found = {change.place: (change.before, change.after) for change in package_changes(files, changed)}
    assert found == {
        "公式 · 熔剂消耗排放 · 表达式": ("quantity * emission_factor", "quantity * emission_factor * purity"),
        "常数 · 二氧化碳与碳的相对分子质量之比 · 值": ("44/12", "11/3"),
        "缺省值 · 平均低位发热量 · 无烟煤 · 值": ("20.304", "21.0"),
    }


def test_a_rule_taken_out_does_not_change_the_others(files):
    (change,) = package_changes(files, removed(files, "standard.yaml", ("not_counted", 1)))
    assert change.after is None
    assert change.place.startswith("不计入 · 第 2 条")


def test_a_changed_citation_and_rounding_are_said_in_chinese(files):
    after = edited(files, "formulas.yaml", ("flux", "source", "evidence"), "enterprise")
    after = edited(after, "standard.yaml", ("rounding", "level"), "line")
    said = {(each.place, each.after) for each in package_changes(files, after)}
    assert ("公式 · 熔剂消耗排放 · 来源 · 依据", "企业自有") in said
    assert any(place.startswith("修约") and text == "逐行修约" for place, text in said)


def test_a_rule_is_a_sentence():
    rule = {"role": "flux", "materials": ["limestone"], "basis": "net_consumption", "requires": ["emission_factor"]}
    assert rule_zh(rule) == "用途为“熔剂”的石灰石，按净消耗量计，须实测排放因子"


def test_a_place_that_is_not_there_is_refused(files):
    with pytest.raises(InputError) as refused:
        edited(files, "formulas.yaml", ("none", "expr"), "1")
    assert refused.value.code == "copy.no_place"
