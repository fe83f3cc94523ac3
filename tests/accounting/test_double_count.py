from pathlib import Path
from typing import Any

import pytest

from tanheng.accounting import load_case, run, sentence
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard

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
    "double_count.own_power, in other units": {
        "bought": ("electricity", "electricity", _q("1000000 kWh")),
        "used": ("electricity", "electricity", _q("1000 MWh"), {"process": "轧钢"}),
        "made": ("electricity", "electricity", _q("400 MWh"), {"process": "自备电厂", "direction": "out"}),
    },
    "double_count.same_quantity, in other units": {
        "a": ("coke", "fuel", _q("100 t")),
        "b": ("coke", "reductant", _q("100000 kg")),
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
    found = [entry for entry in account(CASES[code]).data["warnings"] if entry["code"] == code.split(",")[0]]
    assert len(found) == 1
    assert "{" not in sentence(found[0]) and "？" not in sentence(found[0])


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_in_order_is_not_accused(account: Any, name: str) -> None:
    assert not [e for e in account(HARMLESS[name]).data["warnings"] if e["code"].startswith("double_count")]


@pytest.mark.parametrize("path", sorted((data_dir() / "standards").glob("*/cases/*.yaml")), ids=lambda path: path.stem)
def test_no_worked_case_is_accused(path: Path) -> None:
    case = load_case(path)
    for name in case.standards:
        doc = run(load_standard(name), case.stream_set, period=case.period, as_of=case.as_of)
        expected = set((case.expect.get(name) or case.expect.get("") or {}).get("warnings") or ())
        found = {entry["code"] for entry in doc.data["warnings"] if entry["code"].startswith("double_count")}
        assert found <= expected
