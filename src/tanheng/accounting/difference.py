"""Which lines of two results differ, and by how much: what a ledger posts, and what a recalculation shows.

A line is known by account, month, stream, source, gas, process and formula; lines alike in all of these are told apart
by their order. Sums are exact, as those of a result are, so that they agree to the last digit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.figures import add

__all__ = ["FACTS", "GROUPS", "KEY", "Delta", "Difference", "Pair", "delta", "difference", "keyed", "line_decimals"]

KEY = ("account", "month", "stream", "source", "gas", "process", "formula")
FACTS = ("mass", "value", "material", "role", "direction")
GROUPS = ("source", "month", "stream", "process")
Key = tuple[Any, ...]
Lines = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Delta:
    """What must happen to the current lines to become the new ones.

    ``added`` are indices of the new lines; ``superseded`` and ``kept`` are keys of the current ones; ``replaced`` of
    the added keys stood there before with other facts.
    """

    added: tuple[int, ...]
    superseded: tuple[Key, ...]
    kept: int
    replaced: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not self.added and not self.superseded


def keyed(lines: Lines) -> dict[Key, int]:
    """Return the index of every line by its key; equal keys get a number behind, in order."""
    seen: dict[Key, int] = {}
    found: dict[Key, int] = {}
    for number, key in enumerate(zip(*(lines[name] for name in KEY), strict=True)):
        count = seen.get(key, 0)
        seen[key] = count + 1
        found[(*key, count)] = number
    return found


def delta(current: Mapping[Key, Key], lines: Lines) -> Delta:
    """Compare current facts by key (as of :func:`keyed`) with new lines.

    >>> lines = {name: ["x"] for name in KEY} | {name: [1.0] for name in FACTS}
    >>> delta({}, lines).added, delta({(*"xxxxxxx", 0): (1.0,) * 5}, lines).kept
    ((0,), 1)
    """
    facts = list(zip(*(lines[name] for name in FACTS), strict=True))
    wanted = keyed(lines)
    added = tuple(number for key, number in wanted.items() if current.get(key) != facts[number])
    superseded = tuple(key for key, held in current.items() if key not in wanted or facts[wanted[key]] != held)
    gone = sum(key not in wanted for key in superseded)
    return Delta(added, superseded, len(current) - len(superseded), len(superseded) - gone)


def line_decimals(data: Mapping[str, Any]) -> int | None:
    """Return the decimals of lines that a result rounds one by one, None where its lines are not rounded.

    ``data`` is a result document or its summary; sums of rounded lines are sums of integers.
    """
    rounding = data["rounding"]
    whole = all(float(value).is_integer() for value in data["gwp"]["values"].values())
    decimals: int = rounding["decimals"]
    return decimals if rounding["level"] == "line" and whole else None


@dataclass(frozen=True, slots=True)
class Pair:
    """A sum before and after [tCO2e]; None is unknown."""

    old: float | None
    new: float | None

    @property
    def change(self) -> float | None:
        """The difference, or None where one of the two is unknown."""
        return None if self.old is None or self.new is None else self.new - self.old


@dataclass(frozen=True)
class Difference:
    """Two results of the same streams: totals, changed lines, and the sums of every group that a change touches."""

    total: Pair
    lines: int
    changed: int
    groups: Mapping[str, Mapping[str, Pair]]

    def as_json(self) -> dict[str, Any]:
        """Return plain data: old, new and change by group."""
        shown = {group: {key: _row(pair) for key, pair in pairs.items()} for group, pairs in self.groups.items()}
        return {"total": _row(self.total), "lines": self.lines, "changed": self.changed, "groups": shown}


def _row(pair: Pair) -> dict[str, float | None]:
    return {"old": pair.old, "new": pair.new, "change": pair.change}


def difference(old: Lines, new: Lines, *, decimals: int | None = None, account: str = "enterprise") -> Difference:
    """Compare the lines of two results.

    Groups of the enterprise account add up to the totals; ``process`` is taken from the process account, where there
    is one.
    """
    before, after = keyed(old), keyed(new)
    changed = [key for key in dict.fromkeys([*before, *after]) if _value(old, before, key) != _value(new, after, key)]
    own = [key for key in changed if key[0] == account]
    groups = {group: _group(group, own, old, new, decimals, account) for group in GROUPS if group != "process"}
    inside = [key for key in changed if key[0] == "process"]
    groups["process"] = _group("process", inside, old, new, decimals, "process")
    total = Pair(add(_of(old, account), decimals), add(_of(new, account), decimals))
    return Difference(total, sum(1 for name in new["account"] if name == account), len(own), groups)


def _value(lines: Lines, index: Mapping[Key, int], key: Key) -> tuple[Any, ...] | None:
    return (lines["value"][index[key]],) if key in index else None


def _of(lines: Lines, account: str) -> Iterable[float | None]:
    return (value for value, its in zip(lines["value"], lines["account"], strict=True) if its == account)


def _group(
    group: str, changed: Sequence[Key], old: Lines, new: Lines, decimals: int | None, account: str
) -> dict[str, Pair]:
    touched = dict.fromkeys(key[KEY.index(group)] for key in changed)
    sums = [_sums(group, set(touched), lines, decimals, account) for lines in (old, new)]
    return {name: Pair(*(found.get(name, 0.0) for found in sums)) for name in sorted(touched)}


def _sums(group: str, touched: set[str], lines: Lines, decimals: int | None, account: str) -> dict[str, float | None]:
    values: dict[str, list[float | None]] = {}
    for name, value, its in zip(lines[group], lines["value"], lines["account"], strict=True):
        if its == account and name in touched:
            values.setdefault(name, []).append(value)
    return {name: add(found, decimals) for name, found in values.items()}
