import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tanheng_web.accounts.models import Invitation, Membership, User
from tanheng_web.common.models import AuditEntry
from tanheng_web.conftest import PASSWORD

NEW = {"username": "li.na", "display_name": "李娜", "password": "first-day-2025", "roles": ["reporter", "viewer"]}


@pytest.fixture
def members(sign_in, world):
    return sign_in("admin"), f"/o/{world.works.pk}/settings/members/"


def test_a_new_member_gets_an_account_that_must_change_its_password(members, world):
    client, url = members
    assert client.post(f"{url}add/", NEW).url == url
    user = User.objects.get(username="li.na")
    assert user.must_change_password
    assert user.check_password("first-day-2025")
    assert set(user.memberships.values_list("organisation", "role")) == {
        (world.works.pk, role) for role in NEW["roles"]
    }
    assert AuditEntry.objects.get(action="member.add").data == {"roles": NEW["roles"], "new_account": True}
    assert "李娜" in client.get(url).text


def test_faults_come_back_at_their_fields(members):
    client, url = members
    response = client.post(f"{url}add/", {"username": "li.na", "password": "12345"})
    assert response.status_code == 422
    for sentence in ("请填写新用户的姓名", "请至少选择一个角色"):
        assert sentence in response.text
    assert not User.objects.filter(username="li.na").exists()


def test_an_existing_person_is_asked_and_joins_with_their_own_password(members, world, sign_in):
    client, url = members
    User.objects.filter(username="stranger").update(display_name="王外人")
    client.post(f"{url}add/", {"username": "stranger", "roles": ["verifier"]})
    stranger, asked = User.objects.get(username="stranger"), Invitation.objects.get()
    assert not Membership.objects.filter(user=stranger, organisation=world.works).exists()
    listed = client.get(url).text
    assert "已邀请" in listed
    assert "王外人" not in listed, "who it is, the enterprise learns when they say yes"
    assert client.post(f"{url}{stranger.pk}/password/", {"new_password1": "x"}).status_code == 404
    again = client.post(f"{url}add/", {"username": "stranger", "roles": ["viewer"]})
    assert again.status_code == 422
    assert "还没有答复" in again.text
    invited = sign_in("stranger")
    assert "邀请您加入的企业" in invited.get("/profile/").text
    joined = invited.post(f"/invitations/{asked.pk}/", {"answer": "accept"})
    assert joined.url == f"/o/{world.works.pk}/"
    assert invited.get(joined.url).status_code == 200
    assert stranger.check_password(PASSWORD)
    roles = Membership.objects.filter(user=stranger, organisation=world.works).values_list("role", flat=True)
    assert [*roles] == ["verifier"]
    assert not Invitation.objects.exists()
    assert [*AuditEntry.objects.filter(action__startswith="member.").values_list("action", flat=True)] == [
        "member.join",
        "member.invite",
    ]
    again = sign_in("admin").post(f"{url}add/", {"username": "stranger", "roles": ["viewer"]})
    assert again.status_code == 422
    assert "已经是" in again.text


def test_an_invitation_is_declined_or_taken_back_and_answered_by_nobody_else(members, world, sign_in):
    client, url = members
    for end in ("decline", "withdraw"):
        client.post(f"{url}add/", {"username": "stranger", "roles": ["admin"]})
        asked = Invitation.objects.get()
        answer = f"/invitations/{asked.pk}/"
        assert client.post(answer, {"answer": "accept"}).status_code == 404
        assert sign_in("stranger").post(f"{url}invitations/{asked.pk}/withdraw/").status_code == 404
        assert sign_in("stranger").post(answer, {"answer": "perhaps"}).status_code == 400
        if end == "decline":
            assert sign_in("stranger").post(answer, {"answer": "decline"}).status_code == 302
        else:
            assert sign_in("admin").post(f"{url}invitations/{asked.pk}/withdraw/").status_code == 302
            assert sign_in("stranger").post(answer, {"answer": "accept"}).status_code == 404
        assert not Invitation.objects.exists()
        assert not world.people["stranger"].memberships.filter(organisation=world.works).exists()
        sign_in("admin")


def test_a_login_tells_of_invitations(client, world, members):
    members[0].post(f"{members[1]}add/", {"username": "stranger", "roles": ["viewer"]})
    client.logout()
    page = client.post("/login/", {"username": "stranger", "password": PASSWORD}, follow=True)
    assert "有 1 家企业邀请您加入" in page.text


def test_the_last_administrator_cannot_go(members, world):
    client, url = members
    admin = world.people["admin"]
    for target, data in ((f"{url}{admin.pk}/remove/", {}), (f"{url}{admin.pk}/", {"roles": ["viewer"]})):
        response = client.post(target, data)
        assert response.status_code == 422
        assert "唯一的企业管理员" in response.text
    assert Membership.objects.filter(user=admin, role="admin").exists()


def test_roles_change_and_members_go(members, world):
    client, url = members
    viewer = world.people["viewer"]
    client.post(f"{url}{viewer.pk}/", {"roles": ["manager"]})
    assert list(viewer.memberships.values_list("role", flat=True)) == ["manager"]
    client.post(f"{url}{viewer.pk}/remove/")
    assert not viewer.memberships.exists()
    assert User.objects.filter(pk=viewer.pk).exists()


def test_passwords_of_people_from_elsewhere_are_not_ours_to_set(members, world):
    client, url = members
    stranger, viewer = world.people["stranger"], world.people["viewer"]
    Membership.objects.create(user=stranger, organisation=world.works, role="viewer")
    new = {"new_password1": "reset-by-admin-1", "new_password2": "reset-by-admin-1"}
    assert client.post(f"{url}{stranger.pk}/password/", new).status_code == 422
    assert client.post(f"{url}{viewer.pk}/password/", new).status_code == 302
    viewer.refresh_from_db()
    assert viewer.must_change_password
    assert viewer.check_password("reset-by-admin-1")


def test_strangers_are_not_members(members, world):
    client, url = members
    assert client.post(f"{url}{world.people['stranger'].pk}/remove/").status_code == 404


def test_createadmin_makes_the_first_administrator(db, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda: "a-first-admin-1")
    call_command("createadmin", "root", "--name", "系统管理员", "--password-stdin")
    assert User.objects.get(username="root").is_superuser
    with pytest.raises(CommandError):
        call_command("createadmin", "root", "--password-stdin")
    monkeypatch.setattr("builtins.input", lambda: "short")
    with pytest.raises(CommandError):
        call_command("createadmin", "other", "--password-stdin")
