"""A changed standard is tried on approved data before it is handed on; approved months become cases of it."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tanheng.accounting.case import parse_case
from tanheng.accounting.case_writer import case_data
from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng.rules.package_copy import data_of, edited, written
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards import services as standards
from tanheng_web.collection.selectors import stream_set
from tanheng_web.inventory.tests.world import month_correct, month_fill, works_with_streams
from tanheng_web.inventory.trials import services
from tanheng_web.inventory.trials.selectors import trials_of

JANUARY = Month(2025, 1)
LIME = 60_000 * 0.440  # t × tCO2/t of limestone in the package


@pytest.fixture
def copy(world):
    """A copy of the works' standard, the works with one approved month."""
    manager = world.people["manager"]
    works_with_streams(world.works, manager)
    month_fill(world.works, JANUARY, enter=world.people["reporter"], review=manager)
    return standards.copy_create(
        organisation=world.works, by=manager, base="gbt_32151_5_2015", name="own", zh="自有", short_zh="自有",
        reason="试算",
    )  # fmt: skip


def changed(copy, by, path, value, file="formulas.yaml"):
    done, _count = standards.copy_change(
        copy=copy, by=by, revision=copy.revision, reason="试", change=lambda files: edited(files, file, path, value)
    )
    return done


def tried(copy, by):
    trial = trials_of(copy, by)[0]
    return services.trial_now(copy=copy, by=by, organisation=trial.organisation, period=trial.period)


def frozen(copy, by, **given):
    values = {"title": "一月实绩", "checked_by": "王工", "how": "Excel 手算", "reason": "留底", **given}
    trial = trials_of(copy, by, by_month=True)[0]
    return services.case_freeze(copy=copy, by=by, revision=copy.revision, trial=trial, **values)


def test_the_effect_of_a_changed_formula_is_its_source_s_alone(world, copy):
    manager = world.people["manager"]
    copy = changed(copy, manager, ("flux", "expr"), "quantity * emission_factor * 2")
    found = tried(copy, manager)
    assert found["total"]["change"] == pytest.approx(LIME, abs=0.01)
    assert found["sources"][0]["id"] == "flux" and found["sources"][0]["change"] == pytest.approx(LIME, abs=0.01)
    assert all(each["change"] == 0 for each in found["sources"][1:])
    assert [each["kind"] for each in found["kinds"]] == ["公式"]


def test_nobody_hands_on_a_change_without_having_tried_it(world, copy):
    manager = world.people["manager"]
    with pytest.raises(InputError) as refused:
        standards.copy_submit(copy=copy, by=manager)
    assert refused.value.code == "copy.trial_needed"
    tried(copy, manager)
    copy = changed(copy, manager, ("flux", "zh"), "熔剂")
    with pytest.raises(InputError):  # changed since
        standards.copy_submit(copy=copy, by=manager)
    tried(copy, manager)
    copy.refresh_from_db()
    assert standards.copy_submit(copy=copy, by=manager).status == "submitted"


def test_a_stream_that_no_rule_takes_any_more_is_said(world, copy):
    copy = changed(copy, world.people["manager"], ("sources", "flux", "take"), [
        {"role": "flux", "materials": ["dolomite"], "basis": "net_consumption"},
    ], "standard.yaml")  # fmt: skip
    found = tried(copy, world.people["manager"])
    assert found["gaps"] and found["complete"] == [True, False]


def test_an_approved_month_becomes_a_case_that_gives_the_same(world, copy):
    manager = world.people["manager"]
    name = frozen(copy, manager)
    copy.refresh_from_db()
    outcome = next(each for each in standards.cases_check(copy=copy)["cases"] if each["name"] == name)
    assert outcome["holds"] and outcome["kind_zh"] == "企业已审核数据" and "王工" in outcome["source"]
    data = data_of(copy.files, name)
    assert set(data["expect"]) >= {"total", "sources", "complete"}
    row = copy.changes.get()
    assert row.place == "算例 · 一月实绩" and "王工" in row.after and row.before == "（无）"
    assert "reporter" not in copy.files[name]  # who entered a number is no part of a standard
    copy = changed(copy, manager, ("flux", "expr"), "quantity * emission_factor * 2")
    again = {each["name"]: each for each in standards.cases_check(copy=copy)["cases"]}
    assert not again[name]["holds"]


def test_a_frozen_month_stays_as_it_was_when_the_data_change(world, copy):
    manager = world.people["manager"]
    name = frozen(copy, manager)
    copy.refresh_from_db()
    before = copy.files[name]
    month_correct(
        world.works,
        JANUARY,
        enter=world.people["reporter"],
        review=manager,
        stream="lime",
        amount=Decimal(1),
        reason="改",
    )
    copy.refresh_from_db()
    assert copy.files[name] == before
    with pytest.raises(InputError) as twice:
        frozen(copy, manager)
    assert twice.value.code == "copy.case_exists"
    services.case_unfreeze(copy=copy, by=manager, revision=copy.revision, case=name, reason="重做")
    copy.refresh_from_db()
    assert name not in copy.files
    with pytest.raises(InputError):
        services.case_unfreeze(copy=copy, by=manager, revision=copy.revision, case="cases/one_coal.yaml", reason="重做")


@pytest.mark.parametrize("missing", ["title", "checked_by", "how"])
def test_a_month_that_nobody_checked_is_no_case(world, copy, missing):
    with pytest.raises(InputError) as refused:
        frozen(copy, world.people["manager"], **{missing: " "})
    assert refused.value.code == "copy.case_unchecked"


def test_streams_written_as_a_case_are_read_back_alike(world, copy):
    period = Period.parse("2025-01")
    streams = stream_set(world.works, period)
    case = parse_case(written(case_data(streams, period)).encode())

    def numbers(found):
        return {(r.stream, r.period, key, g.value, g.unit) for r in found.records for key, g in r.quantity.items()}

    assert numbers(case.stream_set) == numbers(streams)
    assert case.stream_set.site.options == streams.site.options


def test_a_month_of_two_provinces_is_frozen_with_both_grids(world, copy):
    from tanheng_web.collection.models import SourceStream
    from tanheng_web.organisations.services import site_add

    manager = world.people["manager"]
    far = site_add(organisation=world.works, by=manager, name="晋厂", province="山西")
    SourceStream.objects.filter(organisation=world.works, code="el").update(site=far)
    name = frozen(copy, manager)
    copy.refresh_from_db()
    data = data_of(copy.files, name)
    assert data["sites"] == {"晋厂": {"province": "山西"}}
    assert next(each for each in data["streams"] if each["id"] == "el")["site"] == "晋厂"


def test_only_those_who_may_change_standards_and_see_the_data_try(world, copy):
    trial = trials_of(copy, world.people["manager"])[0]
    for person in ("viewer", "stranger"):
        with pytest.raises(PermissionDenied):
            services.trial_start(copy=copy, by=world.people[person], trial=trial)
    assert trials_of(copy, world.people["stranger"]) == []


def test_the_pages_try_show_and_freeze(world, copy, sign_in, django_capture_on_commit_callbacks):
    client, page = sign_in("manager"), reverse("inventory:trial", args=[world.works.pk, copy.pk])
    changed(copy, world.people["manager"], ("flux", "expr"), "quantity * emission_factor * 2")
    key = trials_of(copy, world.people["manager"])[0].key
    assert client.post(page, {"on": "9:2025"}).status_code == 422
    assert client.post(page, {"on": key}).status_code == 302
    row = StandardCopy.objects.get(pk=copy.pk)
    tried(row, world.people["manager"])
    text = client.get(page).content.decode()
    assert "26,400.00" in text and "熔剂消耗排放" in text and "公式" in text
    shown = client.get(reverse("catalogue:copy", args=[world.works.pk, copy.pk])).content.decode()
    assert "26,400.00" in shown and "用已审核数据建算例" in shown
    freeze = reverse("inventory:case-freeze", args=[world.works.pk, copy.pk])
    given = {"on": f"{world.works.pk}:2025-01", "title": "一月", "checked_by": "王工", "how": "手算", "reason": "留底"}
    assert "请填写核对人" in client.post(freeze, {**given, "checked_by": "", "revision": 1}).content.decode()
    assert client.post(freeze, {**given, "revision": 1}).status_code == 302
    row.refresh_from_db()
    name = next(each for each in row.files if each.startswith("cases/frozen_"))
    client.post(freeze, {"remove": name, "reason": "不用了", "revision": row.revision})
    row.refresh_from_db()
    assert name not in row.files
    foreign = sign_in("stranger")
    assert foreign.get(page).status_code == 404 and foreign.get(freeze).status_code == 404
