"""The search over the factor library: the same as reading every entry, in any combination."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.rules.factors import DIMENSIONS, packaged
from tanheng.rules.factors.search import FactorIndex, Query, value_of
from tanheng.rules.factors.tables import printed_factors

FACTORS = [*packaged().all(), *printed_factors(["gbt_32151_5_2015", "gbt_32151_4_2015"])]
INDEX = FactorIndex(FACTORS)
WORDS = [
    "华北",
    "电力",
    "2021",
    "铝",
    "电解铝",
    "天然气",
    "排放因子",
    "cf4",
    "生态环境部",
    "低位",
    "不存在的词",
    "石油焦 欧盟",
]


def naive(query: Query) -> list[str]:
    """Read every entry: each word somewhere, each dimension one of the wanted values."""
    found = []
    for factor in INDEX.factors:
        fits = all(
            set(factor.metal.split()) & set(wanted) if name == "metal" else value_of(factor, name) in wanted
            for name, wanted in query.chosen.items()
            if wanted
        )
        if fits and all(word.lower() in INDEX.text_of(factor.id) for word in query.text.split()):
            found.append(factor.id)
    return found


chosen = st.dictionaries(st.sampled_from(DIMENSIONS), st.just(0), max_size=3).flatmap(
    lambda names: st.fixed_dictionaries(
        {
            name: st.lists(
                st.sampled_from(sorted({value_of(f, name) for f in FACTORS} - {""}) or ["-"]), max_size=2
            ).map(tuple)
            for name in names
        }
    )
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=3), chosen)
def test_the_index_finds_what_reading_every_entry_finds(words, chosen):
    query = Query(" ".join(words), chosen, limit=10_000)
    expected = naive(query)
    found = INDEX.search(query)
    assert found.total == len(expected)
    assert sorted(factor.id for factor in found.factors) == sorted(expected)


@settings(max_examples=60, deadline=None)
@given(chosen)
def test_a_facet_tells_how_many_there_would_be(chosen):
    found = INDEX.search(Query("", chosen))
    for name in ("stage", "klass"):
        for value, number in found.facets[name].items():
            assert INDEX.search(Query("", {**chosen, name: (value,)})).total == number


def test_pages_together_are_the_whole():
    whole = INDEX.search(Query("排放因子", limit=10_000))
    parts = [INDEX.search(Query("排放因子", offset=at, limit=50)).factors for at in range(0, whole.total, 50)]
    assert len({factor.id for part in parts for factor in part}) == whole.total == sum(map(len, parts))


def test_words_of_two_characters_in_any_order_find_the_grid_factor_of_a_year():
    found = INDEX.search(Query("电力 华北", {"data_year": ("2021",)}))
    assert [factor.id for factor in found.factors] == ["average:regional:north:2021"]


@pytest.mark.parametrize(
    ("dimension", "value"),
    [("metal", "al"), ("stage", "smelting"), ("carrier", "electricity"), ("emission_type", "direct"),
     ("gas", "CO2"), ("region", "华北"), ("data_year", "2023"), ("publisher", "生态环境部")],
)  # fmt: skip
def test_every_dimension_of_the_standard_can_be_asked_for(dimension, value):
    found = INDEX.search(Query("", {dimension: (value,)}, limit=5000))
    assert found.total and all(
        value in f.metal.split() if dimension == "metal" else value_of(f, dimension) == value for f in found.factors
    )


def test_names_that_say_the_words_come_first():
    found = INDEX.search(Query("柴油"))
    assert "柴油" in found.factors[0].zh


def test_full_width_and_capitals_are_the_same_letters():
    assert INDEX.search(Query("ＣＰＣＤ")).total == INDEX.search(Query("cpcd")).total > 0


def test_a_library_without_entries_finds_nothing():
    assert FactorIndex([]).search(Query("电力", {"metal": ("al",)})).total == 0


def test_printed_tables_are_entries_of_their_standard_and_read_only():
    entries = [factor for factor in FACTORS if factor.owner == "standard:gbt_32151_5_2015"]
    assert entries and all(factor.printed_in == "gbt_32151_5_2015" for factor in entries)
    assert len({replace(factor, zh="").id for factor in entries}) == len(entries)
