"""The columnar trace: what went into every line, in columns; a single figure's tree is rebuilt on demand."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Amount", "Derivation", "Evaluation", "Finding", "NotCounted", "Symbol", "TraceBlock"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """The values put in for one symbol [unit], with origin codes and provenance indices; NaN is unknown."""

    unit: str
    value: NDArray[np.float64]
    origin: NDArray[np.int8]
    ref: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Amount:
    """How a quantity came about: ``basis`` of the rule, whether it was given directly, and its sign (-1: leaves).

    ``balance`` is the basis by whose signs the parts of a balance were added.
    """

    symbol: str
    basis: str
    balance: str
    unit: str
    direct: NDArray[np.bool_]
    sign: NDArray[np.int8]
    value: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Derivation:
    """A symbol computed by another formula, at some positions of a block."""

    symbol: str
    formula: str
    unit: str
    at: NDArray[np.int64]
    symbols: Mapping[str, Symbol]


@dataclass(frozen=True, slots=True)
class TraceBlock:
    """Lines that share account, source, gas, formula and units.

    ``rows`` are rows of the table; ``mass`` [t of gas] has no sign, ``value`` [tCO2e] has. ``decimals`` of the symbols
    that the standard rounds before it multiplies; ``rest`` [tCO2e, with sign] of rounding several gases as one sum.
    """

    account: str
    source: str
    gas: str
    formula: str
    unit: str
    sign: int
    gwp: float
    gwp_ref: int
    rows: NDArray[np.int64]
    symbols: Mapping[str, Symbol]
    derived: tuple[Derivation, ...]
    amount: Amount
    decimals: Mapping[str, int]
    mass: NDArray[np.float64]
    value: NDArray[np.float64]
    rest: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A gap or a warning; ``row`` is a row of the table or -1, ``whole`` says that it speaks of the stream at large."""

    code: str
    row: int = -1
    quantity: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class NotCounted:
    """Rows that the standard names as not counted, with its reason; ``value`` in ``unit`` [per row]."""

    account: str
    reason: str
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class Evaluation:
    """Everything a standard computes of a table."""

    blocks: tuple[TraceBlock, ...]
    gaps: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    not_counted: tuple[NotCounted, ...]
    provenance: tuple[Mapping[str, object], ...] = field(repr=False, default=())

    @property
    def values(self) -> NDArray[np.float64]:
        """Every line of the enterprise account [tCO2e], signed; NaN where something is missing."""
        chosen = [block.value for block in self.blocks if block.account == "enterprise"]
        return np.concatenate(chosen) if chosen else np.empty(0)
