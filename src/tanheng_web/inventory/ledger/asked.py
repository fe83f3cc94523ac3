"""What a person asks of the ledger: every filter stands in the URL."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

from tanheng_web.inventory.models import LedgerEntry

__all__ = ["ORDERS", "STATES", "Asked", "asked_of"]

STATES = {"": "现行账目", "all": "现行和已替代", "superseded": "已替代"}
ORDERS = {
    "": ("按期、排放源、源流", ("book", "month", "source", "stream", "id")),
    "value": ("按排放量，大的在前", ("-value", "id")),
    "posted": ("按记入时间，新的在前", ("-run", "line")),
}
FIELDS = ("month", "source", "process", "gas")
MOST_TEXT = 80


@dataclass(frozen=True)
class Asked:
    """The filters; empty means everything. `run` asks for the state right after that run was posted."""

    standard: str = ""
    account: str = "enterprise"
    month: str = ""
    source: str = ""
    process: str = ""
    gas: str = ""
    text: str = ""
    state: str = ""
    order: str = ""
    run: int | None = None
    book: int | None = None
    every_year: bool = False

    @property
    def narrows(self) -> bool:
        """Whether lines are left out that belong to the total of the account."""
        return any((self.month, self.source, self.process, self.gas, self.text))

    def of(self, entries: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        """The entries that pass; which books and which state are chosen before."""
        wanted = {name: getattr(self, name) for name in FIELDS if getattr(self, name) and name != "process"}
        found = entries.filter(account=self.account, **wanted)
        if self.process:
            found = found.filter(Q(process=self.process) | Q(process__startswith=f"{self.process}/"))
        if self.text:
            found = found.filter(Q(stream__icontains=self.text) | Q(stream__in=self.streams))
        return found

    streams: tuple[str, ...] = ()


def asked_of(query: QueryDict, default_standard: str, **more: Any) -> Asked:
    """Read the URL; what it does not understand it leaves out."""
    text = {name: _text(query, name, 200) for name in FIELDS}
    state, order = query.get("state", ""), query.get("order", "")
    return Asked(
        standard=_text(query, "standard", 64) or default_standard,
        account=_text(query, "account", 32) or "enterprise",
        text=_text(query, "q", MOST_TEXT).strip(),
        state=state if state in STATES else "",
        order=order if order in ORDERS else "",
        run=_number(query.get("run", "")),
        book=_number(query.get("book", "")),
        every_year=query.get("years") == "all",
        **text,
        **more,
    )


def _text(query: QueryDict, name: str, most: int) -> str:
    """A text of bounded length; NUL is no character of any name, and PostgreSQL refuses it."""
    return query.get(name, "").replace("\0", "")[:most]


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 12 else None
