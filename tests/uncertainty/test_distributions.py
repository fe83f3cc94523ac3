"""Distributions: what people write, what is refused, and that draws have the moments they should."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.kernel.errors import InputError
from tanheng.uncertainty.distributions import Z95, Distribution, parse_distribution
from tanheng.uncertainty.sampling import Layout, Sampler


def test_a_percentage_is_the_half_width_at_95_percent() -> None:
    assert parse_distribution({"normal": "2 %"}).sd == pytest.approx(0.02 / Z95)
    assert parse_distribution({"normal": "±2％"}).limits() == pytest.approx((0.98, 1.02))
    assert parse_distribution({"lognormal": "50 %"}).limits() == pytest.approx((1 / 1.5, 1.5))
    uniform = parse_distribution({"uniform": "3 %"})
    assert (uniform.first, uniform.second) == (0.97, 1.03)


def test_limits_in_the_unit_of_the_value_become_relative_to_it() -> None:
    assert parse_distribution({"uniform": [0.9, 0.99]}, value=0.9).second == pytest.approx(1.1)
    assert parse_distribution({"lognormal": [20, 30]}, value=24).limits() == pytest.approx((20 / 24, 30 / 24))
    assert parse_distribution({"normal": [23, 25]}, value=24).limits() == pytest.approx((23 / 24, 25 / 24))
    triangle = parse_distribution({"triangular": [20, 24, 30]}, value=24)
    assert triangle.mean == pytest.approx((20 + 24 + 30) / 3 / 24)


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"gauss": "2 %"}, "distribution.kind"),
        ({"normal": "2 %", "uniform": "1 %"}, "distribution.kind"),
        ({}, "distribution.kind"),
        ({"normal": "2"}, "distribution.form"),
        ({"normal": "-2 %"}, "distribution.range"),
        ({"normal": "0 %"}, "distribution.range"),
        ({"uniform": "2000 %"}, "distribution.range"),
        ({"normal": "120 %"}, "distribution.normal_too_wide"),
        ({"uniform": [3, 2]}, "distribution.form"),
        ({"triangular": [1, 2]}, "distribution.form"),
        ({"lognormal": [-1, 2]}, "distribution.range"),
        ({"uniform": "2 %", "truncated": [0, 2]}, "distribution.truncated"),
        ({"normal": "2 %", "truncated": [2, 3]}, "distribution.truncated"),
        ({"normal": "2 %", "truncated": [1, 0]}, "distribution.truncated"),
    ],
)
def test_a_faulty_distribution_is_refused_in_chinese(given_: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_distribution(given_, value=1.0)
    assert caught.value.code == code
    assert "？" not in caught.value.zh()


def test_limits_need_a_value_that_is_not_zero() -> None:
    with pytest.raises(InputError, match=r"distribution\.zero"):
        parse_distribution({"uniform": [0, 1]}, value=0.0)


@pytest.mark.parametrize(
    "each",
    [
        Distribution("normal", 1.0, 0.1),
        Distribution("lognormal", 0.0, 0.3),
        Distribution("uniform", 0.8, 1.1),
        Distribution("triangular", 0.7, 1.6, 1.2),
        Distribution("normal", 1.0, 0.2, low=0.9, high=1.1),
        Distribution("lognormal", 0.0, 0.5, low=None, high=1.0),
    ],
)
def test_draws_have_the_moments_of_their_distribution(each: Distribution) -> None:
    layout = Layout.of(200_000, 1)
    sampler = Sampler([each], layout, seed=7)
    drawn = np.concatenate([sampler.block(number)[0] for number in range(layout.blocks)])
    assert drawn.mean() == pytest.approx(each.mean, abs=5 * each.sd / math.sqrt(len(drawn)))
    assert drawn.std() == pytest.approx(each.sd, rel=0.01)
    low, high = each.limits()
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([low, high], abs=0.01)
    if each.truncated:
        assert drawn.min() >= (each.low or -np.inf)
        assert drawn.max() <= (each.high or np.inf)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.001, 0.9), st.floats(0.01, 1e6))
def test_a_distribution_is_the_same_in_any_unit(share: float, value: float) -> None:
    here = parse_distribution({"uniform": [value * (1 - share), value * (1 + share)]}, value=value)
    there = parse_distribution({"uniform": f"{share * 100!r} %"})
    assert (here.first, here.second) == pytest.approx((there.first, there.second))


def test_inputs_keep_their_own_draws_whatever_the_order_of_kinds() -> None:
    uniform, normal = Distribution("uniform", 5.0, 6.0), Distribution("normal", 1.0, 0.01)
    block = Sampler([uniform, normal, uniform], Layout.of(1000, 3), seed=1).block(0)
    assert block[0].min() > 4 and block[2].min() > 4
    assert block[1].max() < 2
    assert not np.array_equal(block[0], block[2])
