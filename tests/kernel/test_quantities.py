"""Numbers and quantities as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanheng.kernel.errors import InputError
from tanheng.kernel.quantities import parse_number, parse_quantity


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"), ("１２３４．５", "1234.5"), ("1,234,567.8", "1234567.8"), ("１，２３４", "1234"),
        ("1 234 567", "1234567"), ("−3.5", "-3.5"), ("－3.5", "-3.5"), ("负3.5", "-3.5"), ("- 3", "-3"),
        ("+2", "2"), (" 7 ", "7"), (".5", "0.5"), ("1e3", "1E+3"), ("0", "0"),
        (0.1, "0.1"), (3, "3"), ("25.100", "25.100"),
    ],
)  # fmt: skip
def test_numbers_are_read_exactly(text, value):
    assert parse_number(text) == Decimal(value)
    assert str(parse_number(text)) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number.empty"), (None, "number.empty"), ("  ", "number.empty"), ("abc", "number.not_a_number"),
        ("1,23", "number.separators"), ("1,2345", "number.separators"), ("12,34,567", "number.separators"),
        ("#DIV/0!", "number.not_a_number"), (float("nan"), "number.not_finite"), (float("inf"), "number.not_finite"),
        ("1e99", "number.too_large"), (10**50, "number.too_large"), ("9" * 100, "number.too_long"),
        ("一百", "number.not_a_number"), ("1.2.3", "number.not_a_number"), (True, "number.not_a_number"),
        ("nan", "number.not_a_number"), ("1_000", "number.not_a_number"), ("٣", "number.not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_number_has_a_code_and_a_sentence(text, code):
    with pytest.raises(InputError) as caught:
        parse_number(text)
    assert caught.value.code == code
    assert "？" not in caught.value.zh()
    assert code not in caught.value.zh()


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("25.100 GJ/t", "25.100", "GJ/t"), ("1000 t", "1000", "t"), ("1000吨", "1000", "t"), ("93 %", "93", "%"),
        ("1,215,000 t", "1215000", "t"), ("389.31 GJ/1e4Nm3", "389.31", "GJ/1e4Nm3"), ("3 1e4Nm3", "3", "1e4Nm3"),
        ("12万Nm³", "12", "1e4Nm3"), ("5 10⁴Nm³", "5", "1e4Nm3"), ("-5 °C", "-5", "degC"), ("1 000 t", "1000", "t"),
        ("1e3 t", "1E+3", "t"), ("0.0275 吨碳/吉焦", "0.0275", "tC/GJ"),
    ],
)  # fmt: skip
def test_quantities_are_split_into_number_and_unit(text, value, unit):
    quantity = parse_quantity(text)
    assert (str(quantity.value), quantity.unit) == (value, unit)


def test_a_bare_number_takes_the_default_unit_or_is_refused():
    assert parse_quantity("0.9", default_unit="1").unit == "1"
    with pytest.raises(InputError) as caught:
        parse_quantity("0.9")
    assert caught.value.code == "quantity.no_unit"


@given(st.one_of(st.text(), st.floats(), st.integers(), st.from_regex(r"[-+０-９0-9,.eE' −]{1,30}")))
def test_nothing_but_input_error_comes_out_of_parse_number(value):
    try:
        assert parse_number(value).is_finite()
    except InputError as error:
        assert error.zh()


@given(st.one_of(st.text(), st.from_regex(r"[0-9,. ]{0,8} ?[a-zA-Z0-9/%()³万吨*^]{0,12}")))
def test_nothing_but_input_error_comes_out_of_parse_quantity(value):
    try:
        parse_quantity(value)
    except InputError as error:
        assert error.zh()
