"""What only one of two results has is told by its true reason: a month, a gap, a deduction, another way to count."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanheng.accounting import Comparison, Scope, compare, load_case, run
from tanheng.kernel.periods import Period
from tanheng.kernel.resources import data_dir
from tanheng.rules.exact import exact
from tanheng.rules.package import Standard, load_standard

TONNE = 28.447 * 0.0295 * 0.93 * 44 / 12  # tCO2 of a tonne of coke at the standard's defaults


def months(year: int, last: int, *without: int, amount: str = "10 t") -> dict[str, dict[str, str]]:
    return {f"{year}-{n:02d}": {"quantity": amount} for n in range(1, last + 1) if n not in without}


def parts(found: Comparison) -> dict[str, tuple[float, str]]:
    assert found.exact == exact(found.total.after or 0.0) - exact(found.total.before or 0.0)
    own = [part for source in found.differences for stream in source.streams for part in stream.parts]
    return {part.kind: (part.value, part.text) for part in own}


def test_a_month_that_is_missing_is_a_gap_and_no_lower_consumption(account: Any) -> None:
    before = account({"a": ("coke", "fuel", months(2022, 12))})
    after = account({"a": ("coke", "fuel", months(2023, 12, 3))}, period="2023")
    found = parts(compare(before, after))
    assert found.keys() == {"gap"}
    assert found["gap"][0] == pytest.approx(-10 * TONNE)
    assert "2023 年缺 2023 年 3 月的数据" in found["gap"][1]
    back = parts(compare(after, before))
    assert back["gap"][0] == pytest.approx(10 * TONNE) and "2023 年缺 2023 年 3 月" in back["gap"][1]


def test_a_longer_period_has_more_months_and_the_rest_is_compared_month_by_month(account: Any) -> None:
    before = account({"a": ("coke", "fuel", months(2022, 12))})
    after = account({"a": ("coke", "fuel", months(2023, 9, amount="11 t"))}, period="2023-01..2023-09")
    found = parts(compare(before, after))
    assert found.keys() == {"months", "activity"}
    assert found["months"][0] == pytest.approx(-30 * TONNE)
    assert "多 3 个月（2022 年 10 月、2022 年 11 月、2022 年 12 月）" in found["months"][1]
    assert found["activity"][0] == pytest.approx(9 * TONNE)


def test_a_stream_that_began_later_is_absent_before(account: Any) -> None:
    before = account({"a": ("coke", "fuel", months(2022, 12))})
    late = {f"2023-{n:02d}": {"quantity": "10 t"} for n in range(6, 13)}
    begun = {"first_month": Period.parse("2023-06").first}
    after = account({"a": ("coke", "fuel", late, begun)}, period="2023")
    found = parts(compare(before, after))
    assert found.keys() == {"absent"}
    assert "2023 年在 2023 年 1 月、2023 年 2 月、2023 年 3 月等 5 个月没有这一项" in found["absent"][1]


def test_an_annual_record_against_months_is_still_compared_as_a_whole(account: Any) -> None:
    before = account({"a": ("coke", "fuel", {"2022": {"quantity": "100 t"}})})
    after = account({"a": ("coke", "fuel", months(2023, 12))}, period="2023")
    assert parts(compare(before, after)).keys() == {"activity"}


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    one=st.sets(st.integers(1, 12), min_size=1), two=st.sets(st.integers(1, 12), min_size=1), last=st.integers(1, 12)
)
def test_whatever_months_are_missing_the_reasons_add_up(account: Any, one: set[int], two: set[int], last: int) -> None:
    first = {f"2022-{n:02d}": {"quantity": f"{n}.37 t"} for n in one}
    second = {f"2023-{n:02d}": {"quantity": f"{n + 1}.11 t"} for n in two if n <= last} or {
        "2023-01": {"quantity": "1 t"}
    }
    before = account({"a": ("coke", "fuel", first), "b": ("limestone", "flux", months(2022, 12))})
    after = account(
        {"a": ("coke", "fuel", second), "b": ("limestone", "flux", months(2023, last))},
        period=f"2023-01..2023-{last:02d}",
    )
    found = compare(before, after)
    assert found.exact == exact(found.total.after) - exact(found.total.before)
    assert sum((p.exact for p in found.parts if p.kind == "mix"), Fraction(0)) == 0


def aluminium_under_both() -> Comparison:
    path = data_dir() / "standards/cets_ag_04_01_v01_2024/cases/enterprise_level.yaml"
    case = load_case(path)
    docs = [
        run(load_standard(name), case.stream_set, period=case.period, as_of=case.as_of)
        for name in ("gbt_32151_4_2015", "cets_ag_04_01_v01_2024")
    ]
    return compare(*docs)


def reasons(found: Comparison, source: str) -> list[tuple[str, str]]:
    streams = next(entry for entry in found.differences if entry.id == source).streams
    return [(part.kind, part.text) for stream in streams for part in stream.parts]


def test_anodes_by_metal_or_by_mass_are_two_ways_to_count_and_no_boundary() -> None:
    told = reasons(aluminium_under_both(), "anode_consumption")
    assert {kind for kind, _ in told} == {"formula"}
    assert all("算法不同" in text and "原铝" in text and "阳极" in text for _, text in told)


def test_what_only_one_standard_deducts_is_said_to_be_deducted() -> None:
    found = aluminium_under_both()
    told = [text for entry in found.differences for _, text in reasons(found, entry.id) if "扣除" in text]
    assert any("自备电厂" in text and "不扣除" in text for text in told)


def test_two_plants_are_called_by_their_names_in_sentences(steel: Standard, plant: Any) -> None:
    docs = []
    for name, year in (("甲厂", 2022), ("乙厂", 2023)):
        streams = plant({"a": ("coke", "fuel", {str(year): {"quantity": f"{year} t"}})})
        named = replace(streams, site=replace(streams.site, name=name))
        docs.append(run(steel, named, period=Period.parse(str(year))))
    found = compare(*docs)
    assert found.names == ("甲厂 2022 年", "乙厂 2023 年")
    assert parts(found)["activity"][1] == "活动数据不同：甲厂 2,022 t，乙厂 2,023 t"


def test_what_a_process_meters_for_itself_and_the_rest_of_the_works_are_told_as_what_they_are(account: Any) -> None:
    """未分配 has flows of its own; 其他 is a difference. Neither is a share that the enterprise has set."""
    docs = [
        account(
            {
                "own": ("anthracite", "fuel", {str(year): {"quantity": f"{year} t"}}, {"process": "炼铁"}),
                "bf": ("coke", "fuel", {str(year): {"quantity": "100 t"}}, {"process": "炼铁/1号高炉"}),
                "bought": ("coke", "fuel", {str(year): {"quantity": f"{2 * year} t"}}),
            },
            period=str(year),
        )
        for year in (2022, 2023)
    ]
    own = compare(*docs, before_scope=Scope("炼铁/未分配"), after_scope=Scope("炼铁/未分配"))
    assert [part.kind for part in own.parts] == ["activity"] and not own.rest
    rest = compare(*docs, before_scope=Scope("其他"), after_scope=Scope("其他"))
    assert rest.exact == exact(rest.total.after or 0.0) - exact(rest.total.before or 0.0) != 0
    assert [part.text for part in rest.rest if "差额" in part.text]
    assert not any("比例" in part.text for part in (*own.rest, *rest.rest))
