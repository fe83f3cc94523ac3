"""What a page shows first is the primary standard of the year, not the enterprise's own of other years."""

import pytest
from django.utils import timezone

from tanheng_web.dashboards.boundary.pages import boundary_page
from tanheng_web.inventory.comparison.choice import default_pair
from tanheng_web.inventory.comparison.pages import _proposed
from tanheng_web.inventory.control_plan.selectors import guides
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.services import results_refresh
from tanheng_web.organisations.models import StandardChoice
from tanheng_web.organisations.services import standards_choose

STEEL, VIEW, ETS = "gbt_32151_5_2015", "iso_14064_1_2018", "cets_ag_03_01_v01_2024"


@pytest.fixture
def under_ets(works, world):
    manager = world.people["manager"]
    assert works.standard == STEEL
    standards_choose(organisation=works, year=2025, standards=[STEEL, ETS, VIEW], primary=ETS, by=manager)
    results_refresh(organisation=works, year=2025, by=manager, now=True)
    return works


def test_comparisons_begin_with_the_primary_standard_of_the_year(under_ets):
    runs = list(Run.objects.current().filter(organisation=under_ets).select_related("organisation"))
    ets = next(run for run in runs if run.standard == ETS)
    assert default_pair(runs, under_ets)[0] == ets
    assert _proposed(runs, under_ets) == [str(ets.pk)]


def test_the_boundary_is_held_against_the_primary_standard_of_the_year(under_ets, world):
    assert boundary_page(under_ets, world.people["manager"], 2025)["standard"].id == ETS
    assert boundary_page(under_ets, world.people["manager"], 2024)["standard"].id == STEEL


def test_the_guides_are_those_of_the_industry_whatever_the_own_standard(under_ets):
    type(under_ets).objects.filter(pk=under_ets.pk).update(standard=VIEW)
    under_ets.refresh_from_db()
    StandardChoice.objects.filter(organisation=under_ets).update(year=timezone.localdate().year)
    assert [id for id, _ in guides(under_ets)] == [ETS]
