"""The proof: current lines of a book add up to its result, month by month and account by account, exactly.

Sums are taken as the engine takes them (exact summation; integers where lines are rounded), so that "agrees" means
the same float, not a tolerance.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tanheng.accounting.figures import add
from tanheng_web.inventory.ledger.books import Book
from tanheng_web.inventory.models import LedgerEntry, ReportEdition

__all__ = ["Check", "Held", "Strip", "book_held", "exact_total", "held_of", "strip_of"]

ENTERPRISE = "enterprise"
Sums = dict[tuple[str, str], float | None]


@dataclass(frozen=True)
class Check:
    """A sum of lines beside what the result says of the same."""

    label: str
    address: str
    ledger: float | None
    result: float | None

    @property
    def agrees(self) -> bool:
        return self.ledger == self.result

    @property
    def gap(self) -> float | None:
        return None if self.ledger is None or self.result is None else self.ledger - self.result


@dataclass(frozen=True)
class Strip:
    """Ledger, result and published report of one book."""

    book: Book
    total: Check
    accounts: tuple[Check, ...]
    months: tuple[Check, ...]
    edition: ReportEdition | None

    @property
    def report(self) -> Check | None:
        """The published report against the ledger; it differs while a correction is not published yet."""
        if self.edition is None:
            return None
        return Check(str(self.edition), "total", self.total.ledger, self.edition.run.total)

    @property
    def agrees(self) -> bool:
        return all(check.agrees for check in (self.total, *self.accounts, *self.months))


def strip_of(book: Book, edition: ReportEdition | None) -> Strip:
    """Check a book against its current result."""
    sums = held_of(book).sums
    total = Check("总量", "total", _sum(sums, (ENTERPRISE, ""), book.run.total), book.run.total)
    accounts = tuple(
        Check(
            book.labels.get("accounts", {}).get(name, name),
            f"account:{name}",
            _sum(sums, (name, ""), its["value"]),
            its["value"],
        )
        for name, its in book.accounts.items()
        if name != ENTERPRISE
    )
    months = tuple(
        Check(month, f"month:{month}", _sum(sums, (ENTERPRISE, month), its["value"]), its["value"])
        for month, its in book.months.items()
    )
    return Strip(book, total, accounts, months, edition)


def _sum(sums: Sums, key: tuple[str, str], result: float | None) -> float | None:
    """No lines at all add up to 0; where the result itself is unknown for want of data, so is the sum."""
    return sums.get(key, None if result is None else 0.0)


@dataclass(frozen=True)
class Held:
    """What the current lines of a book come to, account by account: sums, counts, and the words filters offer."""

    sums: Sums
    counts: dict[str, int]
    gases: dict[str, tuple[str, ...]]
    processes: dict[str, tuple[str, ...]]


@lru_cache(maxsize=256)
def book_held(book: int, number: int, digest: str, decimals: int | None) -> Held:
    """Read the current lines once; the state after a posting never changes, so it is kept.

    Sums stand by (account, month), and by (account, "") over all.
    """
    rows = LedgerEntry.objects.filter(book=book).current().values_list("account", "month", "value", "gas", "process")
    values: dict[tuple[str, str], list[float | None]] = {}
    words: dict[tuple[str, str], set[str]] = {}
    for account, month, value, gas, process in rows.iterator(chunk_size=10_000):
        values.setdefault((account, month), []).append(value)
        values.setdefault((account, ""), []).append(value)
        words.setdefault((account, "gas"), set()).add(gas)
        words.setdefault((account, "process"), set()).add(process)
    return Held(
        {key: add(found, decimals) for key, found in values.items()},
        {account: len(found) for (account, month), found in values.items() if not month},
        *(
            {account: tuple(sorted(found - {""})) for (account, kind), found in words.items() if kind == wanted}
            for wanted in ("gas", "process")
        ),
    )


def held_of(book: Book) -> Held:
    """What the current lines of a book come to."""
    return book_held(book.id, book.number, book.run.digest, book.decimals)


def exact_total(values: Iterable[float | None], books: Sequence[Book]) -> float | None:
    """The sum of lines of several books, as the engine adds."""
    decimals = {book.decimals for book in books}
    return add(values, decimals.pop() if len(decimals) == 1 else None)
