"""Activity and intensity; changes of calibre within a period."""

from dataclasses import replace
from typing import Any

import pytest

from tanheng.accounting import run
from tanheng.accounting.compare_calibre import calibre_changes
from tanheng.accounting.compare_drivers import drivers
from tanheng.kernel.periods import Period
from tanheng.rules.streams import Given


def works(coke: str, steel: str) -> dict[str, Any]:
    return {
        "coke": ("coke", "fuel", {"2022": {"quantity": coke}}),
        "steel": ("crude_steel", "product", {"2022": {"quantity": steel}}, {"direction": "out"}),
    }


def test_activity_and_intensity_are_the_whole_change(account: Any) -> None:
    before, after = account(works("100 t", "1000 t")), account(works("110 t", "1200 t"))
    found = drivers(before, after)
    assert found is not None and found.products == (1000.0, 1200.0)
    assert found.total.activity == pytest.approx(before.data["total"]["value"] * 0.2)
    assert found.total.intensity < 0
    assert found.total.activity + found.total.intensity == pytest.approx(found.total.change)
    for effect in ("activity", "intensity", "change"):
        assert sum(getattr(s, effect) for s in found.sources) == pytest.approx(getattr(found.total, effect))


def test_without_a_product_there_is_no_intensity_effect(account: Any) -> None:
    bare = account({"coke": ("coke", "fuel", {"2022": {"quantity": "1 t"}})})
    assert drivers(bare, account(works("100 t", "1000 t"))) is None


def months(*given: dict[str, str]) -> dict[str, dict[str, str]]:
    return {f"2022-{n + 1:02}": parts for n, parts in enumerate(given)}


def test_a_quantity_given_in_another_way_is_said(account: Any) -> None:
    balance = {"purchased": "9 t", "opening_stock": "2 t", "closing_stock": "1 t"}
    streams = {"a": ("coke", "fuel", months({"quantity": "10 t"}, {"quantity": "10 t"}, balance))}
    (change,) = calibre_changes(account(streams, period="2022-01..2022-03"))
    assert (change.stream, change.what) == ("a", "活动数据")
    assert "2022 年 1–2 月为直接填报" in change.text and "2022 年 3 月为购销存" in change.text


def test_the_same_calibre_is_no_notice(account: Any) -> None:
    streams = {"a": ("coke", "fuel", months({"quantity": "10 t"}, {"quantity": "12 t"}))}
    assert calibre_changes(account(streams, period="2022-01..2022-02")) == ()


def test_a_measured_value_in_some_months_only_is_said(steel: Any, plant: Any) -> None:

    streams = plant({"a": ("coke", "fuel", months({"quantity": "10 t"}, {"quantity": "10 t"}))})
    first, second = streams.records
    own = replace(second, values={"net_calorific_value": Given(28.0, "GJ/t", "measured", {})})
    doc = run(steel, replace(streams, records=(first, own)), period=Period.parse("2022-01..2022-02"))
    (change,) = calibre_changes(doc)
    assert "低位发热量" in change.what and "实测值" in change.text and "标准缺省值" in change.text
