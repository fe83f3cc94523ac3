"""The steam table: its own points, between them, and what it refuses."""

from typing import Any

import pytest

from tanheng.accounting import addresses, explain, parse_case, recompute, run, sentence
from tanheng.kernel.errors import OutOfRange
from tanheng.rules.package import load_standard
from tanheng.rules.steam import saturated, superheated


def test_points_of_the_table_are_returned_and_others_interpolated() -> None:
    assert saturated(0.1).value == 2675.4 and saturated(0.1).lines == (20,)
    assert 2675.4 < saturated(0.105).value < saturated(0.2).value
    assert superheated(1, 200).value == 2827.5 and len(superheated(2, 310).lines) == 4
    low, high = superheated(1, 300).value, superheated(3, 300).value
    assert superheated(2, 300).value == pytest.approx((low + high) / 2)


def test_a_doubtful_row_is_said() -> None:
    assert superheated(0.5, 350).flags and "疑抄录有误" in str(superheated(0.6, 360).provenance()["note"])
    assert not superheated(1, 300).flags and superheated(1, 300).provenance()["checked"] is False


@pytest.mark.parametrize(
    ("pressure", "temperature", "code"),
    [
        (31, 400, "outside_table"), (1, 601, "outside_table"), (1, 150, "is_water"), (25, 300, "is_water"),
        (0.75, 170, "near_boiling"),
    ],
)  # fmt: skip
def test_outside_the_table_and_beside_the_boiling_point_it_is_refused(
    pressure: float, temperature: float, code: str
) -> None:
    with pytest.raises(OutOfRange, match=rf"steam\.{code}"):
        superheated(pressure, temperature)
    with pytest.raises(OutOfRange, match=r"steam\.outside_table"):
        saturated(23)


def _run(values: str, material: str = "蒸汽") -> Any:
    text = (
        f'standard: gbt_32151_5_2015\nperiod: "2022"\nsite: {{province: 河北}}\nstreams:\n'
        f"  - {{id: s, material: {material}, role: heat, quantity: 100 t, values: {{{values}}}}}\n"
    )
    case = parse_case(text.encode(), name="case.yaml")
    return run(load_standard(case.standards[0]), case.stream_set, period=case.period)


def test_steam_by_pressure_and_temperature_is_accounted_and_explained() -> None:
    doc = _run("pressure: 1 MPa, temperature: 200 degC")
    heat = 100 * (2827.5 - 83.74) / 1000
    assert doc.data["total"]["value"] == pytest.approx(heat * 0.11) and doc.data["complete"]
    used = [entry for entry in doc.data["provenance"] if entry["kind"] == "table"]
    assert len(used) == 1 and used[0]["pressure"] == 1 and used[0]["pressure_from"]["path"].endswith("pressure")
    assert [entry["quantity"] for entry in doc.data["unchecked"]].count("enthalpy") == 1
    for address in addresses(doc):
        value = explain(doc, address).value
        assert value is None or recompute(doc, address) == pytest.approx(value), address


def test_saturated_steam_needs_the_pressure_alone_and_a_given_enthalpy_wins() -> None:
    assert _run("pressure: 0.1 MPa").data["total"]["value"] == pytest.approx(100 * (2675.4 - 83.74) / 1000 * 0.11)
    assert _run("pressure: 100 kPa").data["total"] == _run("pressure: 0.1 MPa").data["total"]
    doc = _run("pressure: 0.1 MPa, temperature: 300 degC, enthalpy: 2800 kJ/kg")
    assert doc.data["total"]["value"] == pytest.approx(100 * (2800 - 83.74) / 1000 * 0.11)
    said = [(entry["code"], entry["quantity"]) for entry in doc.data["warnings"] if entry["stream"] == "s"]
    assert said == [("value.overruled", "pressure"), ("value.overruled", "temperature")]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ("temperature: 300 degC", "heat.state_missing"), ("pressure: 99 MPa", "steam.outside_table"),
        ("pressure: 1 MPa, temperature: 120 degC", "steam.is_water"),
        ("pressure: 0.75 MPa, temperature: 170 degC", "steam.near_boiling"),
    ],
)  # fmt: skip
def test_a_state_that_cannot_be_looked_up_is_a_gap_in_chinese(values: str, code: str) -> None:
    doc = _run(values)
    assert [gap["code"] for gap in doc.data["gaps"]] == [code] and doc.data["total"]["value"] is None
    assert not set("{？") & set(sentence(doc.data["gaps"][0]))


def test_hot_water_is_still_computed_of_its_temperature() -> None:
    assert _run("temperature: 90 degC", "热水").data["total"]["value"] == pytest.approx(100 * 70 * 0.0041868 * 0.11)
