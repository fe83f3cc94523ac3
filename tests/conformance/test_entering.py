"""Clauses on acquiring data by hand: S-6.2.1*, S-6.2.3*, N-7.2.2, N-7.4.2, N-7.6.5a, N-7.7.1-4, N-6.5b, S-6.6.4."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from tanheng.kernel.periods import Period
from tanheng_web.collection import imports, selectors, services
from tanheng_web.collection.models import ActivityValue, EnterpriseValue, MonthReport
from tanheng_web.collection.tests.months import plant_with_months
from tanheng_web.collection.workbook.template import write_template
from tanheng_web.inventory.services import results_refresh

from .plants import JULY, accounted, approve, client_of, plant_with, typed

pytestmark = pytest.mark.django_db
FURNACE = "炼铁/1号高炉"


def flow(material, role, direction="in"):
    return {
        "material": material,
        "role": role,
        "direction": direction,
        "process_path": FURNACE,
        "components": ["quantity"],
    }


@pytest.mark.parametrize(
    ("proposal", "source"),
    [
        (flow("anthracite", "fuel"), "fuel_combustion"),
        (flow("limestone", "flux"), "flux"),
        (flow("electricity", "electricity"), "purchased_electricity"),
        (flow("heat", "heat"), "purchased_heat"),
        (flow("electricity", "electricity", "out"), "exported_electricity"),
        (flow("heat", "heat", "out"), "exported_heat"),
        (flow("pig_iron", "product", "out"), "carbon_in_products"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_every_family_of_sources_is_acquired_for_a_process(proposal, source):
    plant = plant_with(proposal)
    (stream,) = plant.fresh
    assert typed(plant, {(stream, "quantity"): "1,000"})[f"{stream.pk}:quantity"]["value"] == "1000"
    approve(plant)
    lines = accounted(plant).open().data["lines"]
    rows = zip(lines["stream"], lines["account"], lines["process"], lines["source"], lines["value"], strict=True)
    found = [row[2:] for row in rows if row[:2] == (stream.code, "process")]
    assert [(process, source_id) for process, source_id, _ in found] == [(FURNACE, source)]
    assert (
        found[0][2] < 0
        if source in {"exported_electricity", "exported_heat", "carbon_in_products"}
        else found[0][2] > 0
    )


@pytest.mark.parametrize(
    "proposal",
    [
        {"material": "iron_ore", "role": "raw_material"},
        {"material": "anthracite", "role": "fuel"},
        {"material": "water", "role": "auxiliary"},
        flow("coke", "fuel"),
        {"material": "crude_steel", "role": "product", "direction": "out"},
        {"material": "pig_iron", "role": "co_product", "direction": "out"},
    ],
    ids=["raw_material", "energy", "resource", "energy_of_a_step", "main_product", "co_product"],
)
def test_what_clause_7_2_2_lists_is_entered_in_the_monthly_form(proposal):
    plant = plant_with(proposal | {"components": ["quantity"]})
    (stream,) = plant.fresh
    page = client_of(plant.reporter).get(reverse("collection:month", args=[plant.works.pk, str(JULY)])).content.decode()
    assert f'data-cell="{stream.pk}:quantity"' in page and stream.material_zh in page
    typed(plant, {(stream, "quantity"): "120"})
    given = selectors.stream_set(plant.works, Period.parse("2025-07"), approved_only=False)
    record = next(each for each in given.records if each.stream == stream.code)
    assert record.quantity["quantity"].value == 120
    assert record.quantity["quantity"].provenance["by"] == "reporter"


@pytest.fixture
def past():
    """A works whose months January to June are approved."""
    return plant_with_months()


@pytest.mark.parametrize(
    ("code", "key", "text", "state", "said"),
    [
        ("E001", "quantity", "七万度", "error", "数字"),
        ("M001", "purchased", "-5", "error", "负"),
        ("M001", "net_calorific_value", "2.8", "warn", "26 至 31"),
        ("M001", "opening_stock", "9000", "warn", "期末"),
        ("E001", "quantity", "72000000", "warn", "1000"),
        ("E001", "quantity", "700000", "warn", "过去"),
    ],
    ids=["format", "negative", "range", "stock", "unit_slip", "far_from_the_median"],
)
def test_a_doubtful_entry_is_answered_at_once_with_the_reason(past, code, key, text, state, said):
    stream = past.streams[code]
    answer = typed(past, {(stream, key): text})[f"{stream.pk}:{key}"]
    if state == "error":
        assert said in answer["error"]
        assert not ActivityValue.objects.filter(report__month=JULY.first_day, stream=stream, key=key).exists()
    else:
        assert answer["state"] == "warn" and said in answer["reason"]


def test_an_ordinary_entry_is_not_suspected(past):
    stream = past.streams["E001"]
    assert typed(past, {(stream, "quantity"): "71000"})[f"{stream.pk}:quantity"]["state"] == ""


def _book(plant, **cells):
    book = openpyxl.load_workbook(
        BytesIO(write_template(selectors.template_spec(plant.works, Period.parse("2025-07"))))
    )
    for place, value in cells.items():
        sheet, _, cell = place.partition("_")
        book[sheet][cell] = value
    target = BytesIO()
    book.save(target)
    row, _ = services.workbook_upload(
        by=plant.reporter, organisation=plant.works, file=ContentFile(target.getvalue()), name="七月.xlsx"
    )
    services.workbook_check_now(workbook=row)
    row.refresh_from_db()
    return row


def test_a_negative_consumption_is_kept_aside_and_named(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    plant = plant_with()
    book = _book(plant, 物料收支_H2=-100, 产品产量_H2=260000)
    assert (book.counts["good"], book.counts["bad"]) == (1, 1)
    (fault,) = [row for row in imports.unpacked(book)["faults"] if row[4] == "cell.negative"]
    assert "物料收支" in str(fault) and "-100" in fault[5].replace("−", "-")
    services.workbook_confirm_now(by=plant.reporter, workbook=book)
    assert set(ActivityValue.objects.values_list("stream__code", flat=True)) == {"P001"}


@pytest.mark.parametrize(
    ("unit", "value"), [("kwh", "70"), ("千瓦时", "70"), ("万kWh", "700000"), ("度", "70"), ("兆瓦时", "70000")]
)
def test_a_unit_written_otherwise_is_brought_to_the_unit_of_the_stream(unit, value, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    plant = plant_with()
    book = _book(plant, 电力热力_G2=unit, 电力热力_H2=70000)
    services.workbook_confirm_now(by=plant.reporter, workbook=book)
    row = ActivityValue.objects.get(stream__code="E001")
    assert (row.value, row.unit) == (Decimal(value), "MWh")


def test_a_unit_that_cannot_be_known_is_asked_and_not_guessed(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    plant = plant_with()
    book = _book(plant, 电力热力_G2="电", 电力热力_H2=70000)
    assert book.counts["good"] == 0 and book.counts["bad"] == 1
    assert any("单位" in row[5] for row in imports.unpacked(book)["faults"])


@pytest.mark.parametrize("without", ["entered_at", "entered_by", "kind"])
def test_no_datum_is_stored_without_time_person_and_source(without):
    plant = plant_with()
    report = MonthReport.objects.create(
        organisation=plant.works, month=JULY.first_day, created_by=plant.reporter, status="draft"
    )
    mark = {"entered_at": "2025-08-01T00:00:00+08:00", "entered_by": plant.reporter, "kind": "form"}
    whole = {"report": report, "stream": plant.streams["E001"], "key": "quantity", "value": 1, "unit": "MWh"}
    if without == "kind":
        mark["kind"] = "workbook"  # a workbook without its file and cell is no source
    else:
        del mark[without]
    with pytest.raises(IntegrityError), transaction.atomic():
        ActivityValue.objects.create(**whole, **mark)


def test_a_new_reading_changes_the_result_by_itself(past):
    """Approved data go to the accounts and take their factor from the library: nobody copies a number."""
    before = results_refresh(organisation=past.works, year=2025, by=past.manager, now=True)
    factor = next(each["inputs"]["emission_factor"] for each in before.summary["streams"] if each["id"] == "E001")
    assert factor["origin"] == "library"
    typed(past, {(past.streams["E001"], "quantity"): "70000"})
    approve(past)
    after = results_refresh(organisation=past.works, year=2025, by=past.manager, now=True)
    added = after.summary["months"]["2025-07"]["value"]
    assert added == pytest.approx(70000 * factor["value"])
    assert after.total - before.total == pytest.approx(added)


def test_results_older_than_their_data_are_said_to_be_stale(past):
    run = results_refresh(organisation=past.works, year=2025, by=past.manager, now=True)
    url = reverse("inventory:run", args=[past.works.pk, run.pk])
    client = client_of(past.viewer)
    assert "结果待更新" not in client.get(url).content.decode()
    june = MonthReport.objects.get(organisation=past.works, month="2025-06-01")
    services.month_reopen(by=past.manager, report=june, reason="电表倍率更正")
    meter = past.streams["E001"]
    seen = ActivityValue.objects.get(report__month=june.month, report__version=2, stream=meter, is_current=True).pk
    typed(past, {(meter, "quantity"): "75000"}, month=june.span, seen=seen)
    assert "结果待更新" not in client.get(url).content.decode(), "a draft is not yet in force"
    approve(past, june.span)
    assert "结果待更新" in client.get(url).content.decode()


def test_an_official_heat_factor_needs_its_source(past):
    """0.11 tCO2/GJ stands until the enterprise gives a value, which it cannot without saying on what grounds."""
    plant = plant_with({"material": "heat", "role": "heat", "components": ["quantity"]})
    (heat,) = plant.fresh
    entered_heat = {(heat, "quantity"): "1000"}
    typed(plant, entered_heat)
    approve(plant)
    client, url = client_of(plant.admin), reverse("collection:own-values", args=[plant.works.pk])
    given = {
        "material": "heat",
        "key": "emission_factor",
        "value": "0.06",
        "unit": "tCO2/GJ",
        "process": "",
        "note": "",
    }
    assert accounted(plant).summary["sources"]["purchased_heat"]["value"] == pytest.approx(110)
    assert client.post(url, given).status_code == 422 and not EnterpriseValue.objects.exists()
    assert client.post(url, given | {"note": "主管部门公布值"}).status_code == 302
    document = accounted(plant).open()
    assert document.data["sources"]["purchased_heat"]["value"] == pytest.approx(60)
    assert any(each.get("note") == "主管部门公布值" for each in document.data["provenance"])
