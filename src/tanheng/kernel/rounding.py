"""Rounding half up (away from zero at a tie), exact in decimal, and sums that do not depend on the order."""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
from numpy.typing import NDArray

__all__ = ["TIE_WINDOW", "exact_sum", "round_half_up", "round_half_up_array"]

# Values nearer to a tie than this, counted in units of the last kept digit, are redone in decimal (DESIGN, arithmetic).
TIE_WINDOW = 1e-6


def round_half_up(value: Decimal | str | float, decimals: int) -> Decimal:
    """Round half away from zero. A float is taken as the decimal it prints as, so 2.675 means 2.675.

    >>> round_half_up("2.675", 2), round_half_up(1.005, 2), round_half_up("-0.125", 2)
    (Decimal('2.68'), Decimal('1.01'), Decimal('-0.13'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else str(value))
    with localcontext() as context:
        context.prec = max(50, len(exact.as_tuple().digits) + abs(exact.adjusted()) + abs(decimals) + 5)
        rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)  # no negative zero


def round_half_up_array(values: NDArray[np.float64], decimals: int) -> NDArray[np.float64]:
    """Round a column half away from zero; NaN stays NaN.

    Float arithmetic decides where it safely can; within ``TIE_WINDOW`` of a tie the number is taken as the 15
    significant digits a float surely holds and rounded in decimal. A product such as 1.005 that float arithmetic left
    at 1.00499999999999989 is therefore rounded up, as the exact product would be.

    >>> round_half_up_array(np.array([2.675, 1.005, -0.125, 1.0049999]), 2)
    array([ 2.68,  1.01, -0.13,  1.  ])
    """
    values = np.asarray(values, dtype=np.float64)
    scaled = np.abs(values) * 10.0**decimals
    whole = np.floor(scaled)
    with np.errstate(invalid="ignore"):  # infinity has no rest
        rest = scaled - whole
    rounded = np.copysign((whole + (rest >= 0.5)) / 10.0**decimals, values) + 0.0
    near = np.flatnonzero(np.abs(rest - 0.5) < TIE_WINDOW)
    for index in near:
        rounded.flat[index] = float(round_half_up(Decimal(f"{values.flat[index]:.15g}"), decimals))
    return rounded


def exact_sum(values: Iterable[float]) -> float:
    """Return the correctly rounded sum; the order of the values does not matter."""
    return math.fsum(values)
