"""Failed logins, counted in the database so that every process sees them."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from tanheng_web.accounts.models import LoginFailure

__all__ = ["failure_add", "failures_clean", "failures_forget", "locked_minutes"]

ANYWHERE_FACTOR = 4  # from many addresses a name may fail more often before it is closed for all
EVERYBODY_FACTOR = (
    10  # one address may try many names: the people of a works often share one, a guesser of passwords too
)


def _recent(**which):
    since = timezone.now() - timedelta(minutes=settings.LOGIN_LOCK_MINUTES)
    return LoginFailure.objects.filter(at__gt=since, **which).order_by("-at")


def failure_add(username: str, address: str | None) -> None:
    """Remember a failure."""
    LoginFailure.objects.create(username=username.lower()[:150], address=address)


def failures_clean() -> int:
    """Delete failures that no lock looks at any more; the worker does it once a day."""
    return LoginFailure.objects.filter(at__lt=timezone.now() - timedelta(days=1)).delete()[0]


def failures_forget(username: str) -> None:
    """A successful login clears the count."""
    LoginFailure.objects.filter(username=username.lower()).delete()


def locked_minutes(username: str, address: str | None) -> int:
    """Minutes until the next try is allowed; 0 when it is allowed now."""
    allowed, name = settings.LOGIN_FAILURES_ALLOWED, username.lower()
    here = _nth(_recent(username=name, address=address), allowed)
    anywhere = _nth(_recent(username=name), allowed * ANYWHERE_FACTOR)
    everybody = _nth(_recent(address=address), allowed * EVERYBODY_FACTOR)
    ends = [at + timedelta(minutes=settings.LOGIN_LOCK_MINUTES) for at in (here, anywhere, everybody) if at]
    if not ends:
        return 0
    return max(1, -int(-(max(ends) - timezone.now()).total_seconds() // 60))


def _nth(failures, number: int):
    """Time of the failure that, counted back from now, is the last one too many."""
    times = list(failures.values_list("at", flat=True)[:number])
    return times[number - 1] if len(times) == number else None
