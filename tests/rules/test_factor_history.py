"""What an enterprise enters later never changes what an earlier day used; what was corrected is history."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.rules.factors import FactorLibrary, LibraryFactor, default_life, packaged
from tanheng.rules.streams import SiteInfo

NORTH = packaged().get("average:regional:north:2023")
HEBEI = SiteInfo("河北")
FEBRUARY, MAY = date(2026, 2, 1), date(2026, 5, 1)


def own(code: str, version: int = 1, recorded_on: date = FEBRUARY, **fields) -> LibraryFactor:
    """An enterprise's own entry, like the regional average of 2023."""
    fields = {"valid_to": None, "owner": "own:1", "published_on": date(2026, 1, 15), **fields}
    factor = replace(NORTH, id=f"own:1:{code}", version=version, recorded_on=recorded_on, **fields)
    return default_life().applied(factor)


def chosen(library: FactorLibrary, on: date) -> LibraryFactor:
    found = library.electricity("average", "regional", HEBEI, on)
    assert found is not None
    return found


def test_an_old_version_s_replacement_still_holds_on_its_days():
    """A stream that names the factor of 2023 used 0.5 in March; the correction of May must not turn it into 0.6361."""
    first = own("N", supersedes=NORTH.id, value=Decimal("0.5"))
    second = replace(first, version=2, recorded_on=MAY, value=Decimal("0.6"))
    library = packaged().with_factors([first, second])
    assert [str(library.in_use(NORTH, day).value) for day in (date(2026, 1, 31), date(2026, 3, 1), MAY)] == [
        "0.6361", "0.5", "0.6",
    ]  # fmt: skip


def test_a_replacement_taken_back_is_gone_from_that_day():
    first = own("N", supersedes=NORTH.id, value=Decimal("0.5"))
    library = packaged().with_factors([first, replace(first, version=2, recorded_on=MAY, supersedes="")])
    assert library.in_use(NORTH, date(2026, 3, 1)).value == Decimal("0.5")
    assert library.in_use(NORTH, MAY) == NORTH


@pytest.mark.parametrize(
    ("recorded_on", "data_year"),
    [(FEBRUARY, "2024"), (MAY, "2023")],
    ids=["corrected the same day", "its year corrected"],
)
def test_a_corrected_version_takes_the_place_of_the_wrong_one(recorded_on, data_year):
    wrong = own("N", data_year="2024", value=Decimal("0.7"))
    right = replace(wrong, version=2, recorded_on=recorded_on, data_year=data_year, value=Decimal("0.8"))
    assert chosen(packaged().with_factors([wrong, right]), date(2026, 6, 1)).version == 2


@pytest.mark.parametrize(
    "fields",
    [
        {"family": "life_cycle"},
        {"quantity": "coal_equivalent", "unit": "tce/GJ"},
        {"klass": "heat"},
        {"unit": "tCO2e/MWh", "gas": "CO2e"},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_entry_of_another_kind_is_never_taken_for_the_grid_s_average(fields):
    library = packaged().with_factors([own("X", data_year="2025", **fields)])
    assert chosen(library, MAY) == NORTH


def test_a_provincial_entry_without_a_province_is_nobody_s():
    library = packaged().with_factors([own("P", data_year="2025", level="provincial", province="")])
    assert library.electricity("average", "provincial", SiteInfo(""), MAY) is None


DAYS = st.dates(date(2025, 12, 1), date(2026, 6, 30))


@st.composite
def histories(draw) -> list[LibraryFactor]:
    """Some own factors in a few versions each, which replace a published one, each other, or nothing."""
    found = []
    for code in draw(st.lists(st.sampled_from("ABC"), min_size=1, max_size=3, unique=True)):
        days = sorted(draw(st.lists(DAYS, min_size=1, max_size=3)))
        for version, day in enumerate(days, 1):
            # only towards earlier letters: a circle is refused elsewhere
            older = ["", NORTH.id, *(f"own:1:{other}" for other in "ABC" if other < code)]
            said = {"supersedes": draw(st.sampled_from(older)), "data_year": draw(st.sampled_from(["2022", "2024"]))}
            found.append(own(code, version, day, value=Decimal(draw(st.integers(1, 9))) / 10, **said))
    return found


@settings(max_examples=60, deadline=None)
@given(histories(), DAYS)
def test_what_is_recorded_later_never_changes_what_a_day_sees(history, on):
    """As of a day, the library with its future and the one without it choose alike, and only what was known."""
    known = [factor for factor in history if factor.known_on <= on]
    with_future, without = FactorLibrary([NORTH, *history]), FactorLibrary([NORTH, *known])
    for one in (with_future, without):
        assert chosen_or_none(one, on) is None or chosen_or_none(one, on).is_known(on)
    assert chosen_or_none(with_future, on) == chosen_or_none(without, on)
    assert with_future.in_use(NORTH, on) == without.in_use(NORTH, on)


def chosen_or_none(library: FactorLibrary, on: date) -> LibraryFactor | None:
    return library.electricity("average", "regional", HEBEI, on)
