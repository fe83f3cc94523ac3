"""Every URL by every role. A URL that no app's ACCESS table names fails here; so does a right that is not enforced."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tanheng_web.accounts.models import Role
from tanheng_web.common.access import GRANTS, INHERITED, PERMISSIONS
from tanheng_web.common.access_table import access_table

PEOPLE = [*Role.values, "stranger", "group_admin", "group_viewer", "superuser", "anonymous"]
REFUSED = {403, 404}


def urls(resolver=None, names=(), above=()):
    """Url name with namespaces → names of its parameters, for every pattern."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        # Not `.converters`: Django shares that dict between equal routes and fills it while reversing.
        parameters = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            found[":".join([*names, pattern.name or str(pattern.pattern)])] = parameters
        else:
            found |= urls(pattern, (*names, pattern.namespace) if pattern.namespace else names, parameters)
    return found


@pytest.fixture
def examples(world):
    """Values for URL parameters, made by each app's tests/examples.py in the works."""
    found: dict[str, object] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.tests.examples"
        if config.name.startswith("tanheng_web.") and find_spec(module):
            found |= import_module(module).examples(organisation=world.works, by=world.people["superuser"])
    return found


def expected(access, person: str) -> set[int] | None:
    """Refusals that are right for a person; None where they may pass."""
    if access.permission == "public":
        return None
    if person == "anonymous":
        return {302}
    if access.permission in {"login", "own"} or person == "superuser":
        return None
    if person == "stranger":
        return {404}
    table = INHERITED if person.startswith("group_") else GRANTS
    granted = table[person.removeprefix("group_")]
    return None if access.permission in granted else {403}


def test_every_url_is_in_the_table_and_no_row_is_left_over():
    names = set(urls())
    table = access_table()
    assert names - set(table) == set(), "add these to ACCESS in <app>/access.py"
    assert set(table) - names == set(), "these URLs are gone"
    assert {row.permission for row in table.values()} <= {*PERMISSIONS, "public", "login", "own"}


@pytest.mark.parametrize("person", PEOPLE)
def test_every_url_answers_every_person_as_the_table_says(person, world, examples, client):
    if person != "anonymous":
        client.force_login(world.people[person])
    wrong, parameters = [], urls()
    for name, access in access_table().items():
        values = {"org": world.works.pk, **examples, **(examples.get(name) or {})}
        url = reverse(name, kwargs={key: values[key] for key in parameters[name]})
        with transaction.atomic():
            response = getattr(client, access.method)(url, access.query)
            status = response.status_code
            transaction.set_rollback(True)
        refusal = expected(access, person)
        if refusal is None:
            to_login = status == 302 and response.url.startswith(reverse("accounts:login")) and person == "anonymous"
            passed = status < 500 and not to_login and (access.permission == "own" or status not in REFUSED)
        else:
            passed = status in refusal
        if not passed:
            wrong.append(f"{access.method.upper()} {url} ({name}): {status}, expected {refusal or 'to pass'}")
        if name == "accounts:logout" and person != "anonymous":
            client.force_login(world.people[person])
    assert not wrong, "\n".join(wrong)
