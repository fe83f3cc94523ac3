"""Formulas in exact fractions: for the few lines on a rounding tie, and to recompute a figure from its leaves."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import FormulaError
from tanheng.kernel.rounding import TIE_WINDOW, round_half_up, round_half_up_array
from tanheng.rules.expression import Binary, Call, Compare, Name, Negative, Node, Number, Power

__all__ = ["evaluate_exact", "exact", "round_exact", "round_lines"]

_COMPUTED, _SIMPLE = 15, 1000


def exact(value: float) -> Fraction:
    """Return what a float stands for: 0.93 is 93/100, as it was entered, and 3.6666666666666665 is 11/3 (44/12).

    Nobody enters sixteen digits: such a number was computed, and where a simple ratio has that float it is the ratio.
    """
    decimal = Fraction(Decimal(repr(float(value))))
    if len(str(decimal.numerator)) < _COMPUTED and decimal.denominator < 10**_COMPUTED:
        return decimal
    ratio = Fraction(float(value)).limit_denominator(_SIMPLE)
    return ratio if float(ratio) == float(value) else decimal


def evaluate_exact(tree: Node, values: Mapping[str, Fraction]) -> Fraction:
    """Evaluate an expression exactly.

    Raises
    ------
    FormulaError
        ``formula.undefined`` on a division by zero or a root that is no fraction.
    """
    match tree:
        case Number(value=value):
            return value
        case Name(id=name):
            return values[name]
        case Negative(of=part):
            return -evaluate_exact(part, values)
        case Power(base=base, exponent=exponent):
            return _power(evaluate_exact(base, values), exponent)
        case Binary(op=op, left=left, right=right):
            return _binary(op, evaluate_exact(left, values), evaluate_exact(right, values))
        case Call(function="where", args=(Compare() as test, yes, no)):
            return evaluate_exact(yes if _holds(test, values) else no, values)
        case Call(function=function, args=args):
            parts = [evaluate_exact(arg, values) for arg in args]
            return sum(parts, Fraction(0)) if function == "sum" else (min if function == "min" else max)(parts)
        case _:
            raise FormulaError("formula.undefined", part=str(tree))


def _binary(op: str, left: Fraction, right: Fraction) -> Fraction:
    if op == "/" and not right:
        raise FormulaError("formula.undefined", part="/ 0")
    return {"+": left + right, "-": left - right, "*": left * right}[op] if op != "/" else left / right


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        return exact(float(base) ** float(exponent))
    if exponent < 0 and not base:
        raise FormulaError("formula.undefined", part="0 ** -1")
    return base ** int(exponent)


def _holds(test: Compare, values: Mapping[str, Fraction]) -> bool:
    a, b = evaluate_exact(test.left, values), evaluate_exact(test.right, values)
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[test.op]


def round_lines(
    tree: Node, columns: Mapping[str, NDArray[np.float64]], lines: NDArray[np.float64], decimals: int
) -> NDArray[np.float64]:
    """Round every line half up; a line within 1e-6 of a tie is computed anew from its inputs in exact arithmetic."""
    rounded = round_half_up_array(lines, decimals)
    scaled = np.abs(lines) * 10.0**decimals
    for n in np.flatnonzero(np.abs(scaled - np.floor(scaled) - 0.5) < TIE_WINDOW):
        value = evaluate_exact(tree, {name: exact(float(column[n])) for name, column in columns.items()})
        rounded[n] = round_exact(value, decimals)
    return rounded


def round_exact(value: Fraction, decimals: int) -> float:
    """Round a fraction half up, exactly."""
    return float(round_half_up(_decimal(value, decimals), decimals))


def _decimal(value: Fraction, decimals: int) -> Decimal:
    """Return a decimal on the same side of every tie as the fraction."""
    doubled = value * 2 * 10**decimals
    whole = doubled.numerator // doubled.denominator
    rest = 0 if doubled == whole else Decimal("0.5")
    return (Decimal(whole) + rest) / 2 / Decimal(10) ** decimals
