"""Which rows say a word, when what a row says stands in columns: every distinct text is read and indexed once.

Of 100 000 factors only names and numbers differ; documents, publishers and notes are a few thousand texts. A word never
spans two columns, because it holds no blank.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["Mask", "Texts", "coded", "plain"]

Mask = NDArray[np.bool_]
_SHIFT = 21  # bits of a code point
_GAP = "\n"  # ends every text: its last character begins a pair as well, and no pair spans two texts
_PIECE = 50_000  # texts indexed at once: bounds the memory of building


def plain(text: str) -> str:
    """Return a text as it is compared: full-width forms and capitals make no difference, on one line."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower().replace(_GAP, " ")


def coded(column: Sequence[str]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return a column as numbers, and the distinct values they stand for."""
    values = tuple(dict.fromkeys(column))
    place = {value: number for number, value in enumerate(values)}
    return np.fromiter(map(place.__getitem__, column), np.intp, len(column)), values


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The texts from ``first`` on that hold each pair of characters: sorted pairs, and texts from start to start."""

    first: int
    count: int
    pairs: NDArray[np.int64]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]

    def having(self, lowest: int, highest: int) -> Mask:
        """Return which texts hold a pair between two, the second excluded."""
        begin, end = np.searchsorted(self.pairs, (lowest, highest))
        mask = np.zeros(self.count, np.bool_)
        mask[self.texts[self.starts[begin] : self.starts[end]]] = True
        return mask


class Texts:
    """Immutable texts by column; each column has one text for every row."""

    def __init__(self, columns: Sequence[Sequence[str]]) -> None:
        self._rows = len(columns[0]) if columns else 0
        self._columns: list[tuple[int, int, NDArray[np.intp]]] = []
        self._texts: list[str] = []
        for column in columns:
            codes, values = coded(column)
            first = len(self._texts)
            self._texts += map(plain, values)
            self._columns.append((first, len(self._texts), codes.astype(np.int32)))
        starts = range(0, len(self._texts), _PIECE)
        self._pieces = [_pairs_of(self._texts[start : start + _PIECE], start) for start in starts]

    def of(self, row: int) -> str:
        """Return all that a row says."""
        return " ".join(text for first, _, codes in self._columns if (text := self._texts[first + codes[row]]))

    def saying(self, word: str) -> Mask:
        """Return the rows of which some text holds the word."""
        found = np.concatenate([self._having(piece, word) for piece in self._pieces] or [np.zeros(0, np.bool_)])
        rows = np.zeros(self._rows, np.bool_)
        for first, end, codes in self._columns:
            here = found[first:end]
            if here.any():
                rows |= here[codes]
        return rows

    def _having(self, piece: _Pairs, word: str) -> Mask:
        if len(word) == 1:
            return piece.having(ord(word) << _SHIFT, (ord(word) + 1) << _SHIFT)
        first, *others = {ord(a) << _SHIFT | ord(b) for a, b in pairwise(word)}
        mask = piece.having(first, first + 1)
        for pair in others:
            mask &= piece.having(pair, pair + 1)
        if others:  # its pairs may stand apart
            texts = self._texts
            holding = [at for at in np.flatnonzero(mask).tolist() if word in texts[piece.first + at]]
            mask = np.zeros(piece.count, np.bool_)
            mask[holding] = True
        return mask


def _pairs_of(texts: Sequence[str], first: int) -> _Pairs:
    codes = np.frombuffer((_GAP.join(texts) + _GAP).encode("utf-32-le"), np.uint32).astype(np.int64)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), [len(text) + 1 for text in texts])[:-1]
    begins = codes[:-1] != ord(_GAP)
    pairs = (codes[:-1] << _SHIFT | codes[1:])[begins]
    found = np.sort(pairs * len(texts) + owner[begins])  # np.unique hashes, which is ten times as slow here
    pairs, rows = np.divmod(found[np.diff(found, prepend=-1) != 0], len(texts))
    cuts = np.flatnonzero(np.diff(pairs, prepend=-1))
    return _Pairs(first, len(texts), pairs[cuts], np.append(cuts, len(pairs)), rows.astype(np.int32))
