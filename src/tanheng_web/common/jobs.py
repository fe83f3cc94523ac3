"""Background work with progress, cancelling and restart, on django-tasks.

A task is a function ``(job, **kwargs)`` under ``@background``; kwargs are JSON (ids, not objects)::

    @background
    def run_execute(job, *, run_id):
        for done, month in enumerate(months):
            progress(job, done, len(months), f"正在核算 {month}")     # outside atomic blocks, else nobody sees it
        job.link = run.get_absolute_url()

    start(run_execute, organisation=organisation, by=user, kind="run", title="核算 2025 年", run_id=run.pk)
"""

import functools
import logging
import time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task as background_task
from django_tasks_db import DatabaseBackend

from tanheng.kernel.errors import InputError, TanhengError
from tanheng_web.common.models import Job

__all__ = ["RESUMED", "Cancelled", "background", "cancel", "interrupted_mark", "progress", "restart", "resume", "start"]

logger = logging.getLogger(__name__)
PROGRESS_SECONDS = 0.25
MOST_WAITING = 30
WAITING = (Job.Status.QUEUED, Job.Status.RUNNING)
# kinds that keep the state of every step in the database: after a crash they go on by themselves where they stopped
RESUMED = ("recalculation",)


class Cancelled(Exception):
    """Raised by ``progress`` when a person has asked to stop."""


def background(function):
    """Make a django-task of ``function(job, **kwargs)`` that keeps its Job row."""

    @functools.wraps(function)
    def body(job_id: int, **kwargs):
        job = Job.objects.get(pk=job_id)
        if _begun(job):
            _carried_out(function, job, kwargs)

    return background_task(body)


def _begun(job: Job) -> bool:
    if job.cancel_requested:
        _finished(job, Job.Status.CANCELLED, _("已取消，没有改动任何数据。"))
        return False
    job.status, job.started_at = Job.Status.RUNNING, timezone.now()
    job.save(update_fields=["status", "started_at"])
    return True


def _carried_out(function, job: Job, kwargs: dict) -> None:
    try:
        function(job, **kwargs)
    except Cancelled:
        _finished(job, Job.Status.CANCELLED, _("已取消。"))
    except TanhengError as error:
        _finished(job, Job.Status.FAILED, error.zh())
    except Exception:
        # The worker's own record keeps the traceback too; people get a sentence and a number to quote.
        logger.exception("job %s failed", job.pk)
        _finished(
            job, Job.Status.FAILED, _("任务因内部错误中止，已保存的数据不受影响。请将任务编号 %s 告知管理员。") % job.pk
        )
        raise
    else:
        _finished(job, Job.Status.DONE, job.message)


def _finished(job: Job, status: str, message: str) -> None:
    job.status, job.message, job.finished_at = status, message[:500], timezone.now()
    job.save(update_fields=["status", "message", "finished_at", "link", "done", "total"])


@transaction.atomic
def start(task, *, organisation, by, kind: str, title: str = "", link: str = "", **kwargs) -> Job:
    """Create a Job and its task: the queue is a table, so both are there with the surrounding transaction, or neither.

    Raises InputError ``web.jobs_too_many`` when so many of this person's wait already: one worker serves everybody.
    """
    if by is not None and Job.objects.filter(by=by, status__in=WAITING).count() >= MOST_WAITING:
        raise InputError("web.jobs_too_many", most=MOST_WAITING)
    job = Job.objects.create(
        organisation=organisation, by=by, kind=kind, title=title[:120], link=link, task=task.module_path, kwargs=kwargs
    )
    _enqueue(job, task)
    return job


def _enqueue(job: Job, task) -> None:
    enqueue = functools.partial(task.enqueue, job.pk, **job.kwargs)
    if isinstance(task.get_backend(), DatabaseBackend):
        enqueue()  # not on_commit: a process that dies right after the commit would leave a job that waits for ever
    else:
        transaction.on_commit(enqueue)  # a queue elsewhere does not know the transaction
    logger.info("job %s queued: %s", job.pk, job.task)


def progress(job: Job, done: int, total: int, message: str = "") -> None:
    """Tell how far `job` is (written at most every 0.25 s); raises Cancelled when a person has asked to stop."""
    job.done, job.total = done, total
    if message:
        job.message = message[:500]
    now = time.monotonic()
    if now - getattr(job, "_written_at", 0.0) < PROGRESS_SECONDS and done < total:
        return
    job._written_at = now
    job.save(update_fields=["done", "total", "message"])
    if Job.objects.filter(pk=job.pk, cancel_requested=True).exists():
        raise Cancelled


@transaction.atomic
def cancel(*, job: Job, by) -> Job:
    """Ask a job to stop: at once while it waits, at its next progress call while it runs."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_active:
        job.cancel_requested = True
        job.save(update_fields=["cancel_requested"])
        logger.info("job %s: cancelled by %s", job.pk, by.pk)
    return job


@transaction.atomic
def restart(*, job: Job, by) -> Job:
    """Start a failed, cancelled or interrupted job again with the same input."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.can_restart:
        job.status, job.message, job.done, job.total = Job.Status.QUEUED, "", 0, 0
        job.cancel_requested, job.started_at, job.finished_at = False, None, None
        job.save()
        logger.info("job %s: restarted by %s", job.pk, by.pk if by else "the worker")
        _enqueue(job, import_string(job.task))
    return job


def interrupted_mark() -> int:
    """Mark jobs whose worker is gone: the one worker of an installation calls this when it starts."""
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), traceback="interrupted: the worker ended"
    )
    ready = DBTaskResult.objects.filter(status=TaskResultStatus.READY).values_list("args_kwargs", flat=True)
    waiting = {given["args"][0] for given in ready if given["args"]}
    taken = Job.objects.filter(status=Job.Status.QUEUED).exclude(pk__in=waiting)  # its task was taken, and no more
    lost = [*taken.values_list("pk", flat=True)]
    return Job.objects.filter(Q(status=Job.Status.RUNNING) | Q(pk__in=lost)).update(
        status=Job.Status.INTERRUPTED,
        finished_at=timezone.now(),
        message=_("任务在执行中被中断（服务停止或进程被终止）。已保存的数据不受影响，可以重新开始。"),
    )


def resume() -> int:
    """Take up interrupted jobs that know where they stopped; the worker calls this after `interrupted_mark`."""
    found = Job.objects.filter(kind__in=RESUMED, status=Job.Status.INTERRUPTED)
    for job in found:
        restart(job=job, by=job.by)
    return len(found)
