"""Health, daily cleaning, error pages while something is broken."""

import fcntl
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tanheng_web.accounts import throttle
from tanheng_web.accounts.models import LoginFailure
from tanheng_web.common import cleaning, errors, health
from tanheng_web.common.cleaning import Daily


@pytest.fixture
def home(settings, tmp_path):
    settings.TANHENG_HOME = tmp_path
    return tmp_path


def broken(*args, **kwargs):
    raise OperationalError("no such server")


def test_the_worker_is_alive_while_it_holds_its_lock(client, db, home):
    assert client.get("/healthz").json()["worker"] == "absent"
    with (home / health.LOCK_NAME).open("w") as lock:
        assert client.get("/healthz").json()["worker"] == "absent", "a file alone is no worker"
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert client.get("/healthz").json() == {"database": "ok", "worker": "ok"}
    assert client.get("/healthz").json()["worker"] == "absent", "the lock went with its holder"


def test_a_database_that_does_not_answer_is_503(client, db, home, monkeypatch):
    with monkeypatch.context() as failing:
        failing.setattr(health.connection, "cursor", broken)
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "failed"


def test_cleaning_takes_what_has_expired_and_nothing_else(db):
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="x", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="new", session_data="x", expire_date=now + timedelta(days=1))
    for name in ("yesterday", "now"):
        throttle.failure_add(name, "10.0.0.1")
    LoginFailure.objects.filter(username="yesterday").update(at=now - timedelta(days=2))
    cleaning.clean()
    assert [found.session_key for found in Session.objects.all()] == ["new"]
    assert [found.username for found in LoginFailure.objects.all()] == ["now"]


def test_it_cleans_once_a_day(monkeypatch):
    clock, done = [timezone.now()], []
    monkeypatch.setattr(cleaning.timezone, "now", lambda: clock[0])
    monkeypatch.setattr(cleaning, "clean", lambda: done.append(clock[0]))
    daily = Daily()
    assert [daily.tick(), daily.tick()] == [True, False]
    clock[0] += timedelta(hours=23)
    assert not daily.tick()
    clock[0] += timedelta(hours=1)
    assert daily.tick()
    assert len(done) == 2


def test_a_failed_cleaning_is_logged_and_tried_again(monkeypatch, caplog):
    clock = [timezone.now()]
    monkeypatch.setattr(cleaning.timezone, "now", lambda: clock[0])
    monkeypatch.setattr(cleaning, "clean", broken)
    daily = Daily()
    assert not daily.tick()
    assert "next try in an hour" in caplog.text
    monkeypatch.setattr(cleaning, "clean", lambda: None)
    assert not daily.tick()
    clock[0] += timedelta(hours=1)
    assert daily.tick()


def test_who_is_logged_in_keeps_the_frame_on_an_error_page(sign_in, world):
    page = sign_in("viewer").get("/o/999999/")
    assert page.status_code == 404
    assert 'class="shell-nav"' in page.text
    assert 'class="shell-nav"' not in Client().get("/nowhere/", follow=True).text


def test_too_large_an_upload_is_said_inside_the_frame(sign_in, settings):
    client = sign_in("manager")
    answer = client.generic("POST", "/theme/", b"x", CONTENT_LENGTH=str(settings.UPLOAD_LIMIT_BYTES * 2))
    assert answer.status_code == 413
    assert 'class="shell-nav"' in answer.text


def test_without_a_database_the_page_stands_alone(rf, world, monkeypatch, caplog):
    request = rf.get("/")
    request.user, request.id = world.people["viewer"], "ABCD2345"
    monkeypatch.setattr("tanheng_web.common.context._remembered", broken)
    answer = errors.server_error(request)
    assert answer.status_code == 500
    assert "ABCD2345" in answer.content.decode()
    assert "shell-nav" not in answer.content.decode()
    assert "without its frame" in caplog.text
