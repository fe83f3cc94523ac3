"""The closed list of units and their algebra.

The atoms of ``data/units.yaml`` are defined through pint with exact fractions; texts of users are read by the small
parser here and never reach pint's own, in which ``GJ/1e4Nm3`` would mean 1e-4 GJ·Nm3. A unit is a scale and a vector of
dimensions.
"""

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import overload

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import UnitError
from tanheng.kernel.unit_atoms import Atom, aliases, atoms, normalise

__all__ = [
    "DIMENSIONLESS",
    "Unit",
    "canonical",
    "compatible",
    "convert",
    "divide",
    "factor",
    "label",
    "multiply",
    "parse_unit",
    "power",
]

_MAX_LENGTH = 60
_MAX_POWER = 6


@dataclass(frozen=True, slots=True)
class Unit:
    """A scale to the base units, a vector of dimensions and, for °C alone, the offset [K]."""

    scale: Fraction
    dimensions: tuple[tuple[str, int], ...] = ()
    offset: Fraction = Fraction(0)

    @property
    def is_dimensionless(self) -> bool:
        """Whether only a number is left; its scale may still differ from 1 (percent, kg/t)."""
        return not self.dimensions

    def times(self, other: "Unit", sign: int = 1) -> "Unit":
        """Multiply by another unit, or divide when ``sign`` is -1; °C counts as a difference here."""
        sums = dict(self.dimensions)
        for name, exponent in other.dimensions:
            sums[name] = sums.get(name, 0) + sign * exponent
        return Unit(self.scale * other.scale**sign, tuple(sorted((n, e) for n, e in sums.items() if e)))

    def power(self, exponent: int) -> "Unit":
        """Raise to a whole power."""
        dimensions = tuple((name, e * exponent) for name, e in self.dimensions) if exponent else ()
        return Unit(self.scale**exponent, dimensions)

    def same_dimensions(self, other: "Unit") -> bool:
        """Whether values can be converted from one to the other."""
        return self.dimensions == other.dimensions

    def without_offset(self) -> "Unit":
        """Return the unit of a difference of two values: K for °C."""
        return Unit(self.scale, self.dimensions)


DIMENSIONLESS = Unit(Fraction(1))
_Parts = tuple[tuple[str, int], ...]


@lru_cache(maxsize=4096)
def _parts(text: str) -> _Parts:
    """Return (atom id, exponent) in the order in which they are written."""
    if not isinstance(text, str) or len(text) > _MAX_LENGTH:
        raise UnitError("unit.unknown", unit=str(text)[:_MAX_LENGTH], near=[])
    plain = normalise(text)
    if plain in ("", "1", "-", "—", "无量纲", "无", "fraction"):
        return ()
    whole = _atom(plain)
    return ((whole, 1),) if whole else _Parser(plain, text).read()


def _atom(name: str) -> str | None:
    return aliases().get(name) or aliases().get(name.casefold())


class _Parser:
    """Reads products, quotients, brackets and whole powers of atoms; ``a/b/c`` means a/(b·c)."""

    def __init__(self, plain: str, original: str) -> None:
        self.original = original
        for alias in _with_signs():
            if alias in plain:
                plain = re.sub(rf"(?<![A-Za-z\d]){re.escape(alias)}", aliases()[alias], plain)
        self.rest = plain.replace("**", "^").replace("·", "*").replace("×", "*").replace("每", "/")

    def read(self) -> _Parts:
        """Return the parts of the whole text."""
        parts = self._product(inside=False)
        if self.rest:
            raise self._unknown()
        merged: dict[str, int] = {}
        for name, exponent in parts:
            merged[name] = merged.get(name, 0) + exponent
        return tuple((name, e) for name, e in merged.items() if e)

    def _product(self, *, inside: bool) -> list[tuple[str, int]]:
        parts = self._factor()
        while self.rest and self.rest[0] in "*/":
            sign = -1 if self.rest[0] == "/" else 1
            self.rest = self.rest[1:]
            parts += [(name, sign * exponent) for name, exponent in self._factor()]
        if inside:
            if not self.rest.startswith(")"):
                raise self._unknown()
            self.rest = self.rest[1:]
        return parts

    def _factor(self) -> list[tuple[str, int]]:
        if self.rest.startswith("("):
            self.rest = self.rest[1:]
            parts = self._product(inside=True)
        else:
            end = next((i for i, c in enumerate(self.rest) if c in "*/()^"), len(self.rest))
            name, self.rest = self.rest[:end], self.rest[end:]
            atom = _atom(name)
            if atom is None and name != "1":
                raise self._unknown(name)
            parts = [(atom, 1)] if atom else []
        exponent = self._exponent()
        return [(name, e * exponent) for name, e in parts]

    def _exponent(self) -> int:
        if not self.rest.startswith("^"):
            return 1
        digits = self.rest[1:3] if self.rest[1:2] == "-" else self.rest[1:2]
        if not digits.lstrip("-").isascii() or not digits.lstrip("-").isdigit() or abs(int(digits)) > _MAX_POWER:
            raise self._unknown()
        self.rest = self.rest[1 + len(digits) :]
        return int(digits)

    def _unknown(self, name: str = "") -> UnitError:
        return UnitError("unit.unknown", unit=self.original, near=_near(name or self.original))


@cache
def _with_signs() -> tuple[str, ...]:
    """Spellings that hold a sign of the grammar, such as ``m3(标况)``, ``kW·h``, ``10^4Nm3``; longest first."""
    return tuple(sorted((alias for alias in aliases() if set("()*/·^") & set(alias)), key=len, reverse=True))


def _near(text: str) -> list[str]:
    plain = normalise(text)
    ids = [aliases()[close] for close in difflib.get_close_matches(plain, list(aliases()), n=6, cutoff=0.5)]
    ids += [name for alias, name in aliases().items() if len(plain) > 1 and plain in alias]
    return [f"{atoms()[name].label}（{atoms()[name].zh}）" for name in dict.fromkeys(ids)][:4]


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """Return the algebraic form of a unit text; raises UnitError ``unit.unknown`` with near matches."""
    parts = _parts(text)
    result = DIMENSIONLESS
    for name, exponent in parts:
        atom = atoms()[name]
        result = result.times(Unit(atom.scale, atom.dimensions).power(exponent))
    if len(parts) == 1 and parts[0][1] == 1:
        return Unit(result.scale, result.dimensions, atoms()[parts[0][0]].offset)
    return result


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """Return the one way of writing a unit, from any accepted spelling or Chinese name.

    Raises
    ------
    UnitError
        ``unit.unknown`` with near matches.

    >>> canonical("吉焦/万标准立方米"), canonical("ｔＣＯ₂/MW·h"), canonical("")
    ('GJ/1e4Nm3', 'tCO2/MWh', '1')
    """
    return _written({}, text)


@lru_cache(maxsize=4096)
def label(text: str) -> str:
    """Return the unit as it is typeset for readers: ``万Nm³``, ``tCO₂/MWh``; a bare number has the empty label."""
    written = _written({name: atom.label for name, atom in atoms().items()}, text)
    return "" if written == "1" else written.replace("*", "·")


def _written(names: Mapping[str, str], text: str) -> str:
    above = [_raised(names.get(name, name), e) for name, e in _parts(text) if e > 0]
    below = [_raised(names.get(name, name), -e) for name, e in _parts(text) if e < 0]
    numerator = "*".join(above) or "1"
    if not below:
        return numerator
    return f"{numerator}/{below[0]}" if len(below) == 1 else f"{numerator}/({'*'.join(below)})"


def _raised(name: str, exponent: int) -> str:
    return name if exponent == 1 else f"{name}^{exponent}"


@lru_cache(maxsize=4096)
def compatible(a: str, b: str) -> bool:
    """Whether values in ``a`` can be converted to ``b``; tC and tCO2 are not compatible."""
    return parse_unit(a).same_dimensions(parse_unit(b))


@lru_cache(maxsize=4096)
def factor(from_unit: str, to_unit: str) -> float:
    """Return the factor from one unit to another, rounded once from an exact fraction.

    Raises
    ------
    UnitError
        ``unit.incompatible`` when the dimensions differ, ``unit.affine`` between °C and K, where no factor suffices.

    >>> factor("GJ/t", "kJ/kg"), factor("MWh", "GJ")
    (1000.0, 3.6)
    """
    source, target = _pair(from_unit, to_unit)
    if source.offset != target.offset:
        raise UnitError("unit.affine", unit=from_unit, expected=to_unit)
    return _nearest(source.scale / target.scale)


def _pair(from_unit: str, to_unit: str) -> tuple[Unit, Unit]:
    source, target = parse_unit(from_unit), parse_unit(to_unit)
    if not source.same_dimensions(target):
        raise UnitError("unit.incompatible", unit=from_unit, expected=to_unit)
    return source, target


def _nearest(value: Fraction) -> float:
    return value.numerator / value.denominator  # int/int is correctly rounded


@overload
def convert(values: float, from_unit: str, to_unit: str) -> float: ...
@overload
def convert(values: NDArray[np.float64], from_unit: str, to_unit: str) -> NDArray[np.float64]: ...
def convert(values: float | NDArray[np.float64], from_unit: str, to_unit: str) -> float | NDArray[np.float64]:
    """Convert a number or a whole column [from_unit] -> [to_unit]; NaN stays NaN.

    °C and K are converted with the offset. Where the exact factor is 1/n the column is divided by n, so that
    41816 kJ/kg becomes 41.816 GJ/t to the last digit.

    Raises
    ------
    UnitError
        ``unit.unknown`` or ``unit.incompatible``.
    """
    if from_unit == to_unit:
        return values
    scale, shift = _conversion(from_unit, to_unit)
    scaled = values / scale.denominator if scale.numerator == 1 else values * _nearest(scale)
    return scaled + shift if shift else scaled


@lru_cache(maxsize=4096)
def _conversion(from_unit: str, to_unit: str) -> tuple[Fraction, float]:
    source, target = _pair(from_unit, to_unit)
    shift = _nearest((source.offset - target.offset) / target.scale)
    if not math.isfinite(shift):
        raise UnitError("unit.incompatible", unit=from_unit, expected=to_unit)
    return source.scale / target.scale, shift


def multiply(a: str, b: str) -> str:
    """Return the canonical text of the product of two units."""
    return canonical(f"({canonical(a)})*({canonical(b)})")


def divide(a: str, b: str) -> str:
    """Return the canonical text of the quotient of two units."""
    return canonical(f"({canonical(a)})/({canonical(b)})")


def power(a: str, exponent: int) -> str:
    """Return the canonical text of a whole power of a unit."""
    if exponent == 0:
        return "1"
    return canonical(f"({canonical(a)})^{exponent}")


def atom(name: str) -> Atom:
    """Return the entry of one atom of ``data/units.yaml``."""
    return atoms()[name]
