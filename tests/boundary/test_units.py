"""Energy in tce or kWh, mass and volume in any unit: what is displayed converts back without loss (N-7.7.2)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.kernel.units import convert

PAIRS = [("GJ", "tce"), ("tce", "kWh"), ("GJ", "MWh"), ("t", "kg"), ("1e4Nm3", "Nm3"), ("tCO2e", "1e4tCO2e")]


@pytest.mark.parametrize(("unit", "other"), PAIRS)
@settings(deadline=None)
@given(value=st.floats(-1e12, 1e12, allow_nan=False))
def test_display_units_convert_without_loss(unit, other, value):
    assert convert(convert(value, unit, other), other, unit) == pytest.approx(value, rel=1e-12, abs=1e-9)


def test_a_tonne_of_standard_coal_is_7000_kcal_a_kilogram():
    assert convert(1.0, "tce", "GJ") == pytest.approx(29.3076)
    assert convert(1.0, "tce", "kWh") == pytest.approx(29307.6 / 3.6)
