"""A works that is filled through the pages and accounted, for clauses on entering and showing data."""

import json

from django.test import Client
from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.collection import selectors, services
from tanheng_web.collection.services_streams import streams_create
from tanheng_web.collection.tests.conftest import make_plant
from tanheng_web.inventory.services import run_execute_now

__all__ = ["JULY", "accounted", "approve", "client_of", "plant_with", "typed"]

JULY = Month(2025, 7)


def plant_with(*proposals):
    """The works of the collection tests with these streams added (`fresh`)."""
    plant = make_plant()
    plant.fresh = streams_create(by=plant.admin, organisation=plant.works, proposals=list(proposals))
    return plant


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def typed(plant, cells, month=JULY, who="reporter", seen=0) -> dict:
    """What the monthly grid answers when {(stream, key): text} is typed into it."""
    changes = [{"cell": f"{stream.pk}:{key}", "text": text, "seen": seen} for (stream, key), text in cells.items()]
    url = reverse("collection:values", args=[plant.works.pk, str(month)])
    client = client_of(getattr(plant, who))
    response = client.post(url, json.dumps({"changes": changes}), content_type="application/json")
    assert response.status_code == 200, response.content.decode()
    return response.json()["cells"]


def approve(plant, month=JULY) -> None:
    """Submit with whatever gaps there are, and approve by somebody else."""
    report = selectors.current_report(plant.works, month)
    report = services.month_submit(by=plant.reporter, report=report, gap_reason="只填与本条有关的源流")
    services.month_approve(by=plant.manager, report=report, refresh=False)


def accounted(plant, period="2025-07"):
    """The finished run of a period."""
    return run_execute_now(organisation=plant.works, period=period, by=plant.manager)
