"""A library that knows its age: lives by class, states, versions as known on a day, replacements, families."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanheng.accounting.run import run
from tanheng.kernel.errors import InputError, NotFound, OutOfRange
from tanheng.kernel.periods import Period
from tanheng.rules.factors import FactorLibrary, LibraryFactor, default_life, packaged, vocabulary, word
from tanheng.rules.factors.life import years_after
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

PLAIN = packaged().get("average:regional:north:2023")
LIFE = default_life()


def made(**fields) -> LibraryFactor:
    """An entry like the regional average, with the life of its class."""
    fields.setdefault("valid_to", None)
    return LIFE.applied(replace(PLAIN, **fields))


def published(klass: str, on: date, **fields) -> LibraryFactor:
    return made(id="x", klass=klass, published_on=on, valid_from=on, **fields)


@pytest.mark.parametrize("klass", ["electricity", "heat"])
def test_a_power_or_heat_factor_of_2024_01_01_is_expired_on_2025_01_01(klass):
    factor = published(klass, date(2024, 1, 1))
    library = FactorLibrary([factor])
    assert library.state(factor, date(2024, 12, 31)) == "expiring"
    assert library.state(factor, date(2025, 1, 1)) == "expired"


def test_a_fossil_fuel_lives_three_years_and_no_longer():
    factor = published("fossil_fuel", date(2023, 5, 10))
    assert not factor.is_expired(date(2026, 5, 9)) and factor.is_expired(date(2026, 5, 10))
    with pytest.raises(OutOfRange) as refused:
        LIFE.refuse_too_long(replace(factor, valid_to=date(2026, 5, 11)))
    assert refused.value.code == "factor.life_too_long"
    assert "3 年" in refused.value.zh()


def test_a_table_printed_in_a_standard_does_not_expire():
    factor = published("fossil_fuel", date(2013, 1, 1), printed_in="gbt_32151_4_2015")
    assert FactorLibrary([factor]).state(factor, date(2040, 1, 1)) == "current"
    assert packaged().state(packaged().get("heat_default:national:china:any"), date(2040, 1, 1)) == "current"


def test_an_enterprise_may_shorten_a_life_but_not_exceed_the_standard_s():
    own = LIFE.with_years({"fossil_fuel": 2, "upstream": 4}, 10)
    factor = replace(published("fossil_fuel", date(2023, 5, 10)), valid_to=None)
    assert own.applied(factor).valid_to == date(2025, 5, 10)
    assert own.soon_days == 10
    with pytest.raises(OutOfRange):
        LIFE.with_years({"electricity": 2})


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)), st.integers(1, 5))
def test_a_life_of_years_ends_on_the_same_day(day, years):
    end = years_after(day, years)
    assert end.year == day.year + years
    assert abs((end - day).days - 365.25 * years) < 1.8


@given(st.integers(-800, 800))
def test_a_factor_is_in_exactly_one_state_and_ages_one_way(days):
    order = ["not_yet_valid", "current", "expiring", "expired"]
    factor = published("electricity", date(2024, 1, 1))
    library, on = FactorLibrary([factor]), date(2024, 1, 1) + timedelta(days)
    assert order.index(library.state(factor, on)) <= order.index(library.state(factor, on + timedelta(days=1)))


def test_expired_with_and_without_something_newer_are_two_states():
    library = packaged()
    old, newest = library.get("average:regional:north:2022"), library.get("average:regional:north:2023")
    assert library.state(old, date(2026, 1, 5)) == "expired_with_successor"
    assert library.state(old, date(2025, 12, 20)) == "expired"  # the newer one was not published yet
    assert library.state(newest, date(2027, 1, 1)) == "expired"
    assert library.successor(old, date(2026, 1, 5)) == newest


def test_versions_are_seen_as_known_on_a_day():
    first = made(id="own:1:A", version=1, owner="own:1", recorded_on=date(2026, 2, 1), value=Decimal("0.6"))
    second = replace(first, version=2, recorded_on=date(2026, 5, 1), value=Decimal("0.7"))
    library = FactorLibrary([second, first])
    assert library.get("own:1:A") == second
    assert library.get("own:1:A", date(2026, 4, 30)) == first
    assert library.get("own:1:A", date(2020, 1, 1)) == first and not first.is_known(date(2020, 1, 1))
    assert library.newest_publication == date(2026, 5, 1)
    with pytest.raises(InputError):
        FactorLibrary([first, first])


def test_a_chain_of_replacements_is_followed_as_known_and_a_circle_is_refused():
    second = made(id="B", supersedes="A", recorded_on=date(2026, 2, 1))
    third = made(id="C", supersedes="B", recorded_on=date(2026, 3, 1))
    first = made(id="A")
    library = FactorLibrary([first, second, third])
    assert [library.in_use(first, day).id for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 3, 1))] == [
        *"ABC"
    ]
    assert library.state(first, date(2026, 3, 1)) == "superseded"
    circle = FactorLibrary([replace(first, supersedes="B", recorded_on=date(2026, 2, 1)), second])
    with pytest.raises(InputError) as refused:
        circle.in_use(second, date(2026, 6, 1))
    assert refused.value.code == "factor.replaced_in_a_circle"


def test_an_unknown_id_is_refused_with_those_alike():
    with pytest.raises(NotFound) as refused:
        packaged().get("average:regional:north:1999")
    assert "average:regional:north:2021" in refused.value.values["near"]


def _accounted(factor: str | None, *, library=None, as_of=None, level="regional"):
    streams = StreamSet(
        SiteInfo("河北", options={"electricity_factor_level": level}),
        (StreamDecl("el", "electricity", "electricity"),),
        (StreamRecord("el", "2025", {"quantity": Given(1000, "MWh")}, {}, factor),),
    )
    standard = load_standard("gbt_32151_5_2015")
    return run(standard, streams, period=Period.parse("2025"), library=library, as_of=as_of).data


@pytest.mark.parametrize(
    "factor", [f.id for f in packaged().all() if f.family == "life_cycle" and f.quantity == "emission_factor"][::7]
)
def test_a_life_cycle_factor_in_an_inventory_is_a_gap_that_says_so(factor):
    data = _accounted(factor)
    assert not data["complete"]
    assert [gap["code"] for gap in data["gaps"]] == ["factor.family"]


@pytest.mark.parametrize(
    ("role", "quantity", "factor"),
    [
        ("electricity", Given(1000, "MWh"), "heat_default:national:china:any"),
        ("electricity", Given(1000, "MWh"), "cbam:fuel:crude_oil:emission_factor"),
        ("heat", Given(1000, "GJ"), "average:regional:north:2023"),
    ],
)
def test_a_power_factor_is_no_heat_factor_though_their_units_convert(role, quantity, factor):
    """0.11 tCO2/GJ would be 0.396 tCO2/MWh, 0.6361 tCO2/MWh would be 0.1767 tCO2/GJ."""
    streams = StreamSet(
        SiteInfo("河北"),
        (StreamDecl("x", role, role),),
        (StreamRecord("x", "2025", {"quantity": quantity}, {}, factor),),
    )
    data = run(load_standard("gbt_32151_5_2015"), streams, period=Period.parse("2025")).data
    assert [gap["code"] for gap in data["gaps"]] == ["factor.carrier"]


def test_a_replacement_is_used_and_said_and_an_earlier_day_gives_the_earlier_result():
    new = made(id="own:1:N", supersedes="average:regional:north:2023", value=Decimal("0.5"), unit="tCO2/MWh",
               owner="own:1", recorded_on=date(2026, 5, 1), published_on=date(2026, 4, 1))  # fmt: skip
    library = packaged().with_factors([new])
    for factor in (None, "average:regional:north:2023"):
        data = _accounted(factor, library=library)
        assert data["sources"]["purchased_electricity"]["value"] == pytest.approx(500)
        before = _accounted(factor, library=library, as_of=date(2026, 4, 30))
        assert before["sources"] == _accounted(factor)["sources"]
    assert "factor.replaced" in [warning["code"] for warning in data["warnings"]]


def test_a_factor_published_after_the_day_is_used_where_it_is_named_and_said():
    data = _accounted("average:regional:north:2023", as_of=date(2025, 1, 1))
    assert data["complete"]
    assert "factor.not_yet_known" in [warning["code"] for warning in data["warnings"]]


def test_an_expired_factor_in_use_is_flagged():
    codes = [warning["code"] for warning in _accounted(None, as_of=date(2027, 1, 1))["warnings"]]
    assert "factor.expired" in codes


def test_every_word_of_a_factor_has_a_name():
    for factor in packaged().all():
        for name in vocabulary():
            value = str(getattr(factor, name))
            for part in value.split() if name == "metal" else [value]:
                assert not part or part in vocabulary()[name], (factor.id, name, part)
    assert word("metal", "pb zn") == "铅、锌"
