"""An expression as plain text."""

import re
from collections.abc import Mapping
from fractions import Fraction

from tanheng.rules.expression import Binary, Call, Compare, Name, Negative, Node, Number, Power

__all__ = ["needs_brackets", "plain_text", "precedence"]

_RATIO = re.compile(r"[\d.,]+/[\d.,]+\Z")
_SIGNS = {"+": " + ", "-": " − ", "*": " × ", "/": " / "}


def precedence(node: Node) -> int:
    """How tightly a node binds: 1 sum, 2 product, 3 minus sign, 4 power, 5 atom."""
    match node:
        case Binary(op="+" | "-") | Compare():
            return 1
        case Binary():
            return 2
        case Negative():
            return 3
        case Power():
            return 4
        case _:
            return 5


def needs_brackets(parent: Node, child: Node, *, right: bool = False) -> bool:
    """Whether a part must stand in brackets for the expression to mean what the tree means."""
    inner, outer = precedence(child), precedence(parent)
    if isinstance(child, Negative):
        return right or outer >= 2
    if isinstance(parent, Power):
        return inner < 5
    same = isinstance(parent, Binary) and parent.op in "-/" and right
    return inner < outer or (same and inner == outer)


def plain_text(node: Node, shown: Mapping[str, str] | None = None) -> str:
    """Return the expression in one line; ``shown`` replaces terms (by symbols or by numbers)."""
    shown = shown or {}
    match node:
        case Number(text=text):
            return text
        case Name(id=name):
            text = shown.get(name, name)
            return f"({text})" if text.startswith(("-", "−")) or _RATIO.match(text) else text
        case Negative(of=part):
            return "−" + _part(node, part, shown, right=False)
        case Power(base=base, exponent=exponent):
            return f"{_part(node, base, shown, right=False)}^{_exponent(exponent)}"
        case Binary(op=op, left=left, right=right):
            return _part(node, left, shown, right=False) + _SIGNS[op] + _part(node, right, shown, right=True)
        case Compare(op=op, left=left, right=right):
            return f"{plain_text(left, shown)} {op} {plain_text(right, shown)}"
        case Call(function=function, args=args):
            return f"{function}({', '.join(plain_text(arg, shown) for arg in args)})"


def _part(parent: Node, child: Node, shown: Mapping[str, str], *, right: bool) -> str:
    text = plain_text(child, shown)
    return f"({text})" if needs_brackets(parent, child, right=right) else text


def _exponent(value: Fraction) -> str:
    return str(value) if value.denominator == 1 and value >= 0 else f"({value})"
