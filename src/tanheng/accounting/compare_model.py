"""What a comparison of two results is made of: differences by source and stream, each explained by its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["KINDS", "Change", "Comparison", "Part", "Scope", "SourceDifference", "StreamDifference", "by_kind"]

# why two results differ, in the order in which the steps from one to the other are taken
KINDS: Mapping[str, str] = {
    "boundary": "边界",
    "place": "归属",
    "absent": "源流有无",
    "gap": "数据缺口",
    "months": "月份多少",
    "activity": "活动数据",
    "parameter": "参数与因子",
    "formula": "公式",
    "gwp": "GWP",
    "mix": "加权与差额",
    "rounding": "修约",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a document is compared: the enterprise, or one process with everything below it."""

    process: str = ""


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
class Part:
    """One reason with its share of a difference [tCO2e]; ``exact`` is that share as a fraction, so that sums hold."""

    kind: str
    exact: Fraction
    text: str
    symbol: str = ""

    @property
    def value(self) -> float:
        """The share as a number."""
        return float(self.exact)


@dataclass(frozen=True, slots=True)
class StreamDifference:
    """A stream (or streams of one material and use) in one source of both results; None where it is not counted.

    The parts add up to ``after`` − ``before`` exactly, an uncounted side being nothing. ``addresses`` open the figure
    in the first and in the second result.
    """

    key: str
    label: str
    before: float | None
    after: float | None
    parts: tuple[Part, ...]
    addresses: tuple[str, str] = ("", "")

    @property
    def exact(self) -> Fraction:
        """The difference as a fraction."""
        return sum((part.exact for part in self.parts), Fraction(0))


@dataclass(frozen=True, slots=True)
class SourceDifference:
    """A source in both results with its streams; None where a result does not have the source or cannot tell."""

    id: str
    label: str
    before: float | None
    after: float | None
    streams: tuple[StreamDifference, ...]

    @property
    def exact(self) -> Fraction:
        """The difference explained by the streams, as a fraction."""
        return sum((stream.exact for stream in self.streams), Fraction(0))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The reasons of all streams, added up by kind."""
        return by_kind(part for stream in self.streams for part in stream.parts)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The way from one result to another.

    ``total.after − total.before`` is the sum of the differences of ``differences`` and of ``rest`` (what summing and
    shares leave over), exactly when taken as the decimals that are printed. ``names`` are what the two are called.
    """

    total: Change
    sources: tuple[Change, ...]
    processes: tuple[Change, ...]
    indicators: tuple[Change, ...]
    same_standard: bool
    names: tuple[str, str] = ("A", "B")
    differences: tuple[SourceDifference, ...] = ()
    rest: tuple[Part, ...] = ()
    subtotals: tuple[Change, ...] = field(default=())

    @property
    def parts(self) -> tuple[Part, ...]:
        """All reasons, added up by kind: the steps of the bridge."""
        own = (part for source in self.differences for stream in source.streams for part in stream.parts)
        return by_kind((*own, *self.rest))

    @property
    def exact(self) -> Fraction:
        """The whole difference as a fraction."""
        return sum((part.exact for part in self.parts), Fraction(0))


def by_kind(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return one part a kind, in the order of KINDS; kinds that add up to nothing are left out."""
    sums: dict[str, Fraction] = {}
    for part in parts:
        sums[part.kind] = sums.get(part.kind, Fraction(0)) + part.exact
    return tuple(Part(kind, sums[kind], text) for kind, text in KINDS.items() if sums.get(kind))
