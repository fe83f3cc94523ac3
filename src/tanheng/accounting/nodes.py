"""What a figure opens into: nodes with children down to entered cells, defaults, factors and constants."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Child", "Node"]


@dataclass(frozen=True, slots=True)
class Child:
    """A part of a figure: ``symbol`` in the parent's expression, ``sign`` in its sum, and where it opens."""

    symbol: str
    sign: int
    address: str
    label: str
    value: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class Node:
    """A figure and what it is made of.

    ``kind`` is ``sum`` (children added with their signs), ``balance`` (the same, of entered quantities), ``formula``
    (``expr`` of the children's symbols), ``ratio`` (first child by second), ``input`` (a leaf) or ``gap`` (an unknown
    leaf, value None). ``entered`` is what stands in the cell when it was given in another unit. ``flags``: ``default``,
    ``unchecked``, ``gap``, ``converted``, ``expired``. ``decimals`` is set where the standard rounds this very figure.
    """

    address: str
    label: str
    value: float | None
    unit: str
    kind: str
    formula_id: str | None = None
    expr: str | None = None
    children: tuple[Child, ...] = ()
    origin: str | None = None
    provenance: Mapping[str, object] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    entered: tuple[float, str] | None = None
    decimals: int | None = None
    note: str = ""
