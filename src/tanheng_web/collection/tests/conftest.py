import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest

from tanheng.kernel.periods import Month
from tanheng_web.accounts.models import Membership, User
from tanheng_web.collection import services
from tanheng_web.collection.services_streams import streams_create
from tanheng_web.organisations.models import Organisation, Process


@pytest.fixture
def plant(db, settings, tmp_path):
    """A small steel works with two reporters' roles filled by two people."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_plant()


def make_plant(name: str = "示范钢铁有限公司") -> SimpleNamespace:
    people = {
        role: User.objects.create_user(f"{role}{User.objects.count()}", password="x", display_name=role)
        for role in ("reporter", "manager", "viewer", "admin")
    }
    works = Organisation.objects.create(
        name=name, province="河北", standard="gbt_32151_5_2015", main_product="crude_steel"
    )
    for role, user in people.items():
        Membership.objects.create(user=user, organisation=works, role=role)
    boss = people["admin"]
    iron = Process.objects.create(organisation=works, name="炼铁")
    Process.objects.create(organisation=works, name="1号高炉", parent=iron)
    streams_create(by=boss, organisation=works, proposals=PROPOSALS)
    rows = {stream.code: stream for stream in works.streams.all()}
    return SimpleNamespace(works=works, streams=rows, **people)


PROPOSALS = [
    {"material": "coke", "role": "fuel", "values": ["net_calorific_value"]},
    {"material": "natural_gas", "role": "fuel", "components": ["purchased"], "values": ["net_calorific_value"]},
    {"material": "limestone", "role": "flux"},
    {"material": "crude_steel", "role": "product", "direction": "out"},
    {"material": "electricity", "role": "electricity"},
    {"material": "coke", "role": "fuel", "process_path": "炼铁/1号高炉", "label": "入炉焦炭"},
]
VALUES = {
    ("M001", "purchased"): 100000,
    ("M001", "opening_stock"): 5000,
    ("M001", "closing_stock"): 5000,
    ("M001", "sold"): 0,
    ("M001", "used_outside"): 0,
    ("M002", "purchased"): 200,
    ("M003", "purchased"): 20000,
    ("M003", "opening_stock"): 800,
    ("M003", "closing_stock"): 800,
    ("M003", "sold"): 0,
    ("M003", "used_outside"): 0,
    ("P001", "quantity"): 260000,
    ("E001", "quantity"): 70000,
    ("G001", "quantity"): 95000,
}


def fill(plant, month: Month, *, by=None, skip=()) -> None:
    changes = [
        services.Change(plant.streams[code], key, Decimal(value))
        for (code, key), value in VALUES.items()
        if code not in skip
    ]
    services.values_set(by=by or plant.reporter, organisation=plant.works, month=month, changes=changes)


JULY = Month(2025, 7)
TODAY = dt.date(2026, 3, 1)
