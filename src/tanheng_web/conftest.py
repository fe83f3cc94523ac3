"""Fixtures of the web tests: a small world of a group, its works, and a foreign enterprise; a person for every role."""

from dataclasses import dataclass, field

import pytest

from tanheng_web.accounts.models import Membership, Role, User
from tanheng_web.organisations.models import Organisation

PASSWORD = "a-long-password-7"


@dataclass
class World:
    """Enterprises and people."""

    group: Organisation
    works: Organisation
    foreign: Organisation
    people: dict[str, User] = field(default_factory=dict)


@pytest.fixture
def world(db) -> World:
    """示范集团 › 示范钢铁, and 外厂; `people` by role, and superuser, stranger, group_admin, group_viewer."""
    group = Organisation.objects.create(name="示范金属集团", kind="group")
    works = Organisation.objects.create(
        name="示范钢铁有限公司", short_name="示范钢铁", parent=group, province="河北", standard="gbt_32151_5_2015"
    )
    foreign = Organisation.objects.create(name="外厂", province="山西", standard="gbt_32151_5_2015")
    found = World(group, works, foreign)
    for role in Role:
        found.people[role.value] = _person(role.value, works, role)
    found.people["stranger"] = _person("stranger", foreign, Role.ADMIN)
    found.people["group_admin"] = _person("group_admin", group, Role.ADMIN)
    found.people["group_viewer"] = _person("group_viewer", group, Role.VIEWER)
    found.people["superuser"] = User.objects.create_superuser("superuser", password=PASSWORD)
    return found


def _person(name: str, organisation: Organisation, role: Role) -> User:
    user = User.objects.create_user(name, password=PASSWORD, display_name=name)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


@pytest.fixture
def sign_in(client, world):
    """Sign in as one of the people: ``sign_in("manager").get(…)``."""

    def signed(name: str):
        client.force_login(world.people[name])
        return client

    return signed
