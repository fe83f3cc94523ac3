"""What holds for any plant: units, order and chunks do not matter, parts add up, a missing row is a gap."""

import math
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanheng.accounting import addresses, explain, recompute

quiet = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
masses = st.decimals(min_value=0, max_value=10**7, places=3).map(float)
FUELS = ("anthracite", "coke", "washed_coal", "diesel")
MONTHS = ("2022-01", "2022-02", "2022-03")
PERIOD = "2022-01..2022-03"


def _plant(amounts: list[float], unit: str = "t", scale: float = 1.0) -> dict[str, Any]:
    pairs = [(fuel, month) for fuel in FUELS for month in MONTHS]
    months: dict[str, dict[str, Any]] = {fuel: {} for fuel in FUELS}
    for (fuel, month), amount in zip(pairs, amounts, strict=True):
        months[fuel][month] = {"purchased": f"{amount * scale!r} {unit}", "sold": f"{amount * scale / 8!r} {unit}"}
    return {fuel: (fuel, "fuel", found) for fuel, found in months.items()}


twelve = st.lists(masses, min_size=12, max_size=12)


@quiet
@given(amounts=twelve)
def test_another_unit_gives_the_same_result(account: Any, amounts: list[float]) -> None:
    tonnes, kilograms = account(_plant(amounts), period=PERIOD), account(_plant(amounts, "kg", 1000.0), period=PERIOD)
    assert math.isclose(tonnes.data["total"]["value"], kilograms.data["total"]["value"], rel_tol=1e-12, abs_tol=1e-9)


@quiet
@given(amounts=twelve)
def test_the_total_is_the_sum_of_every_partition(account: Any, amounts: list[float]) -> None:
    data = account(_plant(amounts), period=PERIOD).data
    total = data["total"]["value"]
    for parts in (data["sources"], data["months"], data["gases"]):
        assert math.isclose(math.fsum(f["value"] for f in parts.values()), total, rel_tol=1e-12, abs_tol=1e-9)
    top = [figure["value"] for path, figure in data["processes"].items() if "/" not in path]
    assert math.isclose(math.fsum(top), total, rel_tol=1e-12, abs_tol=1e-9)
    streams = [entry["value"] for entry in data["streams"] if entry["account"] == "enterprise"]
    assert math.isclose(math.fsum(streams), total, rel_tol=1e-12, abs_tol=1e-9)


@quiet
@given(amounts=twelve, seed=st.integers(0, 1000))
def test_order_and_chunks_do_not_matter(account: Any, amounts: list[float], seed: int) -> None:
    streams = _plant(amounts)
    shuffled = list(streams.items())
    random.Random(seed).shuffle(shuffled)
    whole = account(streams, period=PERIOD).data
    assert account(dict(shuffled), period=PERIOD).data["total"] == whole["total"]
    chunks = [account(streams, period=month).data["total"]["value"] for month in MONTHS]
    assert math.isclose(math.fsum(chunks), whole["total"]["value"], rel_tol=1e-12, abs_tol=1e-9)


@quiet
@given(amounts=twelve, more=st.integers(0, 11), extra=st.floats(0, 1e6))
def test_more_fuel_is_never_less_carbon_dioxide(account: Any, amounts: list[float], more: int, extra: float) -> None:
    greater = [amount + extra if n == more else amount for n, amount in enumerate(amounts)]
    before, after = (account(_plant(found), period=PERIOD).data["total"]["value"] for found in (amounts, greater))
    assert after >= before


@quiet
@given(amounts=twelve, fuel=st.sampled_from(FUELS), month=st.sampled_from(MONTHS))
def test_a_removed_row_is_a_reported_gap(account: Any, amounts: list[float], fuel: str, month: str) -> None:
    streams = _plant(amounts)
    del streams[fuel][2][month]
    data = account(streams, period=PERIOD).data
    assert not data["complete"] and not data["months"][month]["complete"]
    assert [(g["code"], g["stream"], g["month"]) for g in data["gaps"]] == [("stream.month_missing", fuel, month)]


@quiet
@given(amounts=twelve, fuel=st.sampled_from(FUELS), month=st.sampled_from(MONTHS))
def test_a_removed_part_of_a_balance_is_a_gap_and_no_zero(
    account: Any, amounts: list[float], fuel: str, month: str
) -> None:
    streams = _plant(amounts)
    del streams[fuel][2][month]["sold"]
    data = account(streams, period=PERIOD).data
    assert [(g["code"], g["quantity"]) for g in data["gaps"]] == [("component.missing", "sold")]
    lines = data["lines"]
    value = [
        v for v, s, m in zip(lines["value"], lines["stream"], lines["month"], strict=True) if (s, m) == (fuel, month)
    ]
    assert value == [None]


def test_a_part_that_is_asked_for_and_left_blank_is_a_gap_though_no_month_has_it(account: Any) -> None:
    coke = ("coke", "fuel", {"2022-03": {"purchased": "100 t"}})
    assert account({"coke": coke}, period="2022-03").data["complete"]
    asked = account(
        {"coke": (*coke, {"parts": ("purchased", "opening_stock", "closing_stock")})}, period="2022-03"
    ).data
    assert [(g["code"], g["quantity"]) for g in asked["gaps"]] == [
        ("component.missing", "opening_stock"),
        ("component.missing", "closing_stock"),
    ]
    assert asked["lines"]["value"] == [None]


@settings(quiet, max_examples=5)
@given(amounts=twelve)
def test_every_address_recomputes_to_its_value(account: Any, amounts: list[float]) -> None:
    doc = account(_plant(amounts, "kg", 1000.0), period=PERIOD)
    for address in addresses(doc):
        value = explain(doc, address).value
        again = recompute(doc, address)
        assert value is None or math.isclose(again, value, rel_tol=1e-11, abs_tol=1e-7), address
