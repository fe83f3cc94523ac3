"""重算: old and new side by side, accepted or discarded; what moved meanwhile is refused, with a sentence."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.common import jobs
from tanheng_web.common.models import Job
from tanheng_web.inventory import services
from tanheng_web.inventory.models import LedgerEntry, RecalculationItem, Run, RunStreams
from tanheng_web.inventory.recalculation.execution import recalculation_compute, recalculation_post
from tanheng_web.inventory.recalculation.services import (
    recalculation_accept,
    recalculation_create,
    recalculation_discard,
)
from tanheng_web.inventory.tests.world import month_correct

pytestmark = pytest.mark.django_db
THEN, NOW = date(2023, 6, 30), date(2026, 6, 30)


@pytest.fixture
def old(works, world):
    """Results of two years that know the factors of 2023 only."""
    manager = world.people["manager"]
    return [
        services.run_execute_now(organisation=works, period=f"{year}-01..{year}-02", by=manager, as_of=THEN)
        for year in (2024, 2025)
    ]


def _made(works, world, runs, **more):
    return recalculation_create(organisation=works, runs=runs, by=world.people["manager"], as_of=NOW, **more)


def _work(task, made):
    job = Job.objects.get(pk=made.job_id)
    task.func(job.pk, **job.kwargs)
    made.refresh_from_db()
    return list(made.items.select_related("run", "new_run"))


def _accepted(made, world):
    recalculation_accept(recalculation=made, by=world.people["manager"])
    made.refresh_from_db()
    return _work(recalculation_post, made)


def test_old_and_new_are_shown_and_nothing_is_posted(works, world, old):
    made = _made(works, world, old)
    items = _work(recalculation_compute, made)
    assert made.status == "computed" and [item.status for item in items] == ["computed"] * 2
    for item in items:
        assert item.old_total == item.run.total != item.new_total
        assert item.changed == 4 and set(item.difference["groups"]["stream"]) == {"el", "el-out"}
        assert set(item.difference["groups"]["process"]) == {"轧钢"}
        changes = [row["change"] for row in item.difference["groups"]["stream"].values()]
        assert sum(changes) == pytest.approx(item.new_total - item.old_total)
    assert Run.objects.filter(organisation=works).count() == 2


def test_accepting_posts_only_the_changed_lines(works, world, old):
    made = _made(works, world, old, note="电网因子更新")
    _work(recalculation_compute, made)
    items = _accepted(made, world)
    assert made.status == "accepted"
    for item in items:
        new = item.new_run
        assert item.status == "posted" and new.total == item.new_total
        assert new.posting.reasons == ["factor"] and "电网因子更新" in new.posting.note
        posted = LedgerEntry.objects.filter(run=new)
        assert set(posted.values_list("stream", flat=True)) == {"el", "el-out", "rol-el"}
        assert posted.count() == new.posting.superseded == 6
        item.run.refresh_from_db()
        assert item.run.superseded_by == new and item.run.total == item.old_total, "the old result is kept"


def test_results_without_stored_streams_are_read_from_the_approved_data(works, world, old):
    RunStreams.objects.all().delete()
    items = _work(recalculation_compute, _made(works, world, old[:1]))
    assert items[0].status == "computed" and items[0].old_total == old[0].total


def test_discarding_leaves_everything_as_it_is(works, world, old):
    made = _made(works, world, old)
    _work(recalculation_compute, made)
    recalculation_discard(recalculation=made, by=world.people["manager"])
    assert Run.objects.filter(superseded_at=None).count() == 2
    assert made.items.first().difference["changed"] == 4, "what was worked out stays to be read"
    _made(works, world, old)  # the results are free again
    with pytest.raises(InputError) as fault:
        recalculation_accept(recalculation=made, by=world.people["manager"])
    assert "已放弃" in fault.value.zh()


def test_a_result_is_in_one_recalculation_at_a_time(works, world, old):
    made = _made(works, world, old)
    with pytest.raises(InputError) as fault:
        _made(works, world, old[1:])
    assert f"重算 {made.pk}" in fault.value.zh()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecalculationItem.objects.create(recalculation=made, organisation=works, run=old[0])


def test_a_result_superseded_before_the_work_is_left_out(works, world, old):
    made = _made(works, world, old)
    services.run_execute_now(organisation=works, period=old[0].period, by=world.people["manager"])
    first, second = _work(recalculation_compute, made)
    assert first.status == "refused" and "更新的核算结果" in first.fault and not first.is_open
    assert second.status == "computed"


def test_a_result_superseded_before_posting_is_refused_and_the_others_are_posted(works, world, old):
    made = _made(works, world, old)
    _work(recalculation_compute, made)
    services.run_execute_now(organisation=works, period=old[0].period, by=world.people["manager"])
    first, second = _accepted(made, world)
    assert first.status == "refused" and first.new_run is None and second.status == "posted"
    assert made.status == "accepted"


def test_data_that_changed_are_not_mixed_in(works, world, old):
    month_correct(
        works, Month(2025, 2), enter=world.people["reporter"], review=world.people["manager"],
        stream="coal", amount=Decimal(99_000), reason="磅单更正",
    )  # fmt: skip
    first, second = _work(recalculation_compute, _made(works, world, old))
    assert first.status == "computed" and second.status == "refused" and "先更新这一期的结果" in second.fault


def test_a_total_that_moved_since_it_was_shown_is_not_posted(works, world, old):
    made = _made(works, world, old)
    _work(recalculation_compute, made)
    made.items.filter(run=old[0]).update(new_total=1.0)
    first, second = _accepted(made, world)
    assert first.status == "refused" and "又有变动" in first.fault
    assert not Run.objects.filter(organisation=works, status="queued").exists(), "no half run is left"
    assert second.status == "posted"


def test_nothing_changes_nothing_to_decide(works, world):
    run = services.run_execute_now(organisation=works, period="2025-01", by=world.people["manager"], as_of=NOW)
    (item,) = _work(recalculation_compute, _made(works, world, [run]))
    assert item.status == "unchanged" and not item.is_open and item.changed == 0


def test_only_who_may_account_may_recalculate(works, world, old):
    with pytest.raises(PermissionDenied):
        recalculation_create(organisation=works, runs=old, by=world.people["reporter"])
    made = _made(works, world, old)
    _work(recalculation_compute, made)
    for door in (recalculation_accept, recalculation_discard):
        with pytest.raises(PermissionDenied):
            door(recalculation=made, by=world.people["viewer"])


def test_a_cancelled_job_goes_on_where_it_stopped(works, world, old, monkeypatch):
    monkeypatch.setattr(jobs, "PROGRESS_SECONDS", 0.0)
    made = _made(works, world, old)
    job = Job.objects.get(pk=made.job_id)
    jobs.cancel(job=job, by=world.people["manager"])
    recalculation_compute.func(job.pk, **job.kwargs)
    job.refresh_from_db()
    made.refresh_from_db()
    assert job.status == "cancelled" and made.status == "computing"
    jobs.restart(job=job, by=world.people["manager"])
    items = _work(recalculation_compute, made)
    assert made.status == "computed" and all(item.status == "computed" for item in items)


def test_a_step_that_kills_its_worker_again_and_again_is_given_up(works, world, old):
    made = _made(works, world, old)
    made.items.filter(run=old[0]).update(difference={"attempts": 3})
    first, second = _work(recalculation_compute, made)
    assert first.status == "refused" and "连续 3 次" in first.fault and second.status == "computed"


def test_a_standard_that_changed_without_effect_does_not_stand_in_the_way(works, world, old):
    for run in old:
        run.summary["standard_digest"] = "another"
        run.save(update_fields=["summary"])
    items = _work(recalculation_compute, _made(works, world, old))
    assert [item.status for item in items] == ["computed"] * 2


def test_a_standard_that_changed_with_effect_is_not_mixed_in(works, world, old):
    run = old[0]
    run.summary["standard_digest"] = "another"
    run.total += 1
    run.save(update_fields=["summary", "total"])
    first, second = _work(recalculation_compute, _made(works, world, old))
    assert first.status == "refused" and "内容有更新" in first.fault and second.status == "computed"


def test_old_values_that_the_library_no_longer_gives_are_read_from_the_ledger(works, world, old):
    run = old[0]
    entry = LedgerEntry.objects.get(run=run, stream="el", month="2024-01", account="enterprise")
    LedgerEntry.objects.filter(pk=entry.pk).update(value=entry.value + 1)
    run.total += 1
    run.save(update_fields=["total"])
    first, _ = _work(recalculation_compute, _made(works, world, old))
    row = first.difference["groups"]["stream"]["el"]
    assert first.status == "computed" and first.old_total == pytest.approx(run.total)
    assert row["old"] == pytest.approx(
        sum(LedgerEntry.objects.filter(run=run, stream="el", account="enterprise").values_list("value", flat=True))
    )


def test_a_job_taken_up_after_it_was_discarded_does_nothing(works, world, old):
    made = _made(works, world, old)
    recalculation_discard(recalculation=made, by=world.people["manager"])
    Job.objects.filter(pk=made.job_id).update(cancel_requested=False)
    items = _work(recalculation_compute, made)
    assert made.status == "discarded"
    assert all(item.status == "waiting" and not item.is_open for item in items)
