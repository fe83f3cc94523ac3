"""Search as one types: any combination of dimensions and text over 100 000 factors, exact, with counts for each facet.

The index is columns and lists of hits by pairs of characters, made once of an immutable library. A database's trigrams
do not find 华北: Chinese words have two characters. Every word of the text must occur somewhere in a factor.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.catalogue import materials
from tanheng.rules.factors.model import DIMENSIONS, LibraryFactor, word
from tanheng.rules.factors.texts import Mask, Texts, coded, plain

__all__ = ["FactorIndex", "Found", "Query", "value_of"]

_WORDS_KEPT = 1000  # each takes a bit for a factor
_WORDED = ("klass", "quantity", "family", "metal", "stage", "carrier", "emission_type", "indicator", "basis")
_WRITTEN = (
    "zh", "id", "region_zh", "province", "data_year", "publisher", "document", "document_no", "gas", "unit", "gwp_set",
    "boundary", "applies_to", "note",
)  # fmt: skip


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
        self._columns: dict[str, tuple[NDArray[np.intp], tuple[str, ...]]] = {}
        for name in DIMENSIONS:
            if name != "metal":
                self._columns[name] = coded([value_of(factor, name) for factor in self.factors])
        for name, values in (extra or {}).items():
            self._columns[name] = coded([values[n] for n in order])
        self._place = {factor.id: row for row, factor in enumerate(self.factors)}
        self._metals = _several([factor.metal for factor in self.factors])
        self._texts = Texts(_said(self.factors))
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
        words = plain(query.text).split()
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
            first.sort(key=lambda row: not all(each in plain(self.factors[row].zh) for each in words))
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

    def text_of(self, factor_id: str) -> str:
        """Return all that is searched of a factor, as it is compared."""
        return self._texts.of(self._place[factor_id])

    def _occurring(self, each: str) -> NDArray[np.uint8]:
        """Which factors say a word, as bits."""
        return np.packbits(self._texts.saying(each))

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


def _said(factors: Sequence[LibraryFactor]) -> list[list[str]]:
    """What is searched, by column: texts as they stand, names of materials, words of the vocabulary."""
    columns = [[str(value) for value in map(attrgetter(name), factors)] for name in _WRITTEN]
    columns.append(_named(factors, "material", _names_of))
    for name in _WORDED:
        columns.append(_named(factors, name, partial(word, name)))
    return columns


def _named(factors: Sequence[LibraryFactor], name: str, words: Callable[[str], str]) -> list[str]:
    column = list(map(attrgetter(name), factors))
    named = {value: words(value) if value else "" for value in set(column)}
    return [named[value] for value in column]


def _names_of(material: str) -> str:
    found = materials().get(material)
    return " ".join([found.zh, found.en, *found.aliases]) if found else ""


def _both(masks: Sequence[Mask]) -> Mask:
    found = masks[0].copy()
    for mask in masks[1:]:
        found &= mask
    return found


def _several(column: Sequence[str]) -> dict[str, Mask]:
    found: dict[str, Mask] = {}
    for row, text in enumerate(column):
        for value in text.split():
            found.setdefault(value, np.zeros(len(column), np.bool_))[row] = True
    return found
