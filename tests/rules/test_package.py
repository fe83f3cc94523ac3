"""Standard packages: sound ones load, every kind of fault is named with file and line."""

import time
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from tanheng.kernel.errors import Faults, NotFound, StandardError
from tanheng.kernel.rounding import round_half_up
from tanheng.rules.package import load_standard, standards

STANDARDS = [summary.id for summary in standards()]


def faults(directory):
    with pytest.raises(Faults) as caught:
        load_standard(directory)
    for fault in caught.value.faults:
        assert isinstance(fault, StandardError)
        assert "？" not in fault.zh()
        assert fault.code not in fault.zh()
    return caught.value.faults


def one(directory):
    found = faults(directory)
    assert len(found) == 1, [fault.zh() for fault in found]
    fault = found[0]
    return fault.code, fault.values["file"], fault.values["line"]


def test_a_sound_package_loads_and_mirrors_its_text(package):
    standard = load_standard(package())
    assert standard.id == "my_steel"
    assert standard.constants["co2_per_carbon"].fraction == Fraction(44, 12)
    assert standard.formulas["fuel_combustion"].terms["quantity"] == ("t", "1e4Nm3")
    assert standard.sources["fuel_combustion"].take[0].matches("coke", "fuel", "in")
    assert standard.formulas["fuel_combustion"].source.clause == "5.2"
    assert len(standard.digest) == 64


REFUSALS = [
    ("standard.yaml", "industry: steel", "industry: steel\ncolour: red", "standard.unknown_key", 9),
    ("standard.yaml", "    sign: 1\n", "    sign: 1\n    colour: red\n", "standard.unknown_key", 21),
    ("formulas.yaml", "  unit: tCO2\n", "  unit: tCO2\n  colour: red\n", "standard.unknown_key", 4),
    ("standard.yaml", "industry: steel", "industry: steel\nindustry: iron", "yaml.duplicate_key", 9),
    ("formulas.yaml", "  zh: 燃烧\n", "  zh: 燃烧\n  zh: 燃料\n", "yaml.duplicate_key", 3),
    ("standard.yaml", "industry: steel\n", "", "standard.missing_key", 1),
    ("standard.yaml", "    source: {doc: TEST-1}\nsubtotals", "subtotals", "standard.missing_source", 18),
    ("formulas.yaml", '  source: {doc: TEST-1, clause: "5.2"}\n', "", "standard.missing_source", 1),
    ("standard.yaml", "tCO2/tC, source: {doc: TEST-1}", "tCO2/tC", "standard.missing_source", 14),
    ("formulas.yaml", 'clause: "5.2"', "clause: 5.2", "standard.value", 12),
    ("standard.yaml", "sign: 1", "sign: 2", "standard.value", 20),
    ("standard.yaml", "from: 2016-06-01", "from: someday", "standard.value", 7),
    ("standard.yaml", "basis: net_consumption", "basis: all", "standard.value", 23),
    ("standard.yaml", "{CO2: 1}", "{CO2: 2}", "standard.value", 10),
    ("standard.yaml", "formula: fuel_combustion", "formula: fuel_burning", "standard.unknown_formula", 21),
    ("standard.yaml", "gas: CO2", "gas: CH4", "standard.unknown_gas", 21),
    ("standard.yaml", "sources: [fuel_combustion]", "sources: [fuel]", "standard.unknown_source", 25),
    ("standard.yaml", "steel\n", "steel\nchecks: {expected_sources: [fuel]}\n", "standard.unknown_source", 2),
    ("standard.yaml", "steel\n", "steel\nchecks: {required_sources: [{source: fuel}]}\n", "standard.unknown_source", 2),
    ("standard.yaml", "numerator: total", "numerator: all", "standard.unknown_source", 29),
    ("standard.yaml", "[coke, natural_gas]", "[coke, unobtainium]", "standard.unknown_material", 23),
    ("standard.yaml", "materials: [crude_steel]", "materials: [steel]", "standard.unknown_material", 30),
    ("standard.yaml", "net_consumption}", "net_consumption, requires: [charm]}", "standard.unknown_quantity", 23),
    ("standard.yaml", "co2_per_carbon: {value", "charm: {value", "standard.unknown_quantity", 14),
    ("standard.yaml", "unit: tCO2/tC", "unit: tCO3/tC", "unit.unknown", 14),
    ("standard.yaml", "unit: tCO2/tC", "unit: GJ/t", "standard.unit", 14),
    ("standard.yaml", "value: 44/12", "value: 44/0", "number.not_finite", 14),
    ("standard.yaml", "value: 44/12", "value: viel", "number.not_a_number", 14),
    ("formulas.yaml", "unit: tCO2\n", "unit: tCO2e\n", "formula.unit", 4),
    ("formulas.yaml", "unit: tCO2\n", "unit: kgCO2\n", "formula.scale", 4),
    ("formulas.yaml", "GJ/1e4Nm3]", "GJ/Nm3]", "formula.scale", 4),
    ("formulas.yaml", "    oxidation_factor: \"1\"\n", "", "formula.unknown_term", 4),
    ("formulas.yaml", "[GJ/t, GJ/1e4Nm3]", "[GJ/t]", "formula.variants", 5),
    ("formulas.yaml", "carbon_content: tC/GJ", "carbon_content: tC/t", "standard.unit", 8),
    ("formulas.yaml", "* oxidation_factor", "* 9**9**9 * oxidation_factor", "formula.exponent", 4),
    ("formulas.yaml", "* oxidation_factor", "* __import__('os').x * oxidation_factor", "formula.character", 4),
    ("formulas.yaml", "* oxidation_factor", "* round(oxidation_factor)", "formula.function", 4),
    ("parameters/fuels.csv", "2020-01-01,,,TEST-1", "2020-07-01,,,TEST-1", "standard.validity_gap", 3),
    ("parameters/fuels.csv", "2020-01-01,,,TEST-1", "2019-07-01,,,TEST-1", "standard.validity_overlap", 3),
    ("parameters/fuels.csv", "2016-06-01,2020-01-01", "2020-01-01,2020-01-01", "standard.validity_reversed", 2),
    ("parameters/fuels.csv", "0.0295,tC/GJ,2016-06-01,,,TEST-1", "0.0295,tC/GJ,2016-06-01,,,",
     "standard.missing_source", 4),
    ("parameters/fuels.csv", "0.0295,tC/GJ", "0.0295,GJ/t", "standard.unit", 4),
    ("parameters/fuels.csv", "0.0295,tC/GJ", "0.0295,tX/GJ", "unit.unknown", 4),
    ("parameters/fuels.csv", "0.0295", "many", "number.not_a_number", 4),
    ("parameters/fuels.csv", "carbon_content,coke", "carbon_charm,coke", "standard.unknown_quantity", 4),
    ("parameters/fuels.csv", "carbon_content,coke", "carbon_content,cola", "standard.unknown_material", 4),
    ("parameters/fuels.csv", "seen,false,\nemission", "seen,perhaps,\nemission", "standard.value", 4),
    ("parameters/fuels.csv", "tC/GJ,2016-06-01", "tC/GJ,yesterday", "standard.value", 4),
    ("parameters/fuels.csv", "0.0295,", "0.0295,,", "standard.row_length", 4),
    ("parameters/fuels.csv", ",note\n", ",notes\n", "standard.columns", 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line"), REFUSALS, ids=[f"{r[3]}-{r[2][:20]!r}" for r in REFUSALS]
)
def test_every_fault_is_refused_with_file_and_line(package, file, old, new, code, line):
    found = faults(package((file, old, new)))
    codes = [(fault.code, fault.values["file"], fault.values["line"]) for fault in found]
    assert (code, f"my_steel/{file}", line) in codes, [fault.zh() for fault in found]


def test_all_faults_are_collected_in_one_pass(package):
    directory = package(
        ("standard.yaml", "formula: fuel_combustion", "formula: none"),
        ("standard.yaml", "[coke, natural_gas]", "[cola]"),
        ("formulas.yaml", "unit: tCO2\n", "unit: GJ\n"),
        ("parameters/fuels.csv", "0.0295", "many"),
    )
    codes = {fault.code for fault in faults(directory)}
    assert codes == {"standard.unknown_formula", "standard.unknown_material", "formula.unit", "number.not_a_number"}


def test_a_missing_file_is_named(package):
    directory = package()
    (directory / "formulas.yaml").unlink()
    assert "standard.missing_file" in {fault.code for fault in faults(directory)}


def test_process_templates_are_checked(package):
    text = "processes:\n  - {id: bf, zh: 炼铁, kind: blast_furnace, streams: [{material: cola, role: fuel}]}\n"
    directory = package(extra=[("processes.yaml", text)])
    assert one(directory) == ("standard.unknown_material", "my_steel/processes.yaml", 2)


def test_an_unknown_standard_names_those_there_are():
    for id in ("gbt_0", "../gbt_32151_5_2015", "", "a/b"):
        with pytest.raises(NotFound) as caught:
            load_standard(id)
        assert "gbt_32151_5_2015" in caught.value.zh()


def test_a_copy_outside_may_change_one_formula_under_a_new_id(package, tmp_path):
    original = load_standard("gbt_32151_5_2015")
    copy = tmp_path / "own_steel"
    for path in original.directory.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(original.directory)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    assert one(copy)[0] == "standard.id_taken"
    text = (copy / "standard.yaml").read_text(encoding="utf-8").replace("id: gbt_32151_5_2015", "id: own_steel", 1)
    (copy / "standard.yaml").write_text(text, encoding="utf-8")
    formulas = (copy / "formulas.yaml").read_text(encoding="utf-8")
    changed = formulas.replace("expr: quantity * net_calorific_value", "expr: 0.5 * quantity * net_calorific_value", 1)
    (copy / "formulas.yaml").write_text(changed, encoding="utf-8")
    own = load_standard(copy)
    values = dict.fromkeys(own.formulas["fuel_combustion"].terms, 2.0)
    half = own.formulas["fuel_combustion"].evaluate(**values)
    assert half == original.formulas["fuel_combustion"].evaluate(**values) / 2
    assert own.digest != original.digest


def test_the_parsed_form_is_kept_until_a_file_changes(package):
    directory = package()
    first = load_standard(directory)
    assert load_standard(directory) is first
    path = directory / "formulas.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert load_standard(directory) is not first


def test_worked_cases_do_not_change_the_digest(package):
    directory = package()
    before = load_standard(directory).digest
    (directory / "cases").mkdir()
    (directory / "cases" / "one.yaml").write_text("title: x\n", encoding="utf-8")
    assert load_standard(directory).digest == before


def test_lookup_takes_the_particular_role_and_the_valid_row(package):
    table = load_standard(package()).parameters
    values, refs = table.lookup("net_calorific_value", ["coke", "anthracite"], ["fuel", "fuel"], date(2019, 12, 31))
    assert values[0] == 28.435
    assert np.isnan(values[1])
    assert refs[1] == -1
    assert table.lookup("net_calorific_value", ["coke"], ["fuel"], date(2020, 1, 1))[0][0] == 28.447
    assert table.lookup("net_calorific_value", ["coke"], ["fuel"], date(2016, 5, 31))[1][0] == -1
    values, refs = table.lookup("emission_factor", ["methanol", "methanol"], ["product", "fuel"], date(2024, 1, 1))
    assert list(values) == [1.375, 1.4]
    in_kj, _ = table.lookup("net_calorific_value", ["coke"], ["fuel"], date(2024, 1, 1), unit="kJ/kg")
    assert in_kj[0] == pytest.approx(28447)
    other, ref = table.lookup("net_calorific_value", ["coke"], ["fuel"], date(2024, 1, 1), unit="GJ/1e4Nm3")
    assert np.isnan(other[0])
    assert ref[0] == -1
    assert table.provenance(int(refs[0]))["table"] == "B.3"
    assert table.provenance(int(refs[0]))["row"] == "my_steel/parameters/fuels.csv:5"


@pytest.mark.parametrize("id", STANDARDS)
def test_the_packaged_standards_load(id):
    standard = load_standard(id)
    assert standard.id == id
    assert standard.formulas
    assert len(standard.parameters)


@pytest.mark.parametrize("id", STANDARDS)
def test_no_packaged_default_is_recalled_with_low_confidence(id):
    assert not [row.key for row in load_standard(id).parameters if row.confidence == "recalled-low"]


def test_loading_a_kept_standard_is_quick():
    load_standard("gbt_32151_5_2015")
    start = time.perf_counter()
    load_standard("gbt_32151_5_2015")
    assert time.perf_counter() - start < 0.15


# tCO2 per unit of fuel, by exact rational arithmetic from the reference factors (ST-G07, hand_computed)
FUEL_FACTORS = {
    "anthracite": "1.923781", "bituminous_coal": "1.747088", "lignite": "1.387725", "washed_coal": "2.208154",
    "other_washed_coal": "0.700987", "other_coal_products": "1.935965", "coke": "2.861626", "crude_oil": "3.020202",
    "fuel_oil": "3.170461", "gasoline": "2.925056", "diesel": "3.095910", "kerosene": "3.151713", "lng": "2.587666",
    "lpg": "3.101330", "coal_tar": "2.644571", "crude_benzol": "3.410875", "cog": "7.622397", "bfg": "8.481132",
    "ldg": "15.124032", "other_gas": "2.314829", "natural_gas": "21.621888", "refinery_gas": "3.038904",
}  # fmt: skip


@pytest.mark.parametrize("material", FUEL_FACTORS)
def test_default_fuel_factors_of_the_2015_method_to_the_last_digit(material):
    standard = load_standard("gbt_32151_5_2015")
    formula = standard.formulas["fuel_combustion"]
    on = date(2022, 1, 1)
    values = {"quantity": 1.0, "co2_per_carbon": standard.constants["co2_per_carbon"].number}
    for quantity in ("net_calorific_value", "carbon_content", "oxidation_factor"):
        values[quantity] = standard.parameters.lookup(quantity, [material], ["fuel"], on)[0][0]
    assert str(round_half_up(float(formula.evaluate(**values)), 6)) == FUEL_FACTORS[material]


CIRCLE = """
ncv_from_ncv:
  gives: net_calorific_value
  zh: 自己算自己
  unit: GJ/t
  expr: net_calorific_value * purity
  terms: {net_calorific_value: GJ/t, purity: "1"}
  valid: {from: 2016-06-01}
  source: {doc: TEST-1}
"""
LONGER = """
carbon_from_mass:
  gives: carbon_content
  zh: 甲
  unit: tC/GJ
  expr: carbon_content_mass / net_calorific_value
  terms: {carbon_content_mass: tC/t, net_calorific_value: GJ/t}
  valid: {from: 2016-06-01}
  source: {doc: TEST-1}
mass_from_carbon:
  gives: carbon_content_mass
  zh: 乙
  unit: tC/t
  expr: carbon_content * net_calorific_value
  terms: {carbon_content: tC/GJ, net_calorific_value: GJ/t}
  valid: {from: 2016-06-01}
  source: {doc: TEST-1}
"""


@pytest.mark.parametrize(("text", "count"), [(CIRCLE, 1), (LONGER, 2)])
def test_formulas_that_need_what_they_give_are_refused(package, text, count):
    last = '  source: {doc: TEST-1, clause: "5.2"}\n'
    found = faults(package(("formulas.yaml", last, last + text)))
    assert [fault.code for fault in found] == ["formula.circular"] * count
    assert all(fault.values["line"] > 12 for fault in found)
    if count == 2:
        way = "单位热值含碳量（公式“甲”） → 含碳量（公式“乙”） → 单位热值含碳量"
        assert way in found[0].zh() and "carbon_content" not in found[0].zh()


@pytest.mark.parametrize("span", ["{from: 2017-01-01, to: null}", "{from: 2016-06-01, to: 2024-01-01}"])
def test_a_formula_of_a_source_holds_as_long_as_the_standard(package, span):
    found = one(package(("formulas.yaml", "{from: 2016-06-01, to: null}", span)))
    assert found == ("formula.validity", "my_steel/formulas.yaml", 11)


def test_a_default_may_begin_later_than_the_standard_and_is_missing_before(package):
    """An amendment may add a value: before it there is none, which is a gap; it never reaches back."""
    late = (
        "parameters/fuels.csv",
        "carbon_content,coke,,0.0295,tC/GJ,2016-06-01",
        "carbon_content,coke,,0.0295,tC/GJ,2020-01-01",
    )
    table = load_standard(package(late)).parameters
    assert table.find("carbon_content", "coke", "fuel", date(2019, 12, 31)) is None
    assert table.find("carbon_content", "coke", "fuel", date(2020, 1, 1)).number == 0.0295
