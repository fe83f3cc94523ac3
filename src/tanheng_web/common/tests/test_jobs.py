import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from tanheng.kernel.errors import InputError
from tanheng_web.common import jobs
from tanheng_web.common.models import Job


@jobs.background
def counted(job, *, steps, fail=""):
    for done in range(steps):
        jobs.progress(job, done, steps, f"第 {done} 步")
        if fail == "domain":
            raise InputError("web.process_name", name="x")
        if fail == "bug":
            raise RuntimeError("secret detail")
    job.link = "/done/"


@pytest.fixture
def started(world, django_capture_on_commit_callbacks):
    def start(**kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return jobs.start(
                counted, organisation=world.works, by=world.people["manager"], kind="test", title="数一数", **kwargs
            )

    return start


def carried_out(job):
    """What the worker does with the task of a job."""
    counted.call(job.pk, **job.kwargs)
    job.refresh_from_db()
    return job


def test_a_job_and_its_task_are_there_with_the_transaction_or_neither(world):
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.start(counted, organisation=world.works, by=None, kind="test", steps=1)
        assert DBTaskResult.objects.count() == 1, "no moment between the commit and the queue in which to die"
        raise RuntimeError
    assert not DBTaskResult.objects.exists()
    assert not Job.objects.exists()


def test_a_job_whose_worker_died_before_its_first_step_does_not_wait_for_ever(started):
    taken, waits = started(steps=1), started(steps=1)
    DBTaskResult.objects.filter(args_kwargs__args=[taken.pk]).update(status="RUNNING")
    assert jobs.interrupted_mark() == 1
    taken.refresh_from_db()
    waits.refresh_from_db()
    assert (taken.status, waits.status) == ("interrupted", "queued")
    assert taken.can_restart


def test_a_job_runs_to_its_end(started):
    job = carried_out(started(steps=3))
    assert DBTaskResult.objects.count() == 1
    assert (job.status, job.link, job.percent) == ("done", "/done/", 100)


def test_domain_errors_end_a_job_with_their_sentence(started):
    job = carried_out(started(steps=1, fail="domain"))
    assert job.status == "failed"
    assert "工序名称" in job.message


def test_a_bug_ends_a_job_with_a_number_and_no_detail(started):
    job = started(steps=1, fail="bug")
    with pytest.raises(RuntimeError):
        carried_out(job)
    job.refresh_from_db()
    assert job.status == "failed"
    assert "secret" not in job.message
    assert str(job.pk) in job.message


def test_a_cancelled_job_stops_at_its_next_progress(started, world):
    job = jobs.cancel(job=started(steps=5), by=world.people["manager"])
    assert carried_out(job).status == "cancelled"
    running = started(steps=5)
    Job.objects.filter(pk=running.pk).update(status="running")
    running.refresh_from_db()
    jobs.cancel(job=running, by=world.people["manager"])
    with pytest.raises(jobs.Cancelled):
        jobs.progress(running, 1, 5)


def test_a_job_whose_worker_died_is_found_and_can_start_again(started, world, django_capture_on_commit_callbacks):
    job = started(steps=2)
    Job.objects.filter(pk=job.pk).update(status="running", done=1, total=2)
    DBTaskResult.objects.update(status="RUNNING")
    assert jobs.interrupted_mark() == 1
    job.refresh_from_db()
    assert job.status == "interrupted"
    assert "中断" in job.message
    assert not DBTaskResult.objects.running().exists()
    with django_capture_on_commit_callbacks(execute=True):
        jobs.restart(job=job, by=world.people["manager"])
    assert DBTaskResult.objects.ready().count() == 1
    job.refresh_from_db()
    assert carried_out(job).status == "done"


def test_the_fragment_polls_until_the_job_has_ended(started, sign_in):
    job, client = started(steps=1), sign_in("manager")
    fragment = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert 'hx-trigger="load delay' in fragment.text
    assert "<html" not in fragment.text
    carried_out(job)
    ended = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"})
    assert "hx-trigger" not in ended.text
    assert "查看结果" in ended.text
    assert "<html" in client.get(f"/jobs/{job.pk}/").text


def test_only_its_starter_cancels_a_job_and_strangers_do_not_see_it(started, sign_in):
    job = started(steps=1)
    assert sign_in("viewer").post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert sign_in("stranger").get(f"/jobs/{job.pk}/").status_code == 404
    assert sign_in("manager").post(f"/jobs/{job.pk}/cancel/").status_code == 200
