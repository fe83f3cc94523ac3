"""What is compared, as the address of the page says it: results and processes that the person may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from tanheng_web.inventory.models import Run
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.selectors import primary_by_year

__all__ = [
    "MOST",
    "Choice",
    "Option",
    "chosen",
    "default_pair",
    "names_of",
    "options",
    "partner",
    "runs_seen",
    "several",
]

MOST = 6  # results side by side
LISTED = 300


@dataclass(frozen=True)
class Choice:
    """A result, or one process of it."""

    run: Run
    process: str = ""

    @property
    def label(self) -> str:
        """Everything that tells it from the others."""
        parts = [self.run.organisation.label, self.process, self.run.period_zh, self.run.standard_zh]
        return " · ".join(part for part in parts if part)

    @property
    def token(self) -> str:
        """How the address writes it."""
        return f"{self.run.pk}:{self.process}" if self.process else str(self.run.pk)


@dataclass(frozen=True)
class Option:
    """A result to choose, below the name of its enterprise."""

    run: Run
    label: str


def runs_seen(user) -> list[Run]:
    """Current results of every enterprise that a person may see, newest first; one query."""
    seen = Organisation.objects.visible_to(user)
    rows = Run.objects.heads().current().filter(organisation__in=seen).select_related("organisation")
    return list(rows.order_by("organisation", "-last_month", "first_month", "standard", "-created_at")[:LISTED])


def options(runs: Iterable[Run], organisation) -> dict[str, list[Option]]:
    """Results by enterprise, those of the current one first."""
    found: dict[str, list[Option]] = {}
    for run in sorted(runs, key=lambda run: run.organisation_id != organisation.pk):
        about = f"{run.period_zh} · {run.standard_zh}" + (f" · 因子截至 {run.as_of}" if run.as_of else "")
        found.setdefault(run.organisation.label, []).append(Option(run, about))
    return found


def chosen(user, asked: Mapping[str, str], name: str) -> Choice | None:
    """The choice of a parameter (``a`` with its process ``ap``); 404 for what the person may not see."""
    number = asked.get(name, "")
    if not number:
        return None
    run = _run(user, number)
    process = asked.get(f"{name}p", "")
    return Choice(run, process if process in run.summary["processes"] else "")


def several(user, tokens: Sequence[str]) -> list[Choice]:
    """Up to six results, in the order in which they are named."""
    return [Choice(_run(user, token)) for token in list(dict.fromkeys(tokens))[:MOST]]


def _run(user, number: str) -> Run:
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        raise Http404
    rows = Run.objects.light().select_related("organisation").filter(status=Run.Status.DONE)
    found = rows.filter(organisation__in=Organisation.objects.visible_to(user), pk=int(number)).first()
    if found is None:
        raise Http404
    return found


def default_pair(runs: Sequence[Run], organisation) -> tuple[Run, Run] | None:
    """What a person most likely wants to see: two standards of the newest period, else two years, else two plants."""
    own = [run for run in runs if run.organisation_id == organisation.pk] or list(runs)
    if not own:
        return None
    primary = primary_by_year(run.organisation for run in own)

    def order(run: Run):
        return run.last_month, run.standard == primary(run.organisation, run.last_month.year), run.created_at

    newest = max(own, key=order)
    other = partner(runs, newest)
    if other is None:
        return None
    return (newest, other) if other.period == newest.period else (other, newest)


def partner(runs: Sequence[Run], run: Run) -> Run | None:
    """What a result is compared with first: another standard, then the time before, then another plant."""
    others = [other for other in runs if other.pk != run.pk]
    own = [other for other in others if other.organisation_id == run.organisation_id]
    for alike in (
        [other for other in own if other.period == run.period],
        [other for other in own if other.standard == run.standard and other.last_month < run.first_month],
        [other for other in own if other.standard == run.standard],
        [other for other in others if other.period == run.period],
        own or others,
    ):
        if alike:
            return max(alike, key=lambda other: (other.last_month, other.created_at))
    return None


def names_of(one: Choice, two: Choice) -> tuple[str, str]:
    """What sentences call the two: by what differs; two results of the same thing by when they were made."""
    pairs: list[tuple[Any, Any]] = [
        (one.run.organisation.label, two.run.organisation.label),
        (one.process or "企业", two.process or "企业"),
        (one.run.period_zh, two.run.period_zh),
        _apart(one.run.standard_zh, two.run.standard_zh),
    ]
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    if not differing:
        return f"{one.run.created_at:%m-%d %H:%M} 的结果", f"{two.run.created_at:%m-%d %H:%M} 的结果"
    return " ".join(pair[0] for pair in differing), " ".join(pair[1] for pair in differing)


def _apart(one: str, two: str) -> tuple[str, str]:
    first, second = one.split(), two.split()
    while len(first) > 1 and len(second) > 1 and first[0] == second[0]:
        first, second = first[1:], second[1:]
    return " ".join(first), " ".join(second)
