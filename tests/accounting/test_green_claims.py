"""Green power and certificates: deducted once, by no more than what was bought, and only what exists."""

from typing import Any

import pytest

from tanheng.accounting import run, sentence
from tanheng.accounting.case import parse_case
from tanheng.rules.package import load_standard

HEAD = """
title: x
standard: iso_14064_1_2018
period: "2025"
as_of: 2026-03-31
site: {province: 云南}
streams:
"""
RESIDUAL = 0.6096  # tCO2/MWh, the residual factor of the packaged library at that day


def market(*streams: str) -> tuple[float | None, dict[str, Any]]:
    text = HEAD + "".join(f"  - {{{each}, role: electricity}}\n" for each in streams)
    case = parse_case(text.encode(), name="case.yaml")
    data = run(load_standard("iso_14064_1_2018"), case.stream_set, period=case.period, as_of=case.as_of).data
    return data["accounts"]["market"]["value"], data


def codes(data: dict[str, Any], kind: str) -> list[str]:
    assert all("{" not in sentence(each) for each in data[kind])
    return [each["code"] for each in data[kind]]


POWER = "id: el, material: 电力, quantity: 1000 MWh"
CERTIFICATES = "id: gec, material: 绿证, quantity: 300 MWh"


@pytest.mark.parametrize(
    ("certificates", "code"),
    [
        ("id: gec, material: 绿证, quantity: 1000.01 MWh", "claim.beyond"),
        ("id: gec, material: 绿证, quantity: -300 MWh", "claim.negative"),
        (CERTIFICATES + ", values: {certificate_year: 2026}", "claim.later_year"),
    ],
)
def test_a_claim_that_does_not_hold_deducts_nothing_and_is_a_gap(certificates: str, code: str) -> None:
    value, data = market(POWER, certificates)
    assert value == pytest.approx(1000 * RESIDUAL)
    assert codes(data, "gaps") == [code]
    assert data["complete"] is False
    assert data["sources"]["market_green_certificates"]["value"] is None


def test_certificates_for_all_that_was_bought_hold() -> None:
    value, data = market(POWER, "id: gec, material: 绿证, quantity: 100 1e4kWh")
    assert value == pytest.approx(0)
    assert data["complete"] is True


def test_certificates_hold_against_ordinary_power_alone() -> None:
    """Green power brings its certificates with it: others of the same amount have nothing to deduct from."""
    value, data = market("id: g, material: 绿电, quantity: 300 MWh", CERTIFICATES)
    assert value == 0
    assert "claim.beyond" in codes(data, "gaps")


def test_certificates_of_an_earlier_year_hold_and_are_asked_about() -> None:
    value, data = market(POWER, CERTIFICATES + ", values: {certificate_year: 2024}")
    assert value == pytest.approx(700 * RESIDUAL)
    assert codes(data, "gaps") == []
    assert "claim.other_year" in codes(data, "warnings")
    assert "value.not_used" not in codes(data, "warnings")


def test_several_certificates_count_together_over_the_period() -> None:
    half = "material: 绿证, quantity: 501 MWh"
    assert codes(market(POWER, f"id: a, {half}", f"id: b, {half}")[1], "gaps") == ["claim.beyond"]


def test_power_metered_in_processes_alone_is_in_both_views() -> None:
    value, data = market("id: el, material: 电力, process: 轧钢, quantity: 300 MWh")
    assert value == pytest.approx(300 * RESIDUAL)
    assert codes(data, "warnings").count("account.process_net") == 1
    assert market(POWER, CERTIFICATES + ", process: 轧钢")[0] == pytest.approx(700 * RESIDUAL)


def test_sold_certificates_bring_their_power_back() -> None:
    sold = "id: sold, material: 绿证, direction: out, quantity: 300 MWh"
    assert market(POWER, sold)[0] == pytest.approx(1300 * RESIDUAL)


def test_a_purchase_below_nought_is_an_export_in_the_wrong_place() -> None:
    assert "energy.negative" in codes(market("id: el, material: 电力, quantity: -10 MWh")[1], "warnings")
