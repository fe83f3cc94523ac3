"""What has served its time goes: expired sessions, failed logins, records of finished tasks, files to fetch."""

import logging
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django.db import Error
from django.utils import timezone

from tanheng_web.accounts import throttle
from tanheng_web.common.job_files import files_clean

__all__ = ["Daily", "clean"]

logger = logging.getLogger(__name__)
TASK_DAYS = 30
DAY = timedelta(days=1)
RETRY = timedelta(hours=1)


def clean() -> None:
    """Clean once. Nothing that people entered or decided is touched; jobs and the audit log stay."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    throttle.failures_clean()
    call_command("prune_db_task_results", min_age_days=TASK_DAYS, queue_name="*", verbosity=0)
    files_clean(timezone.now())
    logger.info("cleaned: sessions, login failures, task records")


class Daily:
    """Cleans when the last time lies a day back; the worker's loop asks."""

    def __init__(self) -> None:
        self._due_at = timezone.now()

    def tick(self) -> bool:
        """Clean if it is time."""
        now = timezone.now()
        if now < self._due_at:
            return False
        try:
            clean()
        except Error:  # a locked or absent database: jobs matter more than this
            logger.exception("cleaning failed, next try in an hour")
            self._due_at = now + RETRY
            return False
        self._due_at = now + DAY
        return True
