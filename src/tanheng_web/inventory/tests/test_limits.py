"""排放预警: raised above a limit or its share, cleared below, heading when the months so far say so."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.common.models import AuditEntry
from tanheng_web.inventory.limits.selectors import alerts_of, standings
from tanheng_web.inventory.limits.services import limit_set, limit_withdraw
from tanheng_web.inventory.models import EmissionLimit
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams

STEEL = "gbt_32151_5_2015"


@pytest.fixture
def run(world):
    works_with_streams(world.works, world.people["manager"])
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=world.people["manager"])
    return run_execute_now(organisation=world.works, period="2025-01", by=world.people["manager"])


def put(world, value: str, **more) -> EmissionLimit:
    given = {"measure": "total", "kind": "target", "warn_percent": Decimal(90), "document": "减排方案"} | more
    return limit_set(
        organisation=world.works, year=2025, standard=STEEL, value=Decimal(value), by=world.people["manager"], **given
    )


@pytest.mark.parametrize(
    ("times", "state"), [(0.5, "over"), (1.0001, "heading"), (11.9, "heading"), (12.5, "within"), (1e3, "within")]
)
def test_the_total_of_a_year_against_its_limit(world, run, times, state):
    put(world, f"{run.total * times:.6f}")
    (standing,) = standings(world.works, 2025)
    assert standing.state == state and standing.is_alert == (state != "within")


@pytest.mark.parametrize(("times", "state"), [(0.99, "over"), (1.05, "near"), (1.2, "within")])
def test_the_intensity_against_its_limit(world, run, times, state):
    intensity = run.summary["indicators"]["intensity"]["value"]
    put(world, f"{intensity * times:.6f}", measure="intensity")
    (standing,) = standings(world.works, 2025)
    assert standing.state == state


def test_without_a_result_nothing_is_said_to_be_within(world):
    put(world, "100")
    (standing,) = standings(world.works, 2025)
    assert standing.state == "unknown" and standing.share is None and not alerts_of(world.works, 2025)


def test_a_new_limit_replaces_the_old_which_stays_on_record(world, run):
    old = put(world, "1")
    assert [alert.state for alert in alerts_of(world.works, 2025)] == ["over"]
    put(world, "100000000")
    old.refresh_from_db()
    assert old.withdrawn_by == world.people["manager"] and not alerts_of(world.works, 2025)
    limit_withdraw(limit=EmissionLimit.objects.get(withdrawn_at=None), by=world.people["manager"])
    assert EmissionLimit.objects.count() == 2 and not standings(world.works, 2025)
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"limit.set", "limit.withdraw"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"value": "0"}, "limit.value"),
        ({"value": "1e14"}, "limit.value"),
        ({"warn_percent": Decimal(101)}, "limit.percent"),
        ({"document": " "}, "limit.document"),
    ],
)
def test_what_cannot_be_a_limit_is_refused(world, wrong, code):
    with pytest.raises(InputError) as caught:
        put(world, wrong.pop("value", "5"), **wrong)
    assert caught.value.code == code


def test_the_panorama_warns_and_the_page_sets(client, world, run):
    client.force_login(world.people["manager"])
    url = reverse("inventory:limits", args=[world.works.pk])
    form = {
        "standard": STEEL, "measure": "total", "kind": "local", "value": "1", "warn_percent": "80", "document": "",
    }  # fmt: skip
    assert client.post(url + "?period=2025", form).status_code == 422
    client.post(url + "?period=2025", {**form, "document": "市发改委 2025 年限额"})
    page = client.get(reverse("dashboards:panorama", args=[world.works.pk]) + "?period=2025").content.decode()
    assert "已超过限值（地方限额）" in page and "市发改委 2025 年限额" in page
    assert "已超过限值" in client.get(url + "?period=2025").content.decode()
    client.force_login(world.people["viewer"])
    assert client.post(url, form).status_code == 403
