"""S-8.2.1.1c: a session ends when nobody uses it, and lasts while somebody does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tanheng_web.accounts.middleware import RENEW_SECONDS

pytestmark = pytest.mark.django_db
PAGE = "/organisations/"


def session_of(client):
    session = client.session
    return session.model.objects.get(session_key=session.session_key)


def idle(client, minutes: int) -> None:
    """Let a session look as it will after some minutes without a request."""
    row, session = session_of(client), client.session
    session["renewed_at"] -= 60 * minutes
    session.save()
    session.model.objects.filter(pk=row.pk).update(expire_date=row.expire_date - timedelta(minutes=minutes))


def test_a_session_ends_after_two_hours_without_a_request(sign_in):
    client = sign_in("viewer")
    assert client.get(PAGE).status_code == 200
    left = session_of(client).expire_date - timezone.now()
    assert timedelta(minutes=110) < left <= timedelta(hours=2)
    idle(client, 121)
    assert client.get(PAGE).status_code == 302


def test_work_keeps_a_session(sign_in):
    client = sign_in("viewer")
    client.get(PAGE)
    idle(client, 100)
    assert session_of(client).expire_date - timezone.now() < timedelta(minutes=21)
    assert client.get(PAGE).status_code == 200
    left = session_of(client).expire_date - timezone.now()
    assert left > timedelta(hours=2) - timedelta(seconds=RENEW_SECONDS)
