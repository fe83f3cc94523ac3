"""The lines of one result that a comparison looks at, and how the lines of two results belong together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tanheng.accounting.compare_model import Scope
from tanheng.accounting.processes import UNALLOCATED, process_accounts
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import NotFound
from tanheng.kernel.periods import Period
from tanheng.kernel.rounding import exact_sum

__all__ = ["Cell", "Key", "Pairs", "Side", "aligned", "amount_symbol", "cells", "pairs"]

Key = tuple[str, ...]
_YEAR = 12


@dataclass(frozen=True)
class Side:
    """One of the two results, seen through a scope; ``name`` is what sentences call it."""

    doc: ResultDocument
    scope: Scope
    name: str

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """The numbers of the lines that are compared."""
        columns = self.doc.data["lines"]
        accounts = process_accounts(self.doc.data) if self.scope.process else {"enterprise"}
        return tuple(
            n
            for n, (its, path) in enumerate(zip(columns["account"], columns["process"], strict=True))
            if its in accounts and self._within(path)
        )

    def _within(self, path: str) -> bool:
        """Whether a flow of a process belongs here; 未分配 holds what is metered for the process itself."""
        base, slash, last = self.scope.process.rpartition("/")
        if slash and last == UNALLOCATED:
            return path == base
        return not self.scope.process or (path + "/").startswith(self.scope.process + "/")

    @cached_property
    def places(self) -> Mapping[int, tuple[int, int]]:
        """Line → (number of its trace block, position in it)."""
        return {n: (b, at) for b, block in enumerate(self.doc.data["trace"]) for at, n in enumerate(block["lines"])}

    @cached_property
    def declared(self) -> Mapping[str, Mapping[str, Any]]:
        """What is declared, by stream."""
        return {entry["id"]: entry for entry in self.doc.data["declared"]}

    @cached_property
    def left_out(self) -> Mapping[str, str]:
        """Why a stream is not counted, by stream."""
        return {entry["stream"]: entry["reason"] for entry in self.doc.data["not_counted"]}

    @cached_property
    def wanting(self) -> frozenset[str]:
        """Streams with a gap."""
        return frozenset(gap["stream"] for gap in self.doc.data["gaps"] if gap["stream"])

    @cached_property
    def months(self) -> frozenset[str]:
        """The months of the period."""
        return frozenset(str(month) for month in Period.parse(self.doc.data["period"]).months)

    @cached_property
    def wanting_months(self) -> frozenset[tuple[str, str]]:
        """Streams and months with a gap."""
        return frozenset((gap["stream"], str(gap["month"])) for gap in self.doc.data["gaps"] if gap["stream"])

    @property
    def total(self) -> float | None:
        """The figure that is compared [tCO2e]."""
        if not self.scope.process:
            found: float | None = self.doc.data["total"]["value"]
            return found
        return self._process()["value"]

    def _process(self) -> Mapping[str, float | None]:
        if self.scope.process not in self.doc.data["processes"]:
            raise NotFound("compare.process_unknown", process=self.scope.process, period=self.doc.data["period"])
        found: Mapping[str, float | None] = self.doc.data["processes"][self.scope.process]
        return found

    def source(self, source: str) -> float | None:
        """A source within the scope [tCO2e]; None where this result does not have it or cannot tell."""
        if not self.scope.process:
            found: float | None = self.doc.data["sources"].get(source, {"value": None})["value"]
            return found
        own = [n for n in self.lines if self.doc.data["lines"]["source"][n] == source]
        return self.sum_of(own) if own else None

    def sum_of(self, lines: Sequence[int]) -> float | None:
        """The values of lines added; None where all are unknown."""
        values = [self.doc.data["lines"]["value"][n] for n in lines]
        known = [value for value in values if value is not None]
        return exact_sum(known) + 0.0 if known or not values else None

    def label_of(self, lines: Sequence[int]) -> str:
        """What people call the stream of lines, or the material of several streams."""
        columns, names = self.doc.data["lines"], self.doc.data["labels"]
        streams = dict.fromkeys(columns["stream"][n] for n in lines)
        if len(streams) == 1:
            return str(names["streams"][next(iter(streams))])
        return str(names["materials"][columns["material"][lines[0]]])

    def address(self, source: str, lines: Sequence[int]) -> str:
        """The address that opens the sum of lines; empty where no single figure is that sum."""
        streams = dict.fromkeys(self.doc.data["lines"]["stream"][n] for n in lines)
        if len(streams) != 1:
            return ""
        stream = next(iter(streams))
        return f"source:{source}+stream:{stream}" if not self.scope.process else f"stream:{stream}"

    def kind_of(self, stream: str) -> Key:
        """What a stream physically is: material, role, direction."""
        entry = self.declared[stream]
        return (entry["material"], entry["role"], entry["direction"])

    def at(self, line: int) -> tuple[dict[str, Any], int]:
        """Return the trace block of a line and the position in it."""
        block, at = self.places[line]
        return self.doc.data["trace"][block], at


@dataclass(frozen=True)
class Cell:
    """Lines of one gas that belong together, with the source they feed in each result ('' where there is none)."""

    key: Key
    gas: str
    sources: tuple[str, str]
    lines: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))


def amount_symbol(block: Mapping[str, Any]) -> str:
    """The symbol of a block's formula that is the activity data; heat given as steam has been converted before."""
    name: str = block["amount"]["symbol"]
    return name if name in block["symbols"] else "quantity"


def cells(a: Side, b: Side) -> list[Cell]:
    """Put lines together: by stream where both know the same stream, else by material, role and direction.

    Within those a source that both have comes first; what then remains of a gas has changed its place or stands alone.
    """
    same = {s for s in a.declared.keys() & b.declared.keys() if a.kind_of(s) == b.kind_of(s)}
    if a.scope.process != b.scope.process:
        same = set()  # a stream of one process is not the like of itself in another
    found: dict[tuple[Key, str], tuple[dict[str, list[int]], dict[str, list[int]]]] = {}
    for n, side in enumerate((a, b)):
        columns = side.doc.data["lines"]
        for line in side.lines:
            stream = columns["stream"][line]
            key = ("stream", stream) if stream in same else side.kind_of(stream)
            by_source = found.setdefault((key, columns["gas"][line]), ({}, {}))[n]
            by_source.setdefault(columns["source"][line], []).append(line)
    return [cell for (key, gas), sides in found.items() for cell in _split(key, gas, *sides)]


def _split(key: Key, gas: str, a: dict[str, list[int]], b: dict[str, list[int]]) -> Iterator[Cell]:
    for source in [source for source in a if source in b]:
        yield Cell(key, gas, (source, source), (a.pop(source), b.pop(source)))
    while a or b:
        one, two = next(iter(a), ""), next(iter(b), "")
        yield Cell(key, gas, (one, two), (a.pop(one, []), b.pop(two, [])))


def aligned(a: Side, b: Side) -> Mapping[str, str]:
    """Return the period text of the second result → the one of the first that stands at its place.

    Periods as long as each other stand side by side from their first month; of others the months of the same name do.
    """
    first, second = Period.parse(a.doc.data["period"]), Period.parse(b.doc.data["period"])
    found = {second.key: first.key}
    if len(first.months) == len(second.months):
        return found | {str(m): str(n) for m, n in zip(second.months, first.months, strict=True)}
    if max(len(first.months), len(second.months)) <= _YEAR:
        named = {m.month: str(m) for m in first.months}
        found |= {str(m): named[m.month] for m in second.months if m.month in named}
    return found


@dataclass(frozen=True)
class Pairs:
    """Lines of a cell that stand side by side, and those of months of which the other result has none."""

    both: list[tuple[int, int]]
    alone: tuple[list[int], list[int]]


def pairs(a: Side, b: Side, cell: Cell, places: Mapping[str, str]) -> Pairs | None:
    """Return the lines of a cell two by two, or None where a month has more of them in one result than in the other."""
    one, two = a.doc.data["lines"]["month"], b.doc.data["lines"]["month"]
    sides: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
    for line in cell.lines[0]:
        sides[0].setdefault(one[line], []).append(line)
    for line in cell.lines[1]:
        sides[1].setdefault(places.get(two[line], f"?{two[line]}"), []).append(line)
    shared = [month for month in sides[0] if month in sides[1]]
    alone = tuple([n for month, lines in side.items() if month not in shared for n in lines] for side in sides)
    monthly = all("-" in texts[n] for texts, lines in zip((one, two), cell.lines, strict=True) for n in lines)
    if not shared or (any(alone) and not monthly) or any(len(sides[0][m]) != len(sides[1][m]) for m in shared):
        return None
    both = [pair for month in shared for pair in zip(sides[0][month], sides[1][month], strict=True)]
    return Pairs(both, (alone[0], alone[1]))
