"""The contexts of the pages of 碳比对."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from tanheng.accounting.compare import Comparison, Scope, compare
from tanheng.accounting.compare_calibre import CalibreChange, calibre_changes
from tanheng.accounting.compare_drivers import Drivers, drivers
from tanheng_web.inventory import selectors
from tanheng_web.inventory.comparison.choice import Choice, chosen, default_pair, names_of, options, runs_seen
from tanheng_web.inventory.comparison.presentation import Compared

__all__ = ["compared", "pair_page"]

NOTICES = 12


def pair_page(organisation, user, asked: Mapping[str, str]) -> dict[str, Any]:
    """Two results side by side; what is not asked for is proposed."""
    runs = runs_seen(user)
    one, two = chosen(user, asked, "a"), chosen(user, asked, "b")
    if one is None or two is None:
        pair = default_pair(runs, organisation)
        if pair is None:
            return {"options": options(runs, organisation), "compared": None}
        one = one or chosen(user, {"a": str(pair[0].pk)}, "a")
        two = two or chosen(user, {"b": str(pair[1].pk)}, "b")
    assert one is not None and two is not None
    shown = compared(one, two)
    return {
        "options": options(runs, organisation),
        "one": one,
        "two": two,
        "processes": [list(choice.run.summary["processes"]) for choice in (one, two)],
        "compared": shown,
        "bridge": shown.bridge(),
        "source_chart": shown.source_chart(),
        "process_chart": shown.process_chart(),
        "notices": notices(one, two),
        "incomplete": [choice for choice in (one, two) if not choice.run.is_complete],
    }


def compared(one: Choice, two: Choice) -> Compared:
    """The comparison of two choices; the last few stay in memory, since a person opens one line after another."""
    found, causes = _compared(one.token, one.run.digest, two.token, two.run.digest, names_of(one, two))
    return Compared(one, two, found, causes)


@lru_cache(maxsize=8)
def _compared(
    one: str, one_digest: str, two: str, two_digest: str, names: tuple[str, str]
) -> tuple[Comparison, Drivers | None]:
    (first, first_process), (second, second_process) = ((t.partition(":")[0], t.partition(":")[2]) for t in (one, two))
    a, b = selectors.document_at(int(first), one_digest), selectors.document_at(int(second), two_digest)
    found = compare(a, b, before_scope=Scope(first_process), after_scope=Scope(second_process), names=names)
    return found, drivers(a, b)


def notices(one: Choice, two: Choice) -> list[tuple[Choice, list[CalibreChange], int]]:
    """Where source or calibre changed within the period of one of the two, the first few and how many more."""
    found = []
    for choice in dict.fromkeys((one.run.pk, two.run.pk)):
        owner = one if one.run.pk == choice else two
        changes = list(_calibre(owner.run.pk, owner.run.digest))
        if changes:
            found.append((owner, changes[:NOTICES], max(0, len(changes) - NOTICES)))
    return found


@lru_cache(maxsize=16)
def _calibre(run: int, digest: str) -> tuple[CalibreChange, ...]:
    return calibre_changes(selectors.document_at(run, digest))
