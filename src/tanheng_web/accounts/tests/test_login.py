import pytest
from django.urls import reverse
from django.utils import timezone

from tanheng_web.accounts.models import LoginFailure, User
from tanheng_web.common.models import AuditEntry
from tanheng_web.conftest import PASSWORD

LOGIN = "/login/"


def attempt(client, username="manager", password=PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_login_leads_to_where_one_was_going_and_nowhere_else(client, world):
    wanted = f"/o/{world.works.pk}/settings/"
    assert client.get(wanted).url == f"{LOGIN}?next={wanted}"
    assert attempt(client, next=wanted).url == wanted
    client.post("/logout/")
    assert attempt(client, next="https://elsewhere.example/").url == reverse("home")


def test_login_and_wrong_password_leave_their_traces(client, world):
    response = attempt(client, password="wrong")
    assert response.status_code == 422
    assert "用户名或密码不正确" in response.text
    assert LoginFailure.objects.get().username == "manager"
    attempt(client)
    assert not LoginFailure.objects.exists()
    assert AuditEntry.objects.get(action="user.login").by.username == "manager"


def test_five_failures_close_the_door_even_for_the_right_password(client, world):
    for _ in range(5):
        attempt(client, password="wrong")
    response = attempt(client)
    assert response.status_code == 422
    assert "登录失败次数过多，请在 15 分钟后再试" in response.text
    assert attempt(client, username="reporter").status_code == 302, "another person is not locked out"
    LoginFailure.objects.update(at=timezone.now() - timezone.timedelta(minutes=16))
    client.post("/logout/")
    assert attempt(client).status_code == 302


def test_unknown_names_are_answered_like_wrong_passwords(client, world):
    known, unknown = attempt(client, password="wrong"), attempt(client, username="nobody", password="wrong")
    assert known.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_an_initial_password_must_be_changed_before_anything_else(client, world):
    user = world.people["viewer"]
    User.objects.filter(pk=user.pk).update(must_change_password=True)
    client.force_login(user)
    assert client.get(f"/o/{world.works.pk}/").url == "/password/"
    new = {"old_password": PASSWORD, "new_password1": "quite-another-9", "new_password2": "quite-another-9"}
    same = client.post("/password/", new | {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert "新密码与原密码相同" in same.text
    assert client.post("/password/", new).status_code == 302
    assert client.get(f"/o/{world.works.pk}/settings/").status_code == 200
    user.refresh_from_db()
    assert user.check_password("quite-another-9")


def test_logout_needs_a_post(client, world):
    client.force_login(world.people["viewer"])
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == LOGIN
    assert client.get("/").status_code == 302


def test_an_idle_session_ends(client, world, settings):
    client.force_login(world.people["viewer"])
    assert client.get("/organisations/").status_code == 200
    session = client.session
    assert session.get_expiry_age() <= settings.SESSION_COOKIE_AGE
    session.model.objects.update(expire_date=timezone.now())
    assert client.get("/organisations/").status_code == 302


@pytest.mark.parametrize("address", ["/login/", "/password/", "/organisations/"])
def test_pages_forbid_inline_scripts_and_foreign_origins(address, client, world):
    if address != "/login/":
        client.force_login(world.people["manager"])
    response = client.get(address)
    rules = [rule.split() for rule in response.headers["Content-Security-Policy"].split(";")]
    policy = {rule[0]: rule[1:] for rule in rules if rule}
    assert policy["script-src"] == ["'self'"]
    assert policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    assert {source for sources in policy.values() for source in sources} <= {
        "'self'",
        "'none'",
        "'unsafe-inline'",
        "data:",
        "blob:",
    }
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "<script>" not in response.text
    assert "onclick=" not in response.text
    assert "https://" not in response.text, "no request leaves our own origin"
