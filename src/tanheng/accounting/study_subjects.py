"""The figures of a result that a study of uncertainty or sensitivity can be about: sums of lines, by their address."""

from collections.abc import Iterator
from math import isclose

from tanheng.accounting.address import select
from tanheng.accounting.explain import explain
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import InputError
from tanheng.kernel.rounding import exact_sum
from tanheng.uncertainty.subject import TOTAL, Subject, whole

__all__ = ["subject_of", "subjects"]


def subject_of(doc: ResultDocument, address: str = TOTAL) -> Subject:
    """Return the figure at an address as what is studied.

    Raises
    ------
    NotFound
        ``address.unreadable`` or ``address.unknown``.
    InputError
        ``uncertainty.not_a_sum`` for a difference (其他, 未分配) or a share: it has no lines of its own to be drawn.
    """
    chosen = select(doc, address)
    if not chosen.filters:
        return whole(doc.data)
    node = explain(doc, address)
    found = Subject(address, node.label, node.value, chosen.lines)
    if not _adds_up(doc, found):
        raise InputError("uncertainty.not_a_sum", label=found.label)
    return found


def _adds_up(doc: ResultDocument, found: Subject) -> bool:
    values = (doc.data["lines"]["value"][n] for n in found.lines)
    known = [value for value in values if value is not None]
    if found.value is None or not known:
        return found.value is None and not doc.data["complete"]
    return isclose(exact_sum(known), found.value, rel_tol=1e-9, abs_tol=0.01)


def subjects(doc: ResultDocument) -> dict[str, tuple[Subject, ...]]:
    """Return what can be studied of a result, by kind in Chinese, the total first; what has no lines is left out."""
    data = doc.data
    groups = {
        "企业总量": [TOTAL],
        "核算账户": [f"account:{name}" for name in data.get("accounts", {}) if name != "enterprise"],
        "小计": [f"subtotal:{name}" for name in data["subtotals"]],
        "排放源": [f"source:{name}" for name in data["sources"]],
        "工序": [f"process:{path}" for path in data["processes"]],
    }
    found = {zh: tuple(_with_lines(doc, addresses)) for zh, addresses in groups.items()}
    return {zh: entries for zh, entries in found.items() if entries}


def _with_lines(doc: ResultDocument, addresses: list[str]) -> Iterator[Subject]:
    values = doc.data["lines"]["value"]
    for address in addresses:
        lines = select(doc, address).lines
        if any(values[n] is not None for n in lines):
            try:
                yield subject_of(doc, address)
            except InputError:
                continue  # a difference or a share: nothing to draw, so nothing to offer
