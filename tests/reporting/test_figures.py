"""Every figure of a report can be opened and recomputed from the leaves of the result."""

import math

import pytest

from tanheng.reporting.figures import Fig, Made, grouped, significant

from .plants import CASES, report_of, result_of, years


def same(fig: Fig, again: float | None) -> bool:
    if fig.value is None or again is None or math.isnan(again):
        return fig.value is None and (again is None or math.isnan(again))
    return math.isclose(fig.value, again, rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_every_figure_of_a_report_is_recomputed_from_its_leaves(case):
    figures = list(report_of(case).figures())
    assert len(figures) > 20
    assert [(fig.address, fig.value) for fig in figures if not same(fig, fig.recompute(result_of(case)))] == []


def test_every_figure_of_a_year_with_a_gap_and_a_comparison_is_recomputed(gapped):
    this, last = years()
    figures = list(gapped.figures())
    assert {fig.of for fig in figures} == {"result", "previous"}
    assert [(fig.address, fig.value) for fig in figures if not same(fig, fig.recompute(this, last))] == []


@pytest.mark.parametrize("case", CASES)
def test_what_is_printed_is_the_value_rounded_half_up(case):
    for fig in report_of(case).figures():
        shown = grouped(fig.shown, fig.decimals) if fig.decimals is not None else significant(fig.shown)
        assert fig.text == shown, fig.address


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0, 2, "0"), (-0.0, 2, "0"), (None, 2, "—"), (1234567.895, 2, "1,234,567.90"),
        (-26518.95, 2, "−26,518.95"),
        (2.675, 2, "2.68"), (1.00499999999999989, 2, "1.01"), (0.001, 2, "0.00"),
        (-0.001, 2, "0.00"), (99.95, 1, "100.0"),
    ],
)  # fmt: skip
def test_numbers_are_printed_for_people(value, decimals, text):
    assert grouped(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.02749, "0.02749"), (44 / 12, "3.66667"), (389.31, "389.31"), (-3.0, "−3"), (0.0, "0"), (None, "—"),
        (1e-7, "0.0000001"),
    ],
)  # fmt: skip
def test_a_parameter_is_printed_as_it_was_given_or_with_six_digits(value, text):
    assert significant(value) == text


def test_a_mean_over_bought_and_sold_amounts_is_undefined():
    made = Made("mean", ("a", "b"), (), ("p", "q"))
    assert made.compute([28.0, 29.0], [100.0, -40.0]) is None
    assert made.compute([28.0, 29.0], [100.0, 300.0]) == 28.75
    assert made.compute([28.0, 29.0], [0.0, 0.0]) is None


def test_a_quotient_by_zero_is_undefined():
    assert Made("ratio", ("a", "b")).compute([1.0, 0.0], []) is None
    assert Made("change", ("a", "a")).compute([5.0, 4.0], []) == 0.25
