"""Putting enterprises under a group and taking them out."""

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import InputError
from tanheng_web.accounts.models import Membership, Role
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.services import organisation_place


@pytest.fixture
def both(world):
    """The group's administrator also administers the foreign enterprise."""
    Membership.objects.create(user=world.people["group_admin"], organisation=world.foreign, role=Role.ADMIN)
    return world.people["group_admin"]


def test_an_administrator_of_both_moves_an_enterprise(world, both, sign_in):
    client, url = sign_in("group_admin"), f"/o/{world.group.pk}/settings/group/"
    assert client.post(url, {"do": "add", "child": world.foreign.pk}).status_code == 302
    world.foreign.refresh_from_db()
    assert world.foreign.parent == world.group
    assert Organisation.objects.visible_to(world.people["group_viewer"]).filter(pk=world.foreign.pk).exists()
    assert world.foreign.audit_entries.get(action="organisation.place").data["parent"] == ["", "示范金属集团"]
    assert client.post(url, {"do": "remove", "child": world.foreign.pk}).status_code == 302
    world.foreign.refresh_from_db()
    assert world.foreign.parent is None
    assert world.foreign.path == f"/{world.foreign.pk}/"


def test_the_enterprises_own_page_does_the_same(world, both, sign_in):
    client, url = sign_in("group_admin"), f"/o/{world.foreign.pk}/settings/group/"
    assert client.post(url, {"parent": world.group.pk}).status_code == 302
    assert "属于“示范金属集团”" in client.get(url).text
    client.post(url, {"parent": ""})
    world.foreign.refresh_from_db()
    assert world.foreign.parent is None


@pytest.mark.parametrize("person", ["admin", "manager", "group_viewer", "stranger"])
def test_one_side_alone_is_not_enough(person, world):
    with pytest.raises(PermissionDenied):
        organisation_place(organisation=world.works, by=world.people[person], parent=None)
    with pytest.raises(PermissionDenied):
        organisation_place(organisation=world.foreign, by=world.people[person], parent=world.group)
    with pytest.raises(PermissionDenied):
        organisation_place(organisation=world.foreign, by=world.people["group_admin"], parent=world.group)


def test_no_group_lies_below_itself(world):
    by = world.people["superuser"]
    below = Organisation.objects.create(name="下级集团", kind="group", parent=world.group)
    for parent in (below, world.group):
        with pytest.raises(InputError, match=r"web\.parent_cycle"):
            organisation_place(organisation=world.group, by=by, parent=parent)
    with pytest.raises(InputError, match=r"web\.parent_not_group"):
        organisation_place(organisation=below, by=by, parent=world.works)


def test_nobody_is_left_alone(world, both):
    Membership.objects.filter(organisation=world.works, role=Role.ADMIN).delete()
    with pytest.raises(InputError, match=r"web\.group_leave_alone"):
        organisation_place(organisation=world.works, by=both, parent=None)


def test_the_page_says_why_it_cannot_be_changed(world, sign_in):
    assert "须由同时是本企业和集团的企业管理员" in sign_in("admin").get(f"/o/{world.works.pk}/settings/group/").text
    page = sign_in("group_viewer").get(f"/o/{world.group.pk}/settings/group/").text
    assert "示范钢铁" in page
    assert "移出" not in page
    answer = sign_in("group_admin").post(f"/o/{world.works.pk}/settings/group/", {"parent": world.foreign.pk})
    assert answer.status_code == 422
    assert sign_in("group_admin").post(f"/o/{world.group.pk}/settings/group/", {"child": "x"}).status_code == 404
