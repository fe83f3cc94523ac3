"""Every form and address of every page, filled with what hurts: an answer each time, none of it as markup."""

from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tanheng_web.accounts.models import Membership, Role
from tanheng_web.common.access_table import access_table
from tanheng_web.common.tests.every_form import addresses, forms_of, posted
from tanheng_web.common.tests.test_access_matrix import examples, urls

__all__ = ["examples"]

MARK = "<hurt"
MARKUP = "=<hurt a=\"'>\u202e\u200b{{ 7*7 }}{% x %}$\\frac{\ufffe\x0b\x1b[31m\r\nSet-Cookie: a=b"
HURT = [MARKUP, "9" * 5000, "-1e400", "NaN", "9999-12-31", "0001-01-01", "²", "字" * 20_000, ""]


@pytest.fixture
def boss(world, client):
    """A member who may do everything in one enterprise."""
    person = world.people["manager"]
    for role in Role:
        Membership.objects.get_or_create(user=person, organisation=world.works, role=role)
    client.force_login(person)
    return client


def fault_of(ask) -> str:
    """What is wrong with an answer: none at all, a constraint hit by one person alone, markup of somebody's making."""
    try:
        answer = ask()
    except Exception as fault:  # noqa: BLE001 - whatever it is, the report names the form
        return f"{type(fault).__name__}: {str(fault)[:200]}"
    is_page = "text/html" in answer.headers.get("Content-Type", "")
    if answer.status_code >= 500 or (answer.status_code == 409 and is_page):
        return str(answer.status_code)
    if is_page and MARK in answer.text:
        return "not escaped"
    return "header" if "Set-Cookie:" in str(answer.headers.get("Content-Disposition", "")) else ""


@pytest.mark.walk
@pytest.mark.timeout(1200)  # some 1,500 posts
def test_any_text_in_any_field_is_answered(boss, world, examples):
    """All text fields at once with each text, and each field alone with one of them; nothing stays."""
    wrong = []
    forms = forms_of(boss, world, examples)
    assert len(forms) > 80
    for form in forms:
        texts = [({field.name: text for field in form.fields if field.is_text}, text) for text in HURT]
        alone = [field.name for field in form.fields if field.kind != "file"]
        texts += [({name: HURT[at % len(HURT)]}, HURT[at % len(HURT)]) for at, name in enumerate(alone[:40])]
        for changes, text in texts:
            with transaction.atomic():
                said = fault_of(lambda form=form, changes=changes: boss.post(form.action, posted(form, changes)))
                transaction.set_rollback(True)
            if said:
                wrong.append(f"{form.action} {list(changes)[:9]} {text[:20]!r}: {said}")
    assert not wrong, "\n".join(wrong)


def test_any_text_in_any_address_is_answered(boss, world, examples):
    parameters, wrong = urls(), []
    for name, access in access_table().items():
        values = {"org": world.works.pk, **examples, **(examples.get(name) or {})}
        values = {key: values[key] for key in parameters[name]}
        for key in set(values) - {"org"}:
            for text in ("MARK", "9" * 400):
                try:
                    address = reverse(name, kwargs=values | {key: text})
                except NoReverseMatch:
                    continue  # not a text, or not as long
                for hurt in ("%00", "%ED%A0%80", "..", quote(MARKUP[:60])):
                    at = address.replace("MARK", hurt)
                    if said := fault_of(lambda at=at, method=access.method: getattr(boss, method)(at)):
                        wrong.append(f"{name} {at[:80]}: {said}")
    assert not wrong, "\n".join(wrong)


def test_what_changes_something_asks_for_a_post_and_the_token(boss, world, examples):
    """No link, picture or form of another site changes anything."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.people["manager"])
    wrong = []
    for name, address, _query in addresses(world, examples, "post"):
        if (status := boss.get(address).status_code) not in (404, 405):
            wrong.append(f"GET {name}: {status}")
        if (status := strict.post(address).status_code) != 403:
            wrong.append(f"POST without a token {name}: {status}")
    assert not wrong, "\n".join(wrong)
