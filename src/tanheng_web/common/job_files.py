"""Files that a job writes for somebody to fetch: kept for some days, then made anew by whoever still wants them.

Evidence and records (uploads, reports, filled templates) are no such files: they stay.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.shortcuts import get_object_or_404

from tanheng.kernel.errors import NotFound
from tanheng_web.common.models import Job

__all__ = ["FOLDER", "files_clean", "path_of", "response", "store"]

FOLDER = "exports"
logger = logging.getLogger(__name__)


def path_of(job: Job) -> str:
    """Where the file of a job lies, whatever people call it."""
    return f"{FOLDER}/{job.pk}"


def store(job: Job, file: File) -> None:
    """Keep what a job has written; begun anew it replaces what was there."""
    default_storage.delete(path_of(job))
    default_storage.save(path_of(job), file)


def response(organisation, pk: int, kind: str, name) -> FileResponse:
    """The file of a job of this enterprise; `name(job)` is what it is called. 404 without one, with a word why."""
    job = get_object_or_404(Job, pk=pk, organisation=organisation, kind=kind, status=Job.Status.DONE)
    if not default_storage.exists(path_of(job)):
        raise NotFound("web.file_gone", title=job.title, days=settings.JOB_FILE_DAYS)
    return FileResponse(default_storage.open(path_of(job)), as_attachment=True, filename=name(job))


def files_clean(now: datetime) -> int:
    """Remove the files of jobs that ended before the days they are kept; returns how many."""
    if not default_storage.exists(FOLDER):
        return 0
    names = default_storage.listdir(FOLDER)[1]
    since = now - timedelta(days=settings.JOB_FILE_DAYS)
    numbers = [int(name) for name in names if name.isdecimal()]
    kept = Job.objects.filter(pk__in=numbers).exclude(finished_at__lt=since)
    stale = set(numbers) - set(kept.values_list("pk", flat=True))
    for number in stale:
        default_storage.delete(f"{FOLDER}/{number}")
    logger.info("cleaned: %s files of jobs", len(stale))
    return len(stale)
