"""What the page 碳账本 shows, with a bounded number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, QueryDict

from tanheng.kernel.periods import Period
from tanheng_web.common.figures import Figure, gas_text
from tanheng_web.inventory.ledger.asked import ORDERS, STATES, Asked, asked_of
from tanheng_web.inventory.ledger.books import (
    Book,
    books_in,
    closed_into,
    main_books,
    opened,
    postings_of,
    standards_held,
)
from tanheng_web.inventory.ledger.reconciliation import exact_total, held_of, strip_of
from tanheng_web.inventory.models import LedgerBook, LedgerEntry, LedgerPosting, ReportEdition, Run
from tanheng_web.organisations.selectors import standards_of

__all__ = ["PAGE_ROWS", "Chosen", "Row", "chosen_of", "page_of", "rows_of"]

PAGE_ROWS = 100


@dataclass(frozen=True)
class Row:
    """One entry with its words: figure, who posted it and why, who superseded it and why."""

    entry: LedgerEntry
    figure: Figure
    stream_zh: str
    source_zh: str
    posted: LedgerPosting | None
    superseded: LedgerPosting | None


@dataclass(frozen=True)
class Chosen:
    """The entries that were asked for, and the books they stand in."""

    asked: Asked
    books: tuple[Book, ...]
    beside: tuple[LedgerBook, ...]
    postings: tuple[LedgerPosting, ...]
    at: LedgerPosting | None
    entries: QuerySet[LedgerEntry]
    closed: tuple[Book, ...] = ()

    @property
    def held(self) -> tuple[Book, ...]:
        """The books and those that were closed into them."""
        return (*self.books, *self.closed)

    @property
    def is_whole(self) -> bool:
        """Whether it is every current line of the account in these books."""
        return self.at is None and not self.asked.state and not self.asked.narrows

    @property
    def by_run(self) -> dict[int, LedgerPosting]:
        return {posting.run_id: posting for posting in self.postings}

    def names(self, kind: str) -> dict[str, str]:
        """Chinese names of sources, streams or accounts in the chosen books."""
        return {key: name for book in reversed(self.held) for key, name in book.labels.get(kind, {}).items()}


def chosen_of(organisation, period: Period, query: QueryDict) -> Chosen:
    """Read what is asked and choose books: one for every month, so that nothing is added twice; a run asked for is
    shown as it was posted."""
    asked = asked_of(query, next(iter(standards_of(organisation, period.last.year)), ""))
    at = _posting(organisation, asked.run)
    if at is not None:
        asked = replace(asked, standard=at.run.standard, state="")
        own = LedgerBook.objects.filter(pk=at.book_id).select_related("run")
        books, beside, runs = list(own), [], {at.book_id: at.run}
    else:
        found = books_in(organisation, asked.standard, None if asked.every_year else period)
        books = [book for book in found if book.pk == asked.book] or main_books(found)
        beside, runs = [book for book in found if book not in books], {}
    shown = opened(books, runs)
    # what a closed book held is superseded as a whole: it belongs to the history, never to the current state
    ended = closed_into(books) if asked.state and at is None else {}
    closed = opened(list(ended), {book.pk: run for book, run in ended.items()})
    held = [*shown, *closed]
    asked = replace(asked, streams=_named(held, asked.text))
    entries = _entries(asked, held, at)
    return Chosen(asked, tuple(shown), tuple(beside), tuple(postings_of(held)), at, entries, tuple(closed))


def _posting(organisation, run: int | None) -> LedgerPosting | None:
    if run is None:
        return None
    heavy = ("run__document", "run__summary", "run__views")
    found = LedgerPosting.objects.select_related("run__created_by", "book", "by").defer(*heavy)
    posting = found.filter(run=run, run__organisation=organisation).first()
    if posting is None:
        raise Http404
    return posting


def _named(books: Sequence[Book], text: str) -> tuple[str, ...]:
    """Streams whose Chinese name holds a text; their codes are what the ledger keeps."""
    if not text:
        return ()
    named = {id: name for book in books for id, name in book.labels.get("streams", {}).items()}
    return tuple(id for id, name in named.items() if text in name)[:500]


def _entries(asked: Asked, books: Sequence[Book], at: LedgerPosting | None) -> QuerySet[LedgerEntry]:
    entries = LedgerEntry.objects.filter(book__in=[book.id for book in books])
    if at is not None:
        entries = LedgerEntry.objects.as_posted(at)
    elif asked.state == "":
        entries = entries.current()
    elif asked.state == "superseded":
        entries = entries.exclude(superseded_no=None)
    return asked.of(entries)


def page_of(organisation, period: Period, query: QueryDict) -> dict[str, Any]:
    """The context of the page."""
    chosen = chosen_of(organisation, period, query)
    page = _Pages(chosen).get_page(query.get("page"))
    editions = {} if chosen.at else _editions(organisation, chosen)
    return {
        "chosen": chosen,
        "asked": chosen.asked,
        "page": page,
        "rows": rows_of(organisation, chosen, page),
        "total": _total(organisation, chosen),
        "strips": [] if chosen.at else [strip_of(book, editions.get(book.run.period)) for book in chosen.books],
        "postings": chosen.postings[:60],
        "standards": standards_held(organisation),
        "states": STATES.items(),
        "orders": [(key, label) for key, (label, _) in ORDERS.items()],
        "choices": _choices(chosen),
    }


class _Pages(Paginator):
    """Pages of the chosen entries; what is known of whole books need not be counted."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__(chosen.entries.order_by(*ORDERS[chosen.asked.order][1]), PAGE_ROWS)
        self.chosen = chosen

    @cached_property
    def count(self) -> int:
        if not self.chosen.is_whole:
            return super().count
        return sum(held_of(book).counts.get(self.chosen.asked.account, 0) for book in self.chosen.books)


def _editions(organisation, chosen: Chosen) -> dict[str, ReportEdition]:
    """Reports in force of the chosen standard, by period."""
    found = ReportEdition.objects.filter(
        organisation=organisation, standard=chosen.asked.standard, superseded_at=None
    ).select_related("run")
    heavy = ("run__document", "run__summary", "run__views")
    return {edition.period: edition for edition in found.defer(*heavy)}


def _total(organisation, chosen: Chosen) -> Figure:
    """The exact sum of what the filters leave of the current state; superseded lines are never added."""
    decimals = max((book.shown_decimals for book in chosen.books), default=2)
    if chosen.is_whole and len(chosen.books) == 1:
        book = chosen.books[0]
        total, gap = held_of(book).sums.get((chosen.asked.account, "")), not book.run.is_complete
    else:
        entries = chosen.entries if chosen.at else chosen.entries.filter(superseded_no=None)
        values = list(entries.order_by().values_list("value", flat=True))
        total, gap = (exact_total(values, chosen.books) if values else None), None in values
    states = ("gap",) if gap else ()
    opens = len(chosen.books) == 1 and not chosen.asked.narrows and chosen.asked.account == "enterprise"
    run = chosen.books[0].run.pk if opens else None
    return Figure(
        total, "tCO2e", decimals, run, "total" if opens else "", states=states, label="合计",
        organisation_id=organisation.pk, show_unit=False,
    )  # fmt: skip


def _choices(chosen: Chosen) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: what the current lines of the chosen books have."""
    account, held = chosen.asked.account, [held_of(book) for book in chosen.books]
    months = sorted({month for book in chosen.books for month in (*book.months, *_annual(book))})
    gases = sorted({gas for each in held for gas in each.gases.get(account, ())})
    paths = sorted({path for each in held for path in each.processes.get(account, ())})
    return {
        "month": [(month, Period.parse(month).label_zh) for month in months],
        "source": list(chosen.names("sources").items()),
        "account": list(chosen.names("accounts").items()),
        "gas": [(gas, gas_text(gas)) for gas in gases],
        "process": [(path, path) for path in paths],
    }


def _annual(book: Book) -> list[str]:
    """A result without months has lines of the whole year only."""
    return [] if book.months else [str(book.run.first_month.year)]


def rows_of(organisation, chosen: Chosen, entries) -> list[Row]:
    """The entries with their words; two queries at most besides the entries themselves."""
    books = {book.id: book for book in chosen.held}
    entries = list(entries)
    known = chosen.by_run | _elsewhere({each.superseded_by_id for each in entries} - set(chosen.by_run))
    streams, sources = chosen.names("streams"), chosen.names("sources")
    return [
        Row(
            entry,
            _figure(organisation, books[entry.book_id], entry, streams.get(entry.stream, entry.stream), chosen.at),
            streams.get(entry.stream, entry.stream),
            sources.get(entry.source, entry.source),
            known.get(entry.run_id),
            known.get(entry.superseded_by_id) if entry.superseded_by_id else None,
        )
        for entry in entries
    ]


def _elsewhere(runs: set[int | None]) -> Mapping[int, LedgerPosting]:
    """Postings of other books that superseded lines here."""
    wanted = [run for run in runs if run is not None]
    found = LedgerPosting.objects.filter(run__in=wanted).select_related("by") if wanted else ()
    return {posting.run_id: posting for posting in found}


def _figure(organisation, book: Book, entry: LedgerEntry, label: str, at: LedgerPosting | None) -> Figure:
    """A current line opens in the current result, a superseded one in the result that posted it."""
    run: Run = book.run
    if entry.run_id == run.pk or (entry.superseded_no is not None and at is None):
        address, owner = f"line:{entry.line}", entry.run_id
    else:
        parts = {"source": entry.source, "gas": entry.gas, "month": entry.month, "stream": entry.stream}
        parts = {"account": entry.account} | parts if entry.account != "enterprise" else parts
        address, owner = "+".join(f"{name}:{value}" for name, value in parts.items()), run.pk
    states = ("gap",) if entry.value is None else ()
    states += ("superseded",) if entry.superseded_no is not None and at is None else ()
    return Figure(
        entry.value, "tCO2e", book.shown_decimals, owner, address, states=states, label=label,
        organisation_id=organisation.pk, show_unit=False,
    )  # fmt: skip
