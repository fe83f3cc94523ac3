"""The expressions of formulas: read by a whitelist into a small tree. What a user writes is never run as code.

Grammar: names, numbers, ``+ - * / **``, ``min max where sum``; a comparison only as the first argument of ``where``.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tanheng.kernel.errors import FormulaError

__all__ = ["FUNCTIONS", "Binary", "Call", "Compare", "Name", "Negative", "Node", "Number", "Power", "names", "parse"]

FUNCTIONS = ("min", "max", "where", "sum")
_MAX_LENGTH = 500
_MAX_DEPTH = 24
_MAX_NODES = 200
_MAX_EXPONENT = 12
_LARGEST = Fraction(10**15)
_ALLOWED = "名称、数字、+ - * / **、min max where sum，以及 where 中的比较"
_CHARACTER = re.compile(r"[^A-Za-z0-9_+\-*/().,<>=! ]")
_NUMBER = re.compile(r"(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,2})?\Z", re.ASCII)
# letters stuck to a number (0x10, 1_000, 3j, 1if): Python's tokeniser would warn or read another kind of number
_STUCK = re.compile(r"(?<![A-Za-z0-9_.])[\d.]*\d\.?(?:[eE][+-]?\d+)?[A-Za-z_]\w*", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}\Z", re.ASCII)
_BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARE = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number; ``text`` is how it was written."""

    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """A term."""

    id: str


@dataclass(frozen=True, slots=True)
class Negative:
    """A minus sign before something."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * /`` of two parts, in the order in which they are written."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Power:
    """A power with a fixed exponent."""

    base: "Node"
    exponent: Fraction


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison; stands only as the first argument of ``where``."""

    op: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """``min``, ``max`` or ``sum`` of two or more parts, or ``where(comparison, a, b)``."""

    function: str
    args: tuple["Node", ...]


Node = Number | Name | Negative | Binary | Power | Compare | Call


def parse(text: str) -> Node:
    """Read an expression.

    Raises
    ------
    FormulaError
        ``formula.too_long``, ``formula.character``, ``formula.syntax``, ``formula.construct``, ``formula.function``,
        ``formula.arguments``, ``formula.number``, ``formula.exponent``, ``formula.too_deep``; values name the column.
    """
    if not isinstance(text, str) or not text.strip():
        raise FormulaError("formula.empty")
    if len(text) > _MAX_LENGTH:
        raise FormulaError("formula.too_long", length=len(text), most=_MAX_LENGTH)
    plain = re.sub(r"\s", " ", text).rstrip()
    strange = _CHARACTER.search(plain)
    if strange:
        raise FormulaError("formula.character", character=strange[0], column=strange.start() + 1, allowed=_ALLOWED)
    stuck = _STUCK.search(plain)
    if stuck:
        raise FormulaError("formula.number", text=stuck[0], column=stuck.start() + 1, most="1e15")
    indent = len(plain) - len(plain.lstrip())
    source = plain.lstrip()
    try:
        tree = ast.parse(source, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        column = (getattr(error, "offset", None) or 1) + indent
        raise FormulaError("formula.syntax", text=text.strip(), column=column, allowed=_ALLOWED) from None
    return _Reader(source, indent).read(tree.body, 0)


def names(node: Node) -> tuple[str, ...]:
    """Return the terms of an expression, each once, in the order in which they are written."""
    return tuple(dict.fromkeys(part.id for part in walk(node) if isinstance(part, Name)))


def walk(node: Node) -> Iterator[Node]:
    """Yield every node, from left to right."""
    yield node
    for part in children(node):
        yield from walk(part)


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node."""
    match node:
        case Negative(of=part) | Power(base=part):
            return (part,)
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Call(args=args):
            return args
        case _:
            return ()


class _Reader:
    """Turns Python's syntax tree into ours, node by node; whatever is not listed is refused."""

    def __init__(self, source: str, indent: int) -> None:
        self.source = source
        self.indent = indent
        self.count = 0

    def read(self, node: ast.expr, depth: int) -> Node:
        self.count += 1
        if depth > _MAX_DEPTH or self.count > _MAX_NODES:
            raise self._refuse("formula.too_deep", node, depth=_MAX_DEPTH, nodes=_MAX_NODES)
        match node:
            case ast.Constant():
                return self._number(node)
            case ast.Name(id=name):
                return self._name(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return Negative(self.read(part, depth + 1))
            case ast.UnaryOp(op=ast.UAdd(), operand=part):
                return self.read(part, depth + 1)
            case ast.BinOp(op=ast.Pow(), left=base, right=exponent):
                return Power(self.read(base, depth + 1), self._exponent(exponent))
            case ast.BinOp(op=op, left=left, right=right) if type(op) in _BINARY:
                return Binary(_BINARY[type(op)], self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.Call():
                return self._call(node, depth)
            case _:
                raise self._refuse("formula.construct", node, construct=_construct(node))

    def _number(self, node: ast.Constant) -> Number:
        text = ast.get_source_segment(self.source, node) or ""
        if not _NUMBER.match(text):
            raise self._refuse("formula.number", node, text=text[:20], most="1e15")
        value = Fraction(text)
        if value > _LARGEST or 0 < value < 1 / _LARGEST:
            raise self._refuse("formula.number", node, text=text[:20], most="1e15")
        return Number(value, text)

    def _name(self, node: ast.expr, name: str) -> Name:
        if not _NAME.match(name) or "__" in name or name in FUNCTIONS:
            raise self._refuse("formula.name", node, name=name)
        return Name(name)

    def _exponent(self, node: ast.expr) -> Fraction:
        value = self._constant(node)
        if value is None or abs(value) > _MAX_EXPONENT or value.denominator > _MAX_EXPONENT:
            raise self._refuse("formula.exponent", node, most=_MAX_EXPONENT)
        return value

    def _constant(self, node: ast.expr) -> Fraction | None:
        """Return a number, a negative number or a ratio of two; anything else is no fixed exponent."""
        match node:
            case ast.Constant():
                return self._number(node).value
            case ast.UnaryOp(op=ast.USub(), operand=part):
                value = self._constant(part)
                return None if value is None else -value
            case ast.BinOp(op=ast.Div(), left=ast.Constant() as top, right=ast.Constant() as bottom):
                below = self._number(bottom).value
                return self._number(top).value / below if below else None
            case _:
                return None

    def _call(self, node: ast.Call, depth: int) -> Call:
        if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
            name = node.func.id if isinstance(node.func, ast.Name) else _construct(node.func)
            raise self._refuse("formula.function", node, function=name)
        function = node.func.id
        few = len(node.args) != 3 if function == "where" else len(node.args) < 2
        if node.keywords or few or any(isinstance(arg, ast.Starred) for arg in node.args):
            raise self._refuse("formula.arguments", node, function=function)
        if function == "where":
            test = self._comparison(node.args[0], depth + 1)
            return Call(function, (test, *(self.read(arg, depth + 1) for arg in node.args[1:])))
        return Call(function, tuple(self.read(arg, depth + 1) for arg in node.args))

    def _comparison(self, node: ast.expr, depth: int) -> Compare:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1 or type(node.ops[0]) not in _COMPARE:
            raise self._refuse("formula.comparison", node)
        left, right = self.read(node.left, depth + 1), self.read(node.comparators[0], depth + 1)
        return Compare(_COMPARE[type(node.ops[0])], left, right)

    def _refuse(self, code: str, node: ast.expr, **values: object) -> FormulaError:
        return FormulaError(code, column=node.col_offset + 1 + self.indent, allowed=_ALLOWED, **values)


def _construct(node: ast.AST) -> str:
    known = {
        "Attribute": "属性访问（.）",
        "Subscript": "下标（[]）",
        "Lambda": "lambda",
        "Compare": "where 之外的比较",
        "BoolOp": "and/or",
        "IfExp": "if/else",
        "NamedExpr": "赋值",
        "Tuple": "元组（逗号）",
        "Starred": "*展开",
    }
    return known.get(type(node).__name__, type(node).__name__)
