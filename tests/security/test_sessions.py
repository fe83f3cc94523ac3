"""Logging in, staying in, being thrown out."""

import pytest
from django.test import Client
from django.urls import reverse

from tanheng_web.accounts.models import LoginFailure, User
from tanheng_web.accounts.services import member_password_set, member_remove
from tanheng_web.conftest import PASSWORD

LOGIN = "/login/"


def log_in(client, username: str, password: str = PASSWORD, **more):
    return client.post(LOGIN, {"username": username, "password": password}, **more)


def test_a_session_gets_a_new_key_at_login(client, world):
    client.get(LOGIN)
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies["tanheng_session"] = planted = session.session_key
    assert log_in(client, "viewer").status_code == 302
    assert client.cookies["tanheng_session"].value != planted


def test_cookies_are_out_of_reach_of_scripts(client, world):
    answer = log_in(client, "viewer")
    for name in ("tanheng_session", "tanheng_csrf"):
        assert answer.cookies[name]["httponly"]
        assert answer.cookies[name]["samesite"] == "Lax"


def test_who_is_switched_off_or_taken_out_is_out_at_once(client, world):
    person = world.people["reporter"]
    log_in(client, "reporter")
    page = reverse("dashboards:panorama", args=[world.works.pk])
    assert client.get(page).status_code == 200
    member_remove(organisation=world.works, by=world.people["admin"], user=person)
    assert client.get(page).status_code == 404
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(page).status_code == 302
    assert log_in(Client(), "reporter").status_code == 422


def test_a_new_password_ends_the_other_sessions(client, world):
    log_in(client, "viewer")
    elsewhere = Client()
    log_in(elsewhere, "viewer")
    new = {"old_password": PASSWORD, "new_password1": "another-long-9", "new_password2": "another-long-9"}
    assert client.post(reverse("accounts:password"), new).status_code == 302
    assert client.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    member_password_set(
        organisation=world.works, by=world.people["admin"], user=world.people["viewer"], password="third-long-one-5"
    )
    assert client.get("/profile/").status_code == 302


def test_log_out_asks_for_a_post(client, world):
    log_in(client, "viewer")
    assert client.get("/logout/").status_code == 405
    assert client.get("/profile/").status_code == 200


def test_every_post_asks_for_the_token(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["manager"])
    org = world.works.pk
    for page in (LOGIN, "/logout/", "/theme/", "/profile/", f"/o/{org}/data/imports/", f"/o/{org}/results/refresh/"):
        for headers in ({}, {"HX-Request": "true"}):
            assert client.post(page, {}, headers=headers).status_code == 403, page


def test_the_answer_does_not_say_whether_a_name_exists(client, world):
    wrong, unknown = log_in(client, "viewer", "wrong"), log_in(client, "nobody", "wrong")
    sentence = "用户名或密码不正确"
    assert wrong.status_code == unknown.status_code == 422
    assert sentence in wrong.text
    assert sentence in unknown.text


@pytest.mark.parametrize("variants", [["viewer"] * 5, ["Viewer", "VIEWER", "ｖｉｅｗｅｒ", " viewer ", "vIEWER"]])
def test_names_written_otherwise_count_as_one(client, world, variants):
    for name in variants:
        assert log_in(client, name, "wrong").status_code == 422
    assert "分钟后再试" in log_in(client, "viewer").text


def test_a_forged_address_does_not_open_the_door_again(client, world):
    for number in range(5):
        log_in(client, "viewer", "wrong", headers={"X-Forwarded-For": f"10.0.0.{number}", "X-Real-IP": "10.0.0.9"})
    assert "分钟后再试" in log_in(client, "viewer", headers={"X-Forwarded-For": "10.9.9.9"}).text
    assert {each.address for each in LoginFailure.objects.all()} == {"127.0.0.1"}


def test_many_names_from_one_address_are_stopped(client, world):
    """Trying one frequent password on every name of a works stays below the limit of each name."""
    for number in range(60):
        log_in(client, f"person{number}", "Password-123")
    assert "分钟后再试" in log_in(client, "viewer").text


def test_pages_are_framed_by_nobody_and_kept_by_no_cache(client, world):
    log_in(client, "viewer")
    for page in ("/profile/", "/nowhere/", "/o/999/"):
        headers = client.get(page).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "private" in headers["Cache-Control"]
