"""One worker serves everybody: nobody fills its queue."""

import pytest

from tanheng.kernel.errors import InputError
from tanheng_web.common import jobs
from tanheng_web.common.models import Job
from tanheng_web.inventory.execution import run_execute


def test_one_person_does_not_fill_the_queue(world):
    boss, other = world.people["manager"], world.people["stranger"]
    for number in range(jobs.MOST_WAITING):
        jobs.start(run_execute, organisation=world.works, by=boss, kind="run", run_id=number)
    with pytest.raises(InputError) as caught:
        jobs.start(run_execute, organisation=world.works, by=boss, kind="run", run_id=0)
    assert caught.value.code == "web.jobs_too_many"
    assert str(jobs.MOST_WAITING) in caught.value.zh()
    assert jobs.start(run_execute, organisation=world.foreign, by=other, kind="run", run_id=0).is_active
    Job.objects.filter(by=boss).update(status=Job.Status.DONE)
    assert jobs.start(run_execute, organisation=world.works, by=boss, kind="run", run_id=0).is_active
