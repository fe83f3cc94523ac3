"""One printer for all papers: MathML for pages, from which OMML (docx) and SVG (PDF) are made, and plain text."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from xml.etree import ElementTree as ET

from tanheng.kernel.quantities import glossary
from tanheng.rules.expression import Binary, Call, Compare, Name, Negative, Node, Number, Power
from tanheng.rules.formula import Expression, Formula
from tanheng.rules.omml import to_omml
from tanheng.rules.printing_text import needs_brackets, plain_text
from tanheng.rules.svg import to_svg

__all__ = ["mathml", "omml", "svg", "text"]

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RATIO = re.compile(r"([\d.,]+)/([\d.,]+)\Z")
_VALUE = re.compile(r"([-−]?[\d.,\u2009 ]*\d[\d.,]*(?:[eE][+-]?\d+)?)\s*(.*)\Z", re.DOTALL)
_SIGNS = {"+": "+", "-": "−", "*": "×"}
_COMPARISONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "!=": "≠"}


def mathml(formula: Formula | Expression, values: Mapping[str, str] | None = None, *, subject: bool = True) -> str:
    """Return presentation MathML of a formula with the symbols of the glossary, or with ``values`` put in.

    A value is text as it is to be read: ``28.512``, ``28.512 GJ/t``, ``44/12``, ``−3``; a term without a value keeps
    its symbol. ``subject`` puts ``E =`` (or the symbol of what the formula gives) in front.
    """
    root = _math(formula, values, subject=subject)
    root.set("xmlns", "http://www.w3.org/1998/Math/MathML")
    root.set("display", "block")
    root.set("alttext", text(formula, values, subject=subject))
    return ET.tostring(root, encoding="unicode")


def omml(formula: Formula | Expression, values: Mapping[str, str] | None = None, *, subject: bool = True) -> str:
    """Return the same equation as Office MathML (an ``m:oMath`` element) for a docx."""
    return to_omml(_math(formula, values, subject=subject))


def svg(
    formula: Formula | Expression, values: Mapping[str, str] | None = None, *, subject: bool = True, size: float = 14
) -> str:
    """Return the same equation as an SVG picture [``size`` in px] for a PDF; needs the ``report`` extra (ziamath)."""
    return to_svg(_math(formula, values, subject=subject), size)


def text(formula: Formula | Expression, values: Mapping[str, str] | None = None, *, subject: bool = True) -> str:
    """Return the same equation as one line of text."""
    given = {**_constants(formula), **(values or {})}
    tree = _tree(formula)
    shown = {name: given.get(name) or _symbol_text(name) for name in _names(formula)}
    right = plain_text(tree, shown)
    return f"{_chemical(_subject(formula))} = {right}" if subject and isinstance(formula, Formula) else right


def _tree(formula: Formula | Expression) -> Node:
    return formula.expression.tree if isinstance(formula, Formula) else formula.tree


def _names(formula: Formula | Expression) -> Iterable[str]:
    return formula.expression.names if isinstance(formula, Formula) else formula.names


def _constants(formula: Formula | Expression) -> Mapping[str, str]:
    return formula.shown if isinstance(formula, Formula) else {}


def _subject(formula: Formula) -> str:
    if formula.symbol:
        return formula.symbol
    return glossary()[formula.gives].symbol if formula.gives and formula.gives in glossary() else "E"


def _math(formula: Formula | Expression, values: Mapping[str, str] | None, *, subject: bool) -> ET.Element:
    printer = _Printer({**_constants(formula), **(values or {})})
    root = ET.Element("math")
    row = ET.SubElement(root, "mrow")
    if subject and isinstance(formula, Formula):
        row.append(_symbol(_subject(formula)))
        row.append(_leaf("mo", "="))
    row.append(printer.node(_tree(formula)))
    return root


class _Printer:
    """Walks the tree once and builds MathML."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def node(self, node: Node) -> ET.Element:
        match node:
            case Number(text=written):
                return _leaf("mn", written)
            case Name(id=name):
                return _value(self.values[name]) if self.values.get(name) else _symbol(_glossary_symbol(name))
            case Negative(of=part):
                return _row(_leaf("mo", "−", form="prefix"), self.part(node, part))
            case Power(base=base, exponent=exponent):
                return self.power(node, base, exponent)
            case Binary(op="/", left=left, right=right):
                return _with("mfrac", self.node(left), self.node(right))
            case Binary(op=op, left=left, right=right):
                sign = _leaf("mo", _SIGNS[op])
                return _row(*_flat(self.part(node, left)), sign, *_flat(self.part(node, right, right=True)))
            case Compare(op=op, left=left, right=right):
                return _row(self.node(left), _leaf("mo", _COMPARISONS[op]), self.node(right))
            case Call(function="where", args=(test, yes, no)):
                return self.cases(test, yes, no)
            case Call(function="sum", args=args):
                return self.joined(args, "+", node)
            case Call(function=function, args=args):
                return _row(_leaf("mi", function), _leaf("mo", "("), self.joined(args, ",", None), _leaf("mo", ")"))

    def part(self, parent: Node, child: Node, *, right: bool = False) -> ET.Element:
        """Return a part, in brackets where it needs them; a fraction shows by itself where it begins and ends."""
        element = self.node(child)
        sum_inside = isinstance(child, Call) and child.function == "sum"
        bracket = needs_brackets(parent, child, right=right) or sum_inside
        if isinstance(child, Binary) and child.op == "/" and not isinstance(parent, Power):
            bracket = False
        return _row(_leaf("mo", "("), *_flat(element), _leaf("mo", ")")) if bracket else element

    def power(self, node: Power, base: Node, exponent: Fraction) -> ET.Element:
        if exponent == Fraction(1, 2):
            return _with("msqrt", self.node(base))
        shown = _leaf("mn", str(abs(exponent)))
        return _with(
            "msup", self.part(node, base), _row(_leaf("mo", "−", form="prefix"), shown) if exponent < 0 else shown
        )

    def joined(self, args: tuple[Node, ...], sign: str, parent: Node | None) -> ET.Element:
        parts: list[ET.Element] = []
        for n, arg in enumerate(args):
            if n:
                parts.append(_leaf("mo", sign))
            parts.append(self.node(arg))
        return _row(*parts)

    def cases(self, test: Node, yes: Node, no: Node) -> ET.Element:
        table = ET.Element("mtable", {"columnalign": "left"})
        for value, when in ((yes, self.node(test)), (no, _leaf("mtext", "其他"))):
            line = ET.SubElement(table, "mtr")
            line.append(_with("mtd", _row(self.node(value), _leaf("mo", ","), when)))
        return _row(_leaf("mo", "{", stretchy="true"), table)


def _leaf(tag: str, content: str, **attributes: str) -> ET.Element:
    element = ET.Element(tag, attributes)
    element.text = content
    return element


def _with(tag: str, *parts: ET.Element) -> ET.Element:
    element = ET.Element(tag)
    element.extend(parts)
    return element


def _row(*parts: ET.Element) -> ET.Element:
    return _with("mrow", *parts)


def _flat(element: ET.Element) -> Iterable[ET.Element]:
    """Return the parts of a plain row; a row in brackets stays one, so that its brackets fit its own height."""
    bracketed = len(element) and element[0].tag == "mo" and element[0].text in ("(", "{")
    return list(element) if element.tag == "mrow" and not bracketed else [element]


def _glossary_symbol(name: str) -> str:
    return glossary()[name].symbol if name in glossary() else name


def _chemical(symbol: str) -> str:
    """Set the figures of a chemical formula low: CO2 becomes CO₂."""
    return re.sub(r"(?<=[A-Za-z])\d+", lambda found: found[0].translate(_SUBSCRIPT), symbol)


def _symbol_text(name: str) -> str:
    return _chemical(_glossary_symbol(name))


def _symbol(symbol: str) -> ET.Element:
    """Return a symbol; what follows an underscore is its subscript."""
    base, _, below = symbol.partition("_")
    main = _identifier(_chemical(base))
    if not below:
        return main
    tag = "mn" if below.isdigit() else "mi"
    return _with("msub", main, _leaf(tag, _chemical(below), **({} if tag == "mn" else {"mathvariant": "normal"})))


def _identifier(name: str) -> ET.Element:
    return _leaf("mi", name) if len(name) == 1 else _leaf("mi", name, mathvariant="normal")


def _value(shown: str) -> ET.Element:
    """Return a number put in, with its unit upright; a ratio is a fraction, a negative number stands in brackets."""
    ratio = _RATIO.match(shown.strip())
    if ratio:
        return _with("mfrac", _leaf("mn", ratio[1]), _leaf("mn", ratio[2]))
    found = _VALUE.match(shown.strip())
    if not found:
        return _leaf("mtext", shown)
    digits, unit = found[1].strip(), found[2]
    parts = [_leaf("mn", digits.lstrip("-−"))]
    if unit:
        parts.append(_leaf("mtext", "\u2009" + unit))
    if digits[0] in "-−":
        return _row(_leaf("mo", "("), _leaf("mo", "−", form="prefix"), *parts, _leaf("mo", ")"))
    return parts[0] if len(parts) == 1 else _row(*parts)
