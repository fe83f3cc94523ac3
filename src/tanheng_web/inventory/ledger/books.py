"""Which books of an enterprise a page looks at, and the names their lines use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tanheng.accounting.difference import line_decimals
from tanheng.kernel.periods import Period
from tanheng_web.inventory.models import LedgerBook, LedgerPosting, Run, standard_names
from tanheng_web.organisations.selectors import primary_of

__all__ = ["Book", "books_in", "closed_into", "every_book", "main_books", "opened", "postings_of", "standards_held"]


@dataclass(frozen=True)
class Book:
    """A book with what its lines need to be read: names, rounding, the result they must agree with."""

    id: int
    run: Run
    number: int
    labels: Mapping[str, Mapping[str, str]] = field(repr=False, default_factory=dict)
    accounts: Mapping[str, Any] = field(repr=False, default_factory=dict)
    months: Mapping[str, Any] = field(repr=False, default_factory=dict)
    decimals: int | None = None
    shown_decimals: int = 2

    @property
    def period_zh(self) -> str:
        return self.run.period_zh


def standards_held(organisation) -> list[tuple[str, str]]:
    """Standards under which anything was ever posted, this year's primary one first."""
    primary = primary_of(organisation, timezone.localdate().year)
    found = LedgerBook.objects.filter(organisation=organisation).values_list("standard", flat=True).distinct()
    ordered = sorted(set(found), key=lambda standard: (standard != primary, standard))
    return [(standard, standard_names().get(standard, standard)) for standard in ordered]


def every_book(organisation, standard: str) -> QuerySet[LedgerBook]:
    """Books with a current result, the newest period first."""
    books = LedgerBook.objects.filter(organisation=organisation, standard=standard, run__isnull=False)
    heavy = ("run__document", "run__summary", "run__views")
    return books.select_related("run__created_by").defer(*heavy).order_by("-run__last_month", "run__first_month", "-pk")


def books_in(organisation, standard: str, period: Period | None) -> list[LedgerBook]:
    """Books whose result covers a month of the period, the longest first; all of them without a period."""
    books = every_book(organisation, standard)
    if period is not None:
        books = books.filter(run__first_month__lte=period.last.first_day, run__last_month__gte=period.first.first_day)
    return sorted(books, key=lambda book: (-_length(book.run), -book.run.last_month.toordinal(), -book.pk))


def closed_into(books: Sequence[LedgerBook]) -> dict[LedgerBook, Run]:
    """Books that a result of these superseded as a whole, with the last result each held; and those closed before."""
    found: dict[LedgerBook, Run] = {}
    holding = list(books)
    while holding:
        runs = LedgerPosting.objects.filter(book__in=holding).values("run")
        closed = LedgerBook.objects.filter(run=None, entries__superseded_by__in=runs).distinct()
        holding = [book for book in closed if book not in found]
        found |= {book: _last(book) for book in holding}
    return found


def _last(book: LedgerBook) -> Run:
    heavy = ("run__document", "run__summary", "run__views")
    return book.postings.select_related("run__created_by").defer(*heavy).latest("number").run


def _length(run: Run) -> int:
    return len(run.span.months)


def main_books(books: Sequence[LedgerBook]) -> list[LedgerBook]:
    """Of books that cover a month twice the longest: lines of the rest are the same emissions once more."""
    chosen: list[LedgerBook] = []
    for book in books:
        if not any(_meet(book.run, other.run) for other in chosen):
            chosen.append(book)
    return sorted(chosen, key=lambda book: book.run.first_month)


def _meet(a: Run, b: Run) -> bool:
    return a.first_month <= b.last_month and b.first_month <= a.last_month


def opened(books: Sequence[LedgerBook], runs: Mapping[int, Run] | None = None) -> list[Book]:
    """Books with names and sums of their results; `runs` puts an older run in the place of a book's current one."""
    runs = runs or {}
    chosen = {book.pk: runs.get(book.pk, book.run) for book in books}
    rows = Run.objects.filter(pk__in=[run.pk for run in chosen.values()]).values_list(
        "pk", "summary__labels", "summary__accounts", "summary__months", "summary__rounding", "summary__gwp"
    )
    facts = {pk: rest for pk, *rest in rows}
    return [_book(book, chosen[book.pk], facts[chosen[book.pk].pk]) for book in books]


def _book(book: LedgerBook, run: Run, facts: Sequence[Any]) -> Book:
    labels, accounts, months, rounding, gwp = facts
    decimals = line_decimals({"rounding": rounding, "gwp": gwp}) if rounding and gwp else None
    shown = rounding["decimals"] if rounding else 2
    return Book(book.pk, run, book.postings_made, labels or {}, accounts or {}, months or {}, decimals, shown)


def postings_of(books: Sequence[Book]) -> list[LedgerPosting]:
    """Every posting of these books, newest first, with who made it."""
    found = LedgerPosting.objects.filter(book__in=[book.id for book in books]).select_related("by", "run")
    heavy = ("run__document", "run__summary", "run__views")
    return list(found.defer(*heavy).order_by("-posted_at", "-number"))
