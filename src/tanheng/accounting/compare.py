"""Two results side by side: by source and by process, the change and its share."""

from dataclasses import dataclass

from tanheng.accounting.result import ResultDocument

__all__ = ["Change", "Comparison", "compare"]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in two results [unit]; ``percent`` is None where there is nothing to relate the change to."""

    address: str
    label: str
    before: float | None
    after: float | None
    unit: str

    @property
    def change(self) -> float | None:
        """The difference, or None where one of the two is unknown."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def percent(self) -> float | None:
        """The change [%] of the earlier figure's size."""
        if self.change is None or not self.before:
            return None
        return self.change / abs(self.before) * 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """The changes from one result to another."""

    total: Change
    sources: tuple[Change, ...]
    processes: tuple[Change, ...]
    indicators: tuple[Change, ...]
    same_standard: bool


def compare(before: ResultDocument, after: ResultDocument) -> Comparison:
    """Compare two results; what only one of them has is unknown in the other, not zero."""
    old, new = before.data, after.data
    names = {**old["labels"]["sources"], **new["labels"]["sources"]}
    shown = {**old["labels"]["indicators"], **new["labels"]["indicators"]}
    return Comparison(
        total=Change("total", "温室气体排放总量", old["total"]["value"], new["total"]["value"], "tCO2e"),
        sources=_changes(before, after, "sources", "source", names),
        processes=_changes(before, after, "processes", "process", {}),
        indicators=_changes(before, after, "indicators", "indicator", shown),
        same_standard=old["standard"] == new["standard"],
    )


def _changes(
    before: ResultDocument, after: ResultDocument, group: str, kind: str, names: dict[str, str]
) -> tuple[Change, ...]:
    old, new = before.data[group], after.data[group]
    found = []
    for key in dict.fromkeys([*new, *old]):
        unit = (new.get(key) or old[key])["unit"]
        values = [figures[key]["value"] if key in figures else None for figures in (old, new)]
        found.append(Change(f"{kind}:{key}", names.get(key, key), values[0], values[1], unit))
    return tuple(found)
