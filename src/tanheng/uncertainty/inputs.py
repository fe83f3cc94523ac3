"""Which cells of a result are one and the same unknown: one factor, one default, one meter is one random variable.

Two cells belong together when they were read from the same place (a factor, a default, a shared value), or when they
are measured values of the same quantity of the same stream: the months of one meter share its systematic error. That is
the careful choice (errors do not average out over a year); ``months="independent"`` makes every month its own.
Opening and closing stock of a stream are one survey, so what closes a month opens the next with the same error.
A default that a standard prints once may stand in two of its files (bought and sold pig iron): it is one variable too.
Months whose meter was given another distribution have another meter, and are a variable of their own.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tanheng.uncertainty.parts import STOCK, Cells, Part

__all__ = ["Input", "Inputs", "Months", "find_inputs"]

Months = Literal["shared", "independent"]
Key = tuple[Any, ...]
_BY_REF = ("enterprise_default", "standard_default", "library")
_FIXED = ("constant",)


@dataclass(frozen=True, slots=True)
class Input:
    """One unknown of an inventory: what it is, its value and unit, and the cells it stands in.

    ``value`` is the mean over the cells where they differ (``varies``): each cell then moves by the same share.
    """

    id: str
    label: str
    symbol: str
    unit: str
    value: float
    varies: bool
    origin: str
    streams: tuple[str, ...]
    materials: tuple[str, ...]
    roles: tuple[str, ...]
    ref: int
    count: int
    largest: float = 0.0  # of all cells: no draw of a share may carry even this one above one
    shared_id: str = ""  # the id that it has when months are not told apart: a choice made for all of them fits it


@dataclass(frozen=True)
class Inputs:
    """The inputs of a result and, for every leaf of every part, which input stands on each line (-1: a constant)."""

    entries: tuple[Input, ...]
    index: Mapping[tuple[int, str], NDArray[np.int32]]

    def by_id(self) -> dict[str, int]:
        """Return the position of every input by id."""
        return {entry.id: n for n, entry in enumerate(self.entries)}


class _Union:
    """Keys that were found to be the same."""

    def __init__(self) -> None:
        self.parent: dict[Key, Key] = {}

    def find(self, key: Key) -> Key:
        parent = self.parent.setdefault(key, key)
        while parent != self.parent[parent]:
            parent = self.parent[parent]
        self.parent[key] = parent
        return parent

    def join(self, one: Key, other: Key) -> None:
        a, b = self.find(one), self.find(other)
        if a != b:
            self.parent[b] = a


def find_inputs(data: Mapping[str, Any], parts: Iterable[Part], *, months: Months = "shared") -> Inputs:
    """Return the inputs of the parts of a result document."""
    finder = _Finder(data, months)
    cells = [(n, path, leaf, part.lines) for n, part in enumerate(parts) for path, leaf in part.leaves()]
    keyed = [(n, path, leaf, lines, finder.keys(leaf, lines)) for n, path, leaf, lines in cells]
    members: dict[Key, list[tuple[Cells, int, int]]] = {}
    found: dict[tuple[int, str], list[Key | None]] = {}
    for n, path, leaf, lines, keys in keyed:
        roots = [None if key is None else finder.union.find(key) for key in keys]
        found[n, path] = roots
        for at, root in enumerate(roots):
            if root is not None:
                members.setdefault(root, []).append((leaf, at, lines[at]))
    order = {root: n for n, root in enumerate(members)}
    index = {
        place: np.array([-1 if root is None else order[root] for root in roots], np.int32)
        for place, roots in found.items()
    }
    return Inputs(tuple(finder.describe(list(members.values()))), index)


class _Finder:
    def __init__(self, data: Mapping[str, Any], months: Months) -> None:
        self.lines, self.origins = data["lines"], data["origins"]
        self.labels, self.provenance = data["labels"], data["provenance"]
        self.months = months
        self.union = _Union()

    def keys(self, leaf: Cells, lines: tuple[int, ...]) -> list[Key | None]:
        """Return one key for every line of a leaf, joined with those of the same place; None for a constant."""
        symbol = "stock" if leaf.symbol in STOCK else leaf.symbol
        streams, periods = self.lines["stream"], self.lines["month"]
        keys: list[Key | None] = []
        for line, origin, ref, value in zip(lines, leaf.origin, leaf.ref, leaf.value.tolist(), strict=True):
            name = self.origins[origin] if origin >= 0 else "measured"
            if name in _FIXED or value == 0:
                keys.append(None)
                continue
            by_ref: Key = ("ref", symbol, ref)
            if name in _BY_REF and ref >= 0:
                self.union.find(by_ref)
                if (printed := self._printed(symbol, ref, value)) is not None:
                    self.union.join(printed, by_ref)
                keys.append(by_ref)
                continue
            own: Key = ("own", symbol, streams[line], name, self._spread(ref))
            if self.months == "independent" and symbol != "stock":
                own = (*own, periods[line])
            if ref >= 0:
                self.union.join(own, by_ref)
            keys.append(own)
        return keys

    def _printed(self, symbol: str, ref: int, value: float) -> Key | None:
        """Return what a default is printed as: the same number for the same material in the same table."""
        place = self.provenance[ref]
        if place.get("kind") != "standard" or not place.get("material"):
            return None
        return ("printed", symbol, *(place.get(key) for key in ("material", "document", "table")), value)

    def _spread(self, ref: int) -> str:
        """Return the distribution that was given with a value, as text; empty where none was."""
        given = self.provenance[ref].get("distribution") if ref >= 0 else None
        return json.dumps(given, sort_keys=True, ensure_ascii=False, default=str) if given else ""

    def describe(self, groups: list[list[tuple[Cells, int, int]]]) -> list[Input]:
        """Return the inputs with ids that say what they are and are unique."""
        used: dict[str, int] = {}
        found = []
        for cells in groups:
            entry = self._input(cells)
            count = used[entry.id] = used.get(entry.id, 0) + 1
            if count > 1:
                entry = Input(f"{entry.id}#{count}", *(getattr(entry, name) for name in Input.__slots__[1:]))
            found.append(entry)
        return found

    def _input(self, cells: list[tuple[Cells, int, int]]) -> Input:
        leaf, at, line = cells[0]
        values = [float(each.value[n]) for each, n, _ in cells]
        varies = len(set(values)) > 1
        streams = tuple(dict.fromkeys(self.lines["stream"][each] for _, _, each in cells))
        materials = tuple(dict.fromkeys(self.lines["material"][each] for _, _, each in cells))
        roles = tuple(dict.fromkeys(self.lines["role"][each] for _, _, each in cells))
        symbol = "stock" if leaf.symbol in STOCK else leaf.symbol
        origin = self.origins[leaf.origin[at]] if leaf.origin[at] >= 0 else "measured"
        where = shared = self._where(origin, leaf.ref[at], streams, materials)
        if self.months == "independent" and origin not in _BY_REF and symbol != "stock":
            where = f"{where}@{self.lines['month'][line]}"
        return Input(
            id=f"{symbol}@{where}", label=self._label(symbol, origin, streams, materials, leaf.ref[at], line),
            symbol=symbol, unit=leaf.unit, value=float(np.mean(np.abs(values))) if varies else values[0],
            varies=varies, origin=origin, streams=streams, materials=materials, roles=roles, ref=leaf.ref[at],
            count=len(cells), largest=max(values), shared_id=f"{symbol}@{shared}",
        )  # fmt: skip

    def _where(self, origin: str, ref: int, streams: tuple[str, ...], materials: tuple[str, ...]) -> str:
        if origin == "library" and ref >= 0:
            return str(self.provenance[ref].get("factor_id") or streams[0])
        if origin in _BY_REF:
            return f"{origin}:{materials[0]}"
        return streams[0]

    def _label(
        self, symbol: str, origin: str, streams: tuple[str, ...], materials: tuple[str, ...], ref: int, line: int
    ) -> str:
        quantity = "库存盘点" if symbol == "stock" else self.labels["quantities"].get(symbol, symbol)
        if origin in _BY_REF:
            of = "、".join(self.labels["materials"].get(name, name) for name in materials[:3])
        else:
            of = "、".join(self.labels["streams"].get(name, name) for name in streams[:3])
        of += " 等" if len(streams if origin not in _BY_REF else materials) > 3 else ""
        month = f"（{self.lines['month'][line]}）" if self.months == "independent" and origin not in _BY_REF else ""
        return f"{of} · {quantity}{month}"
