"""Whether the parts of an installation are alive, for a monitor and for people."""

import fcntl
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

__all__ = ["LOCK_NAME", "database_answers", "worker_is_alive"]

LOCK_NAME = "worker.lock"


def database_answers() -> bool:
    """Ask the database a question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Error:
        return False


def worker_is_alive() -> bool:
    """Whether a process of this machine holds the worker's lock, which the system drops however the process ends."""
    path = Path(settings.TANHENG_HOME) / LOCK_NAME
    try:
        with path.open("r") as file:
            # Shared and given back at once: a worker that is just starting tries again.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_UN)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
