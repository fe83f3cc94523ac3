"""Units: closed list, Chinese names, exact factors, dimensions that must not meet."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanheng.kernel.errors import UnitError
from tanheng.kernel.unit_atoms import aliases, atoms
from tanheng.kernel.units import canonical, compatible, convert, divide, factor, label, multiply, parse_unit, power


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("吨", "t"), ("ｔ", "t"), ("万Nm³", "1e4Nm3"), ("万标立方米", "1e4Nm3"), ("10⁴Nm³", "1e4Nm3"),
        ("万m³(标况)", "1e4Nm3"),
        ("吉焦/吨", "GJ/t"), ("吉焦/万标准立方米", "GJ/1e4Nm3"), ("吨碳/吉焦", "tC/GJ"), ("tCO₂/MWh", "tCO2/MWh"),
        ("tCO2/(MW·h)", "tCO2/MWh"), ("度", "kWh"), ("万千瓦时", "1e4kWh"), ("℃", "degC"), ("％", "%"),
        ("", "1"), ("无量纲", "1"),
        ("min/(cell*day)", "min/(cell*day)"), ("分钟/槽/日", "min/(cell*day)"), ("千克每吨", "kg/t"), ("t·km", "t*km"),
        ("吨二氧化碳当量", "tCO2e"), ("kJ/(kg·K)", "kJ/(kg*K)"), ("m^3", "m3"), ("吨标准煤", "tce"), ("GJ/T", "GJ/t"),
    ],
)  # fmt: skip
def test_spellings_have_one_canonical_form(text, expected):
    assert canonical(text) == expected
    assert canonical(canonical(text)) == expected
    assert canonical(label(text)) == expected


@pytest.mark.parametrize(
    "text", ["tCO3", "foo", "t/", "/t", "t**9**9", "m^99", "t^-", "((t", "t)", "1e5Nm3", "2*t", "t" * 99]
)
def test_unknown_units_are_refused_in_chinese(text):
    with pytest.raises(UnitError) as caught:
        canonical(text)
    assert caught.value.code == "unit.unknown"
    assert "不认识单位" in caught.value.zh()


def test_near_matches_are_proposed():
    with pytest.raises(UnitError) as caught:
        canonical("万立方")
    assert any("万Nm³" in near for near in caught.value.values["near"])


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("t", "kg", 1000.0), ("GJ/t", "kJ/kg", 1000.0), ("MWh", "GJ", 3.6), ("1e4kWh", "MWh", 10.0),
        ("1e4Nm3", "Nm3", 1e4),
        ("GJ/Nm3", "GJ/1e4Nm3", 1e4), ("kgce", "kJ", 29307.6), ("tce", "GJ", 29.3076), ("%", "1", 0.01),
        ("kgCO2/kWh", "tCO2/MWh", 1.0), ("kg/t", "1", 0.001), ("kcal/kg", "GJ/t", 0.0041868), ("MW", "GJ/h", 3.6),
        ("tCO2/1e4kWh", "tCO2/MWh", 0.1),
    ],
)  # fmt: skip
def test_factors_are_exact(a, b, expected):
    assert factor(a, b) == expected


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("tC", "tCO2"),
        ("tCO2", "tCO2e"),
        ("tCF4", "t"),
        ("tCF4", "tCO2e"),
        ("Nm3", "m3"),
        ("t", "GJ"),
        ("tC", "t"),
        ("1", "t"),
    ],
)
def test_dimensions_that_must_not_meet(a, b):
    assert not compatible(a, b)
    with pytest.raises(UnitError) as caught:
        convert(1.0, a, b)
    assert caught.value.code == "unit.incompatible"
    assert "不能换算" in caught.value.zh()


def test_temperatures_convert_with_their_offset():
    assert convert(20.0, "degC", "K") == 293.15
    np.testing.assert_allclose(convert(np.array([273.15, np.nan]), "K", "degC"), [0, np.nan])
    with pytest.raises(UnitError):
        factor("degC", "K")
    assert factor("kJ/(kg*degC)", "kJ/(kg*K)") == 1.0


def test_a_whole_column_is_converted_at_once():
    column = np.array([41816.0, 28435.0, np.nan])
    np.testing.assert_array_equal(convert(column, "kJ/kg", "GJ/t"), [41.816, 28.435, np.nan])
    assert convert(column, "kJ/kg", "kJ/kg") is column


def test_algebra_gives_canonical_texts():
    assert multiply("t", "GJ/t") == "GJ"
    assert divide("GJ", "1e4Nm3") == "GJ/1e4Nm3"
    assert power("m", 2) == "m^2"
    assert power("t", 0) == "1"
    assert compatible(power("m", 2), "m2")


_ATOMS = sorted(name for name, atom in atoms().items() if not atom.offset)


@st.composite
def unit_texts(draw):
    parts = draw(st.lists(st.sampled_from(_ATOMS), min_size=1, max_size=3))
    return parts[0] + "".join(draw(st.sampled_from("*/")) + part for part in parts[1:])


@given(unit_texts(), st.floats(1e-6, 1e9))
def test_conversions_to_base_and_back_are_the_identity(unit, value):
    same_kind = [u for u in (*_ATOMS, unit) if compatible(u, unit)]
    for other in same_kind:
        assert math.isclose(convert(convert(value, unit, other), other, unit), value, rel_tol=1e-12)


@given(st.sampled_from(_ATOMS), st.sampled_from(_ATOMS), st.floats(1e-3, 1e6))
def test_changing_units_keeps_a_product(a, b, value):
    """Quantity × factor is the same whichever unit the quantity is given in, when the factor's unit follows."""
    if compatible(a, b):
        per_a, per_b = value, convert(value, f"GJ/({a})", f"GJ/({b})")
        assert math.isclose(7.0 * per_a, convert(7.0, a, b) * per_b, rel_tol=1e-12)


@given(unit_texts())
def test_canonical_and_label_mean_the_same_unit(text):
    assert parse_unit(canonical(text)) == parse_unit(text)
    assert parse_unit(label(text)) == parse_unit(text)


@given(st.one_of(st.text(max_size=70), st.lists(st.sampled_from([*_ATOMS, *"*/()^23 "]), max_size=8).map("".join)))
def test_nothing_but_unit_error_comes_out(text):
    try:
        canonical(text)
    except UnitError as error:
        assert error.zh()


def test_every_alias_leads_to_its_atom():
    for atom in atoms().values():
        for spelling in (atom.id, atom.zh, atom.label, *atom.aliases):
            assert canonical(spelling) == atom.id
    assert set(aliases().values()) == set(atoms())
