"""What a chart shows, in one sentence without numbers: the numbers are figures and stand in the chart and its table."""

from collections.abc import Sequence
from typing import Any

__all__ = ["flow", "largest", "months", "trend"]

Named = tuple[str, float | None]
EVEN = 0.0005  # what the figure shows as 0.0 % is called level


def largest(parts: Sequence[Named], what: str) -> str:
    """Which part weighs most, which next, and which deducts most."""
    known = sorted(((name, value) for name, value in parts if value is not None), key=lambda part: -part[1])
    positive = [name for name, value in known if value > 0]
    if not positive:
        return f"按{what}的排放"
    first = f"{positive[0]}最多" if positive[0].endswith("排放") else f"{positive[0]}排放最多"
    text = first if len(positive) == 1 else f"{first}，其次是{positive[1]}"
    negative = [name for name, value in known if value < 0]
    return f"{text}；{negative[-1]}抵扣最多" if negative else text


def months(parts: Sequence[Named], last: Sequence[float | None] = (), what: str = "") -> str:
    """Which months stand out, and how the whole compares with the year before; `what` says of which figure."""
    known = [(name, value) for name, value in parts if value is not None]
    if not known:
        return "还没有可比的月度排放"
    if len(known) == 1:
        return f"{known[0][0]}的排放"
    high, low = max(known, key=lambda part: part[1])[0], min(known, key=lambda part: part[1])[0]
    return f"{what}{high}最高，{low}最低{_against([value for _, value in parts], last)}"


def _against(this: Sequence[float | None], last: Sequence[float | None]) -> str:
    pairs = [(now, then) for now, then in zip(this, last, strict=False) if now is not None and then is not None]
    if not pairs:
        return ""
    return "，" + trend(sum(now for now, _ in pairs), sum(then for _, then in pairs), "合计")


def trend(now: float | None, then: float | None, what: str) -> str:
    """`what` is higher than, lower than or level with the year before."""
    if now is None or then is None or then == 0:
        return what
    change = (now - then) / abs(then)
    if abs(change) < EVEN:
        return f"{what}与上年同期持平"
    return f"{what}高于上年同期" if change > 0 else f"{what}低于上年同期"


def flow(nodes: Sequence[tuple[str, str, str]], links: Sequence[Any]) -> str:
    """The largest origin and the largest end of the carbon."""
    labels = {id: label for id, label, _ in nodes}
    given: dict[str, float] = {}
    taken: dict[str, float] = {}
    for link in links:
        given[link.source] = given.get(link.source, 0.0) + link.value
        taken[link.target] = taken.get(link.target, 0.0) + link.value
    origins = {node: value for node, value in given.items() if node not in taken}
    ends = {node: value for node, value in taken.items() if node not in given}
    if not origins or not ends:
        return "碳从哪里来、到哪里去"
    first, last = max(origins, key=origins.__getitem__), max(ends, key=ends.__getitem__)
    return f"碳主要来自{labels[first]}，主要去向是{labels[last]}"
