"""The parts of one cell: how its lines lead from the value in one result to the value in the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import fsum
from typing import Any

from tanheng.accounting import compare_words as words
from tanheng.accounting.compare_alone import alone, month_alone, months_alone
from tanheng.accounting.compare_lines import Cell, Pairs, Side, amount_symbol
from tanheng.accounting.compare_model import Part
from tanheng.accounting.compare_steps import columns_of, merged, steps
from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import compatible, convert
from tanheng.rules.exact import exact

__all__ = ["cell_parts", "exact_sum_of"]

Step = tuple[str, str]  # kind, symbol
_NOISE = Fraction(1, 10**9)
_REST = "逐行修约后的余量"


def exact_sum_of(side: Side, lines: Iterable[int]) -> Fraction:
    """The values of lines, added as the decimals that they print as; unknown ones add nothing, as in the total."""
    values = side.doc.data["lines"]["value"]
    return sum((exact(values[n]) for n in lines if values[n] is not None), Fraction(0))


def cell_parts(
    a: Side, b: Side, cell: Cell, paired: Pairs | None, places: Mapping[str, str], instead: str = ""
) -> list[Part]:
    """Return the reasons of a cell; they add up to the difference of its lines exactly.

    ``instead`` names what the other result counts in the place of lines that only one has.
    """
    whole = exact_sum_of(b, cell.lines[1]) - exact_sum_of(a, cell.lines[0])
    if not (cell.lines[0] and cell.lines[1]):
        side, other = (a, b) if cell.lines[0] else (b, a)
        kind, text = alone(
            side, other, cell, instead=instead, deducted=exact_sum_of(side, [*cell.lines[0], *cell.lines[1]]) < 0
        )
        return [Part(kind, whole, text)]
    if paired is None:
        found = _of_sums(a, b, cell)
        return _with_rest(whole, found, "mix", words.mixed(a, b))
    found = [*_of_months(a, b, paired.alone, places), *_of_pairs(a, b, cell, paired.both)]
    return _with_rest(whole, found, "rounding", _REST)


def _with_rest(whole: Fraction, found: Sequence[Part], kind: str, text: str) -> list[Part]:
    """Return the parts with what they leave of the whole; the noise of floating point goes to the largest of them."""
    left = whole - sum((part.exact for part in found), Fraction(0))
    if not left:
        return list(found)
    largest = max(found, key=lambda part: abs(part.exact), default=None)
    if largest is None or abs(left) > _NOISE * abs(largest.exact):
        return [*found, Part(kind, left, text)]
    return [replace(part, exact=part.exact + left) if part is largest else part for part in found]


def _of_months(a: Side, b: Side, single: tuple[list[int], list[int]], places: Mapping[str, str]) -> Iterator[Part]:
    """Months that only one of the two has: a gap of the other, or a month that its period does not have."""
    for side, other, lines, sign in ((a, b, single[0], -1), (b, a, single[1], 1)):
        told: dict[tuple[str, str], list[int]] = {}
        for line in lines:
            told.setdefault(month_alone(side, other, line, places), []).append(line)
        for (kind, _), of_kind in told.items():
            text = months_alone(side, other, kind, of_kind, places)
            yield Part(kind, sign * exact_sum_of(side, of_kind), text)


def _of_pairs(a: Side, b: Side, cell: Cell, paired: list[tuple[int, int]]) -> Iterator[Part]:
    values = [side.doc.data["lines"]["value"] for side in (a, b)]
    known = [(n, m) for n, m in paired if values[0][n] is not None and values[1][m] is not None]
    for side, other, lines in ((a, b, [n for n, m in paired if values[1][m] is None]),
                               (b, a, [m for n, m in paired if values[0][n] is None])):  # fmt: skip
        one_sided = exact_sum_of(side, lines) * (-1 if side is a else 1)
        if one_sided:
            yield Part("gap", one_sided, f"{words.said(other.name)}有 {len(lines)} 个月缺数，未计入")
    sums: dict[Step, list[float]] = {}
    for members in _by_block(a, b, known).values():
        one, two = (columns_of(side, [pair[n] for pair in members]) for n, side in enumerate((a, b)))
        for (kind, symbol), column in steps(one, two).parts.items():
            for (n, m), value in zip(members, column.tolist(), strict=True):
                if value:
                    rounded = kind in ("activity", "parameter") and _is_rounded(a, b, n, m, symbol)
                    sums.setdefault(("rounded" if rounded else kind, symbol), []).append(value)
    reduced = Cell(cell.key, cell.gas, cell.sources, ([n for n, _ in known], [m for _, m in known]))
    for (kind, symbol), found in sums.items():
        yield _part(a, b, reduced, kind, symbol, fsum(found))


def _by_block(a: Side, b: Side, paired: list[tuple[int, int]]) -> Mapping[tuple[int, int], list[tuple[int, int]]]:
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for n, m in paired:
        found.setdefault((a.places[n][0], b.places[m][0]), []).append((n, m))
    return found


def _part(a: Side, b: Side, cell: Cell, kind: str, symbol: str, value: float) -> Part:
    match kind:
        case "activity":
            text = words.activity(a, b, cell, symbol)
        case "parameter" | "rounded":
            text = words.parameter(a, b, cell, symbol, rounded=kind == "rounded")
            if kind == "rounded" and words.looks_same(a, b, cell, symbol):
                return Part("rounding", Fraction(value), _REST)
        case "formula":
            text = words.formula(a, b, cell)
        case _:
            text = words.gwp(a, b, cell)
    return Part("rounding" if kind == "rounded" else kind, Fraction(value), text, symbol)


def _is_rounded(a: Side, b: Side, n: int, m: int, symbol: str) -> bool:
    """Whether one standard took the very value of the other and rounded it."""
    (one, at), (two, to) = a.at(n), b.at(m)
    first, second = one["symbols"][symbol], two["symbols"][symbol]
    if _from(a, first, at) != _from(b, second, to):
        return False
    x, y = first["value"][at], float(convert(second["value"][to], second["unit"], first["unit"]))
    x, y = (x, y) if _decimals(x) >= _decimals(y) else (y, x)
    return x != y and float(round_half_up(x, _decimals(y))) == y


def _from(side: Side, column: Mapping[str, Any], at: int) -> object:
    ref = column["ref"][at]
    found = side.doc.data["provenance"][ref] if ref >= 0 else {}
    return column["origin"][at], found


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _of_sums(a: Side, b: Side, cell: Cell) -> list[Part]:
    """Reasons of lines that do not stand side by side: sums of quantities, weighted means of parameters."""
    known = [[n for n in lines if side.doc.data["lines"]["value"][n] is not None]
             for side, lines in zip((a, b), cell.lines, strict=True)]  # fmt: skip
    if not (known[0] and known[1]):
        return []
    reduced = Cell(cell.key, cell.gas, cell.sources, (known[0], known[1]))
    one, two = merged(a, known[0]), merged(b, known[1])
    if one is not None and two is not None:
        found = steps(one, two).parts
        return [_part(a, b, reduced, kind, symbol, float(column[0])) for (kind, symbol), column in found.items()]
    return [*_of_intensities(a, b, reduced)]


def _of_intensities(a: Side, b: Side, cell: Cell) -> Iterator[Part]:
    """Quantity and emission per unit, where several formulas stand behind one of the sums."""
    amounts = [_amount(side, lines) for side, lines in zip((a, b), cell.lines, strict=True)]
    values = [float(exact_sum_of(side, lines)) for side, lines in zip((a, b), cell.lines, strict=True)]
    if amounts[0] is None or amounts[1] is None or not compatible(amounts[0][1], amounts[1][1]) or not amounts[0][0]:
        yield Part("formula", Fraction(values[1]) - Fraction(values[0]), words.formula(a, b, cell))
        return
    unit = amounts[0][1]
    first, second = amounts[0][0], float(convert(amounts[1][0], amounts[1][1], unit))
    level = values[0] / first * second
    yield Part("activity", Fraction(level - values[0]), words.activity(a, b, cell, "quantity"), "quantity")
    if second:
        text = words.factor_text(a, b, values[0] / first, values[1] / second, unit)
        yield Part("parameter", Fraction(values[1] - level), text)


def _amount(side: Side, lines: Sequence[int]) -> tuple[float, str] | None:
    unit, found = "", []
    for line in lines:
        block, at = side.at(line)
        column = block["symbols"][amount_symbol(block)]
        unit = unit or column["unit"]
        if not compatible(column["unit"], unit):
            return None
        found.append(float(convert(column["value"][at], column["unit"], unit)) * block["sign"])
    return fsum(found), unit
