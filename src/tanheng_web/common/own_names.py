"""Whose names are read: the enterprise of the request or job that runs, for unit and material names of its own."""

from collections.abc import Callable
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["names_of", "remembered"]

_present: ContextVar = ContextVar("the enterprise whose names are read, and what was looked up for it", default=None)


@contextmanager
def names_of(organisation):
    """Read names as this enterprise writes them, for a while; a function says which where it is not known yet."""
    token = _present.set((organisation, {}))
    try:
        yield
    finally:
        _present.reset(token)


def remembered(key: str, look_up: Callable, otherwise):
    """What `look_up` finds for the present enterprise, asked once a request or job; `otherwise` where there is none."""
    present = _present.get()
    if present is None:
        return otherwise
    whose, kept = present
    organisation = whose() if callable(whose) else whose
    if organisation is None:
        return otherwise
    if key not in kept:
        kept[key] = look_up(organisation)
    return kept[key]
