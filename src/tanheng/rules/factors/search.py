"""Search as one types: any combination of dimensions and text over 100 000 factors, exact, with counts for each facet.

The index is columns and lists of hits by pairs of characters, made once of an immutable library. A database's trigrams
do not find 华北: Chinese words have two characters. Every word of the text must occur somewhere in a factor.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.catalogue import materials
from tanheng.rules.factors.model import DIMENSIONS, LibraryFactor, word

__all__ = ["FactorIndex", "Found", "Query", "value_of"]

Mask = NDArray[np.bool_]
_GAP = "\n"  # between two factors: no pair of characters spans it
_SHIFT = 21  # bits of a code point
_WORDS_KEPT = 1000  # each takes a bit for a factor
_PIECE = 20_000  # factors indexed at once: bounds the memory of building
_WORDED = ("klass", "quantity", "family", "metal", "stage", "carrier", "emission_type", "indicator", "basis")


@dataclass(frozen=True)
class Query:
    """What is asked for: words that must all occur, and the values wanted of each dimension (any of them)."""

    text: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True)
class Found:
    """One page of factors, how many there are in all, and how many of each value there would be."""

    factors: tuple[LibraryFactor, ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]


def value_of(factor: LibraryFactor, dimension: str) -> str:
    """Return the value of a dimension; the region is the province where there is one."""
    return factor.province or factor.region_zh if dimension == "region" else str(getattr(factor, dimension))


class FactorIndex:
    """An immutable index over factors; ``extra`` are further dimensions, a value for each factor."""

    def __init__(self, factors: Sequence[LibraryFactor], extra: Mapping[str, Sequence[str]] | None = None) -> None:
        order = sorted(range(len(factors)), key=lambda n: _rank(factors[n]))
        self.factors = tuple(factors[n] for n in order)
        self.texts = [_text(factor) for factor in self.factors]
        self._columns: dict[str, tuple[NDArray[np.intp], tuple[str, ...]]] = {}
        for name in DIMENSIONS:
            if name != "metal":
                self._columns[name] = _coded([value_of(factor, name) for factor in self.factors])
        for name, values in (extra or {}).items():
            self._columns[name] = _coded([values[n] for n in order])
        self._place = {factor.id: row for row, factor in enumerate(self.factors)}
        self._metals = _several([factor.metal for factor in self.factors])
        self._hits = _posted(self.texts)
        self._with = lru_cache(maxsize=_WORDS_KEPT)(self._occurring)  # one types on, ticks a box, turns a page
        self._all = self._counted({}, np.ones(len(self.factors), np.bool_))

    def __len__(self) -> int:
        return len(self.factors)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """What can be narrowed by."""
        return ("metal", *self._columns)

    def states(self, factors: Iterable[LibraryFactor]) -> dict[str, str]:
        """Return the value of the further dimension ``state`` by id."""
        codes, values = self._columns["state"]
        return {factor.id: values[codes[self._place[factor.id]]] for factor in factors}

    def search(self, query: Query) -> Found:
        """Return the page of factors that fit; an unknown value of a dimension fits none."""
        masks = {name: self._of(name, wanted) for name, wanted in query.chosen.items() if wanted}
        words = _plain(query.text).split()
        said = self._saying(words)
        if not masks and not words:
            rows = np.arange(min(query.offset, len(self)), min(query.offset + query.limit, len(self)))
            return Found(tuple(self.factors[row] for row in rows), len(self), self._all)
        hits = np.flatnonzero(_both([said, *masks.values()]))
        page = self._page(hits, words, query)
        return Found(tuple(self.factors[row] for row in page), len(hits), self._counted(masks, said))

    def _page(self, hits: NDArray[np.intp], words: list[str], query: Query) -> list[int]:
        """Of the first hits, those whose name says it come first; further pages keep the order of the index."""
        first = hits[: max(200, query.offset + query.limit)].tolist()
        if words:
            first.sort(key=lambda row: not all(each in _plain(self.factors[row].zh) for each in words))
        page: list[int] = first[query.offset : query.offset + query.limit]
        return page

    def _of(self, name: str, wanted: Sequence[str]) -> Mask:
        if name == "metal":
            found = np.zeros(len(self), np.bool_)
            for metal in wanted:
                if metal in self._metals:
                    found |= self._metals[metal]
            return found
        codes, values = self._columns[name]
        fits = np.array([value in wanted for value in values], np.bool_)
        return fits[codes] if len(values) else np.zeros(0, np.bool_)

    def _saying(self, words: list[str]) -> Mask:
        mask = np.ones(len(self), np.bool_)
        for each in words:
            mask &= np.unpackbits(self._with(each), count=len(self)).view(np.bool_)
        return mask

    def _occurring(self, each: str) -> NDArray[np.uint8]:
        """Which factors say a word, as bits."""
        keys = [ord(each)] if len(each) == 1 else [_pair(a, b) for a, b in pairwise(each)]
        mask = _both([self._having(key) for key in set(keys)])
        if len(each) > 2:  # its pairs may stand apart
            texts = self.texts
            rows = [row for row in np.flatnonzero(mask).tolist() if each in texts[row]]
            mask = np.zeros(len(self), np.bool_)
            mask[rows] = True
        return np.packbits(mask)

    def _having(self, key: int) -> Mask:
        mask = np.zeros(len(self), np.bool_)
        for rows in self._hits.get(key, ()):
            mask[rows] = True
        return mask

    def _counted(self, masks: Mapping[str, Mask], said: Mask) -> dict[str, dict[str, int]]:
        """Count each value among what fits all but its own dimension's choice."""
        fitting = _both([said, *masks.values()])
        rows = np.flatnonzero(fitting)
        found: dict[str, dict[str, int]] = {}
        for name in self.dimensions:
            if name in masks:
                others = [mask for other, mask in masks.items() if other != name]
                found[name] = self._counts(name, np.flatnonzero(_both([said, *others])))
            else:
                found[name] = self._counts(name, rows)
        return found

    def _counts(self, name: str, rows: NDArray[np.intp]) -> dict[str, int]:
        if name == "metal":
            return {key: n for key, mask in self._metals.items() if (n := int(np.count_nonzero(mask[rows])))}
        codes, values = self._columns[name]
        numbers = np.bincount(codes[rows], minlength=len(values)).tolist()
        return {value: n for value, n in zip(values, numbers, strict=True) if n and value}


def _rank(factor: LibraryFactor) -> tuple[bool, bool, bool, bool, bool, int, str]:
    """An enterprise's own entries first, inventory before life cycle, this country's, emission factors, new ones."""
    year = int(factor.data_year[:4]) if factor.data_year[:4].isdigit() else 0
    own, printed = factor.owner.startswith("own"), factor.owner.startswith("standard")
    abroad, other = factor.level == "foreign", factor.quantity != "emission_factor"
    return (not own, factor.family != "inventory", abroad, printed, other, -year, factor.id)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _text(factor: LibraryFactor) -> str:
    material = materials().get(factor.material)
    named = [material.zh, material.en, *material.aliases] if material else []
    words = [word(name, value) for name in _WORDED if (value := str(getattr(factor, name)))]
    parts = [
        factor.zh, factor.id, factor.region_zh, factor.province, factor.data_year, factor.publisher, factor.document,
        factor.document_no, factor.gas, factor.unit, factor.gwp_set, factor.boundary, factor.applies_to, factor.note,
        *named, *words,
    ]  # fmt: skip
    return _plain(" ".join(part for part in parts if part)).replace(_GAP, " ")


def _pair(first: str, second: str) -> int:
    return ord(first) << _SHIFT | ord(second)


def _both(masks: Sequence[Mask]) -> Mask:
    found = masks[0].copy()
    for mask in masks[1:]:
        found &= mask
    return found


def _coded(column: Sequence[str]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    values = tuple(dict.fromkeys(column))
    place = {value: number for number, value in enumerate(values)}
    return np.array([place[value] for value in column], np.intp), values


def _several(column: Sequence[str]) -> dict[str, Mask]:
    found: dict[str, Mask] = {}
    for row, text in enumerate(column):
        for value in text.split():
            found.setdefault(value, np.zeros(len(column), np.bool_))[row] = True
    return found


def _posted(texts: Sequence[str]) -> dict[int, list[NDArray[np.int32]]]:
    """Rows by character and by pair of characters."""
    found: dict[int, list[NDArray[np.int32]]] = {}
    for start in range(0, len(texts), _PIECE):
        for key, rows in _posted_piece(texts[start : start + _PIECE], start):
            found.setdefault(key, []).append(rows)
    return found


def _posted_piece(texts: Sequence[str], start: int) -> list[tuple[int, NDArray[np.int32]]]:
    codes = np.frombuffer((_GAP.join(texts) + _GAP).encode("utf-32-le"), np.uint32).astype(np.int64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), [len(text) + 1 for text in texts])
    inside = codes != ord(_GAP)
    both = inside[:-1] & inside[1:]
    keys = np.concatenate([codes[inside], (codes[:-1] << _SHIFT | codes[1:])[both]])
    rows = np.concatenate([owner[inside], owner[:-1][both]])
    found = np.sort(keys * len(texts) + rows)  # np.unique hashes, which is ten times as slow here
    keys, rows = np.divmod(found[np.diff(found, prepend=-1) != 0], len(texts))
    cuts = np.flatnonzero(np.diff(keys)) + 1
    firsts = np.concatenate([[0], cuts]) if len(keys) else np.zeros(0, np.intp)
    parts = np.split((rows + start).astype(np.int32), cuts)
    return [(int(keys[at]), part) for at, part in zip(firsts, parts, strict=False)]
