"""The unit of an expression, derived from the units of its terms."""

from collections.abc import Mapping
from fractions import Fraction

from tanheng.kernel.errors import FormulaError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.units import DIMENSIONLESS, Unit, label, parse_unit
from tanheng.rules.expression import Binary, Call, Compare, Name, Negative, Node, Number, Power, names
from tanheng.rules.printing_text import plain_text

__all__ = ["check_unit", "derive"]


def check_unit(tree: Node, units: Mapping[str, str], declared: str) -> None:
    """Check that an expression yields the declared unit exactly, scale included.

    A scale that differs (MJ where GJ is declared) is refused, too: a power of ten that is needed stands in the formula
    as a constant with its unit, so it is seen, cited and cannot be forgotten or applied twice.

    Raises
    ------
    FormulaError
        ``formula.unit`` (other dimensions), ``formula.scale`` (same dimensions, other size), and what :func:`derive`
        raises.
    """
    derived, wanted = derive(tree, units), parse_unit(declared)
    said = {"declared": declared, "derived": describe(derived), "terms": _terms(tree, units)}
    if not derived.same_dimensions(wanted):
        raise FormulaError("formula.unit", **said, missing=describe(wanted.times(derived, -1)))
    if derived.scale != wanted.scale:
        raise FormulaError("formula.scale", **said, factor=str(wanted.scale / derived.scale))
    if derived.offset != wanted.offset:
        raise FormulaError("formula.affine", part=plain_text(tree))


def derive(tree: Node, units: Mapping[str, str]) -> Unit:
    """Return the unit of an expression.

    Raises
    ------
    FormulaError
        ``formula.unknown_term``, ``formula.mixed_units`` (tC + tCO2), ``formula.affine`` (°C used other than in a
        difference), ``formula.power_of_unit``.
    """
    match tree:
        case Number():
            return DIMENSIONLESS
        case Name(id=name):
            if name not in units:
                raise FormulaError("formula.unknown_term", term=name, known=sorted(units))
            return parse_unit(units[name])
        case Negative(of=part):
            return _difference_only(derive(part, units), part)
        case Power(base=base, exponent=exponent):
            return _power(_difference_only(derive(base, units), base), exponent)
        case Binary(op=op, left=left, right=right) if op in "*/":
            a, b = _difference_only(derive(left, units), left), _difference_only(derive(right, units), right)
            return a.times(b, 1 if op == "*" else -1)
        case Binary(op=op, left=left, right=right):
            return _sum(op, left, right, units)
        case Compare(left=left, right=right):
            return _same((left, right), units)
        case Call(function="where", args=(test, yes, no)):
            derive(test, units)
            return _same((yes, no), units)
        case Call(args=args):
            same = _same(args, units)
            return _difference_only(same, tree) if tree.function == "sum" else same


def _sum(op: str, left: Node, right: Node, units: Mapping[str, str]) -> Unit:
    """Add or subtract. °C − °C (or − a bare number, read as °C) is a difference; °C + °C means nothing."""
    result = _same((left, right), units)
    if not result.offset:
        return result
    if op == "+":
        raise FormulaError("formula.affine", part=plain_text(Binary(op, left, right)))
    return result.without_offset()


def _same(parts: tuple[Node, ...], units: Mapping[str, str]) -> Unit:
    """Return the common unit. Zero fits every unit, and any bare number is a mark on a temperature scale."""
    derived = [(part, derive(part, units)) for part in parts]
    result = next((unit for part, unit in derived if not isinstance(part, Number)), DIMENSIONLESS)
    for part, unit in derived:
        bare = isinstance(part, Number) and (part.value == 0 or bool(result.offset))
        if unit != result and not bare:
            raise FormulaError(
                "formula.mixed_units",
                part=plain_text(part),
                unit=describe(unit),
                other=plain_text(next(p for p, u in derived if u is result or u == result)),
                expected=describe(result),
                terms=_terms(Call("sum", parts), units),
            )
    return result


def _difference_only(unit: Unit, part: Node) -> Unit:
    if unit.offset:
        raise FormulaError("formula.affine", part=plain_text(part))
    return unit


def _terms(tree: Node, units: Mapping[str, str]) -> list[str]:
    """Every term with its unit in words: which one is wrong is seen at a glance."""
    known = glossary()
    shown = {name: f"{known[name].zh}（{name}）" if name in known else name for name in names(tree)}
    return [f"{zh}为 {label(units[name]) or '无量纲'}" for name, zh in shown.items() if name in units]


def _power(unit: Unit, exponent: Fraction) -> Unit:
    if exponent.denominator == 1:
        return unit.power(int(exponent))
    if unit != DIMENSIONLESS:
        raise FormulaError("formula.power_of_unit", unit=describe(unit), exponent=str(exponent))
    return unit


def describe(unit: Unit) -> str:
    """Return a derived unit in base units for a message: ``0.001 GJ``."""
    above = "*".join(name if e == 1 else f"{name}^{e}" for name, e in unit.dimensions if e > 0)
    below = [name if e == -1 else f"{name}^{-e}" for name, e in unit.dimensions if e < 0]
    text = (above or "1") + ("" if not below else f"/{below[0]}" if len(below) == 1 else f"/({'*'.join(below)})")
    return text if unit.scale == 1 else f"{unit.scale} {text}"
