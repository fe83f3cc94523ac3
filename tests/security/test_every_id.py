"""Every number of another enterprise's things, in every address."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps
from django.urls import reverse

from tanheng_web.accounts.models import Membership, Role
from tanheng_web.catalogue.tests.conftest import no_folders_left
from tanheng_web.common.access_table import access_table
from tanheng_web.common.tests.test_access_matrix import urls

__all__ = ["no_folders_left"]

GONE = {403, 404}


def made(organisation, by) -> dict[str, object]:
    """Examples of everything in an enterprise."""
    found: dict[str, object] = {}
    for config in apps.get_app_configs():
        module = f"{config.name}.tests.examples"
        if config.name.startswith("tanheng_web.") and find_spec(module):
            found |= import_module(module).examples(organisation=organisation, by=by)
    return found


@pytest.fixture
def both(world):
    """Everything there is in the works and in a foreign enterprise; and somebody with every right in the first."""
    superuser = world.people["superuser"]
    for name in ("reporter", "manager", "viewer"):
        for role in (Role.REPORTER, Role.MANAGER):
            Membership.objects.get_or_create(user=world.people[name], organisation=world.foreign, role=role)
    world.theirs = made(world.foreign, superuser)
    Membership.objects.filter(organisation=world.foreign).exclude(user=world.people["stranger"]).delete()
    world.mine = made(world.works, superuser)
    for role in Role:
        Membership.objects.get_or_create(user=world.people["manager"], organisation=world.works, role=role)
    return world


def foreign_rows(organisation) -> dict[str, list]:
    """Every row of an enterprise as it stands."""
    found = {}
    for model in apps.get_models():
        if any(field.name == "organisation" for field in model._meta.fields):
            rows = model._base_manager.filter(organisation=organisation).order_by("pk").values()
            found[model.__name__] = [{key: str(value) for key, value in row.items()} for row in rows]
    return found


def test_an_address_with_a_thing_of_others_is_not_there(both, client):
    client.force_login(both.people["manager"])
    before, wrong, tried, parameters = foreign_rows(both.foreign), [], 0, urls()
    for name, access in access_table().items():
        own, other = ({**found, **(found.get(name) or {})} for found in (both.mine, both.theirs))
        keys = [key for key in parameters[name] if key != "org"]
        if all(own[key] == other[key] for key in keys):
            continue  # nothing in it belongs to anybody
        values = {key: other[key] for key in keys} | {"org": both.works.pk}
        address = reverse(name, kwargs={key: values[key] for key in parameters[name]})
        for method in ("get", "post"):
            status = getattr(client, method)(address, access.query).status_code
            tried += 1
            if status not in {*GONE, 405}:
                wrong.append(f"{method} {name} {address}: {status}")
    assert not wrong, "\n".join(wrong)
    assert tried > 60
    assert foreign_rows(both.foreign) == before
