"""A small standard that is sound; tests break it in one place."""

import textwrap

import pytest

STANDARD = """\
id: my_steel
zh: 测试标准
short_zh: 测试
document: TEST-1
status: unverified
evidence: test
in_force: {from: 2016-06-01, to: null}
industry: steel
main_products: [crude_steel]
gwp: {set: none, values: {CO2: 1}, source: {doc: TEST-1}}
rounding: {level: display, decimals: 2, mode: half_up}
electricity_factor: {indicator: average, level: regional}
constants:
  co2_per_carbon: {value: 44/12, unit: tCO2/tC, source: {doc: TEST-1}}
accounts:
  enterprise: {zh: 企业层级, flows: boundary, fallback: process_net}
sources:
  fuel_combustion:
    zh: 燃烧
    sign: 1
    lines: [{gas: CO2, formula: fuel_combustion}]
    take:
      - {role: fuel, materials: [coke, natural_gas], basis: net_consumption}
    source: {doc: TEST-1}
subtotals: {direct: {zh: 直接排放, sources: [fuel_combustion]}}
indicators:
  intensity:
    zh: 强度
    numerator: total
    denominator: {role: product, materials: [crude_steel], basis: output}
    unit: tCO2e/t
"""
FORMULAS = """\
fuel_combustion:
  zh: 燃烧
  unit: tCO2
  expr: quantity * net_calorific_value * carbon_content * oxidation_factor * co2_per_carbon
  terms:
    quantity: [t, 1e4Nm3]
    net_calorific_value: [GJ/t, GJ/1e4Nm3]
    carbon_content: tC/GJ
    oxidation_factor: "1"
    co2_per_carbon: tCO2/tC
  valid: {from: 2016-06-01, to: null}
  source: {doc: TEST-1, clause: "5.2"}
"""
HEADER = (
    "quantity,material,role,value,unit,valid_from,valid_to,published_on,"
    "document,table,clause,evidence,confidence,checked,note"
)
PARAMETERS = f"""\
{HEADER}
net_calorific_value,coke,,28.435,GJ/t,2016-06-01,2020-01-01,,TEST-1,B.1,,test,seen,false,
net_calorific_value,coke,,28.447,GJ/t,2020-01-01,,,TEST-1,B.1,,test,seen,false,
carbon_content,coke,,0.0295,tC/GJ,2016-06-01,,,TEST-1,B.1,,test,seen,false,
emission_factor,methanol,product,44/32,tCO2/t,2016-06-01,,,TEST-1,B.3,,test,seen,false,
emission_factor,methanol,,1.4,tCO2/t,2016-06-01,,,TEST-1,B.3,,test,seen,false,
"""


@pytest.fixture
def package(tmp_path):
    """Write a package, with ``changes`` as (file, old, new); return its directory."""

    def write(*changes, name="my_steel", extra=()):
        texts = {
            "standard.yaml": STANDARD,
            "formulas.yaml": FORMULAS,
            "parameters/fuels.csv": PARAMETERS,
            **dict(extra),
        }
        for file, old, new in changes:
            assert old in texts[file], f"{old!r} is not in {file}"
            texts[file] = texts[file].replace(old, new, 1)
        for file, text in texts.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path / name

    return write
