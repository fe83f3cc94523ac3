"""The trace of a result, cut into parts whose lines are built alike: what Monte Carlo and derivatives work on.

Everything is read from the stored result document, so a study belongs to that result and not to what data or factors
have become since. What is studied is a set of lines: those of the enterprise account, unless a figure is chosen (see
``subject``); the accounts of a result are views of the same streams and are never mixed.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.units import compatible, convert
from tanheng.rules.formula import Expression

__all__ = ["ACCOUNT", "Cells", "Derived", "Part", "Sources", "parts_of"]

ACCOUNT = "enterprise"
STOCK = ("opening_stock", "closing_stock")
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of one leaf over the lines of a part, with how each came to be known and from where."""

    symbol: str
    unit: str
    value: Array
    origin: tuple[int, ...]
    ref: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """A term that another formula gives."""

    expression: Expression
    factor: float
    terms: Mapping[str, "Term"]


@dataclass(frozen=True, slots=True)
class Sources:
    """A quantity that is the signed sum of what was entered (purchase, stock, sale)."""

    signs: Mapping[str, Array]
    parts: Mapping[str, Cells]


Term = Cells | Derived | Sources


@dataclass(frozen=True, slots=True)
class Part:
    """Lines that share formula, units and build. ``factor`` turns the formula's value into signed tCO2e."""

    source: str
    formula: str
    expression: Expression
    factor: float
    lines: tuple[int, ...]
    terms: Mapping[str, Term]

    def leaves(self) -> Iterator[tuple[str, Cells]]:
        """Yield every leaf with its path (``quantity.purchased``, ``carbon_content.net_calorific_value``)."""
        for name, term in self.terms.items():
            yield from _leaves(name, term)


def _leaves(path: str, term: Term) -> Iterator[tuple[str, Cells]]:
    if isinstance(term, Cells):
        yield path, term
        return
    inner = term.parts if isinstance(term, Sources) else term.terms
    for name, below in inner.items():
        yield from _leaves(f"{path}.{name}", below)


@lru_cache(maxsize=512)
def _expression(text: str) -> Expression:
    return Expression.parse(text)


def parts_of(data: Mapping[str, Any], lines: Collection[int] | None = None) -> Iterator[Part]:
    """Yield the parts of some lines of a result document, by default those of the enterprise account.

    Lines whose value is unknown are left out.
    """
    known = data["lines"]["value"]
    wanted = None if lines is None else frozenset(lines)
    for block in data["trace"]:
        if wanted is None and block["account"] != ACCOUNT:
            continue
        groups: dict[tuple[Any, ...], list[int]] = {}
        cover = [(n, {line: k for k, line in enumerate(d["lines"])}) for n, d in enumerate(block["derived"])]
        for at, line in enumerate(block["lines"]):
            if known[line] is not None and (wanted is None or line in wanted):
                using = tuple(n for n, where in cover if line in where)
                groups.setdefault((bool(block["amount"]["direct"][at]), *using), []).append(at)
        for key, positions in groups.items():
            yield _part(data, block, bool(key[0]), tuple(key[1:]), positions)


def _part(
    data: Mapping[str, Any], block: Mapping[str, Any], direct: bool, using: tuple[int, ...], positions: list[int]
) -> Part:
    formula = data["formulas"][block["formula"]]
    lines = tuple(block["lines"][at] for at in positions)
    build = _Build(data, block, direct, using, positions, lines)
    expression = _expression(formula["expr"])
    terms = {name: build.term(name, block["symbols"], positions) for name in expression.names}
    factor = convert(1.0, _unit(formula, block["symbols"]), block["unit"]) * block["sign"] * block["gwp"]
    return Part(block["source"], block["formula"], expression, float(factor), lines, terms)


def _unit(formula: Mapping[str, Any], symbols: Mapping[str, Any]) -> str:
    """Return the unit of a formula's result in the variant whose terms have the units of the trace."""
    given = {name: symbols[name]["unit"] for name in formula["terms"]}
    for n, unit in enumerate(formula["units"]):
        if all(formula["terms"][name][n] == given[name] for name in given):
            return str(unit)
    fits = [n for n, _ in enumerate(formula["units"]) if _fits(formula, n, given)]
    return str(formula["units"][fits[0]])


def _fits(formula: Mapping[str, Any], n: int, given: Mapping[str, str]) -> bool:
    return all(compatible(formula["terms"][name][n], unit) for name, unit in given.items())


@dataclass(frozen=True, slots=True)
class _Build:
    data: Mapping[str, Any]
    block: Mapping[str, Any]
    direct: bool
    using: tuple[int, ...]
    positions: list[int]
    lines: tuple[int, ...]

    def term(self, name: str, symbols: Mapping[str, Any], positions: list[int]) -> Term:
        for n in self.using:
            entry = self.block["derived"][n]
            if entry["symbol"] == name and entry["symbols"] is not symbols:
                return self._derived(entry, symbols[name]["unit"])
        amount = self.block["amount"]
        if name == amount["symbol"]:
            return self._amount(amount, symbols[name]["unit"])
        column = symbols[name]
        pick = [column["value"][at] for at in positions]
        value = np.array([np.nan if each is None else each for each in pick], dtype=np.float64)
        origin = tuple(column["origin"][at] for at in positions)
        return Cells(name, column["unit"], value, origin, tuple(column["ref"][at] for at in positions))

    def _derived(self, entry: Mapping[str, Any], unit: str) -> Derived:
        formula = self.data["formulas"][entry["formula"]]
        where = {line: at for at, line in enumerate(entry["lines"])}
        positions = [where[line] for line in self.lines]
        expression = _expression(formula["expr"])
        terms = {name: self.term(name, entry["symbols"], positions) for name in expression.names}
        return Derived(expression, float(convert(1.0, _unit(formula, entry["symbols"]), unit)), terms)

    def _amount(self, amount: Mapping[str, Any], unit: str) -> Term:
        signs: dict[str, Array] = {}
        parts: dict[str, Cells] = {}
        scale = float(convert(1.0, amount["unit"], unit))
        for name, column in amount["parts"].items():
            if (name == "quantity") != self.direct:
                continue
            value = np.array([column["value"][at] or 0.0 for at in self.positions]) * scale
            sign = column["sign"]
            signs[name] = np.array([sign[at] for at in self.positions], dtype=np.float64)
            origin = tuple(column["origin"][at] for at in self.positions)
            parts[name] = Cells(name, unit, value, origin, tuple(column["ref"][at] for at in self.positions))
        return Sources(signs, parts)
