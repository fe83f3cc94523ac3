"""The same streams under two factor libraries: old and new line by line, without building result documents.

Both libraries are evaluated over the stored columns; what differs is found by comparing arrays. Only factors of the
library may differ: the standard, the streams and the rules of choice are one and the same, so that line n of one
evaluation is line n of the other. Sums are exact, as those of a result are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tanheng.accounting.difference import Difference, Pair
from tanheng.accounting.figures import add
from tanheng.kernel.canonical_json import digest, dumps
from tanheng.kernel.errors import InputError
from tanheng.kernel.units import compatible
from tanheng.rules.evaluate import evaluate
from tanheng.rules.factors import FactorLibrary, LibraryFactor, word
from tanheng.rules.package import Standard
from tanheng.rules.streams import SiteInfo
from tanheng.rules.table import StreamTable
from tanheng.rules.trace import Evaluation, TraceBlock

__all__ = ["Recalculated", "ReplacedLibrary", "recalculate"]

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_USE = ("family", "klass", "quantity")


class ReplacedLibrary(FactorLibrary):
    """A library in which some factors stand for others: whoever asks for the old one is given the new.

    Raises
    ------
    NotFound
        ``factor.unknown`` for an id that the library does not hold.
    InputError
        ``recalculation.circle`` when a factor is replaced by itself through others; ``recalculation.unit`` and
        ``recalculation.use`` when the two do not measure the same.
    """

    def __init__(self, base: FactorLibrary, replaced: Mapping[str, str]) -> None:
        self.__dict__.update({key: value for key, value in vars(base).items() if key != "digest"})  # both are immutable
        self._base, self._replaced = base, dict(replaced)
        for old in replaced:
            _alike(base.get(old), base.get(self._last(old)))

    def _last(self, factor_id: str) -> str:
        passed = [factor_id]
        while (following := self._replaced.get(passed[-1])) is not None:
            passed.append(following)
            if following in passed[:-1]:
                raise InputError("recalculation.circle", factors=passed)
        return passed[-1]

    def get(self, factor_id: str, as_of: date | None = None) -> LibraryFactor:
        """Return a factor by id, or what replaces it."""
        return super().get(self._last(factor_id), as_of)

    def electricity(self, indicator: str, level: str, site: SiteInfo, as_of: date) -> LibraryFactor | None:
        """Return the grid factor of the site, or what replaces it."""
        found = self._base.electricity(indicator, level, site, as_of)
        return found if found is None or found.id not in self._replaced else self.get(found.id)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the library and of what is replaced in it."""
        return digest(dumps([self._base.digest, sorted(self._replaced.items())]))


def _alike(old: LibraryFactor, new: LibraryFactor) -> None:
    """Refuse to replace a factor by one of another unit or use: that is no replacement but another method."""
    if not compatible(old.unit, new.unit):
        raise InputError("recalculation.unit", old=old.id, new=new.id, old_unit=old.unit, new_unit=new.unit)
    uses = [(factor.family, factor.klass, factor.quantity) for factor in (old, new)]
    if uses[0] != uses[1]:
        said = ["、".join(word(name, text) for name, text in zip(_USE, use, strict=True) if text) for use in uses]
        raise InputError("recalculation.use", old=old.id, new=new.id, old_use=said[0], new_use=said[1])


@dataclass(frozen=True)
class Recalculated:
    """Old and new evaluation of one table, line beside line."""

    table: StreamTable
    old: Evaluation
    new: Evaluation
    decimals: int | None = None

    @cached_property
    def changed(self) -> tuple[Mask, ...]:
        """Which lines of each block differ; unknown on both sides is no difference."""
        return tuple(_differ(a.value, b.value) for a, b in zip(self.old.blocks, self.new.blocks, strict=True))

    def difference(self, account: str = "enterprise", inside: Sequence[str] = ("process",)) -> Difference:
        """Return totals, the count of changed lines, and old and new sums of every group that a change touches."""
        own = [n for n, block in enumerate(self.old.blocks) if block.account == account]
        within = [n for n, block in enumerate(self.old.blocks) if block.account in inside]
        groups = {
            "source": self._by_source(own),
            "month": self._by(own, self.table.period, self.table.periods),
            "stream": self._by(own, self.table.stream, [stream.id for stream in self.table.streams]),
            "process": self._by(within, self.table.process, self.table.processes),
        }
        counts = [(len(self.changed[n]), int(self.changed[n].sum())) for n in own]
        return Difference(self._pair(own), sum(a for a, _ in counts), sum(b for _, b in counts), groups)

    def _pair(self, numbers: Iterable[int]) -> Pair:
        chosen = list(numbers)
        return Pair(*(add(_known([side[n] for n in chosen]), self.decimals) for side in self._sides))

    @property
    def _sides(self) -> tuple[tuple[TraceBlock, ...], tuple[TraceBlock, ...]]:
        return self.old.blocks, self.new.blocks

    def _by_source(self, own: list[int]) -> dict[str, Pair]:
        touched = {self.old.blocks[n].source for n in own if self.changed[n].any()}
        return {name: self._pair(n for n in own if self.old.blocks[n].source == name) for name in sorted(touched)}

    def _by(self, own: list[int], codes: NDArray[np.int32], names: Sequence[str]) -> dict[str, Pair]:
        """Sum the groups of a code in which anything changed, exactly."""
        if not own:
            return {}
        rows = np.concatenate([codes[self.old.blocks[n].rows] for n in own])
        touched = np.zeros(len(names), np.bool_)
        touched[rows[np.concatenate([self.changed[n] for n in own])]] = True
        mine = touched[rows]
        sums = [self._sums(np.concatenate([side[n].value for n in own])[mine], rows[mine]) for side in self._sides]
        found = {names[code]: Pair(sums[0][code], sums[1][code]) for code in np.flatnonzero(touched).tolist()}
        return dict(sorted(found.items()))

    def _sums(self, values: Floats, codes: NDArray[np.int32]) -> dict[int, float | None]:
        order = np.argsort(codes, kind="stable")
        codes, numbers = codes[order], _plain(values[order])
        edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
        return {int(codes[a]): add(numbers[a:b], self.decimals) for a, b in pairwise(edges) if a < b}


def recalculate(
    standard: Standard,
    table: StreamTable,
    *,
    site: SiteInfo,
    as_of: date,
    old: FactorLibrary,
    new: FactorLibrary,
    new_as_of: date | None = None,
) -> Recalculated:
    """Evaluate a table under two libraries.

    Parameters
    ----------
    as_of, new_as_of
        The day whose published factors may be used before, and after (default: the same day).

    Raises
    ------
    InputError
        ``recalculation.shape`` when the two evaluations do not have the same lines; a full comparison is needed then.
    """
    before = evaluate(standard, table, site=site, as_of=as_of, library=old)
    after = evaluate(standard, table, site=site, as_of=new_as_of or as_of, library=new)
    if len(before.blocks) != len(after.blocks) or not all(map(_aligned, before.blocks, after.blocks)):
        raise InputError("recalculation.shape", standard=standard.short_zh)
    rounding = standard.rounding
    whole = all(float(value).is_integer() for value in standard.gwp.values.values())
    decimals = rounding.decimals if rounding.level == "line" and whole else None
    return Recalculated(table, before, after, decimals)


def _aligned(a: TraceBlock, b: TraceBlock) -> bool:
    same = (a.account, a.source, a.gas, a.formula) == (b.account, b.source, b.gas, b.formula)
    return same and np.array_equal(a.rows, b.rows)


def _differ(a: Floats, b: Floats) -> Mask:
    found: Mask = (a != b) & ~(np.isnan(a) & np.isnan(b))
    return found


def _known(blocks: Sequence[TraceBlock]) -> list[float | None]:
    return _plain(np.concatenate([block.value for block in blocks])) if blocks else []


def _plain(values: Floats) -> list[float | None]:
    """Return numbers as a result holds them: unknown is None."""
    found: list[float | None] = (values + 0.0).tolist()
    for at in np.flatnonzero(np.isnan(values)).tolist():
        found[at] = None
    return found
