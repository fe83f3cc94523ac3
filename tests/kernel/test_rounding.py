"""Rounding half up, exact in decimal; the float traps of the golden case ST-G07."""

import random
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tanheng.kernel.rounding import exact_sum, round_half_up, round_half_up_array

CASES = yaml.safe_load((Path(__file__).parent / "rounding_cases.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["half_up"], ids=lambda case: case["in"])
def test_golden_half_up_cases(case):
    for given_form in (case["in"], Decimal(case["in"]), float(case["in"])):
        assert str(round_half_up(given_form, case["decimals"])) == case["out"]
    assert round_half_up_array(np.array([float(case["in"])]), case["decimals"])[0] == float(case["out"])


def test_the_ratio_44_12_must_not_be_rounded():
    trap = CASES["ratio_trap"]
    exact = trap["quantity"] * Fraction(44, 12)
    assert str(round_half_up(exact.numerator / exact.denominator, 2)) == trap["with_44_12"]
    rounded = trap["quantity"] * Decimal("3.667")
    assert str(round_half_up(rounded, 2)) == trap["with_3_667"]
    assert str(Decimal(trap["with_3_667"]) - Decimal(trap["with_44_12"])) == trap["difference"]


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_every_tie_is_rounded_away_from_zero_whatever_the_float_says(thousandths, decimals):
    tie = (Decimal(thousandths) * 10 + 5).scaleb(-decimals - 1)
    expected = tie.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    assert round_half_up(float(tie), decimals) == expected
    assert round_half_up_array(np.array([float(tie)]), decimals)[0] == float(expected)


@given(st.integers(1, 10**6), st.integers(1, 10**4))
def test_products_of_decimals_are_rounded_as_the_exact_product(hundredths, tenths):
    exact = Decimal(hundredths).scaleb(-2) * Decimal(tenths).scaleb(-1)
    product = np.array([hundredths / 100 * (tenths / 10)])
    assert round_half_up_array(product, 2)[0] == float(exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50), st.integers(0, 6))
def test_array_and_scalar_agree_away_from_ties(values, decimals):
    rounded = round_half_up_array(np.array(values), decimals)
    for value, result in zip(values, rounded, strict=True):
        assert abs(result - value) <= 0.5 * 10**-decimals * (1 + 1e-5) + 1e-6


def test_nan_stays_nan_and_zero_has_no_sign():
    rounded = round_half_up_array(np.array([np.nan, -0.001]), 2)
    assert np.isnan(rounded[0])
    assert str(rounded[1]) == "0.0"
    assert str(round_half_up("-0.001", 2)) == "0.00"


@given(st.lists(st.floats(-1e12, 1e12), max_size=60), st.randoms())
def test_the_exact_sum_does_not_depend_on_the_order(values, shuffler: random.Random):
    shuffled = list(values)
    shuffler.shuffle(shuffled)
    assert exact_sum(values) == exact_sum(shuffled)
