"""What cannot be taken is kept for the person; what was checked passes with a note; notes belong to their number."""

import json

import pytest
from django.urls import reverse

from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import selectors, services
from tanheng_web.collection.models import ActivityValue, RefusedEntry
from tanheng_web.collection.tests.conftest import JULY, fill

pytestmark = pytest.mark.django_db
CHECKED = "已核实：检测报告 2025-07，挥发分高"


@pytest.fixture
def type_in(client, plant):
    """Type into cells of July as a person: ``type_in("reporter", ("M001", "sold", "-1"))``; answers by code and key."""

    def typed(person, *cells):
        client.force_login(getattr(plant, person))
        changes = []
        for code, key, text, *note in cells:
            stream = plant.streams[code]
            row = ActivityValue.objects.filter(
                report__month=JULY.first_day, stream=stream, key=key, is_current=True
            ).first()
            change = {"cell": f"{stream.pk}:{key}", "text": text, "seen": row.pk if row else 0}
            changes.append(change | ({"note": note[0]} if note else {}))
        url = reverse("collection:values", args=[plant.works.pk, JULY])
        answer = client.post(url, json.dumps({"changes": changes}), content_type="application/json").json()
        by_pk = {str(stream.pk): code for code, stream in plant.streams.items()}
        return {(by_pk[cell.split(":")[0]], cell.split(":")[1]): result for cell, result in answer["cells"].items()}

    return typed


@pytest.fixture
def grid(client, plant):
    """The cells of July as a person's page has them, by code and key."""

    def cells(person):
        client.force_login(getattr(plant, person))
        data = client.get(reverse("collection:month", args=[plant.works.pk, JULY])).context["data"]["cells"]
        by_pk = {str(stream.pk): code for code, stream in plant.streams.items()}
        return {(by_pk[cell.split(":")[0]], cell.split(":")[1]): fact for cell, fact in data.items()}

    return cells


@pytest.fixture
def with_carbon(plant):
    """Coke whose carbon content is measured: its range may be confirmed."""
    plant.streams["M001"].values = ["net_calorific_value", "carbon_content", "oxidation_factor"]
    plant.streams["M001"].save()
    return plant


def test_what_was_refused_is_there_after_a_reload_for_that_person_alone(plant, type_in, grid):
    fill(plant, JULY)
    type_in("reporter", ("M001", "sold", "-5"), ("E001", "quantity", "七万"))
    mine = grid("reporter")
    assert (mine["M001", "sold"]["typed"], mine["M001", "sold"]["state"]) == ("-5", "bad")
    assert "不能为负" in mine["M001", "sold"]["reason"] and mine["M001", "sold"]["value"] == "0"
    assert mine["E001", "quantity"]["typed"] == "七万"
    assert "typed" not in grid("manager")["M001", "sold"]


def test_it_is_no_part_of_the_data(plant, type_in):
    fill(plant, JULY)
    type_in("reporter", ("E001", "quantity", "七万"))
    found = selectors.stream_set(plant.works, Period.parse("2025-07"), approved_only=False).records
    assert next(r for r in found if r.stream == "E001").quantity["quantity"].value == 70000
    assert selectors.gaps_of(selectors.current_report(plant.works, JULY)) == []


@pytest.mark.parametrize("text", ["71000", "70000", ""])
def test_it_is_gone_once_mended_given_up_or_cleared(plant, type_in, grid, text):
    fill(plant, JULY)
    type_in("reporter", ("E001", "quantity", "七万"))
    type_in("reporter", ("E001", "quantity", text))
    assert not RefusedEntry.objects.exists()
    assert "typed" not in grid("reporter")["E001", "quantity"]


def test_a_locked_month_keeps_nothing_and_shows_nothing(plant, type_in, grid):
    fill(plant, JULY)
    type_in("reporter", ("M001", "sold", "-5"))
    services.month_submit(by=plant.reporter, report=selectors.current_report(plant.works, JULY))
    assert "typed" not in grid("reporter")["M001", "sold"]
    type_in("reporter", ("E001", "quantity", "七万"))
    assert RefusedEntry.objects.count() == 1


def test_a_range_is_passed_with_a_note_that_says_why(with_carbon, type_in, grid):
    cell = ("M001", "carbon_content", "0.06")
    refused = type_in("reporter", cell)["M001", "carbon_content"]
    assert refused["confirmable"] is True and "超出可能的范围" in refused["error"]
    assert "error" in type_in("reporter", (*cell, "已核实："))["M001", "carbon_content"], "a reason is needed"
    taken = type_in("reporter", (*cell, CHECKED))["M001", "carbon_content"]
    assert (taken["value"], taken["state"], taken["note"]) == ("0.06", "verified", CHECKED)
    assert not RefusedEntry.objects.exists()
    again = grid("manager")["M001", "carbon_content"]
    assert (again["state"], again["note"]) == ("verified", CHECKED)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("purchased", "-1"),
        ("sold", "-1"),
        ("opening_stock", "-1"),
        ("closing_stock", "-1"),
        ("net_calorific_value", "-28"),
        ("oxidation_factor", "1.2"),
    ],
)
def test_what_is_impossible_is_never_confirmed(with_carbon, type_in, key, text):
    refused = type_in("reporter", ("M001", key, text, CHECKED))["M001", key]
    assert refused["error"] and refused["confirmable"] is False
    assert not ActivityValue.objects.exists()


def test_a_slip_by_a_thousand_is_amber_until_it_is_confirmed(plant, type_in, grid):
    for number in range(3, 7):
        fill(plant, Month(2025, number))
    assert type_in("reporter", ("E001", "quantity", "70000000"))["E001", "quantity"]["state"] == "warn"
    confirmed = type_in("reporter", ("E001", "quantity", "70000000", CHECKED))["E001", "quantity"]
    assert (confirmed["state"], confirmed["note"]) == ("verified", CHECKED)
    other = type_in("reporter", ("E001", "quantity", "70000001"))["E001", "quantity"]
    assert (other["state"], other["note"]) == ("warn", ""), "another number was not checked"


def test_a_plain_note_stays_with_the_cell_and_reaches_the_accounts(plant, type_in):
    type_in("reporter", ("E001", "quantity", "70000", "按发票"))
    type_in("reporter", ("E001", "quantity", "70100"))
    row = ActivityValue.objects.get(is_current=True, stream=plant.streams["E001"])
    assert (row.value, row.note) == (70100, "按发票")
    found = selectors.stream_set(plant.works, Period.parse("2025-07"), approved_only=False).records
    assert found[0].quantity["quantity"].provenance["note"] == "按发票"
    type_in("reporter", ("E001", "quantity", "70100", ""))
    assert ActivityValue.objects.get(is_current=True, stream=plant.streams["E001"]).note == ""
