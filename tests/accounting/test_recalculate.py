"""Old and new of a factor change: the columnar way agrees to the last digit with two full runs."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanheng.accounting.completeness import choose
from tanheng.accounting.difference import FACTS, KEY, Pair, delta, difference, keyed, line_decimals
from tanheng.accounting.recalculate import ReplacedLibrary, recalculate
from tanheng.accounting.run import run
from tanheng.accounting.stored_streams import pack, unpack
from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.periods import Period
from tanheng.rules.factors import packaged
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet
from tanheng.rules.table import StreamTable

STEEL = "gbt_32151_5_2015"
AS_OF = date(2025, 12, 31)
PERIOD = Period.parse("2025")
KINDS = (
    ("coal", "washed_coal", "fuel", "in", "", 1200.5),
    ("ng", "natural_gas", "fuel", "in", "", 3.25),
    ("el", "electricity", "electricity", "in", "", 900.1),
    ("el2", "electricity", "electricity", "in", "", 17.3),
    ("el-out", "electricity", "electricity", "out", "", 90.7),
    ("rol-el", "electricity", "electricity", "in", "轧钢", 25.9),
    ("steel", "crude_steel", "product", "out", "", 5000.0),
)
UNITS = {"natural_gas": "1e4Nm3", "electricity": "MWh"}


def _streams(scale: float = 1.0, months: int = 12, factor: str | None = None) -> StreamSet:
    declared = tuple(StreamDecl(id, material, role, way, process) for id, material, role, way, process, _ in KINDS)
    records = tuple(
        StreamRecord(
            id, f"2025-{month:02d}",
            {"quantity": Given(amount * scale * (1 + month / 7), UNITS.get(material, "t"))}, {},
            factor if material == "electricity" and id != "el2" else None,
        )
        for id, material, _, _, _, amount in KINDS for month in range(1, months + 1)
    )  # fmt: skip
    return StreamSet(SiteInfo("河北", name="厂"), declared, records)


def _table(streams: StreamSet) -> StreamTable:
    return StreamTable.from_stream_set(streams, choose(streams, PERIOD).records)


def _grid(streams: StreamSet):
    """The grid factor that a run of the streams takes."""
    doc = run(load_standard(STEEL), streams, period=PERIOD, as_of=AS_OF)
    return next(e["provenance"]["factor_id"] for e in doc.data["defaults"] if e["provenance"].get("kind") == "library")


def _changed(old: str, value: str):
    """A library in which a factor's value is another, under an id of its own."""
    library = packaged()
    new = replace(library.get(old), id="test:new", level="", value=Decimal(value), zh="试验值")
    return library.with_factors([new])


@pytest.mark.parametrize("value", ["0.5", "0.99990000001", "0"])
def test_the_difference_is_that_of_two_full_runs(value):
    standard, streams = load_standard(STEEL), _streams()
    old = _grid(streams)
    library = _changed(old, value)
    new = ReplacedLibrary(library, {old: "test:new"})
    found = recalculate(standard, _table(streams), site=streams.site, as_of=AS_OF, old=library, new=new).difference()
    before = run(standard, streams, period=PERIOD, as_of=AS_OF, library=library).data
    after = run(standard, streams, period=PERIOD, as_of=AS_OF, library=new).data
    assert found.total == Pair(before["total"]["value"], after["total"]["value"])
    assert found == difference(before["lines"], after["lines"], decimals=line_decimals(before))
    assert found.changed == 36 and set(found.groups["stream"]) == {"el", "el2", "el-out"}
    assert {each["provenance"].get("factor_id") for each in after["defaults"]} >= {"test:new"}
    for month, pair in found.groups["month"].items():
        assert pair == Pair(before["months"][month]["value"], after["months"][month]["value"])


def test_a_factor_that_a_stream_names_is_replaced_too():
    library = packaged()
    named = next(f for f in library.all() if f.level == "national" and f.unit == "tCO2/MWh" and f.family == "inventory")
    streams = _streams(factor=named.id)
    other = library.with_factors([replace(named, id="test:new", level="", value=named.value + 1)])
    new = ReplacedLibrary(other, {named.id: "test:new"})
    found = recalculate(load_standard(STEEL), _table(streams), site=streams.site, as_of=AS_OF, old=other, new=new)
    assert set(found.difference().groups["stream"]) == {"el", "el-out"}


def test_an_unchanged_library_changes_nothing():
    streams = _streams()
    found = recalculate(
        load_standard(STEEL), _table(streams), site=streams.site, as_of=AS_OF, old=packaged(), new=packaged()
    ).difference()
    assert found.changed == 0 and not any(found.groups.values()) and found.total.change == 0


def test_stored_streams_give_the_same_lines():
    streams = _streams(months=5)
    table, site = unpack(pack(_table(streams), streams.site))
    assert site == streams.site and list(table.streams) == list(streams.declared)
    same = recalculate(load_standard(STEEL), table, site=site, as_of=AS_OF, old=packaged(), new=packaged())
    again = recalculate(
        load_standard(STEEL), _table(streams), site=streams.site, as_of=AS_OF, old=packaged(), new=packaged()
    )
    for a, b in zip(same.old.blocks, again.old.blocks, strict=True):
        assert np.array_equal(a.value, b.value)


@pytest.mark.parametrize("body", [b"", b"PK", b"{}"])
def test_what_is_no_stored_table_is_refused(body):
    with pytest.raises(InputError, match=r"streams\.unreadable"):
        unpack(body)


def test_replacements_that_cannot_be_are_refused():
    library = packaged()
    grid = next(f for f in library.all() if f.unit == "tCO2/MWh" and f.family == "inventory")
    heat = next(f for f in library.all() if f.unit == "tCO2/GJ")
    other = replace(grid, id="test:mass", unit="tCO2/t")
    with pytest.raises(InputError, match=r"recalculation\.unit"):
        ReplacedLibrary(library.with_factors([other]), {grid.id: other.id})
    with pytest.raises(InputError, match=r"recalculation\.use"):
        ReplacedLibrary(library, {grid.id: heat.id})
    with pytest.raises(NotFound):
        ReplacedLibrary(library, {grid.id: "no:such"})
    with pytest.raises(InputError, match=r"recalculation\.circle"):
        ReplacedLibrary(library, {grid.id: grid.id})


def _lines(values: dict[tuple[str, str], float | None]) -> dict[str, list]:
    lines: dict[str, list] = {name: [] for name in (*KEY, *FACTS)}
    for (stream, month), value in values.items():
        row = {"account": "enterprise", "month": month, "stream": stream, "source": "s", "gas": "CO2", "process": ""}
        row |= {"formula": "f", "mass": value, "value": value, "material": "m", "role": "fuel", "direction": "in"}
        for name, each in row.items():
            lines[name].append(each)
    return lines


cells = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(("2025-01", "2025-02"))),
    st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False)),
    max_size=6,
)


@settings(deadline=None)
@given(st.lists(cells, min_size=1, max_size=5))
def test_following_the_deltas_always_ends_at_the_newest_lines(history):
    held: dict = {}
    for values in history:
        lines = _lines(values)
        found, index = delta(held, lines), keyed(lines)
        facts = list(zip(*(lines[name] for name in FACTS), strict=True))
        held = {key: fact for key, fact in held.items() if key not in found.superseded}
        assert len(held) == found.kept
        held |= {key: facts[n] for key, n in index.items() if n in found.added}
        assert held == {key: facts[n] for key, n in index.items()}
        assert delta(held, lines).is_empty


@settings(deadline=None)
@given(cells, cells)
def test_changes_of_every_group_tell_the_change_of_the_total(old, new):
    found = difference(_lines(old), _lines(new))
    assert found.changed == len({k for k in {*old, *new} if (k in old, old.get(k)) != (k in new, new.get(k))})
    if None not in {*old.values(), *new.values()}:
        for group in ("source", "month", "stream"):
            assert sum(pair.change for pair in found.groups[group].values()) == pytest.approx(
                found.total.change, abs=1e-4
            )


def test_stored_streams_keep_what_is_asked_of_them():
    streams = _streams(months=1)
    asked = replace(streams, declared=tuple(replace(decl, parts=("purchased", "sold")) for decl in streams.declared))
    table, _ = unpack(pack(_table(asked), asked.site))
    assert list(table.streams) == list(asked.declared)
