"""Sites and processes: services and pages."""

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import InputError
from tanheng_web.collection.services import streams_create
from tanheng_web.organisations import services
from tanheng_web.organisations.models import Organisation, Process, Site
from tanheng_web.organisations.selectors import plant_tree


@pytest.fixture
def plant(world):
    """A works with two sites, two processes and a sub-process."""
    by, works = world.people["manager"], world.works
    main = services.site_default(works)
    north = services.site_add(organisation=works, by=by, name="北区", province="河北")
    iron = services.process_add(organisation=works, by=by, name="炼铁", kind="ironmaking")
    furnace = services.process_add(organisation=works, by=by, name="1号高炉", parent=iron)
    lime = services.process_add(organisation=works, by=by, name="石灰", kind="lime", site=north)
    return {"main": main, "north": north, "iron": iron, "furnace": furnace, "lime": lime}


def settings_url(world, path: str = "") -> str:
    return f"/o/{world.works.pk}/settings/{path}"


def test_an_enterprise_that_reports_starts_with_a_site_and_a_group_with_none(world):
    by = world.people["manager"]
    made = services.organisation_create(by=by, name="新厂", province="山东", site_name="东区")
    assert [(site.name, site.province) for site in made.sites.all()] == [("东区", "山东")]
    group = services.organisation_create(by=by, name="新集团", kind="group")
    assert not group.sites.exists()
    for refused in (services.site_add, services.process_add):
        extra = {"province": "山东"} if refused is services.site_add else {}
        with pytest.raises(InputError, match=r"web\.group_has_no_plant"):
            refused(organisation=group, by=by, name="x", **extra)


def test_processes_lie_on_sites_and_the_tree_shows_it(plant, world):
    assert plant["furnace"].site == plant["iron"].site == plant["main"]
    tree = plant_tree(world.works)
    assert [(site.name, [top.name for top, _subs in tops]) for site, tops in tree] == [
        ("主厂区", ["炼铁"]),
        ("北区", ["石灰"]),
    ]


def test_a_process_moves_with_what_is_below_it(plant, world):
    by = world.people["manager"]
    services.process_change(process=plant["iron"], by=by, name="高炉炼铁", site=plant["north"])
    plant["furnace"].refresh_from_db()
    assert plant["furnace"].site == plant["north"]
    assert plant["furnace"].path == "高炉炼铁/1号高炉"
    plant["iron"].refresh_from_db()
    services.process_change(process=plant["furnace"], by=by, name="1号高炉", parent=None)
    services.process_change(process=plant["lime"], by=by, name="石灰", parent=plant["iron"])
    assert Process.objects.get(pk=plant["lime"].pk).path == "高炉炼铁/石灰"
    entry = world.works.audit_entries.filter(action="process.change").first()
    assert entry.data["parent"] == ["", "高炉炼铁"]


def test_two_levels_are_enough(plant, world):
    by = world.people["manager"]
    with pytest.raises(InputError, match=r"web\.process_parent"):
        services.process_add(organisation=world.works, by=by, name="风口", parent=plant["furnace"])
    with pytest.raises(InputError, match=r"web\.process_has_subs"):
        services.process_change(process=plant["iron"], by=by, name="炼铁", parent=plant["lime"])
    with pytest.raises(InputError, match=r"web\.process_has_subs"):
        services.process_change(process=plant["lime"], by=by, name="石灰", parent=plant["lime"])


def test_a_foreign_process_or_site_is_no_place(plant, world):
    by = world.people["superuser"]
    foreign = services.process_add(organisation=world.foreign, by=by, name="炼钢")
    with pytest.raises(InputError, match=r"web\.process_parent"):
        services.process_add(organisation=world.works, by=by, name="x", parent=foreign)
    with pytest.raises(InputError, match=r"web\.site_name"):
        services.process_add(organisation=world.works, by=by, name="x", site=foreign.site)


def test_a_process_with_streams_is_switched_off_and_never_deleted(plant, world, sign_in):
    proposal = {"material": "coke", "role": "fuel", "direction": "in", "process_path": "炼铁/1号高炉"}
    streams_create(by=world.people["manager"], organisation=world.works, proposals=[proposal])
    client = sign_in("manager")
    page = client.get(settings_url(world, "processes/")).text
    assert "停用 1号高炉" in page
    assert "删除 石灰" in page
    url = settings_url(world, f"processes/{plant['furnace'].pk}/")
    refused = client.post(url, {"do": "remove"})
    assert refused.status_code == 422
    assert "源流 1 处" in refused.text
    assert client.post(url, {"do": "deactivate"}).status_code == 302
    plant["furnace"].refresh_from_db()
    assert not plant["furnace"].is_active
    client.post(url, {"do": "restore"})
    plant["furnace"].refresh_from_db()
    assert plant["furnace"].is_active


def test_sites_are_renamed_and_removed_when_nothing_lies_there(plant, world):
    by = world.people["manager"]
    with pytest.raises(InputError, match=r"web\.site_used"):
        services.site_remove(site=plant["north"], by=by)
    with pytest.raises(InputError, match=r"web\.site_name_taken"):
        services.site_change(site=plant["north"], by=by, name="主厂区", province="河北")
    services.process_remove(process=plant["lime"], by=by)
    services.site_remove(site=plant["north"], by=by)
    with pytest.raises(InputError, match=r"web\.site_last"):
        services.site_remove(site=plant["main"], by=by)
    with pytest.raises(PermissionDenied):
        services.site_change(site=plant["main"], by=world.people["viewer"], name="x", province="河北")
    assert Site.objects.filter(organisation=world.works).count() == 1


def test_wrong_input_is_said_on_the_form_and_stays_there(plant, world, sign_in):
    client = sign_in("manager")
    answer = client.post(settings_url(world, "processes/add/"), {"name": "炼铁/2号高炉", "kind": "lime"})
    assert answer.status_code == 422
    assert "也不能含“/”" in answer.text
    assert 'value="炼铁/2号高炉"' in answer.text
    assert '<option value="lime" selected>' in answer.text
    answer = client.post(settings_url(world, "sites/add/"), {"name": "北区", "province": ""})
    assert "请选择省份" in answer.text
    answer = client.post(settings_url(world, "sites/add/"), {"name": "北区", "province": "河北"})
    assert "已有名为“北区”的厂区" in answer.text
    assert client.post(settings_url(world, f"processes/{plant['iron'].pk}/change/"), {"name": ""}).status_code == 422


def test_the_page_offers_the_standards_kinds_and_keeps_one_it_does_not_know(plant, world, sign_in):
    client = sign_in("manager")
    url = settings_url(world, f"processes/{plant['iron'].pk}/change/")
    page = client.get(url).text
    assert '<option value="ironmaking" selected>高炉炼铁</option>' in page
    data = {"name": "炼铁厂", "kind": "bof", "parent": "", "site": plant["main"].pk}
    assert client.post(url, data).status_code == 302
    plant["iron"].refresh_from_db()
    assert (plant["iron"].name, plant["iron"].kind) == ("炼铁厂", "bof")
    Process.objects.filter(pk=plant["iron"].pk).update(kind="from_elsewhere")
    client.post(url, data | {"kind": ""})
    plant["iron"].refresh_from_db()
    assert plant["iron"].kind == "from_elsewhere"


def test_the_site_of_another_grid_is_pointed_out(plant, world, sign_in):
    services.site_change(site=plant["north"], by=world.people["manager"], name="北区", province="广东")
    assert "不属于同一电网" in sign_in("viewer").get(settings_url(world, "sites/")).text


def test_the_tree_asks_the_database_a_fixed_number_of_times(plant, world, sign_in, django_assert_max_num_queries):
    by = world.people["manager"]
    for number in range(20):
        services.process_add(organisation=world.works, by=by, name=f"工序{number}")
    client = sign_in("manager")
    client.get(settings_url(world, "processes/"))
    with django_assert_max_num_queries(20):
        client.get(settings_url(world, "processes/"))


def test_pages_of_a_group_say_that_it_has_no_plant(world, sign_in):
    client = sign_in("group_admin")
    for page in ("sites/", "processes/", "accounting/"):
        answer = client.get(f"/o/{world.group.pk}/settings/{page}")
        assert "在下属企业中设置" in answer.text
    assert Organisation.objects.get(pk=world.group.pk).is_group
