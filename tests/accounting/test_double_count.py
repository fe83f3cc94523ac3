from typing import Any

import pytest

from tanheng.accounting import sentence

YEAR = "2022"


def _q(text: str) -> dict[str, dict[str, str]]:
    return {YEAR: {"quantity": text}}


CASES = {
    "double_count.same_quantity": {
        "a": ("coke", "fuel", _q("100 t")),
        "b": ("coke", "reductant", _q("100 t")),
    },
    "double_count.own_power": {
        "bought": ("electricity", "electricity", _q("1000 MWh")),
        "used": ("electricity", "electricity", _q("1000 MWh"), {"process": "轧钢"}),
        "made": ("electricity", "electricity", _q("400 MWh"), {"process": "自备电厂", "direction": "out"}),
    },
    "double_count.by_product": {
        "tar": ("coal_tar", "by_product", _q("10 t")),
        "tar-fuel": ("coal_tar", "fuel", {YEAR: {"sold": "10 t"}}),
    },
}
HARMLESS = {
    "other_amount": {"a": ("coke", "fuel", _q("100 t")), "b": ("coke", "reductant", _q("90 t"))},
    "power_balanced": {
        "bought": ("electricity", "electricity", _q("600 MWh")),
        "used": ("electricity", "electricity", _q("1000 MWh"), {"process": "轧钢"}),
        "made": ("electricity", "electricity", _q("400 MWh"), {"process": "自备电厂", "direction": "out"}),
    },
    "bought_tar": {"tar": ("coal_tar", "by_product", _q("10 t")), "fuel": ("coal_tar", "fuel", _q("3 t"))},
}


@pytest.mark.parametrize("code", CASES)
def test_a_double_count_is_found_and_said_in_chinese(account: Any, code: str) -> None:
    found = [entry for entry in account(CASES[code]).data["warnings"] if entry["code"] == code]
    assert len(found) == 1
    assert "{" not in sentence(found[0]) and "？" not in sentence(found[0])


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_in_order_is_not_accused(account: Any, name: str) -> None:
    assert not [e for e in account(HARMLESS[name]).data["warnings"] if e["code"].startswith("double_count")]
