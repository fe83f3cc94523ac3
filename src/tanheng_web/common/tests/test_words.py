"""Gases and symbols as they are printed, and the groups of the menu."""

import pytest

from tanheng_web.common.figures import gas_text
from tanheng_web.common.navigation import entries, navigation
from tanheng_web.common.templatetags.figures import gas, symbols

pytestmark = pytest.mark.django_db


def test_what_came_in_converted_is_no_gas_called_co2e():
    assert gas("CO2e") == "混合气体（已折算）"
    assert gas("CO2") == "CO<sub>2</sub>"
    assert gas_text("HFC134a") == "HFC-134a"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("r_CO2", "r<sub>CO<sub>2</sub></sub>"),
        ("E_燃烧 = Σ AD·EF", "E<sub>燃烧</sub> = Σ AD·EF"),
        ("EF_carb", "EF<sub>carb</sub>"),
        ("by_hand.py", "by_hand.py"),
        ("gbt_32151_5_2015 与 GB/T 32151.5-2015", "gbt_32151_5_2015 与 GB/T 32151.5-2015"),
        ("<b>CO2e</b>", "&lt;b&gt;CO<sub>2</sub>e&lt;/b&gt;"),
    ],
)
def test_the_index_of_a_symbol_is_set_low(text, shown):
    assert symbols(text) == shown


def test_no_group_of_the_menu_is_longer_than_six(world):
    groups = navigation(world.people["superuser"], world.works)
    assert {"核算", "分析", "报告与核查"} <= {group.label for group in groups}
    assert max(len(group.lines) for group in groups) <= 6
    assert sum(len(group.lines) for group in groups) >= len(entries()) - 3  # the pages of a group are not a plant's
