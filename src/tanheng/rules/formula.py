"""A formula of a standard: written once, used as number, unit check, equation, derivative and column function."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from tanheng.kernel.errors import FormulaError
from tanheng.kernel.units import canonical, compatible
from tanheng.rules.calculus import Column, compile_numpy, differentiate, may_be_infinite, to_sympy
from tanheng.rules.dimensions import check_unit
from tanheng.rules.expression import Node, names, parse
from tanheng.rules.printing_text import plain_text

__all__ = ["Expression", "Formula"]


class Expression:
    """A checked expression and what it can be turned into."""

    def __init__(self, tree: Node) -> None:
        self.tree = tree
        self.names = names(tree)

    @classmethod
    def parse(cls, text: str) -> "Expression":
        """Read an expression by the whitelist; raises FormulaError."""
        return cls(parse(text))

    @cached_property
    def _function(self) -> Callable[[Mapping[str, Column]], Any]:
        return compile_numpy(self.tree)

    @cached_property
    def _guard(self) -> bool:
        return may_be_infinite(self.tree)

    def evaluate(self, **columns: Column | float) -> Column:
        """Evaluate over columns (or numbers) given in the units of the terms.

        NaN in, NaN out; an undefined result (division by zero) is NaN, never infinity and never 0.

        Raises
        ------
        FormulaError
            ``formula.missing_term`` when a term was not given.
        """
        missing = [name for name in self.names if name not in columns]
        if missing:
            raise FormulaError("formula.missing_term", terms=missing)
        arrays = {name: np.asarray(columns[name], dtype=np.float64) for name in self.names}
        if not self._guard:
            return np.asarray(self._function(arrays), dtype=np.float64)
        with np.errstate(all="ignore"):
            result = np.asarray(self._function(arrays), dtype=np.float64)
        return np.where(np.isfinite(result), result, np.nan)

    def derivative(self, term: str) -> "Expression":
        """Return the derivative by one term, itself an expression that evaluates and prints."""
        return Expression(differentiate(self.tree, term))

    @cached_property
    def sympy(self) -> Any:
        """The exact sympy form; sympy is imported on first use."""
        return to_sympy(self.tree)

    def __str__(self) -> str:
        return plain_text(self.tree)


@dataclass(frozen=True)
class Formula:
    """One equation of a standard.

    ``terms`` gives the unit of every term for each variant (``quantity`` in t or in 1e4Nm3 …), ``units`` the unit of
    the result for each variant, ``unit`` the first of them. ``gives`` names the quantity that a derived parameter
    yields and ``when`` (the ``for`` of the YAML) the streams for which it does. ``shown`` holds constants that print
    as their ratio, ``decimals`` the terms that are rounded before they are multiplied.
    """

    id: str
    zh: str
    expr: str
    units: tuple[str, ...]
    terms: Mapping[str, tuple[str, ...]]
    source: Any
    en: str = ""
    symbol: str = ""
    gives: str | None = None
    when: Mapping[str, Any] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None
    note: str | None = None
    shown: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def expression(self) -> Expression:
        """The parsed expression."""
        return Expression.parse(self.expr)

    @property
    def unit(self) -> str:
        """The unit of the result in the first variant."""
        return self.units[0]

    @property
    def variants(self) -> tuple[Mapping[str, str], ...]:
        """The units of all terms, variant by variant."""
        return tuple({name: units[n] for name, units in self.terms.items()} for n in range(len(self.units)))

    def variant_for(self, given: Mapping[str, str]) -> int | None:
        """Return the first variant into whose units all the given units convert, or None."""
        for n, units in enumerate(self.variants):
            if all(compatible(unit, units[name]) for name, unit in given.items() if name in units):
                return n
        return None

    def check(self) -> None:
        """Check terms and units of every variant; raises FormulaError."""
        tree = self.expression.tree
        unused = [name for name in self.terms if name not in self.expression.names]
        if unused:
            raise FormulaError("formula.unused_term", terms=unused)
        for n, units in enumerate(self.variants):
            check_unit(tree, units, self.units[n])

    def evaluate(self, **columns: Column | float) -> Column:
        """Evaluate over columns given in the units of ``terms`` -> column [unit]; see :meth:`Expression.evaluate`."""
        return self.expression.evaluate(**columns)

    def derivative(self, symbol: str) -> Expression:
        """Return the derivative by a term."""
        return self.expression.derivative(symbol)

    @property
    def sympy(self) -> Any:
        """The exact sympy form, imported on first use."""
        return self.expression.sympy

    def concerns(self, *, role: str, material: str) -> bool:
        """Whether a derived parameter is for streams of a role and material (the ``for`` of the YAML)."""
        wanted = (("role", role), ("material", material), ("materials", material))
        return all(self.when.get(key, "*") == "*" or has in _many(self.when[key]) for key, has in wanted)

    def is_valid(self, on: date) -> bool:
        """Whether the formula holds on a day; bounds are half open."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)


def _many(given: Any) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def spread_units(
    units: Mapping[str, str | list[str]], result: str | list[str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the units of terms and result, one for each variant; lists are parallel and equally long.

    Raises
    ------
    FormulaError
        ``formula.variants`` when the lists differ in length.
    UnitError
        ``unit.unknown``.
    """
    lengths = {len(unit) for unit in (*units.values(), result) if isinstance(unit, list)}
    if len(lengths) > 1 or 0 in lengths:
        raise FormulaError("formula.variants", lengths=sorted(lengths))
    count = lengths.pop() if lengths else 1

    def spread(unit: str | list[str]) -> tuple[str, ...]:
        return tuple(canonical(each) for each in (unit if isinstance(unit, list) else [unit] * count))

    return {name: spread(unit) for name, unit in units.items()}, spread(result)
