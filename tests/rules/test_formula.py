"""Formulas: what is refused, which units fit, what comes out, and that all forms of one formula agree."""

import builtins
import os
import subprocess
import sys

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.kernel.errors import FormulaError
from tanheng.kernel.units import convert
from tanheng.rules.expression import FUNCTIONS, parse
from tanheng.rules.formula import Expression, Formula, spread_units

FUEL = "quantity * net_calorific_value * carbon_content * oxidation_factor * co2_per_carbon"


def formula(expr, unit, **terms):
    spread, units = spread_units(terms, unit)
    return Formula(id="f", zh="公式", expr=expr, units=units, terms=spread, source=None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("__import__('os')", "formula.character"), ("__import__(os)", "formula.function"),
        ("9**9**9", "formula.exponent"), ("a**b", "formula.exponent"), ("a**99", "formula.exponent"),
        ("a.b", "formula.construct"), ("a[0]", "formula.character"), ("lambda: 1", "formula.character"),
        ("'text'", "formula.character"), ("a if b else c", "formula.construct"),
        ("max(a, key=b)", "formula.arguments"), ("max(*a)", "formula.arguments"), ("max(a)", "formula.arguments"),
        ("where(a, b, c)", "formula.comparison"), ("where(a < b < c, 1, 2)", "formula.comparison"),
        ("a > b", "formula.construct"), ("a and b", "formula.construct"), ("not a", "formula.construct"),
        ("eval(a)", "formula.function"), ("a(1)", "formula.function"), ("(a)(1)", "formula.function"),
        ("a.b(1)", "formula.function"), ("1e999", "formula.number"), ("0x10", "formula.number"),
        ("1_000", "formula.number"), ("3j", "formula.number"), ("9" * 400, "formula.number"),
        ("True", "formula.number"), ("__a", "formula.name"), ("a__b", "formula.name"), ("min", "formula.name"),
        ("a // b", "formula.construct"), ("a % b", "formula.character"), ("a,", "formula.construct"),
        ("a +", "formula.syntax"), ("((a)", "formula.syntax"), ("a = 1", "formula.syntax"), ("", "formula.empty"),
        ("a" * 501, "formula.too_long"), ("(" * 250, "formula.syntax"), ("-" * 100 + "a", "formula.too_deep"),
        ("a × b", "formula.character"), ("a\x00", "formula.character"), ("a # b", "formula.character"),
        ("ａ + 1", "formula.character"), ("yield", "formula.syntax"), ("a**(1/0)", "formula.exponent"),
    ],
)  # fmt: skip
def test_what_is_not_in_the_grammar_is_refused_with_a_code_and_a_sentence(text, code):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert caught.value.code == code
    sentence = caught.value.zh()
    assert "？" not in sentence
    assert "公式" in sentence


def test_a_refusal_names_the_column_and_what_is_allowed():
    with pytest.raises(FormulaError) as caught:
        parse("  quantity + a.b")
    assert caught.value.values["column"] == 14
    assert "min max where sum" in caught.value.zh()


_WORDS = ["a", "b", "9", "**", "*", "+", "-", "/", "(", ")", "min", "where", ",", "<", "__import__", "'os'", ".",
          "lambda", ":", "[", "]", "eval", "1e9", " ", "if", "=", "!", "@", "\n", "sum", "…"]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_WORDS), max_size=30).map("".join)))
def test_parsing_never_runs_anything_and_raises_nothing_but_formula_error(text):
    called = []
    saved = builtins.__import__, builtins.eval, os.system
    os.system = lambda command: called.append(command)
    try:
        Expression.parse(text)
    except FormulaError as error:
        assert error.zh()
    finally:
        os.system = saved[2]
    assert not called
    assert (builtins.__import__, builtins.eval) == saved[:2]


@pytest.mark.parametrize(
    ("expr", "unit", "terms"),
    [
        (FUEL, "tCO2", {"quantity": ["t", "1e4Nm3"], "net_calorific_value": ["GJ/t", "GJ/1e4Nm3"],
                        "carbon_content": "tC/GJ", "oxidation_factor": "1", "co2_per_carbon": "tCO2/tC"}),
        ("mass * (temperature - 20) * c", "GJ", {"mass": "t", "temperature": "degC", "c": "GJ/(t*degC)"}),
        ("mass * (t1 - t0) * c", "GJ", {"mass": "t", "t1": "degC", "t0": "degC", "c": "GJ/(t*K)"}),
        ("mass * (h - h0) * k", "GJ", {"mass": "t", "h": "kJ/kg", "h0": "kJ/kg", "k": "GJ*kg/(t*kJ)"}),
        ("q * (1 - s - a)", "t", {"q": "t", "s": "1", "a": "1"}),
        ("max(q, 0)", "t", {"q": "t"}),
        ("where(q > 0, q, -q)", "t", {"q": "t"}),
        ("sum(a, b, c)", "tCO2", {"a": "tCO2", "b": "tCO2", "c": "tCO2"}),
        ("a ** 2 / a", "m", {"a": "m"}),
        ("a ** 0.5", "1", {"a": "1"}),
        ("min(t1, t2)", "degC", {"t1": "degC", "t2": "degC"}),
    ],
)  # fmt: skip
def test_formulas_whose_units_fit_are_accepted(expr, unit, terms):
    formula(expr, unit, **terms).check()


@pytest.mark.parametrize(
    ("expr", "unit", "terms", "code"),
    [
        ("c + d", "tC", {"c": "tC", "d": "tCO2"}, "formula.mixed_units"),
        ("c + d", "tCO2", {"c": "tCO2", "d": "tCO2e"}, "formula.mixed_units"),
        ("c + d", "t", {"c": "t", "d": "kg"}, "formula.mixed_units"),
        ("q * f", "tCO2", {"q": "t", "f": "tC/t"}, "formula.unit"),
        ("q * f", "tCO2", {"q": ["t", "1e4Nm3"], "f": ["tCO2/t", "tCO2/t"]}, "formula.unit"),
        ("q * f", "tCO2", {"q": "1e4Nm3", "f": "tCO2/Nm3"}, "formula.scale"),
        ("mass * h * 0.001", "GJ", {"mass": "t", "h": "kJ/kg"}, "formula.scale"),
        ("mass * temperature * c", "GJ", {"mass": "t", "temperature": "degC", "c": "GJ/(t*degC)"}, "formula.affine"),
        ("t1 + t2", "degC", {"t1": "degC", "t2": "degC"}, "formula.affine"),
        ("sum(t1, t2)", "degC", {"t1": "degC", "t2": "degC"}, "formula.affine"),
        ("h - 83.74", "kJ/kg", {"h": "kJ/kg"}, "formula.mixed_units"),
        ("q * x", "t", {"q": "t"}, "formula.unknown_term"),
        ("q", "t", {"q": "t", "x": "t"}, "formula.unused_term"),
        ("a ** 0.5", "m", {"a": "m2"}, "formula.power_of_unit"),
        ("where(a > b, a, a)", "t", {"a": "t", "b": "GJ"}, "formula.mixed_units"),
        ("1 - s", "1", {"s": "%"}, "formula.mixed_units"),
    ],
)  # fmt: skip
def test_formulas_whose_units_do_not_fit_are_refused(expr, unit, terms, code):
    with pytest.raises(FormulaError) as caught:
        formula(expr, unit, **terms).check()
    assert caught.value.code == code
    assert "？" not in caught.value.zh()


def test_parallel_variants_must_be_equally_long():
    with pytest.raises(FormulaError) as caught:
        formula("q * f", "t", q=["t", "kg"], f=["1", "1", "1"])
    assert caught.value.code == "formula.variants"


def test_the_variant_is_chosen_by_the_unit_that_is_given():
    gas = formula("q * f", "GJ", q=["t", "1e4Nm3"], f=["GJ/t", "GJ/1e4Nm3"])
    assert gas.variant_for({"q": "kg"}) == 0
    assert gas.variant_for({"q": "Nm3"}) == 1
    assert gas.variant_for({"q": "MWh"}) is None


def test_the_example_of_the_style_guide():
    fuel = Expression.parse(FUEL)
    result = fuel.evaluate(
        quantity=np.array([1000.0, np.nan]), net_calorific_value=20.0, carbon_content=0.02, oxidation_factor=0.9,
        co2_per_carbon=44 / 12,
    )  # fmt: skip
    assert result[0] == pytest.approx(1320, rel=1e-15)
    assert np.isnan(result[1])


def test_a_wrong_unit_says_which_term_has_which_unit_and_what_is_missing():
    with pytest.raises(FormulaError) as caught:
        formula("quantity * emission_factor", "tCO2", quantity="t", emission_factor="tC/t").check()
    said = caught.value.zh()
    assert "排放因子（emission_factor）为 tC/t" in said and "（quantity）为 t" in said
    assert "还差一个单位为“tCO2/tC”的量" in said
    with pytest.raises(FormulaError) as caught:
        formula("quantity + purity", "t", quantity="t", purity="1").check()
    assert "（quantity）为 t" in caught.value.zh() and "（purity）为 无量纲" in caught.value.zh()


def test_a_ratio_in_a_formula_is_rounded_once():
    assert Expression.parse("a * (44/12)").evaluate(a=3.0) == 3.0 * (44 / 12)
    assert Expression.parse("(0.1 + 0.2) * a").evaluate(a=1.0) == 0.3


def test_an_undefined_result_is_nan_never_infinity_or_zero():
    assert np.isnan(Expression.parse("a / b").evaluate(a=1.0, b=0.0))
    assert np.isnan(Expression.parse("a ** -1").evaluate(a=0.0))
    assert np.isnan(Expression.parse("a / (1 - 1)").evaluate(a=1.0))
    assert np.isnan(Expression.parse("where(a > 0, 1, 2)").evaluate(a=np.nan))
    assert np.isnan(Expression.parse("max(a, 0)").evaluate(a=np.nan))


def test_a_missing_term_is_named():
    with pytest.raises(FormulaError) as caught:
        Expression.parse("a * b").evaluate(a=1.0)
    assert caught.value.values["terms"] == ["b"]


@st.composite
def expressions(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        return draw(st.sampled_from(["a", "b", "c", "2", "0.5", "3"]))
    left, right = draw(expressions(depth=depth - 1)), draw(expressions(depth=depth - 1))
    kind = draw(st.sampled_from(["+", "-", "*", "/", "neg", "**", "sum", "min", "max", "where"]))
    if kind in "+-*/" and kind != "**":
        return f"({left} {kind} {right})"
    if kind == "neg":
        return f"-({left})"
    if kind == "**":
        return f"({left}) ** {draw(st.sampled_from(['2', '3', '-1', '(1/2)', '1']))}"
    if kind == "where":
        return f"where({left} > {right}, {left}, {right} + 1)"
    return f"{kind}({left}, {right})"


_POINT = {"a": 1.7, "b": 0.6, "c": 2.3}


def _exact(expr):
    value = sympy.N(expr.subs({sympy.Symbol(name, real=True): number for name, number in _POINT.items()}), 30)
    real, imaginary = value.as_real_imag()
    return float(real) if imaginary == 0 and real.is_finite else float("nan")


# always the same expressions: sympy simplifies min and max for minutes on a few of those that chance finds
@settings(max_examples=120, deadline=None, derandomize=True)
@given(expressions())
def test_numpy_and_sympy_agree(text):
    ours = float(Expression.parse(text).evaluate(**_POINT))
    try:
        exact = _exact(Expression.parse(text).sympy)
    except ValueError:  # sympy compares no infinities: min((a + a) / (a - a), a)
        return
    if np.isfinite(exact) and np.isfinite(ours) and abs(exact) < 1e9:
        assert ours == pytest.approx(exact, rel=1e-9, abs=1e-9)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(expressions(depth=2), st.sampled_from("abc"))
def test_derivatives_agree_with_sympy(text, term):
    if any(name in text for name in FUNCTIONS if name != "sum"):
        return  # kinks: sympy answers with Heaviside and DiracDelta
    expression = Expression.parse(text)
    ours = float(expression.derivative(term).evaluate(**_POINT))
    exact = _exact(sympy.diff(expression.sympy, sympy.Symbol(term, real=True)))
    if np.isfinite(exact) and np.isfinite(ours) and abs(exact) < 1e9:
        assert ours == pytest.approx(exact, rel=1e-8, abs=1e-8)


@settings(max_examples=120, deadline=None)
@given(expressions())
def test_what_is_printed_reads_back_to_the_same_value(text):
    expression = Expression.parse(text)
    printed = str(expression).replace("×", "*").replace("−", "-").replace("^", "**")
    try:
        again = Expression.parse(printed)
    except FormulaError as error:
        assert error.code in ("formula.too_long", "formula.too_deep")
        return
    np.testing.assert_allclose(again.evaluate(**_POINT), expression.evaluate(**_POINT), rtol=1e-12, atol=1e-12)


def test_derivatives_at_min_max_and_where_follow_the_branch():
    cases = [("min(a, b)", {"a": 1, "b": 2}, 1), ("min(a, b)", {"a": 3, "b": 2}, 0),
             ("max(a * 2, b)", {"a": 3, "b": 2}, 2), ("where(a > b, a * b, b)", {"a": 3, "b": 2}, 2)]  # fmt: skip
    for text, point, slope in cases:
        assert Expression.parse(text).derivative("a").evaluate(**point) == slope


def test_importing_the_rules_does_not_import_sympy():
    code = "import sys, tanheng.rules.package as p; print('sympy' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )
    assert run.stdout.strip() == "False"


@settings(max_examples=60, deadline=None)
@given(
    st.floats(1, 1e7), st.sampled_from(["t", "kg", "1e4t", "g"]), st.sampled_from(["GJ/t", "kJ/kg", "kcal/kg", "GJ/kg"])
)
def test_changing_units_keeps_the_result(quantity, unit, ncv_unit):
    """What is entered in any unit gives the same emissions once converted to the units of the terms."""
    fuel = formula("q * ncv * c", "tC", q="t", ncv="GJ/t", c="tC/GJ")
    expected = fuel.evaluate(q=quantity, ncv=20.0, c=0.03)
    entered = convert(quantity, "t", unit), convert(20.0, "GJ/t", ncv_unit)
    again = fuel.evaluate(q=convert(entered[0], unit, "t"), ncv=convert(entered[1], ncv_unit, "GJ/t"), c=0.03)
    assert again == pytest.approx(expected, rel=1e-12)
