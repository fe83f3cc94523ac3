"""The enterprise's own values: each for a time, materials of the plant's own apart, results out of date on a change."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng_web.collection import selectors, services
from tanheng_web.collection.models import EnterpriseValue
from tanheng_web.collection.services_streams import streams_create
from tanheng_web.inventory.selectors import approved_fingerprint

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2025")


def given(plant, value, start=None, end=None, **more):
    facts = {"material": "coke", "key": "net_calorific_value", "unit": "GJ/t", "note": "检测报告"} | more
    months = {"valid_from": start, "valid_to": end}
    return services.own_value_set(by=plant.manager, organisation=plant.works, value=Decimal(value), **facts, **months)


def months_of(plant):
    rows = EnterpriseValue.objects.filter(organisation=plant.works, is_current=True).order_by("valid_from", "pk")
    return [(float(row.value), row.span_text) for row in rows]


def test_a_newer_value_takes_its_months_and_leaves_the_others(plant):
    first = given(plant, "28.0")
    given(plant, "28.5", date(2025, 3, 1), date(2025, 6, 1))
    assert sorted(months_of(plant)) == [
        (28.0, "2025-03 停用"),
        (28.0, "2025-06 起"),
        (28.5, "2025-03 起，2025-06 停用"),
    ]
    kept = EnterpriseValue.objects.get(is_current=True, valid_to=date(2025, 3, 1))
    assert (kept.entered_at, kept.note) == (first.entered_at, "检测报告")
    first.refresh_from_db()
    assert first.is_current is False
    parameters = selectors.stream_set(plant.works, YEAR).parameters
    by_month = {each.period: each.given.value for each in parameters}
    assert len(by_month) == 12 and by_month["2025-02"] == 28.0 and by_month["2025-03"] == 28.5
    assert by_month["2025-05"] == 28.5 and by_month["2025-06"] == 28.0


def test_a_value_for_the_whole_period_is_one_parameter(plant):
    given(plant, "28.0", date(2024, 1, 1))
    (parameter,) = selectors.stream_set(plant.works, YEAR).parameters
    assert parameter.period is None and parameter.given.provenance["valid_from"] == "2024-01"
    assert not selectors.stream_set(plant.works, Period.parse("2023")).parameters


def test_a_value_does_not_end_before_it_begins(plant):
    with pytest.raises(InputError, match=r"own_value\.months"):
        given(plant, "28.0", date(2025, 3, 1), date(2025, 3, 1))


def test_two_materials_of_the_plants_own_do_not_share_a_value(plant):
    alloys = [
        {"material": "other_ferroalloy", "material_zh": name, "role": "carbon_raw_material", "values": []}
        for name in ("硅钡合金", "硅钙合金")
    ]
    barium, calcium = streams_create(by=plant.admin, organisation=plant.works, proposals=alloys)
    for name, value in (("硅钡合金", "0.01"), ("硅钙合金", "0.02")):
        given(plant, value, material="other_ferroalloy", material_zh=name, key="carbon_content_mass", unit="tC/t")
    found = {each.stream: each.given.value for each in selectors.stream_set(plant.works, YEAR).parameters}
    assert found == {barium.code: 0.01, calcium.code: 0.02}
    services.stream_change(by=plant.manager, stream=barium, material_zh="硅钡合金（粒）")
    found = {each.stream: each.given.value for each in selectors.stream_set(plant.works, YEAR).parameters}
    assert found == {barium.code: 0.01, calcium.code: 0.02}, "the value follows the new name"


def test_a_change_makes_results_of_its_months_out_of_date_and_no_others(plant):
    before = {year: approved_fingerprint(plant.works, Period.parse(year)) for year in ("2024", "2025")}
    row = given(plant, "28.0", date(2025, 1, 1))
    assert approved_fingerprint(plant.works, Period.parse("2024")) == before["2024"]
    assert approved_fingerprint(plant.works, YEAR) != before["2025"]
    services.own_value_remove(by=plant.manager, own_value=row)
    assert approved_fingerprint(plant.works, YEAR) == before["2025"]


def test_the_page_takes_months_and_names_own_materials(plant, client):
    alloy = {"material": "other_ferroalloy", "material_zh": "硅钡合金", "role": "carbon_raw_material", "values": []}
    streams_create(by=plant.admin, organisation=plant.works, proposals=[alloy])
    client.force_login(plant.manager)
    url = reverse("collection:own-values", args=[plant.works.pk])
    facts = {
        "material": "other_ferroalloy:硅钡合金",
        "key": "carbon_content_mass",
        "value": "0.01",
        "note": "检测报告 7 号",
        "valid_from": "2025-03",
        "valid_to": "2026-01",
    }
    assert "停用月早于" in client.post(url, facts | {"valid_to": "2025-03"}).content.decode()
    assert client.post(url, facts).status_code == 302
    row = EnterpriseValue.objects.get()
    assert (row.material, row.material_zh, row.valid_from) == ("other_ferroalloy", "硅钡合金", date(2025, 3, 1))
    page = client.get(url).content.decode()
    assert "硅钡合金" in page and "2025-03 起，2026-01 停用" in page


@pytest.mark.parametrize(
    ("key", "value", "unit", "said"),
    [
        ("oxidation_factor", "95", "1", "0.95"),
        ("oxidation_factor", "-0.9", "1", "不能为负"),
        ("net_calorific_value", "-28", "GJ/t", "不能为负"),
        ("carbon_content_mass", "1.2", "tC/t", "超出可能的范围"),
    ],
)
def test_an_own_value_that_cannot_be_is_refused_in_service_and_form(plant, client, key, value, unit, said):
    with pytest.raises(InputError, match=said):
        given(plant, value, key=key, unit=unit)
    client.force_login(plant.admin)
    form = {"material": "coke", "key": key, "value": value, "unit": unit, "note": "检测报告"}
    page = client.post(reverse("collection:own-values", args=[plant.works.pk]), form)
    assert page.status_code == 422 and said in page.content.decode()
    assert not EnterpriseValue.objects.exists()


def test_an_unusual_own_value_is_saved_and_said(plant, client):
    client.force_login(plant.admin)
    form = {"material": "coke", "key": "net_calorific_value", "value": "2800", "unit": "", "note": "检测报告"}
    page = client.post(reverse("collection:own-values", args=[plant.works.pk]), form, follow=True).content.decode()
    assert "已保存企业默认值" in page and "通常在 26 至 31 之间" in page
