"""Electricity of a site in another province takes the factor of that site's grid."""

import pytest

from tanheng.kernel.periods import Month, Period
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.selectors import stream_set
from tanheng_web.collection.services import stream_change
from tanheng_web.inventory.selectors import is_stale
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.models import Process, Site
from tanheng_web.organisations.services import site_add


@pytest.fixture
def works(world):
    works_with_streams(world.works, world.people["superuser"])
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=world.people["manager"])
    return world.works


def factors(run) -> dict[str, float]:
    rows = [row for row in run.summary["streams"] if row["role"] == "electricity"]
    return {row["id"]: row["inputs"]["emission_factor"]["value"] for row in rows}


def test_a_site_on_another_grid_uses_its_own_factor(world, works):
    by = world.people["manager"]
    before = run_execute_now(organisation=works, period="2025-01", by=by)
    south = site_add(organisation=works, by=by, name="南方厂区", province="广东")
    stream_change(by=by, stream=SourceStream.objects.get(organisation=works, code="el"), site=south)
    assert is_stale(before, works)
    after = run_execute_now(organisation=works, period="2025-01", by=by)
    assert factors(after)["el"] != factors(before)["el"]
    assert factors(after)["el-out"] == factors(before)["el-out"]
    difference = 90_000 * (factors(after)["el"] - factors(before)["el"])
    assert after.total - before.total == pytest.approx(difference)


def test_a_process_lies_where_its_site_does(world, works):
    by = world.people["manager"]
    south = site_add(organisation=works, by=by, name="南方厂区", province="广东")
    Process.objects.filter(organisation=works, name="轧钢").update(site=south)
    streams = stream_set(works, Period.parse("2025-01"))
    sites = {decl.id: decl.site for decl in streams.declared}
    assert sites["rol-el"] == "南方厂区"
    assert sites["el"] == ""
    assert streams.places["南方厂区"].province == "广东"


def test_a_site_in_the_same_province_is_no_other_place(world, works):
    Site.objects.filter(organisation=works).update(province="河北")
    assert not stream_set(works, Period.parse("2025-01")).places
