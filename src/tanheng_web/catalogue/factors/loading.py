"""Published own factors out of the database: columns instead of rows of models, because there may be 100 000.

What was published never changes and comes import by import: after a publication only the new imports are read.
"""

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db.models import Count, QuerySet, TextField
from django.db.models.functions import Cast

from tanheng.rules.factors import LibraryFactor, Life
from tanheng_web.accounts.models import User
from tanheng_web.catalogue.models import FactorVersion

__all__ = ["many_made", "published"]

_AS_THEY_ARE = ("zh", "unit", "family", "klass", "quantity", "supersedes", "version", "recorded_on", "valid_from")
_COLUMNS = ("batch", "said", *_AS_THEY_ARE, "factor__code", "value", "published_on", "valid_to", "reviewed_by")
_OWNERS_KEPT = 8
_AT_ONCE = 5000

_Import = tuple[int, datetime | None, int]  # id, when it was reviewed, how many of its factors are published
_Lives = tuple[tuple[str, int | None], ...]
_kept: dict[tuple[int, _Lives], dict[_Import, tuple[LibraryFactor, ...]]] = {}


def published(owner: int, life: Life) -> Iterable[LibraryFactor]:
    """Return every published version of an enterprise's own factors, with the ends of their lives."""
    key = (owner, tuple(sorted(life.years.items())))
    rows = FactorVersion.objects.filter(factor__organisation=owner, status=FactorVersion.Status.PUBLISHED)
    counts = rows.order_by("batch").values_list("batch", "batch__reviewed_at").annotate(count=Count("pk"))
    before, imports = _kept.pop(key, {}), list(counts)
    missing = [each for each in imports if each not in before]
    if missing:
        new = rows if not before else rows.filter(batch__in=[batch for batch, _, _ in missing])
        before |= _read(owner, missing, new, life)
    _kept[key] = {each: before[each] for each in imports}
    while len(_kept) > _OWNERS_KEPT:
        _kept.pop(next(iter(_kept)), None)
    return chain.from_iterable(before[each] for each in imports)


def _read(
    owner: int, imports: list[_Import], rows: QuerySet, life: Life
) -> dict[_Import, tuple[LibraryFactor, ...]]:  # fmt: skip
    people = {user.pk: str(user) for user in User.objects.filter(pk__in=rows.order_by().values("reviewed_by"))}
    values = rows.annotate(said=Cast("details", TextField())).order_by("pk").values_list(*_COLUMNS)
    found: dict[int, list[LibraryFactor]] = {batch: [] for batch, _, _ in imports}
    with many_made():
        for batch, factor in _factors(owner, values.iterator(_AT_ONCE), people, life):
            found[batch].append(factor)
    return {each: tuple(found[each[0]]) for each in imports}


def _factors(
    owner: int, rows: Iterator[tuple[Any, ...]], people: dict[int, str], life: Life
) -> Iterator[tuple[int, LibraryFactor]]:
    read = lru_cache(maxsize=None)(json.loads)  # many differ in name and value only; what they share is kept once
    name = f"own:{owner}"
    for batch, said, *same, code, value, published_on, valid_to, reviewer in rows:
        fields, details = dict(zip(_AS_THEY_ARE, same, strict=True)), read(said)
        if not details.get("printed_in"):
            valid_to = life.end(fields["klass"], published_on or fields["valid_from"], valid_to)
        yield batch, LibraryFactor(
            id=f"{name}:{code}", owner=name, value=value.normalize(), published_on=published_on, valid_to=valid_to,
            checked=reviewer is not None, checked_by=people.get(reviewer, ""), evidence="enterprise",
            confidence="entered", **fields, **details,
        )  # fmt: skip


@contextmanager
def many_made() -> Iterator[None]:
    """While thousands of lasting objects are made, looking for garbage among them only costs time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
