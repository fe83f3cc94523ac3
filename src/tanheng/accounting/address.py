"""Addresses of figures: ``total``, ``source:flux+month:2025-01``, ``line:7``, ``input:7/quantity/purchased``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.accounting.processes import OTHER, UNALLOCATED
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import NotFound, PeriodError
from tanheng.kernel.periods import Period

__all__ = ["FILTERS", "Selection", "months_of", "select", "split_address", "with_filter"]

FILTERS = ("account", "source", "subtotal", "gas", "month", "material", "stream", "process", "own")
Rest = Mapping[str, str]
_JOINT = re.compile(rf"\+(?=(?:{'|'.join(FILTERS)}):|total(?:\+|$))")


@dataclass(frozen=True)
class Selection:
    """Filters of an address and the lines they leave."""

    address: str
    filters: Mapping[str, str]
    lines: tuple[int, ...]

    def without(self, *names: str) -> dict[str, str]:
        """Return the other filters."""
        return {name: value for name, value in self.filters.items() if name not in names}


def split_address(address: str) -> list[str]:
    """Split at the plus signs that begin a filter; the name of a process or stream may have a plus of its own.

    >>> split_address("process:1+2号高炉+month:2025-01")
    ['process:1+2号高炉', 'month:2025-01']
    """
    return _JOINT.split(address)


def with_filter(rest: Rest, **more: str) -> str:
    """Return the address of filters, in one fixed order.

    >>> with_filter({"month": "2025-01"}, source="flux")
    'source:flux+month:2025-01'
    """
    given = {**rest, **more}
    parts = [f"{name}:{given[name]}" for name in FILTERS if name in given]
    return "+".join(parts) or "total"


def months_of(value: str) -> list[str]:
    """Return the months that the value of a ``month`` filter names: one, or several as ``2025-01..2025-06``.

    >>> months_of("2025-01..2025-02")
    ['2025-01', '2025-02']
    """
    if ".." not in value:
        return [value]
    try:
        return [str(month) for month in Period.parse(value).months]
    except PeriodError:
        return [value]


def select(doc: ResultDocument, address: str) -> Selection:
    """Return the lines an address adds up.

    Raises
    ------
    NotFound
        ``address.unreadable`` or ``address.unknown``.
    """
    filters: dict[str, str] = {}
    for part in split_address(address):
        name, colon, value = part.partition(":")
        if name == "total" and not colon:
            continue
        if name not in FILTERS or not value or name in filters:
            raise NotFound("address.unreadable", address=address)
        filters[name] = value
    _check(doc, filters, address)
    return Selection(address, filters, tuple(_lines(doc, filters)))


def _check(doc: ResultDocument, filters: Mapping[str, str], address: str) -> None:
    known: dict[str, Any] = {
        "source": doc.data["sources"], "subtotal": doc.data["subtotals"], "gas": doc.data["gases"],
        "process": doc.data["processes"], "own": doc.data["processes"], "stream": doc.data["labels"]["streams"],
        "material": doc.data["labels"]["materials"], "account": doc.data.get("accounts", {}),
    }  # fmt: skip
    for name, value in filters.items():
        if name in known and value not in known[name]:
            raise NotFound("address.unknown", address=address)
        if name == "month" and not {*months_of(value)} <= {*doc.data["months"], *doc.data["lines"]["month"]}:
            raise NotFound("address.unknown", address=address)


def _lines(doc: ResultDocument, filters: Mapping[str, str]) -> list[int]:
    """Return the lines that pass every filter; 其他 and 未分配 have none of their own, they are differences."""
    process = filters.get("process", "")
    if process == OTHER or process.endswith(f"/{UNALLOCATED}"):
        return []
    mask = _in_account(doc, filters)
    for name, value in filters.items():
        if name == "account":
            continue
        if name == "subtotal":
            mask &= _equal(doc, "source", doc.data["labels"]["subtotal_sources"][value].split("+"))
        elif name == "process":
            paths = _codes(doc, "process")[0]
            mask &= _equal(doc, "process", [path for path in paths if (path + "/").startswith(value + "/")])
        elif name == "month":
            mask &= _equal(doc, "month", months_of(value))
        else:
            mask &= _equal(doc, "process" if name == "own" else name, [value])
    found: list[int] = np.flatnonzero(mask).tolist()
    return found


def _codes(doc: ResultDocument, column: str) -> tuple[dict[str, int], NDArray[np.int32]]:
    """Return a column of the lines as codes, made once for a document."""
    kept: dict[str, tuple[dict[str, int], NDArray[np.int32]]] = doc.index.setdefault("codes", {})
    if column not in kept:
        names: dict[str, int] = {}
        codes = np.fromiter((names.setdefault(text, len(names)) for text in doc.data["lines"][column]), np.int32)
        kept[column] = (names, codes)
    return kept[column]


def _equal(doc: ResultDocument, column: str, wanted: list[str]) -> NDArray[np.bool_]:
    names, codes = _codes(doc, column)
    fit: NDArray[np.bool_] = np.isin(codes, [names[text] for text in wanted if text in names])
    return fit


def _in_account(doc: ResultDocument, filters: Mapping[str, str]) -> NDArray[np.bool_]:
    """Return the lines of the account that a figure belongs to.

    That is the enterprise's, unless the figure names an account, or speaks of a process, of a stream that only a
    process has, or of a source that only an account beside the total counts.
    """
    accounts = doc.data.get("accounts", {"process": {"flows": "process"}})
    if "account" in filters:
        return _equal(doc, "account", [filters["account"]])
    if "process" in filters or "own" in filters:
        inside = [n for n, entry in accounts.items() if entry["flows"] == "process" and not entry.get("beside")]
        return _equal(doc, "account", inside)
    beside = doc.data["labels"].get("source_accounts", {})
    if filters.get("source") in beside:
        return _equal(doc, "account", [beside[filters["source"]]])
    enterprise = _equal(doc, "account", ["enterprise"])
    if "stream" in filters:
        own = _equal(doc, "stream", [filters["stream"]])
        outside = own & enterprise
        return enterprise if outside.any() or not own.any() else own & ~enterprise
    if "source" not in filters and "subtotal" not in filters:
        return enterprise
    mask = enterprise
    for source, account in beside.items():
        of_source = _equal(doc, "source", [source])
        mask = (mask & ~of_source) | (of_source & _equal(doc, "account", [account]))
    return mask
