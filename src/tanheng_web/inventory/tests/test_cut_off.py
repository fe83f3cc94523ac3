"""取舍规则, 单位产品数据 and 自备电厂: what pages show, what is refused, who may decide."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.collection.models import MonthReport, SourceStream
from tanheng_web.collection.services import Change, month_approve, month_submit, stream_add, stream_change, values_set
from tanheng_web.inventory.cutoff.selectors import checked
from tanheng_web.inventory.cutoff.services import cut_off_decide, cut_off_withdraw
from tanheng_web.inventory.models import CutOffDecision
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.organisations.models import Process, Site
from tanheng_web.organisations.services import process_add

# (material, role, direction, process, amount); raw material in all 100 000 t with the limestone and scrap of the world
MORE = [
    ("iron_ore", "raw_material", "in", "", 1_000_000),
    ("bentonite", "auxiliary", "in", "", 9_000),
    ("fluorspar", "auxiliary", "in", "", 40_000),
    ("spent_potlining", "waste", "out", "", 1),
    ("slag", "waste", "out", "", 100_000),
]


@pytest.fixture
def works(world):
    from tanheng_web.inventory.tests.world import works_with_streams

    by = world.people["superuser"]
    works_with_streams(world.works, by)
    world.works.main_product = "crude_steel"
    world.works.save()
    process_add(organisation=world.works, by=by, name="自备电厂", kind="captive_power")
    for material, role, direction, *_ in MORE:
        stream_add(
            by=by, organisation=world.works, material=material, role=role, direction=direction, components=["quantity"]
        )
    flows = (("bituminous_coal", "fuel", "in"), ("electricity", "electricity", "out"))
    for material, role, direction in flows:
        stream_add(by=by, organisation=world.works, material=material, role=role, direction=direction,
                   process_path="自备电厂", components=["quantity"])  # fmt: skip
    return world.works


@pytest.fixture
def run(world, works):
    """January, with 100 000 MWh of the works' own power."""
    from tanheng_web.inventory.tests.world import STREAMS

    amounts = {code: amount for code, *_, amount in STREAMS}
    own = {material: amount for material, *_, amount in MORE}
    changes = []
    for stream in SourceStream.objects.filter(organisation=works).select_related("process"):
        in_plant = stream.process is not None and stream.process.name == "自备电厂"
        default = {"bituminous_coal": 40_000, "electricity": 100_000}.get(stream.material) if in_plant else None
        amount = amounts.get(stream.code) or default or own[stream.material]
        changes.append(Change(stream, "quantity", Decimal(amount), entered=str(amount)))
    enter, review = world.people["reporter"], world.people["manager"]
    values_set(by=enter, organisation=works, month=Month(2025, 1), changes=changes)
    report = MonthReport.objects.get(organisation=works)
    report = month_submit(by=enter, report=report)
    month_approve(by=review, report=report, refresh=False)
    return run_execute_now(organisation=works, period="2025-01", by=review)


def item(found, key):
    return next(each for each in found.items if each.key == key)


def decide(world, run, material, person="manager", reason="用量小，无检测"):
    return cut_off_decide(
        organisation=run.organisation, run=run, by=world.people[person], material=material, reason=reason
    )


def test_what_is_small_is_offered_and_listed_with_reason_and_person(world, works, run, sign_in):
    found = checked(works, run)
    assert item(found, "bentonite").may_be_ignored
    assert not item(found, "fluorspar").may_be_ignored
    client, url = sign_in("manager"), f"/o/{works.pk}/results/cut-off/"
    page = client.get(f"{url}?period=2025").text
    assert page.count('name="reason"') == 1
    assert "有毒有害" in page
    values = {"material": "bentonite", "reason": "占比小"}
    assert client.post(f"{url}{run.pk}/decide/", values).status_code == 302
    assert "占比小" in client.get(f"{url}?period=2025").text
    result = client.get(f"/o/{works.pk}/results/{run.pk}/").text
    assert "按取舍规则忽略的物料" in result
    assert "膨润土" in result
    assert run.total == run_execute_now(organisation=works, period="2025-01", by=world.people["manager"]).total
    assert works.audit_entries.filter(action="cut_off.decide").exists()


def test_a_decision_is_taken_back_and_stays_in_the_list(world, works, run, sign_in):
    row = decide(world, run, "bentonite")
    with pytest.raises(InputError, match=r"cutoff\.already"):
        decide(world, run, "bentonite")
    cut_off_withdraw(decision=row, by=world.people["manager"])
    assert not checked(works, run).ignored
    assert "撤销" in sign_in("viewer").get(f"/o/{works.pk}/results/cut-off/?period=2025").text
    decide(world, run, "bentonite")
    assert CutOffDecision.objects.count() == 2


@pytest.mark.parametrize("material", ["fluorspar", "spent_potlining"])
def test_what_is_not_small_or_is_hazardous_is_refused(world, run, material):
    with pytest.raises(InputError, match=r"cutoff\.refused"):
        decide(world, run, material)


def test_a_stream_marked_hazardous_is_never_left_out(world, works, run, sign_in):
    stream = SourceStream.objects.get(organisation=works, material="bentonite")
    decide(world, run, "bentonite")
    stream_change(by=world.people["manager"], stream=stream, is_hazardous=True)
    assert checked(works, run).broken == ("膨润土",)
    assert "已不符合规则" in sign_in("viewer").get(f"/o/{works.pk}/results/cut-off/?period=2025").text


def test_a_decision_needs_a_reason_and_the_right(world, run):
    with pytest.raises(InputError, match=r"cutoff\.reason_needed"):
        decide(world, run, "bentonite", reason=" ")
    for person in ("reporter", "viewer", "verifier", "admin"):
        with pytest.raises(PermissionDenied):
            decide(world, run, "bentonite", person=person)


def test_odd_requests_do_no_harm(world, works, run, sign_in):
    client, url = sign_in("manager"), f"/o/{works.pk}/results/cut-off/"
    assert client.post(f"{url}999999/decide/", {"material": "bentonite"}).status_code == 404
    assert client.post(f"{url}999999/withdraw/").status_code == 404
    client.post(f"{url}{run.pk}/decide/", {"material": "<nothing>", "reason": "x"})
    assert not CutOffDecision.objects.exists()


def test_the_table_per_product_keeps_the_raw_figures(works, run, sign_in):
    client = sign_in("viewer")
    page = client.get(f"/o/{works.pk}/results/per-product/?period=2025").text
    assert "90,000" in page  # the purchased power as it was entered
    assert "0.180000" in page  # for a tonne of the 500 000
    assert "标准不计入" in page
    export = client.get(f"/o/{works.pk}/results/per-product/table.csv?period=2025").content.decode("utf-8-sig")
    assert export.startswith("主产品,粗钢,产量,500000.0,t")
    assert len(export.splitlines()) == 2 + SourceStream.objects.filter(organisation=works).count()


def test_without_a_result_the_pages_say_what_to_do(works, sign_in):
    client = sign_in("viewer")
    for path in ("cut-off/", "per-product/"):
        assert "请先核算" in client.get(f"/o/{works.pk}/results/{path}").text
    assert client.get(f"/o/{works.pk}/results/per-product/table.csv").status_code == 404


def test_the_captive_plant_is_shown_apart_above_half(works, run, sign_in):
    page = sign_in("viewer").get(f"/o/{works.pk}/results/{run.pk}/").text
    # 100 000 made − 9 000 exported, of 90 000 bought + 100 000 made − 9 000 exported
    assert "供电自给率 50.28%" in page
    assert "范围一 · 燃煤、燃气发电（自备电厂）" in page


def test_a_site_of_another_enterprise_is_refused(world, works):
    foreign = Site.objects.create(organisation=world.foreign, name="外厂区")
    stream = SourceStream.objects.filter(organisation=works).first()
    with pytest.raises(InputError, match=r"web\.site_name"):
        stream_change(by=world.people["manager"], stream=stream, site=foreign)


def test_the_form_marks_hazard_and_site(world, works, sign_in):
    client = sign_in("manager")
    north = Site.objects.create(organisation=works, name="北区", province="山西")
    Site.objects.get_or_create(organisation=works, name="南区", province="河北")
    stream = SourceStream.objects.get(organisation=works, code="el")
    values = {"components": ["quantity"], "site": north.pk, "is_hazardous": "on", "unit": stream.unit}
    answer = client.post(f"/o/{works.pk}/data/streams/{stream.pk}/", values)
    assert answer.status_code == 302
    stream.refresh_from_db()
    assert (stream.site, stream.is_hazardous) == (north, True)
    assert Process.objects.filter(organisation=works, name="自备电厂").exists()
