"""What an expression can be turned into: a function over numpy columns, a derivative, a sympy expression."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.expression import Binary, Call, Compare, Name, Negative, Node, Number, Power, names, walk

__all__ = ["Column", "compile_numpy", "constant_value", "differentiate", "may_be_infinite", "to_sympy"]

Column = NDArray[np.float64]
Function = Callable[[Mapping[str, Column]], Any]
_UFUNCS: dict[str, Any] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
_COMPARE: dict[str, Any] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def constant_value(node: Node) -> Fraction | None:
    """Return the exact value of a part without terms (``44/12``), or None; also None for a division by zero."""
    match node:
        case Number(value=value):
            return value
        case Negative(of=part):
            inner = constant_value(part)
            return None if inner is None else -inner
        case Binary(op=op, left=left, right=right):
            a, b = constant_value(left), constant_value(right)
            if a is None or b is None or (op == "/" and b == 0):
                return None
            return {"+": a + b, "-": a - b, "*": a * b}[op] if op != "/" else a / b
        case _:
            return None


def compile_numpy(node: Node) -> Function:
    """Return a function of the columns. Operations run in the written order; a part without terms is rounded once.

    NaN in any part that decides gives NaN: an unknown number in a comparison chooses nothing.
    """
    exact = constant_value(node)
    if exact is not None:
        number = exact.numerator / exact.denominator
        return lambda columns: number
    match node:
        case Name(id=name):
            return lambda columns: columns[name]
        case Negative(of=part):
            inner = compile_numpy(part)
            return lambda columns: np.negative(inner(columns))
        case Power(base=base, exponent=exponent):
            return _power(compile_numpy(base), exponent)
        case Binary(op=op, left=left, right=right):
            a, b, ufunc = compile_numpy(left), compile_numpy(right), _UFUNCS[op]
            return lambda columns: ufunc(a(columns), b(columns))
        case Call(function="where", args=(Compare() as test, yes, no)):
            return _where(test, compile_numpy(yes), compile_numpy(no))
        case Call(function=function, args=args):
            ufunc = {"min": np.minimum, "max": np.maximum, "sum": np.add}[function]
            return _fold(ufunc, [compile_numpy(arg) for arg in args])
        case _:
            raise TypeError(f"a {type(node).__name__} has no value of its own")


def _power(base: Function, exponent: Fraction) -> Function:
    if exponent.denominator == 1:
        whole = int(exponent)
        return lambda columns: np.power(np.asarray(base(columns), dtype=np.float64), whole)
    number = exponent.numerator / exponent.denominator
    return lambda columns: np.power(np.asarray(base(columns), dtype=np.float64), number)


def _where(test: Compare, yes: Function, no: Function) -> Function:
    left, right, compare = compile_numpy(test.left), compile_numpy(test.right), _COMPARE[test.op]

    def chosen(columns: Mapping[str, Column]) -> Any:
        a, b = left(columns), right(columns)
        unknown = np.isnan(a) | np.isnan(b)
        return np.where(unknown, np.nan, np.where(compare(a, b), yes(columns), no(columns)))

    return chosen


def _fold(ufunc: Any, parts: list[Function]) -> Function:
    def folded(columns: Mapping[str, Column]) -> Any:
        result = parts[0](columns)
        for part in parts[1:]:
            result = ufunc(result, part(columns))
        return result

    return folded


def may_be_infinite(node: Node) -> bool:
    """Whether a division by a term or a power can leave the finite numbers."""
    return any(
        isinstance(part, Power)
        or (isinstance(part, Binary) and part.op == "/" and constant_value(part.right) in (None, 0))
        for part in walk(node)
    )


_ZERO, _ONE = Number(Fraction(0), "0"), Number(Fraction(1), "1")


def differentiate(node: Node, term: str) -> Node:
    """Return the derivative by a term, simplified where a part is 0 or 1. At a kink the first branch counts."""
    if term not in names(node):
        return _ZERO
    match node:
        case Name():
            return _ONE
        case Negative(of=part):
            return _negative(differentiate(part, term))
        case Power(base=base, exponent=exponent):
            lowered = base if exponent == 2 else Power(base, exponent - 1)
            factor = Number(exponent, str(exponent)) if exponent >= 0 else Negative(Number(-exponent, str(-exponent)))
            return _times(_times(factor, lowered if exponent != 1 else _ONE), differentiate(base, term))
        case Binary(op="+" | "-" as op, left=left, right=right):
            return _plus(op, differentiate(left, term), differentiate(right, term))
        case Binary(op="*", left=left, right=right):
            return _plus("+", _times(differentiate(left, term), right), _times(left, differentiate(right, term)))
        case Binary(left=left, right=right):
            first = _over(differentiate(left, term), right)
            return _plus("-", first, _over(_times(left, differentiate(right, term)), Power(right, Fraction(2))))
        case Call(function="where", args=(test, yes, no)):
            return Call("where", (test, differentiate(yes, term), differentiate(no, term)))
        case Call(function="sum", args=args):
            result: Node = _ZERO
            for arg in args:
                result = _plus("+", result, differentiate(arg, term))
            return result
        case Call(function=function, args=args):
            return _extreme(function, args, term)
        case _:
            return _ZERO


def _extreme(function: str, args: tuple[Node, ...], term: str) -> Node:
    best, slope = args[0], differentiate(args[0], term)
    for arg in args[1:]:
        test = Compare("<=" if function == "min" else ">=", best, arg)
        slope = Call("where", (test, slope, differentiate(arg, term)))
        best = Call(function, (best, arg))
    return slope


def _is(node: Node, value: int) -> bool:
    return isinstance(node, Number) and node.value == value


def _negative(node: Node) -> Node:
    return node if _is(node, 0) else Negative(node)


def _plus(op: str, left: Node, right: Node) -> Node:
    if _is(right, 0):
        return left
    if _is(left, 0):
        return right if op == "+" else _negative(right)
    return Binary(op, left, right)


def _times(left: Node, right: Node) -> Node:
    if _is(left, 0) or _is(right, 0):
        return _ZERO
    if _is(left, 1):
        return right
    return left if _is(right, 1) else Binary("*", left, right)


def _over(left: Node, right: Node) -> Node:
    return _ZERO if _is(left, 0) else Binary("/", left, right)


def to_sympy(node: Node) -> Any:
    """Return the exact sympy expression; a term is a real Symbol of its own name, so ``CC`` or ``E`` cannot collide."""
    import sympy  # over a second to import; only exact forms need it

    def build(part: Node) -> Any:
        match part:
            case Number(value=value):
                return sympy.Rational(value.numerator, value.denominator)
            case Name(id=name):
                return sympy.Symbol(name, real=True)
            case Negative(of=inner):
                return -build(inner)
            case Power(base=base, exponent=exponent):
                return build(base) ** sympy.Rational(exponent.numerator, exponent.denominator)
            case Binary(op=op, left=left, right=right):
                a, b = build(left), build(right)
                return {"+": a + b, "-": a - b, "*": a * b}[op] if op != "/" else a / b
            case Compare(op=op, left=left, right=right):
                relation = {"<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge", "==": "Eq", "!=": "Ne"}[op]
                return getattr(sympy, relation)(build(left), build(right))
            case Call(function="where", args=(test, yes, no)):
                return sympy.Piecewise((build(yes), build(test)), (build(no), True))
            case Call(function=function, args=args):
                joined = {"min": sympy.Min, "max": sympy.Max, "sum": sympy.Add}[function]
                return joined(*(build(arg) for arg in args))

    return build(node)
