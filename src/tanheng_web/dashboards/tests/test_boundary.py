"""核算边界: who may report, what lies inside, what is refused and said."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.inventory.selectors import is_stale
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.boundary import captive_rule_of, outside_ids, units_of
from tanheng_web.organisations.models import Process, UnitBoundary
from tanheng_web.organisations.services import process_add, process_remove
from tanheng_web.organisations.services.boundary import boundary_rules_change, entity_change, unit_change


@pytest.fixture
def works(world):
    works_with_streams(world.works, world.people["superuser"])
    return world.works


def page(sign_in, works, person="manager", path=""):
    return sign_in(person).get(f"/o/{works.pk}/boundary/{path}")


def test_the_tree_shows_units_findings_gases_and_kinds_of_data(works, sign_in):
    text = page(sign_in, works, path="?all=1").text
    for said in ("焦化", "1号高炉", "未登记主体类型", "没有单位类型", "氢氟碳化物", "N-7.2.2-8", "没有这一阶段的工序"):
        assert said in text


def test_a_unit_is_given_type_stage_and_put_outside_with_a_reason(world, works, sign_in):
    process = Process.objects.get(organisation=works, name="轧钢")
    url = f"/o/{works.pk}/boundary/units/{process.pk}/"
    client = sign_in("manager")
    assert client.post(url, {"unit_type": "rolling", "stage": "", "reason": ""}).status_code == 422
    values = {"unit_type": "rolling", "stage": "processing", "reason": "已出租"}
    assert client.post(url, values).status_code == 302
    assert outside_ids(works) == {process.pk}
    text = client.get(f"/o/{works.pk}/boundary/").text
    assert "已出租" in text
    assert "不再参与核算" in text
    assert works.audit_entries.get(action="boundary.unit").data["is_inside"] == [True, False]
    assert client.post(url, {"unit_type": "", "stage": "", "is_inside": "on", "reason": ""}).status_code == 302
    assert not UnitBoundary.objects.exists()


def test_what_lies_below_a_unit_goes_outside_with_it(world, works):
    by = world.people["manager"]
    above = Process.objects.get(organisation=works, name="高炉炼铁")
    unit_change(process=above, by=by, is_inside=False, reason="停产拆除")
    assert {process.name for process, unit in units_of(works) if not unit.is_inside} == {"高炉炼铁", "1号高炉"}


def test_a_choice_does_not_hold_a_process_fast(world, works):
    process = process_add(organisation=works, by=world.people["manager"], name="食堂")
    unit_change(process=process, by=world.people["manager"], unit_type="canteen")
    process_remove(process=process, by=world.people["manager"])
    assert not UnitBoundary.objects.exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"unit_type": "spaceship"}, "boundary.unit_type"),
        ({"unit_type": "canteen", "stage": "smelting"}, "boundary.stage"),
        ({"is_inside": False, "reason": " "}, "boundary.reason_needed"),
    ],
)
def test_what_makes_no_sense_is_refused(world, works, values, code):
    process = Process.objects.get(organisation=works, name="轧钢")
    with pytest.raises(InputError, match=code.replace(".", r"\.")):
        unit_change(process=process, by=world.people["manager"], **values)


def test_a_department_cannot_be_accounted(world, works):
    by = world.people["manager"]
    month_fill(works, Month(2025, 1), enter=world.people["reporter"], review=by)
    entity_change(organisation=works, by=by, entity_kind="department")
    with pytest.raises(InputError, match=r"boundary\.entity_refused") as caught:
        run_execute_now(organisation=works, period="2025-01", by=by)
    assert "视同法人" in caught.value.zh()
    with pytest.raises(InputError, match=r"boundary\.entity_document"):
        entity_change(organisation=works, by=by, entity_kind="deemed_legal_person")
    entity_change(organisation=works, by=by, entity_kind="deemed_legal_person", entity_document="集团〔2020〕5号")
    assert run_execute_now(organisation=works, period="2025-01", by=by).is_done


def test_only_those_who_set_up_may_change(world, works):
    process = Process.objects.get(organisation=works, name="轧钢")
    for person in ("reporter", "viewer", "verifier", "stranger"):
        with pytest.raises(PermissionDenied):
            unit_change(process=process, by=world.people[person], unit_type="rolling")
        with pytest.raises(PermissionDenied):
            entity_change(organisation=works, by=world.people[person], entity_kind="legal_person")


def test_the_rule_of_the_captive_plant_is_the_enterprises(world, works, sign_in):
    url = f"/o/{works.pk}/boundary/rules/"
    client = sign_in("manager")
    wrong = {"captive_threshold": "101", "captive_exported_from": "generation"}
    assert client.post(url, wrong).status_code == 422
    assert client.post(url, {"captive_threshold": "40", "captive_exported_from": "purchased"}).status_code == 302
    rule = captive_rule_of(works)
    assert (rule.limit.percent, rule.limit.strict, rule.exported_from) == (Decimal(40), False, "purchased")
    boundary_rules_change(organisation=works, by=world.people["manager"], captive_threshold=None, captive_strict=True)
    assert captive_rule_of(works).limit.percent == 50


def test_the_export_holds_every_unit(works, sign_in):
    answer = page(sign_in, works, path="export.csv")
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert "高炉炼铁/1号高炉" in text
    assert text.splitlines()[0].startswith("厂区,单元")


def test_a_name_like_a_formula_is_text_in_the_export(world, works, sign_in):
    process_add(organisation=works, by=world.people["manager"], name="=1+1")
    assert ",'=1+1," in page(sign_in, works, path="export.csv").content.decode("utf-8-sig")


def test_what_flows_outside_the_boundary_is_not_accounted(world, works):
    by = world.people["manager"]
    month_fill(works, Month(2025, 1), enter=world.people["reporter"], review=by)
    before = run_execute_now(organisation=works, period="2025-01", by=by)
    process = Process.objects.get(organisation=works, name="轧钢")
    unit_change(process=process, by=by, is_inside=False, reason="已出租")
    assert is_stale(before, works)
    after = run_execute_now(organisation=works, period="2025-01", by=by)
    assert "轧钢" in before.summary["processes"]
    assert "轧钢" not in after.summary["processes"]
    assert after.total == before.total  # what was bought stays until 主营业务外使用 says otherwise
    unit_change(process=process, by=by)
    assert is_stale(after, works)
