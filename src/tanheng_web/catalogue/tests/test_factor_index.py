"""The library in memory: made once for all who share it, and after a publication of what is new only."""

from datetime import date

import pytest

from tanheng.rules.factors import packaged
from tanheng.rules.factors.search import Query
from tanheng_web.catalogue.factors import selectors
from tanheng_web.catalogue.factors.services import lives_set
from tanheng_web.catalogue.tests.factors import GOOD, published
from tanheng_web.organisations.models import Organisation


@pytest.fixture
def sister(world):
    """Another works of the group."""
    return Organisation.objects.create(name="姊妹厂", province="河北", parent=world.group, standard="gbt_32151_5_2015")


@pytest.fixture
def group_s_own(world):
    def publish(code: str, **cells: str):
        said = {"code": code, "supersedes": "", "zh": f"集团因子 {code}", "indicator": "", "region_zh": f"区域 {code}"}
        people = world.people
        return published(world.group, people["superuser"], people["group_admin"], {**GOOD, **said, **cells})

    return publish


def test_those_below_a_group_share_one_library_and_one_index(world, sister, group_s_own):
    group_s_own("A")
    assert selectors.library_for(world.works) is selectors.library_for(sister) is not packaged()
    assert selectors.index_for(world.works) is selectors.index_for(sister)


def test_after_a_publication_only_what_is_new_is_read(world, group_s_own, django_assert_num_queries):
    owner = world.group.pk
    group_s_own("A")
    first = selectors.library_for(world.works).get(f"own:{owner}:A")
    group_s_own("B")
    with django_assert_num_queries(6):  # shelves, lives and their days, the imports, reviewers, the new rows
        library = selectors.library_for(world.works)
    assert library.get(f"own:{owner}:A") is first
    assert library.get(f"own:{owner}:B").zh == "集团因子 B"
    assert selectors.index_for(world.works).search(Query("集团因子")).total == 2


def test_a_shorter_life_of_a_works_is_its_own(world, sister, group_s_own):
    group_s_own("F", klass="化石燃料", carrier="煤", unit="tCO2/t", value="2.5", material="烟煤")
    lives_set(organisation=world.works, years={"fossil_fuel": 2}, soon_days=10, by=world.people["admin"])
    ends = [selectors.library_for(each).get(f"own:{world.group.pk}:F").valid_to for each in (world.works, sister)]
    assert ends == [date(2028, 6, 30), date(2029, 6, 30)]
    assert [selectors.library_for(each).life.soon_days for each in (world.works, sister)] == [10, 90]


def test_nobody_is_answered_from_an_index_that_holds_another_s_standards(world, monkeypatch):
    """While an index is made others go on with the one before: of the same standards only."""
    selectors._indexes.clear()
    plain = selectors.standards_for(world.works)
    monkeypatch.setattr(selectors, "standards_for", lambda organisation: plain[: 1 + (organisation == world.works)])
    mine = selectors.index_for(world.works)
    others = selectors.index_for(world.foreign)
    assert len(mine) > len(others)
    assert selectors.index_for(world.works) is mine and selectors.index_for(world.foreign) is others
