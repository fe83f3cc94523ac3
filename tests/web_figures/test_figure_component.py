"""How a figure is drawn."""

import pytest

from tanheng_web.common.figures import (
    ENTERED,
    WAN,
    Figure,
    change_ratio,
    figure_html,
    format_number,
    format_plain,
    unit_html,
)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (1234567.005, 2, "1,234,567.01"),
        (-1234.5, 2, "−1,234.50"),
        (0.0, 2, "0"),
        (-0.0, 2, "0"),
        (0.0004, 2, "0.00"),
        (-0.0004, 2, "0.00"),
        (None, 2, "—"),
        (2.675, 2, "2.68"),
    ],
)
def test_numbers_are_rounded_half_up_in_decimal_and_unknown_is_not_zero(value, decimals, shown):
    assert format_number(value, decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(25.1, "25.1"), (700000.0, "700,000"), (1e-7, "0.0000001"), (-1234567.125, "−1,234,567.125")]
)
def test_entered_numbers_are_shown_as_entered(value, shown):
    assert format_plain(value) == shown
    assert Figure(value, "t", ENTERED).shown == shown


def test_ten_thousands_are_divided_only_in_the_text():
    html = figure_html(Figure(18234567.0, "tCO2e", 2, 7, "total", scale=WAN, organisation_id=3))
    assert ">1,823.46</a>" in html
    assert 'data-value="18234567.0"' in html
    assert "万 tCO<sub>2</sub>e" in html


def test_a_figure_is_a_link_to_its_explanation():
    html = figure_html(Figure(1.0, "tCO2e", 2, 7, "process:炼铁/1号高炉"), 3)
    assert 'href="/o/3/results/7/figure/?a=process%3A%E7%82%BC%E9%93%81%2F1%E5%8F%B7%E9%AB%98%E7%82%89"' in html
    assert 'data-figure="process:炼铁/1号高炉"' in html


def test_what_comes_from_outside_is_escaped():
    html = figure_html(Figure(1.0, "t", 2, 7, 'x"><script>', label="<b>"), 3)
    assert "<script>" not in html
    assert "<b>" not in html


def test_the_change_says_direction_in_words_too():
    html = figure_html(Figure(110.0, "tCO2e", previous=100.0))
    assert "▲" in html and "增加" in html and "10.0%" in html and "th-fig-worse" in html
    assert "th-fig-better" in figure_html(Figure(90.0, "tCO2e", previous=100.0))
    assert "持平" in figure_html(Figure(100.0, "tCO2e", previous=100.01))


def test_there_is_no_change_against_nothing():
    assert change_ratio(1.0, None) is None
    assert change_ratio(1.0, 0.0) is None
    assert change_ratio(None, 1.0) is None
    assert change_ratio(-50.0, -100.0) == 0.5


def test_states_are_words_with_a_meaning():
    html = figure_html(Figure(1.0, "t", states=("complete", "gap", "unchecked")))
    assert html.count("th-fig-state") == 2
    assert "二手来源，待核原文" in html


def test_subscripts_are_real():
    assert unit_html("tCO2/MWh") == "tCO<sub>2</sub>/MWh"
