"""The life of a month: entered, submitted, returned, approved, reopened."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.accounting.run import run
from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng.rules.package import load_standard
from tanheng_web.collection import selectors, services
from tanheng_web.collection.models import ActivityValue, MonthReport
from tanheng_web.collection.tests.conftest import JULY, fill
from tanheng_web.common.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_refresh(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "tanheng_web.collection.services_months.import_string", lambda path: lambda **given: asked.append(given)
    )
    return asked


def submitted(plant, month=JULY):
    fill(plant, month)
    return services.month_submit(by=plant.reporter, report=selectors.current_report(plant.works, month))


def approved(plant, month=JULY):
    return services.month_approve(by=plant.manager, report=submitted(plant, month))


def test_values_are_only_added_to(plant):
    first = services.value_set(
        by=plant.reporter,
        organisation=plant.works,
        stream=plant.streams["E001"],
        month=JULY,
        key="quantity",
        value=Decimal(5),
    )
    second = services.value_set(
        by=plant.reporter,
        organisation=plant.works,
        stream=plant.streams["E001"],
        month=JULY,
        key="quantity",
        value=Decimal(6),
    )
    first.refresh_from_db()
    assert (first.value, first.is_current, second.is_current) == (5, False, True)


def test_a_later_edit_is_asked_not_overwritten(plant):
    seen = services.value_set(
        by=plant.reporter,
        organisation=plant.works,
        stream=plant.streams["E001"],
        month=JULY,
        key="quantity",
        value=Decimal(5),
    )
    services.value_set(
        by=plant.manager,
        organisation=plant.works,
        stream=plant.streams["E001"],
        month=JULY,
        key="quantity",
        value=Decimal(6),
        seen=seen.pk,
    )
    with pytest.raises(InputError) as caught:
        services.value_set(
            by=plant.reporter,
            organisation=plant.works,
            stream=plant.streams["E001"],
            month=JULY,
            key="quantity",
            value=Decimal(7),
            seen=seen.pk,
        )
    assert caught.value.code == "value.conflict" and "manager" in caught.value.zh()
    assert ActivityValue.objects.get(is_current=True).value == 6


def test_gaps_stop_a_submission_without_a_reason(plant):
    fill(plant, JULY, skip={"E001"})
    report = selectors.current_report(plant.works, JULY)
    with pytest.raises(InputError) as caught:
        services.month_submit(by=plant.reporter, report=report)
    assert caught.value.code == "month.gaps_need_reason" and "电力的数量" in caught.value.zh()
    assert services.month_submit(by=plant.reporter, report=report, gap_reason="电表故障").gap_reason == "电表故障"


def test_nobody_approves_their_own_submission_unless_allowed(plant):
    fill(plant, JULY, by=plant.manager)
    report = services.month_submit(by=plant.manager, report=selectors.current_report(plant.works, JULY))
    with pytest.raises(InputError) as caught:
        services.month_approve(by=plant.manager, report=report)
    assert caught.value.code == "month.four_eyes"
    plant.works.allow_self_approval = True
    plant.works.save()
    assert services.month_approve(by=plant.manager, report=report).status == "approved"


def test_a_month_handed_in_anew_is_not_approved_unseen(plant):
    seen = submitted(plant).handed_in
    services.month_return(by=plant.manager, report=selectors.current_report(plant.works, JULY), comment="再核对")
    again = submitted(plant)
    with pytest.raises(InputError) as caught:
        services.month_approve(by=plant.manager, report=again, seen=seen)
    assert caught.value.code == "month.handed_in_anew"
    report = selectors.current_report(plant.works, JULY)
    assert services.month_approve(by=plant.manager, report=report, seen=report.handed_in).status == "approved"


def test_rights_are_needed_at_each_step(plant):
    with pytest.raises(PermissionDenied):
        fill(plant, JULY, by=plant.viewer)
    report = submitted(plant)
    with pytest.raises(PermissionDenied):
        services.month_approve(by=plant.reporter, report=report)


def test_a_returned_month_is_open_again_with_the_comment(plant):
    report = services.month_return(by=plant.manager, report=submitted(plant), comment="电量与发票不符")
    assert (report.status, report.comment, report.is_editable) == ("returned", "电量与发票不符", True)
    fill(plant, JULY)
    with pytest.raises(InputError):
        services.month_return(by=plant.manager, report=report, comment="")


def test_an_approved_month_is_locked_and_refreshes_the_results(plant, no_refresh, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        approved(plant)
    with pytest.raises(InputError) as caught:
        fill(plant, JULY)
    assert caught.value.code == "month.locked" and "已审核锁定" in caught.value.zh()
    assert no_refresh == [{"organisation": plant.works, "year": 2025, "by": plant.manager}]
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"month.submit", "month.approve"}


def test_reopening_makes_a_version_and_the_old_one_stays_readable(plant):
    report = approved(plant)
    with pytest.raises(InputError):
        services.month_reopen(by=plant.manager, report=report, reason=" ")
    fresh = services.month_reopen(by=plant.manager, report=report, reason="电表倍率更正")
    services.value_set(
        by=plant.reporter,
        organisation=plant.works,
        stream=plant.streams["E001"],
        month=JULY,
        key="quantity",
        value=Decimal(71000),
    )
    in_force = {r.stream: r for r in selectors.stream_set(plant.works, Period.parse("2025")).records}
    assert in_force["E001"].quantity["quantity"].value == 70000
    services.month_submit(by=plant.reporter, report=fresh)
    services.month_approve(by=plant.manager, report=fresh)
    assert list(MonthReport.objects.values_list("version", "status")) == [(1, "superseded"), (2, "approved")]
    in_force = {r.stream: r for r in selectors.stream_set(plant.works, Period.parse("2025")).records}
    assert in_force["E001"].quantity["quantity"].value == 71000
    assert report.entries.get(stream__code="E001", key="quantity", is_current=True).value == 70000


def test_a_month_that_has_not_begun_takes_no_entries(plant):
    with pytest.raises(InputError) as caught:
        fill(plant, Month(2999, 1))
    assert caught.value.code == "month.future"


def test_the_stream_set_tells_who_entered_and_who_approved(plant, django_assert_num_queries):
    approved(plant)
    with django_assert_num_queries(9):
        found = selectors.stream_set(plant.works, Period.parse("2025"))
    record = next(r for r in found.records if r.stream == "G001")
    given = record.quantity["quantity"]
    assert (record.period, given.value, given.unit) == ("2025-07", 95000.0, "t")
    assert given.provenance["kind"] == "form" and given.provenance["by"] == "reporter"
    assert given.provenance["approved_by"] == "manager" and given.provenance["version"] == 1
    assert next(d for d in found.declared if d.id == "G001").process == "炼铁/1号高炉"
    assert not selectors.stream_set(plant.works, Period.parse("2024")).records


def test_a_stock_cell_left_blank_is_a_gap_in_every_standard_and_never_zero(plant):
    """No month has a stock of coke: what was bought is not taken for what was used."""
    bought = [services.Change(plant.streams["M001"], "purchased", Decimal(100))]
    services.values_set(by=plant.reporter, organisation=plant.works, month=JULY, changes=bought)
    streams = selectors.stream_set(plant.works, Period.parse("2025-07"), approved_only=False)
    data = run(load_standard(plant.works.standard), streams, period=Period.parse("2025-07")).data
    blank = [gap["quantity"] for gap in data["gaps"] if (gap["code"], gap["stream"]) == ("component.missing", "M001")]
    assert blank == ["opening_stock", "closing_stock", "sold", "used_outside"]
