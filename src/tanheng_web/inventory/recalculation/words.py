"""Old and new in sentences: what a recalculation comes to, plant by plant, and which sources it comes from."""

from collections.abc import Iterator, Mapping, Sequence

from tanheng_web.common.figures import format_number
from tanheng_web.inventory.models import RecalculationItem

__all__ = ["sentences"]

MOST_SOURCES = 3
MOST_PLANTS = 20
SHOWN = 0.005  # tCO2e: what two decimals show


def sentences(items: Sequence[RecalculationItem], names: Mapping[int, Mapping[str, str]]) -> list[str]:
    """Return a sentence for every plant and standard, the largest change first; ``names`` are those of sources by run.

    A change whose old or new value is unknown is said to be unknown, never taken for nothing.
    """
    groups: dict[tuple[str, str], list[RecalculationItem]] = {}
    for item in items:
        groups.setdefault((item.run.organisation.label, item.run.standard_zh), []).append(item)
    ranked = sorted(groups.items(), key=lambda pair: -abs(sum(_change(item) or 0.0 for item in pair[1])))
    return [_sentence(plant, standard, own, names) for (plant, standard), own in ranked[:MOST_PLANTS]]


def _sentence(
    plant: str, standard: str, items: Sequence[RecalculationItem], names: Mapping[int, Mapping[str, str]]
) -> str:
    which = items[0].run.period_zh if len(items) == 1 else f"{len(items)} 份结果合计"
    head = f"{plant} {which}（{standard}）"
    if any(_change(item) is None for item in items):
        return f"{head}：有结果的总量未知，不能相加，见逐份结果。"
    old, new = sum(item.old_total for item in items), sum(item.new_total for item in items)
    change = new - old
    if abs(change) < SHOWN:
        return f"{head}：总量不变，变化的账目互相抵消{_sources(items, names)}。"
    word = "增加" if change > 0 else "减少"
    percent = f"（{format_number(change / abs(old) * 100, 2)}%）" if old else ""
    return (
        f"{head}由 {format_number(old)} 变为 {format_number(new)} tCO₂e，{word} {format_number(abs(change))}{percent}"
        f"{_sources(items, names)}。"
    )


def _sources(items: Sequence[RecalculationItem], names: Mapping[int, Mapping[str, str]]) -> str:
    said = list(_largest(items, names))
    return "，来自" + "、".join(said) if said else ""


def _largest(items: Sequence[RecalculationItem], names: Mapping[int, Mapping[str, str]]) -> Iterator[str]:
    sums: dict[str, float] = {}
    for item in items:
        for source, row in item.difference["groups"].get("source", {}).items():
            name = names.get(item.run_id, {}).get(source, source)
            sums[name] = sums.get(name, 0.0) + (row["change"] or 0.0)
    ranked = sorted((pair for pair in sums.items() if abs(pair[1]) >= SHOWN), key=lambda pair: -abs(pair[1]))
    for name, change in ranked[:MOST_SOURCES]:
        yield f"“{name}”{'+' if change > 0 else ''}{format_number(change)}"
    if len(ranked) > MOST_SOURCES:
        yield f"另 {len(ranked) - MOST_SOURCES} 个排放源"


def _change(item: RecalculationItem) -> float | None:
    if item.old_total is None or item.new_total is None:
        return None
    return item.new_total - item.old_total
