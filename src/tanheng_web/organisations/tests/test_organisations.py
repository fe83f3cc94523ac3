from urllib.parse import urlencode

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import InputError
from tanheng_web.collection.models import SourceStream
from tanheng_web.organisations import plant, services
from tanheng_web.organisations.forms import uscc_is_valid
from tanheng_web.organisations.models import Organisation, Process
from tanheng_web.organisations.selectors import process_tree

BASICS = {
    "name": "新建钢铁有限公司",
    "short_name": "新钢",
    "kind": "company",
    "province": "河北",
    "standard": "gbt_32151_5_2015",
}


def test_a_company_is_created_with_what_was_chosen_of_the_proposals(sign_in, world):
    client = sign_in("manager")
    assert client.get("/organisations/new/", BASICS).url == f"/organisations/new/plan/?{urlencode(BASICS)}"
    url = f"/organisations/new/plan/?{urlencode(BASICS)}"
    page = client.get(url)
    plan = page.context["plan"]
    coking, sintering = plan.processes[:2]
    assert coking.name in page.text
    flows = [stream.key for stream in coking.streams[:2]]
    chosen = ["b0", "b1", coking.key, coking.subs[0].key, *flows, sintering.streams[0].key]
    response = client.post(url, {"chosen": chosen, f"name.{coking.key}": "一焦", "extra": "制氧\n\n空压\n"})
    created = Organisation.objects.get(short_name="新钢")
    assert response.url == f"/o/{created.pk}/settings/"
    paths = {process.path for process in Process.objects.filter(organisation=created)}
    assert paths == {"一焦", f"一焦/{coking.subs[0].name}", "制氧", "空压"}
    streams = SourceStream.objects.filter(organisation=created)
    assert streams.filter(process=None).count() == 2
    assert streams.filter(process__name="一焦").count() == len(flows)
    assert streams.count() == 4, "flows of a process that was not chosen stay away"
    assert client.get(f"/o/{created.pk}/settings/processes/").status_code == 200


def test_a_fault_of_the_second_step_keeps_what_was_chosen(sign_in):
    client = sign_in("manager")
    url = f"/organisations/new/plan/?{urlencode(BASICS)}"
    first, second = client.get(url).context["plan"].processes[:2]
    data = {"chosen": [first.key, "b1"], f"name.{first.key}": "一焦/二焦", "extra": "制氧"}
    answer = client.post(url, data)
    assert answer.status_code == 422
    assert "也不能含“/”" in answer.text
    assert 'value="一焦/二焦"' in answer.text
    assert ">制氧</textarea>" in answer.text
    assert f'value="{first.key}" id="{first.key}" data-group="{first.id}" checked' in answer.text
    assert f'value="{second.key}" id="{second.key}" data-group="{second.id}" aria-label' in answer.text
    assert not Organisation.objects.filter(short_name="新钢").exists()


def test_without_an_enterprise_the_menu_leads_to_the_list(client, db):
    from tanheng_web.accounts.models import User

    client.force_login(User.objects.create_user("alone"))
    assert 'href="/organisations/"' in client.get("/organisations/").text


@pytest.mark.parametrize("standard", ["gbt_32151_5_2015", "gbt_32151_4_2015"])
def test_everything_a_standard_proposes_can_be_created(standard, world):
    plan = plant.plan_for(standard)
    keys = {stream.key for stream in plan.boundary}
    for process in plan.processes:
        keys |= {process.key, *(sub.key for sub in process.subs), *(stream.key for stream in process.streams)}
    basics = {"name": "全选", "standard": standard, "province": "山东"}
    by = world.people["manager"]
    created = plant.plant_create(by=by, basics=basics, plan=plan, chosen=keys, names={}, extra=[])
    assert SourceStream.objects.filter(organisation=created).count() == plan.stream_count


def test_faults_of_the_first_step_stay_on_it(sign_in):
    client = sign_in("manager")
    response = client.get("/organisations/new/", {"name": "", "kind": "company", "province": "内蒙古"})
    assert response.status_code == 422
    assert "请选择核算标准" in response.text
    assert "请选择所在区域" in response.text


def test_viewers_do_not_create_enterprises(sign_in):
    response = sign_in("viewer").get("/organisations/new/")
    assert response.status_code == 403
    assert "新建企业需要" in response.text


def test_a_failure_midway_leaves_nothing(world, monkeypatch):
    plan = plant.plan_for("gbt_32151_5_2015")
    chosen = {plan.processes[0].key, plan.processes[1].key}
    names = {plan.processes[0].key: "同名", plan.processes[1].key: "同名"}
    with pytest.raises(InputError):
        plant.plant_create(
            by=world.people["manager"], basics={"name": "半途"}, plan=plan, chosen=chosen, names=names, extra=[]
        )
    assert not Organisation.objects.filter(name="半途").exists()


def test_who_sees_what_follows_the_tree(world):
    people, names = world.people, {}
    for person in ("viewer", "stranger", "group_viewer", "superuser"):
        names[person] = {found.name for found in Organisation.objects.visible_to(people[person])}
    assert names["viewer"] == {"示范钢铁有限公司"}
    assert names["stranger"] == {"外厂"}
    assert names["group_viewer"] == {"示范金属集团", "示范钢铁有限公司"}
    assert len(names["superuser"]) == 3


def test_moving_an_enterprise_takes_what_is_below_along(world):
    below = Organisation.objects.create(name="分厂", parent=world.works)
    world.works.parent = None
    world.works.save()
    below.refresh_from_db()
    assert below.path == f"/{world.works.pk}/{below.pk}/"
    assert not Organisation.objects.visible_to(world.people["group_viewer"]).filter(pk=below.pk).exists()


def test_settings_are_saved_with_old_and_new_in_the_audit(sign_in, world):
    client = sign_in("manager")
    url = f"/o/{world.works.pk}/settings/accounting/"
    data = {"standard": "gbt_32151_5_2015", "electricity_factor_level": "national", "allow_self_approval": "on"}
    assert client.post(url, data).status_code == 302
    world.works.refresh_from_db()
    assert world.works.electricity_factor_level == "national"
    entry = world.works.audit_entries.get(action="organisation.change")
    assert entry.data["electricity_factor_level"] == ["regional", "national"]


def test_readers_see_settings_and_cannot_save_them(sign_in, world):
    client = sign_in("viewer")
    url = f"/o/{world.works.pk}/settings/"
    assert "<fieldset disabled>" in client.get(url).text
    response = client.post(url, {"name": "改名", "province": "河北"})
    assert response.status_code == 403
    assert "修改企业设置" in response.text
    world.works.refresh_from_db()
    assert world.works.name == "示范钢铁有限公司"


def test_processes_are_added_renamed_moved_and_removed(world):
    by, works = world.people["manager"], world.works
    first, second = (services.process_add(organisation=works, by=by, name=name) for name in ("炼铁", "炼钢"))
    furnace = services.process_add(organisation=works, by=by, name="1号高炉", parent=first)
    services.process_rename(process=furnace, by=by, name="2号高炉")
    assert furnace.path == "炼铁/2号高炉"
    services.process_move(process=second, by=by, step=-1)
    assert [top.name for top, _ in process_tree(works)] == ["炼钢", "炼铁"]
    with pytest.raises(InputError, match=r"web\.process_used.* 1 处"):
        services.process_remove(process=first, by=by)
    services.process_remove(process=furnace, by=by)
    services.process_remove(process=first, by=by)
    for bad in ("", "a/b", "a／b", "炼钢"):
        with pytest.raises(InputError):
            services.process_add(organisation=works, by=by, name=bad)
    with pytest.raises(PermissionDenied):
        services.process_add(organisation=works, by=world.people["viewer"], name="x")


def test_the_check_digit_of_a_credit_code_is_checked():
    assert uscc_is_valid("91350100M000100Y43")
    assert not uscc_is_valid("91350100M000100Y44")
    assert not uscc_is_valid("91350100M000100")
