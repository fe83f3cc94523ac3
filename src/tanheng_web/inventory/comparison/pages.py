"""The contexts of the pages of 碳比对."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from tanheng.accounting.compare import Comparison, Scope, compare
from tanheng.accounting.compare_calibre import CalibreChange, calibre_changes
from tanheng.accounting.compare_drivers import Drivers, drivers
from tanheng.accounting.compare_reference import Standing, standings
from tanheng_web.inventory import selectors
from tanheng_web.inventory.analysis.pages import kinds_of, processes_page, products_of
from tanheng_web.inventory.comparison.choice import (
    MOST,
    Choice,
    chosen,
    default_pair,
    names_of,
    options,
    partner,
    runs_seen,
    several,
)
from tanheng_web.inventory.comparison.many import BY, Beside, ProcessesBeside
from tanheng_web.inventory.comparison.presentation import Compared
from tanheng_web.inventory.comparison.reference import places
from tanheng_web.inventory.models import Run
from tanheng_web.organisations.selectors import primary_by_year

__all__ = ["compared", "many_page", "pair_page", "reference_page"]

NOTICES = 12


def pair_page(organisation, user, asked: Mapping[str, str]) -> dict[str, Any]:
    """Two results side by side; what is not asked for is proposed."""
    runs = runs_seen(user)
    pair = _pair(organisation, user, asked, runs)
    if pair is None:
        return {"options": options(runs, organisation), "compared": None}
    one, two = pair
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


def _pair(organisation, user, asked: Mapping[str, str], runs: Sequence[Run]) -> tuple[Choice, Choice] | None:
    """The two that are asked for; a missing one is proposed beside the other."""
    one, two = chosen(user, asked, "a"), chosen(user, asked, "b")
    if one is None and two is None:
        pair = default_pair(runs, organisation)
        found = [chosen(user, {"x": str(run.pk)}, "x") for run in pair or ()]
        one, two = found if found else (None, None)
    elif one is None or two is None:
        known = one or two
        other = partner(runs, known.run) if known else None
        proposed = chosen(user, {"x": str(other.pk)}, "x") if other else None
        one, two = one or proposed, two or proposed
    return (one, two) if one is not None and two is not None else None


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


def many_page(organisation, user, asked) -> dict[str, Any]:
    """Several results, or several processes of one; what is not asked for is proposed."""
    runs = runs_seen(user)
    by = asked.get("by", "source")
    context: dict[str, Any] = {"options": options(runs, organisation), "most": MOST, "by_choices": BY, "by": by}
    of = chosen(user, asked, "of")
    if of is not None:
        return context | _processes(organisation, of, asked.getlist("p"))
    choices = several(user, asked.getlist("r") or _proposed(runs, organisation))
    if not choices:
        return context
    beside = Beside(choices, by if by in dict(BY) else "source")
    numbers = [choice.run.pk for choice in choices]
    return context | {"beside": beside, "chart": beside.chart(), "chosen_runs": numbers, "first": choices[-1]}


def _proposed(runs: Sequence[Run], organisation) -> list[str]:
    """The last years of an enterprise under the primary standard of each; for a group the newest of every plant."""
    primary = primary_by_year([organisation, *(run.organisation for run in runs)])

    def is_primary(run: Run) -> bool:
        return run.standard == primary(run.organisation, run.last_month.year)

    own = [run for run in runs if run.organisation_id == organisation.pk and is_primary(run)]
    if not own:
        newest: dict[int, Run] = {}
        for run in sorted(runs, key=lambda run: not is_primary(run)):
            newest.setdefault(run.organisation_id, run)
        own = list(newest.values())
    newest_first = sorted(own, key=lambda run: (run.last_month, run.created_at), reverse=True)[:MOST]
    return [str(run.pk) for run in reversed(newest_first)]


def _processes(organisation, of: Choice, asked: Sequence[str]) -> dict[str, Any]:
    paths = list(of.run.summary["processes"])
    picked = [path for path in dict.fromkeys(asked) if path in paths][:MOST] or _furnaces(paths)
    beside = ProcessesBeside(of.run, picked)
    rows = processes_page(of.run.organisation, of.run, "")["drawn"].rows
    parts = [row for row in rows if row.path in picked]
    return {"of": of, "paths": paths, "chosen_paths": picked, "chart": beside.chart(), "parts": parts}


def _furnaces(paths: Sequence[str]) -> list[str]:
    """Sub-processes that are told apart by a number, as furnaces and kilns are; else the first processes."""
    numbered = [path for path in paths if "/" in path and any(sign.isdigit() for sign in path.rpartition("/")[2])]
    return (numbered if len(numbered) > 1 else [path for path in paths if "/" not in path])[:MOST]


def reference_page(organisation, user, asked: Mapping[str, str]) -> dict[str, Any]:
    """One result beside values of the industry."""
    runs = runs_seen(user)
    choice = chosen(user, asked, "a")
    if choice is None and runs:
        proposed = _proposed(runs, organisation)
        choice = chosen(user, {"a": proposed[-1]}, "a") if proposed else None
    if choice is None:
        return {"choice": None}
    found, missing = _standings(choice.run.pk, choice.run.digest, choice.run.standard)
    shown = places(choice.run, found)
    return {"choice": choice, "options": options(runs, organisation), "places": shown, "missing": missing}


@lru_cache(maxsize=8)
def _standings(run: int, digest: str, standard: str) -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    return standings(selectors.document_at(run, digest), products_of(standard), kinds_of(standard))
