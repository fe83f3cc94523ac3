"""Multiplying out is exact algebra: it agrees with the formula, or it declines."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.rules.formula import Expression
from tanheng.uncertainty.distributions import Distribution
from tanheng.uncertainty.expand import Product, expand
from tanheng.uncertainty.model import Model, build_model
from tanheng.uncertainty.montecarlo import simulate

from .worlds import fuels

NAMES = "abc"


def value_of(products: list[Product], scales: dict[str, float]) -> np.ndarray:
    total = np.zeros(1)
    for product in products:
        total = total + product.coefficient * np.prod([scales[name] ** float(p) for name, p in product.powers.items()])
    return total


def leaves(values: dict[str, float]) -> Callable[[str], list[Product]]:
    return lambda name: [Product(np.array([values[name]]), {name: Fraction(1)})]


@pytest.mark.parametrize(
    "text",
    [
        "a * b * c",
        "a * (1 - b - c)",
        "a * (b - 83.74) * 0.001",
        "(a + b) ** 2 * c",
        "a / b * b",
        "a * b / (c * 12) * 44",
        "-a + sum(a, b, c)",
        "a ** (1/2) * b ** -2",
    ],
)
@settings(max_examples=25, deadline=None)
@given(
    values=st.fixed_dictionaries({name: st.floats(0.1, 50) for name in NAMES}),
    scales=st.fixed_dictionaries({name: st.floats(0.2, 3) for name in NAMES}),
)
def test_products_add_up_to_the_formula(text: str, values: dict[str, float], scales: dict[str, float]) -> None:
    expression = Expression.parse(text)
    products = expand(expression.tree, leaves(values), 1)
    assert products is not None
    drawn = {name: np.array([values[name] * scales[name]]) for name in expression.names}
    size = sum(float(np.abs(product.coefficient)[0]) * 30 for product in products)
    assert value_of(products, scales) == pytest.approx(expression.evaluate(**drawn), rel=1e-9, abs=1e-11 * size)


@pytest.mark.parametrize(
    "text", ["min(a, b)", "where(a > b, a, c)", "a / (b + c)", "(a + b) ** (1/2)", "(a + b) ** -1"]
)
def test_what_is_no_sum_of_products_is_declined(text: str) -> None:
    assert expand(Expression.parse(text).tree, leaves({"a": 1.0, "b": 2.0, "c": 3.0}), 1) is None


def test_a_power_that_cancels_is_gone() -> None:
    products = expand(Expression.parse("a / b * b").tree, leaves({"a": 2.0, "b": 5.0}), 1)
    assert products is not None
    assert [set(product.powers) for product in products] == [{"a"}]


def test_formulas_that_are_not_expanded_give_the_same_draws() -> None:
    model = build_model(fuels(["a", "b", "c"], {"normal": "2 %"}).data)
    formulas = Model(model.sources, model.parts, model.inputs, (), tuple(range(len(model.parts))))
    spread = [Distribution("lognormal", 0.0, 0.1)] * model.size
    one, other = (simulate(each, spread, n=2000, seed=1) for each in (model, formulas))
    assert one.sources == pytest.approx(other.sources, rel=1e-12)
    assert one.correlation == pytest.approx(other.correlation, abs=1e-9)
