"""Numbers of another enterprise's things, in addresses and in bodies: as if they did not exist."""

import json
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from tanheng_web.accounts.models import Membership
from tanheng_web.collection.models import ActivityValue, EnterpriseValue, MonthReport, SourceStream, Workbook
from tanheng_web.collection.services import month_approve, month_submit
from tanheng_web.collection.tests.conftest import JULY, fill, make_plant
from tanheng_web.common.models import Job
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.organisations.models import Organisation, Process, Site


@pytest.fixture
def other(plant):
    """Another works, with everything there is."""
    found = make_plant("外厂")
    fill(found, JULY)
    report = MonthReport.objects.get(organisation=found.works)
    month_submit(by=found.reporter, report=report, gap_reason="缺热值")
    month_approve(by=found.manager, report=report, refresh=False)
    found.run = run_execute_now(organisation=found.works, period="2025-07", by=found.manager)
    found.book = Workbook(organisation=found.works, name="a.xlsx", size=1, sha256="0" * 64, uploaded_by=found.manager)
    found.book.file.save("a.xlsx", ContentFile(b"x"))
    found.job = Job.objects.create(organisation=found.works, by=found.manager, kind="run", task="x", status="failed")
    found.site = Site.objects.create(organisation=found.works, name="他厂区")
    return found


@pytest.fixture
def boss(plant, client):
    """Somebody with every right in one enterprise and none in the other."""
    Membership.objects.create(user=plant.admin, organisation=plant.works, role="manager")
    client.force_login(plant.admin)
    return client


def test_addresses_that_mix_enterprises_are_404(plant, other, boss):
    mine = plant.works.pk
    stream, process = other.streams["M001"].pk, other.works.processes.first().pk
    posts = [
        ("collection:stream", [mine, stream]), ("collection:stream-remove", [mine, stream]),
        ("collection:stream-restore", [mine, stream]), ("collection:workbook-confirm", [mine, other.book.pk]),
        ("collection:workbook-check", [mine, other.book.pk]), ("inventory:report-new", [mine, other.run.pk]),
        ("settings:process-change", [mine, process]), ("settings:process-edit", [mine, process]),
        ("settings:site-change", [mine, other.site.pk]), ("settings:site-remove", [mine, other.site.pk]),
        ("settings:member-roles", [mine, other.viewer.pk]), ("settings:member-remove", [mine, other.viewer.pk]),
        ("settings:member-password", [mine, other.viewer.pk]), ("common:job-cancel", [other.job.pk]),
        ("common:job-restart", [other.job.pk]), ("collection:workbook-corrected", [mine, other.book.pk]),
        ("collection:approve", [other.works.pk, JULY]),
        ("collection:reopen", [other.works.pk, JULY]), ("collection:values", [other.works.pk, JULY]),
    ]  # fmt: skip
    gets = [
        ("inventory:run", [mine, other.run.pk]), ("inventory:figure", [mine, other.run.pk]),
        ("inventory:document", [mine, other.run.pk]), ("collection:workbook", [mine, other.book.pk]),
        ("collection:workbook-file", [mine, other.book.pk]),
        ("common:job", [other.job.pk]),
    ]  # fmt: skip
    for name, args in posts:
        assert boss.post(reverse(name, args=args)).status_code == 404, name
    for name, args in gets:
        assert boss.get(reverse(name, args=args)).status_code == 404, name


def test_a_body_cannot_name_what_belongs_to_others(plant, other, boss):
    mine, theirs = plant.works.pk, other.works.processes.get(name="炼铁")
    add = {"name": "新工序", "parent": theirs.pk, "kind": ""}
    assert boss.post(reverse("settings:process-add", args=[mine]), add).status_code == 422
    stream = {"material": "coke", "role": "fuel", "direction": "in", "process": theirs.pk}
    assert boss.post(reverse("collection:stream-add", args=[mine]), stream).status_code == 422
    value = {"material": "coke", "key": "net_calorific_value", "value": "28", "note": "x", "process": theirs.pk}
    assert boss.post(reverse("collection:own-values", args=[mine]), value).status_code in (404, 422)
    assert boss.post(reverse("settings:group", args=[mine]), {"parent": other.works.pk}).status_code == 422
    assert not Process.objects.filter(organisation=plant.works, parent=theirs).exists()
    assert not SourceStream.objects.filter(organisation=plant.works, process=theirs).exists()
    assert not EnterpriseValue.objects.exists()
    assert Organisation.objects.get(pk=mine).parent is None


def test_a_grid_save_cannot_reach_another_enterprise(plant, other, boss):
    before = ActivityValue.objects.filter(stream__organisation=other.works).count()
    cell = f"{other.streams['M001'].pk}:purchased"
    body = {"changes": [{"cell": cell, "text": "1", "seen": 0}]}
    answer = boss.post(
        reverse("collection:values", args=[plant.works.pk, JULY]), json.dumps(body), content_type="application/json"
    )
    assert "error" in answer.json()["cells"][cell]
    assert ActivityValue.objects.filter(stream__organisation=other.works).count() == before


def test_search_finds_nothing_of_others(plant, other, boss):
    for text in ("外厂", "他厂区"):
        assert f"/o/{other.works.pk}/" not in boss.get(reverse("common:search"), {"q": text}).text


def test_a_locked_month_stays_as_it_was(plant, other, client):
    client.force_login(other.reporter)
    stream = other.streams["M001"]
    there = ActivityValue.objects.get(stream=stream, key="purchased", is_current=True)
    body = {"changes": [{"cell": f"{stream.pk}:purchased", "text": "1", "seen": there.pk}]}
    answer = client.post(
        reverse("collection:values", args=[other.works.pk, JULY]), json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 409
    there.refresh_from_db()
    assert there.is_current
    assert there.value == Decimal(100000)


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_no_page_sends_people_elsewhere(plant, client, address):
    client.force_login(plant.viewer)
    login = client.get(reverse("accounts:login"), {"next": address})
    assert login.status_code == 302
    assert login.headers["Location"].startswith("/")
    assert "evil" not in login.headers["Location"]
    theme = client.post(reverse("common:theme"), {"theme": "dark", "next": address})
    assert theme.headers["Location"] == "/"
