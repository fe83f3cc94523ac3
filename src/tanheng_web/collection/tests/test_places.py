"""Electricity of a site in another province takes the factor of that site's grid."""

import pytest
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.selectors import stream_set
from tanheng_web.collection.services import stream_change
from tanheng_web.inventory.selectors import is_stale
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.models import Process, Site
from tanheng_web.organisations.services import site_add, site_change


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


def test_a_site_names_its_part_of_a_province_with_two_grids(world, works):
    """The works lie in 蒙西, the site in 蒙东: another grid of the same province, another factor, and no gap."""
    type(works).objects.filter(pk=works.pk).update(province="内蒙古", grid_part="西部")
    Site.objects.filter(organisation=works).update(province="内蒙古")
    works.refresh_from_db()
    by = world.people["manager"]
    before = run_execute_now(organisation=works, period="2025-01", by=by)
    east = site_add(organisation=works, by=by, name="东区", province="内蒙古", grid_part="蒙东")
    assert east.grid_part == "东部", "what people call it is understood"
    stream_change(by=by, stream=SourceStream.objects.get(organisation=works, code="el"), site=east)
    assert is_stale(before, works)
    places = stream_set(works, Period.parse("2025-01")).places
    assert {name: (place.province, place.part) for name, place in places.items()} == {"东区": ("内蒙古", "东部")}
    after = run_execute_now(organisation=works, period="2025-01", by=by)
    assert after.summary["complete"]
    assert factors(after)["el"] != factors(before)["el"]
    assert factors(after)["el-out"] == factors(before)["el-out"]
    site_change(site=east, by=by, name="东区", province="内蒙古", grid_part="西部")
    assert is_stale(after, works)
    assert not stream_set(works, Period.parse("2025-01")).places


def test_a_site_without_a_part_lies_on_the_grid_of_its_works(world, works):
    type(works).objects.filter(pk=works.pk).update(province="内蒙古", grid_part="东部")
    Site.objects.filter(organisation=works).update(province="内蒙古")
    works.refresh_from_db()
    assert not stream_set(works, Period.parse("2025-01")).places


def test_a_part_of_another_province_is_refused(world, works):
    with pytest.raises(InputError) as caught:
        site_add(organisation=works, by=world.people["manager"], name="东区", province="河北", grid_part="东部")
    assert caught.value.code == "web.site_part"


def test_the_form_asks_for_the_part(world, works, sign_in):
    client, url = sign_in("manager"), reverse("settings:site-add", kwargs={"org": works.pk})
    refused = client.post(url, {"name": "东区", "province": "内蒙古"})
    assert refused.status_code == 422
    assert "请选择所在区域" in refused.content.decode()
    assert client.post(url, {"name": "东区", "province": "内蒙古", "grid_part": "东部"}).status_code == 302
    page = client.get(reverse("settings:sites", kwargs={"org": works.pk})).content.decode()
    assert "内蒙古（蒙东）" in page
    assert "不属于同一电网" in page


def test_a_site_that_nobody_placed_is_named_on_the_page(world, works, sign_in):
    Site.objects.create(organisation=works, name="旧厂区", province="内蒙古")
    page = sign_in("manager").get(reverse("settings:sites", kwargs={"org": works.pk})).content.decode()
    assert "分属两个电网，没有说明在哪一个" in page
