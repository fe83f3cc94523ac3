"""Gaps and warnings of a result in sentences, months of one stream gathered, each with the page where it is mended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.result import sentence
from tanheng.kernel.periods import Month
from tanheng_web.inventory.links import data_url

__all__ = ["Notice", "months_zh", "notices"]


@dataclass(frozen=True)
class Notice:
    """One sentence and where to mend it."""

    text: str
    url: str
    stream: str = ""


def notices(
    found: Iterable[Mapping[str, Any]], organisation_id: int, cells: Mapping[str, tuple[int, str]] | None = None
) -> list[Notice]:
    """One notice for each kind of fault and stream; `cells` says for a stream its number and first part in the grid."""
    gathered: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for each in found:
        key = (each["code"], str(each.get("stream") or ""), str(each.get("quantity") or ""))
        gathered.setdefault(key, []).append(each)
    return [_notice(group, organisation_id, cells or {}) for group in gathered.values()]


def _notice(group: list[Mapping[str, Any]], organisation_id: int, cells: Mapping[str, tuple[int, str]]) -> Notice:
    first = group[0]
    months = sorted({str(each["month"]) for each in group if each.get("month")})
    text = sentence({**first, "month": months_zh(months)} if len(months) > 1 else first)
    stream = str(first.get("stream") or "")
    url = mend_url(organisation_id, months)
    if stream in cells and "-" in "".join(months[:1]):
        number, part = cells[stream]
        url += f"#cell={number}:{_key(first, part)}"
    return Notice(text, url, stream)


def _key(gap: Mapping[str, Any], part: str) -> str:
    """The column to fill: the parameter that is missing, else the first part of the quantity."""
    quantity = str(gap.get("quantity") or "")
    return quantity if quantity and quantity != "quantity" else part


def mend_url(organisation_id: int, months: list[str]) -> str:
    """The monthly grid of the first month concerned, else the overview of the data."""
    if months and "-" in months[0]:
        return data_url(organisation_id, months[0])
    return data_url(organisation_id)


def months_zh(months: list[str]) -> str:
    """`2025-01, 2025-02, 2025-03, 2025-07` -> 2025 年 1–3 月、7 月."""
    if not all("-" in month for month in months):
        return "、".join(f"{month} 年" for month in months)
    parsed = [Month.parse(month) for month in months]
    runs: list[list[Month]] = []
    for month in parsed:
        if runs and month == runs[-1][-1].shift(months=1) and month.year == runs[-1][-1].year:
            runs[-1].append(month)
        else:
            runs.append([month])
    words, year = [], None
    for run in runs:
        span = f"{run[0].month} 月" if len(run) == 1 else f"{run[0].month}–{run[-1].month} 月"
        words.append(span if run[0].year == year else f"{run[0].year} 年 {span}")
        year = run[0].year
    return "、".join(words)
