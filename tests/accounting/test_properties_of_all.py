"""What holds under every standard: units, order and chunks do not matter, parts add up, more fuel is never less."""

import math
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanheng.accounting import addresses, explain, recompute, run
from tanheng.kernel.catalogue import materials
from tanheng.kernel.periods import Period
from tanheng.rules.package import Standard, load_standard, standards
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

MONTHS = ("2024-01", "2024-02", "2024-03")
PERIOD = Period.parse("2024-01..2024-03")
SITE = SiteInfo(province="河北")
ALL = [summary.id for summary in standards()]
quiet = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
amounts = st.lists(
    st.decimals(min_value=0, max_value=10**6, places=2).map(float), min_size=9, max_size=9
)  # three fuels in three months


def _measured(unit: str) -> dict[str, Given]:
    """What a plant measures of a fuel, where a standard brings no table of fuels."""
    found = {"net_calorific_value": (25.0, f"GJ/{unit}"), "carbon_content": (0.026, "tC/GJ")}
    found["oxidation_factor"] = (0.95, "1")
    return {name: Given(value, unit) for name, (value, unit) in found.items()}


def _fuels(standard: Standard) -> list[str]:
    """Three fuels that the standard takes."""
    found: list[str] = []
    for name, material in materials().items():
        amount = {"quantity": Given(1.0, material.unit)}
        record = StreamRecord("x", "2024-01", amount, _measured(material.unit))
        if material.unit not in ("t", "1e4Nm3"):
            continue
        streams = StreamSet(SITE, (StreamDecl("x", name, "fuel"),), (record,))
        data = run(standard, streams, period=Period.parse("2024-01")).data
        if data["complete"] and (data["total"]["value"] or 0) > 0:
            found.append(name)
        if len(found) == 3:
            break
    return found


@pytest.fixture(scope="module", params=ALL)
def rules(request: Any) -> tuple[Standard, list[str]]:
    standard = load_standard(request.param)
    fuels = _fuels(standard)
    assert len(fuels) == 3, f"{standard.id} takes fewer than three fuels"
    return standard, fuels


def _account(
    rules: tuple[Standard, list[str]],
    given: list[float],
    *,
    kilo: bool = False,
    period: str = "",
    seed: int | None = None,
) -> Any:
    standard, fuels = rules
    declared = [StreamDecl(name, name, "fuel") for name in fuels]
    records = []
    for n, value in enumerate(given):
        unit = materials()[fuels[n // 3]].unit
        small = {"t": "kg", "1e4Nm3": "Nm3"}[unit]
        scale = {"t": 1000.0, "1e4Nm3": 10000.0}[unit]
        amount = Given(value * scale, small) if kilo else Given(value, unit)
        records.append(StreamRecord(fuels[n // 3], MONTHS[n % 3], {"quantity": amount}, _measured(unit)))
    if seed is not None:
        random.Random(seed).shuffle(declared)
        random.Random(seed).shuffle(records)
    streams = StreamSet(SITE, tuple(declared), tuple(records))
    return run(standard, streams, period=Period.parse(period) if period else PERIOD)


def _near(standard: Standard, one: float, other: float) -> bool:
    """Equal but for float; where lines are rounded, by a last digit of each of the nine lines."""
    slack = 9 * 10.0**-standard.rounding.decimals if standard.rounding.level == "line" else 1e-6
    return math.isclose(one, other, rel_tol=1e-11, abs_tol=slack)


@quiet
@given(given=amounts, seed=st.integers(0, 1000))
def test_units_order_and_chunks_do_not_matter(rules: tuple[Standard, list[str]], given: list[float], seed: int) -> None:
    whole = _account(rules, given).data["total"]["value"]
    assert _account(rules, given, seed=seed).data["total"]["value"] == whole
    assert _near(rules[0], _account(rules, given, kilo=True).data["total"]["value"], whole)
    chunks = math.fsum(_account(rules, given, period=month).data["total"]["value"] for month in MONTHS)
    assert math.isclose(chunks, whole, rel_tol=1e-12, abs_tol=1e-6)


@quiet
@given(given=amounts, at=st.integers(0, 8), extra=st.floats(0, 1e5))
def test_more_fuel_is_never_less(rules: tuple[Standard, list[str]], given: list[float], at: int, extra: float) -> None:
    more = [value + extra if n == at else value for n, value in enumerate(given)]
    assert _account(rules, more).data["total"]["value"] >= _account(rules, given).data["total"]["value"]


@quiet
@given(given=amounts)
def test_parts_add_up_and_recompute(rules: tuple[Standard, list[str]], given: list[float]) -> None:
    doc = _account(rules, given)
    total = doc.data["total"]["value"]
    for parts in (doc.data["months"], doc.data["gases"]):
        assert math.isclose(math.fsum(f["value"] for f in parts.values()), total, rel_tol=1e-12, abs_tol=1e-6)
    counted = [f["value"] for name, f in doc.data["sources"].items() if rules[0].account_of(name) == "enterprise"]
    assert math.isclose(math.fsum(counted), total, rel_tol=1e-12, abs_tol=1e-6)
    for address in addresses(doc):
        value = explain(doc, address).value
        assert value is None or math.isclose(recompute(doc, address), value, rel_tol=1e-11, abs_tol=1e-6), address


def test_the_same_document_gives_the_same_bytes(rules: tuple[Standard, list[str]]) -> None:
    given = [1.0, 2.0, 3.0, 10.0, 20.0, 30.0, 0.5, 0.25, 0.125]
    assert _account(rules, given).digest == _account(rules, given).digest
