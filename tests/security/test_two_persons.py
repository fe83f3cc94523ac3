"""Who reviews does not hand in; and does not lift the rule either."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tanheng_web.organisations.services import organisation_change


def test_a_reviewer_does_not_allow_himself_to_approve_his_own(sign_in, world):
    page = reverse("settings:accounting", args=[world.works.pk])
    client = sign_in("manager")
    client.post(page, {"electricity_factor_level": "national", "allow_self_approval": "on"})
    world.works.refresh_from_db()
    assert world.works.electricity_factor_level == "national"
    assert not world.works.allow_self_approval
    assert "由企业管理员决定" in client.get(page).text
    with pytest.raises(PermissionDenied):
        organisation_change(organisation=world.works, by=world.people["manager"], allow_self_approval=True)


def test_an_administrator_does(sign_in, world):
    page = reverse("settings:accounting", args=[world.works.pk])
    answer = sign_in("admin").post(page, {"electricity_factor_level": "regional", "allow_self_approval": "on"})
    assert answer.status_code == 302
    world.works.refresh_from_db()
    assert world.works.allow_self_approval


@pytest.mark.parametrize(
    ("role", "name", "data"),
    [
        ("reporter", "collection:approve", {}),
        ("reporter", "collection:reopen", {"reason": "x"}),
        ("verifier", "collection:submit", {}),
        ("viewer", "collection:values", {}),
        ("admin", "collection:approve", {}),
    ],
)
def test_roles_do_not_reach_further(sign_in, world, role, name, data):
    address = reverse(name, args=[world.works.pk, "2025-07"])
    assert sign_in(role).post(address, data).status_code == 403


def test_an_administrator_of_one_enterprise_adds_nobody_to_another(sign_in, world):
    data = {"username": "stranger", "roles": ["admin"]}
    client = sign_in("admin")
    for organisation in (world.foreign, world.group):
        answer = client.post(reverse("settings:member-add", args=[organisation.pk]), data)
        assert answer.status_code == 404


def test_the_last_administrator_stays(sign_in, world):
    client, person = sign_in("admin"), world.people["admin"]
    client.post(reverse("settings:member-remove", args=[world.works.pk, person.pk]))
    client.post(reverse("settings:member-roles", args=[world.works.pk, person.pk]), {"roles": ["viewer"]})
    assert person.memberships.filter(organisation=world.works, role="admin").exists()
