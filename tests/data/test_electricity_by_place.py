"""Which power factor each province takes on which day, typed from the notices and compared with what is chosen."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanheng.rules.factors import packaged
from tanheng.rules.streams import SiteInfo

GRIDS = {
    "华北": ["北京", "天津", "河北", "山西", "山东", ("内蒙古", "西部")],
    "东北": ["辽宁", "吉林", "黑龙江", ("内蒙古", "东部")],
    "华东": ["上海", "江苏", "浙江", "安徽", "福建"],
    "华中": ["河南", "湖北", "湖南", "江西"],
    "西北": ["陕西", "甘肃", "青海", "宁夏", "新疆"],
    "南方": ["广东", "广西", "云南", "贵州", "海南"],
    "西南": ["四川", "重庆"],
}
ORDER = ["华北", "东北", "华东", "华中", "西北", "南方", "西南"]
REGIONAL = {  # data year → since when, tCO2/MWh in that order; in 2012 四川 and 重庆 stood in 华中
    "2012": (date(2014, 9, 30), ["0.8843", "0.7769", "0.7035", "0.5257", "0.6671", "0.5271", "0.5257"]),
    "2021": (date(2024, 4, 12), ["0.7120", "0.6012", "0.5992", "0.5354", "0.5951", "0.4326", "0.2113"]),
    "2022": (date(2024, 12, 20), ["0.6776", "0.5564", "0.5617", "0.5395", "0.5857", "0.3869", "0.2268"]),
    "2023": (date(2025, 12, 31), ["0.6361", "0.5122", "0.5500", "0.5271", "0.5543", "0.4042", "0.2472"]),
}
NATIONAL = {  # by indicator: what holds from the three days on
    "average": ["0.5568", "0.5366", "0.5306"],
    "average_excl_market_nonfossil": ["0.5942", "0.5856", "0.6096"],
    "fossil": ["0.8426", "0.8325", "0.8273"],
}
DAYS = [REGIONAL[year][0] for year in ("2021", "2022", "2023")]
PLACES = [
    (grid, *(place if isinstance(place, tuple) else (place, ""))) for grid, found in GRIDS.items() for place in found
]
LIBRARY = packaged()


def chosen(indicator: str, level: str, site: SiteInfo, on: date) -> str | None:
    found = LIBRARY.electricity(indicator, level, site, on)
    return None if found is None else f"{found.value}"


def test_every_province_but_tibet_has_a_grid():
    assert len({province for _, province, _ in PLACES}) == 30


@pytest.mark.parametrize(("grid", "province", "part"), PLACES, ids=lambda value: value or "-")
def test_a_province_takes_its_grid_s_newest_factor_from_the_day_of_its_publication(grid, province, part):
    site, years = SiteInfo(province, part), list(REGIONAL.values())
    number = ORDER.index(grid)
    for (_, before), (day, values) in pairwise(years):
        assert chosen("average", "regional", site, day) == values[number]
        assert chosen("average", "regional", site, day - timedelta(days=1)) == before[number]


@pytest.mark.parametrize("site", [SiteInfo("西藏"), SiteInfo("内蒙古"), SiteInfo("台湾"), SiteInfo("")])
def test_where_nothing_says_which_grid_there_is_no_factor(site):
    assert chosen("average", "regional", site, date(2026, 6, 1)) is None


@pytest.mark.parametrize("indicator", NATIONAL)
def test_national_values_change_on_the_days_of_publication(indicator):
    site = SiteInfo("西藏")
    found = [chosen(indicator, "national", site, day) for day in DAYS]
    assert found == NATIONAL[indicator]
    assert [chosen(indicator, "national", site, day - timedelta(days=1)) for day in DAYS[1:]] == found[:-1]


@pytest.mark.parametrize("indicator", ["average_excl_market_nonfossil", "fossil"])
def test_residual_and_fossil_factors_are_national_only(indicator):
    assert chosen(indicator, "regional", SiteInfo("河北"), date(2026, 6, 1)) is None


def test_a_power_factor_lives_until_the_day_before_its_publication_s_anniversary():
    for year, (day, _) in REGIONAL.items():
        factor = LIBRARY.get(f"average:regional:north:{year}")
        end = day.replace(year=day.year + 1)
        assert not factor.is_expired(end - timedelta(days=1)) and factor.is_expired(end)


def test_the_newest_factor_stays_in_use_after_its_life_and_says_so():
    newest = LIBRARY.get("average:regional:north:2023")
    assert LIBRARY.state(newest, date(2026, 12, 30)) == "expiring"
    assert LIBRARY.state(newest, date(2026, 12, 31)) == "expired"
    assert chosen("average", "regional", SiteInfo("河北"), date(2030, 1, 1)) == "0.6361"


@given(
    st.dates(date(2013, 1, 1), date(2027, 12, 31)),
    st.integers(0, 2000),
    st.sampled_from(PLACES),
    st.sampled_from(["regional", "provincial", "national"]),
)
def test_an_earlier_day_never_sees_a_newer_factor(day, later, place, level):
    site = SiteInfo(place[1], place[2])
    first = LIBRARY.electricity("average", level, site, day)
    second = LIBRARY.electricity("average", level, site, day + timedelta(days=later))
    if first is not None:
        assert first.known_on is not None and first.known_on <= day
        assert second is not None and second.data_year >= first.data_year
