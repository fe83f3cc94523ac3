"""Ratios of a month: computed where the streams exist and are filled, told with their figures, never a bar."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tanheng.accounting.ratios import Amount, intensity_hints, ratio_hints
from tanheng_web.collection import selectors, services
from tanheng_web.collection.services_streams import streams_create
from tanheng_web.collection.tests.conftest import JULY, fill
from tanheng_web.organisations.models import Process

STEEL = "gbt_32151_5_2015"


def amount(material, role, value, *, kind="", process=None, direction="in", unit="t"):
    return Amount(material, role, direction, process is not None, kind, unit, value)


def furnace(coke=38_000.0, coal=15_000.0, iron=100_000.0):
    return [
        amount("coke", "fuel", coke, kind="ironmaking", process=1),
        amount("anthracite", "fuel", coal, kind="ironmaking", process=1),
        amount("coke", "fuel", 9e9, kind="sintering", process=2),
        amount("coke", "fuel", 9e9, kind="ironmaking", process=1, direction="out"),
        amount("pig_iron", "product", iron, kind="ironmaking", process=1, direction="out"),
        amount("crude_steel", "product", 110_000.0, direction="out"),
    ]


def names(amounts):
    return [hint.name for hint in ratio_hints(STEEL, amounts)]


def test_what_is_usual_gives_no_hint():
    assert names(furnace()) == []


def test_a_ratio_outside_its_range_is_told_with_the_figures_used():
    (coke, fuel) = ratio_hints(STEEL, furnace(coke=60_000.0))
    assert (coke.name, coke.value, coke.unit, coke.low, coke.high) == ("入炉焦比", "600", "kg/t", "300", "480")
    assert "焦炭 60,000,000 kg ÷ 生铁 100,000 t" in coke.used
    assert fuel.name == "燃料比" and "折算前" in fuel.note


@pytest.mark.parametrize("missing", [{"coke": None}, {"iron": None}, {"iron": 0.0}])
def test_a_missing_amount_leaves_its_ratios_uncomputed(missing):
    assert not {"入炉焦比", "燃料比"} & set(names(furnace(**({"coke": 60_000.0} | missing))))


def test_another_standard_and_streams_that_are_not_there_give_none():
    assert not list(ratio_hints("gbt_32151_4_2015", furnace(coke=60_000.0)))
    assert names([]) == []


def test_products_inside_the_works_count_once():
    inside = [
        amount("pig_iron", "product", 90_000.0, kind="ironmaking", process=1, direction="out"),
        amount("crude_steel", "product", 60_000.0, kind="bof", process=2, direction="out"),
        amount("crude_steel", "product", 60_000.0, direction="out"),
    ]
    (hint,) = ratio_hints(STEEL, inside)
    assert (hint.name, hint.value) == ("铁钢比", "1.5")


def test_the_intensity_is_judged_by_the_kind_of_works_and_against_last_month():
    assert [h.name for h in intensity_hints(STEEL, ["ironmaking"], 3.0, 2.9)] == ["长流程吨钢排放强度"]
    both = [h.name for h in intensity_hints(STEEL, ["eaf"], 1.2, 0.9)]
    assert both == ["电炉短流程吨钢排放强度", "排放强度环比变化"]
    assert not list(intensity_hints(STEEL, ["ironmaking", "eaf"], 2.0, 1.9))
    assert not list(intensity_hints(STEEL, ["ironmaking"], None, 1.9))


@pytest.fixture
def works(plant):
    """The blast furnace known as one, with its hot metal."""
    Process.objects.filter(organisation=plant.works, name="炼铁").update(kind="ironmaking")
    iron = {"material": "pig_iron", "role": "product", "direction": "out", "process_path": "炼铁/1号高炉"}
    (stream,) = streams_create(by=plant.admin, organisation=plant.works, proposals=[iron])
    fill(plant, JULY)
    change = services.Change(stream, "quantity", Decimal(120_000))
    services.values_set(by=plant.reporter, organisation=plant.works, month=JULY, changes=[change])
    return plant


@pytest.mark.django_db
def test_the_month_page_and_the_submit_form_show_them_and_submitting_is_not_barred(works, client):
    client.force_login(works.reporter)
    page = client.get(reverse("collection:month", args=[works.works.pk, JULY])).content.decode()
    assert "入炉焦比 791.7 kg/t" in page and "焦炭 95,000,000 kg ÷ 生铁 120,000 t" in page
    assert page.count("入炉焦比") == 2, "above the grid and in the form"
    services.month_submit(by=works.reporter, report=selectors.current_report(works.works, JULY))


@pytest.mark.django_db
def test_after_saving_the_hints_are_asked_anew(works, client, django_assert_max_num_queries):
    client.force_login(works.reporter)
    url = reverse("collection:checks", args=[works.works.pk, JULY])
    part = client.get(url, {"form": 1}).content.decode()
    assert part.lstrip().startswith('<section id="month-checks"') and 'hx-swap-oob="true"' in part
    stream = works.streams["G001"]
    changes = [services.Change(stream, "quantity", Decimal(45_000))]
    services.values_set(by=works.reporter, organisation=works.works, month=JULY, changes=changes)
    with django_assert_max_num_queries(45):
        assert "入炉焦比" not in client.get(url).content.decode()
    assert "hx-swap-oob" not in client.get(url).content.decode()
