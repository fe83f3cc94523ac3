"""A formula multiplied out: a sum of products of its terms, so that lines that share their inputs become one.

The expansion is exact algebra (no approximation); what is no sum of products (``min``, ``where``, a division by a sum)
is not expanded and is evaluated draw by draw with the compiled formula instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.expression import Binary, Call, Name, Negative, Node, Number, Power

__all__ = ["MOST", "Product", "expand"]

MOST = 64  # products of one formula; beyond it the formula is evaluated as it stands
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Product:
    """A coefficient for each line, and the powers of the leaves in it."""

    coefficient: Array
    powers: dict[str, Fraction] = field(default_factory=dict)

    def times(self, other: "Product") -> "Product":
        """Multiply; a leaf whose powers cancel is gone (a calorific value above and below the line)."""
        powers = dict(self.powers)
        for leaf, power in other.powers.items():
            powers[leaf] = powers.get(leaf, Fraction(0)) + power
        return Product(
            self.coefficient * other.coefficient, {leaf: power for leaf, power in powers.items() if power != 0}
        )

    def raised(self, exponent: Fraction) -> "Product":
        """Raise to a power."""
        coefficient = np.power(self.coefficient, float(exponent))
        return Product(coefficient, {leaf: power * exponent for leaf, power in self.powers.items()})


Sum = list[Product]


def expand(node: Node, leaf: Callable[[str], Sum | None], length: int) -> Sum | None:
    """Return an expression over ``length`` lines as a sum of products of leaves, or None where that is not exact.

    ``leaf`` gives the expansion of a term: itself, its parts, or the formula that it is derived by.
    """
    match node:
        case Number(value=value):
            return [Product(np.full(length, value.numerator / value.denominator))]
        case Name(id=name):
            return leaf(name)
        case Negative(of=part):
            return _scaled(expand(part, leaf, length), -1.0)
        case Power(base=base, exponent=exponent):
            return _power(expand(base, leaf, length), exponent)
        case Binary(op=op, left=left, right=right):
            return _binary(op, expand(left, leaf, length), expand(right, leaf, length))
        case Call(function="sum", args=args):
            return _summed([expand(arg, leaf, length) for arg in args])
        case _:
            return None


def _summed(sums: list[Sum | None]) -> Sum | None:
    total: Sum = []
    for part in sums:
        if part is None:
            return None
        total += part
    return _collected(total)


def _scaled(parts: Sum | None, factor: float) -> Sum | None:
    return None if parts is None else [Product(part.coefficient * factor, part.powers) for part in parts]


def _power(parts: Sum | None, exponent: Fraction) -> Sum | None:
    if parts is None:
        return None
    if len(parts) == 1:
        return [parts[0].raised(exponent)]
    if exponent.denominator != 1 or not 1 <= exponent <= 4:
        return None
    result: Sum | None = parts
    for _ in range(int(exponent) - 1):
        result = _multiplied(result, parts)
    return result


def _binary(op: str, left: Sum | None, right: Sum | None) -> Sum | None:
    if left is None or right is None:
        return None
    if op == "+":
        return _collected(left + right)
    if op == "-":
        return _collected(left + (_scaled(right, -1.0) or []))
    if op == "*":
        return _multiplied(left, right)
    return _multiplied(left, [right[0].raised(Fraction(-1))]) if len(right) == 1 else None


def _multiplied(left: Sum | None, right: Sum | None) -> Sum | None:
    if left is None or right is None or len(left) * len(right) > MOST:
        return None
    return _collected([a.times(b) for a in left for b in right])


def _collected(parts: Sum) -> Sum | None:
    """Add products of the same leaves."""
    found: dict[tuple[tuple[str, Fraction], ...], Product] = {}
    for part in parts:
        key = tuple(sorted(part.powers.items()))
        known = found.get(key)
        found[key] = part if known is None else Product(known.coefficient + part.coefficient, part.powers)
    return list(found.values()) if len(found) <= MOST else None
