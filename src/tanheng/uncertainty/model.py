"""The inventory as a function of its inputs' scales: products where the algebra allows, else the formulas."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.uncertainty.expand import Product, Sum, expand
from tanheng.uncertainty.inputs import Inputs, Months, find_inputs
from tanheng.uncertainty.parts import Cells, Derived, Part, Sources, Term, parts_of

__all__ = ["Model", "ProductTerm", "build_model", "narrow", "unexpanded"]

Array = NDArray[np.float64]
_LINES_AT_ONCE = 32  # lines of a part that are evaluated together with all draws of a block
_NO_POWER = 1e-9  # powers are small fractions; what is left of one that cancelled
Powers = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class ProductTerm:
    """Emissions [tCO2e] proportional to powers of some scales: the sum of all lines that share them."""

    source: int
    coefficient: float
    powers: Powers


@dataclass(frozen=True)
class Model:
    """``evaluate(scales)`` gives every source's emissions; with all scales 1 it is the result before any rounding."""

    sources: tuple[str, ...]
    parts: tuple[Part, ...]
    inputs: Inputs
    products: tuple[ProductTerm, ...]
    opaque: tuple[int, ...]

    @property
    def size(self) -> int:
        """The number of inputs."""
        return len(self.inputs.entries)

    @cached_property
    def central(self) -> Array:
        """The emissions of every source [tCO2e] with every input at its value."""
        return self.evaluate(np.ones((self.size, 1)))[:, 0]

    def evaluate(self, scales: Array) -> Array:
        """Return the emissions of every source for draws of all scales: (inputs, n) -> (sources, n) [tCO2e]."""
        n = scales.shape[1]
        result = np.zeros((len(self.sources), n))
        held = np.empty(n)
        for term in self.products:
            self._add(term, scales, held, result[term.source])
        for number in self.opaque:
            part = self.parts[number]
            for draws in self.part_values(number, scales):
                result[self.sources.index(part.source)] += draws.sum(axis=0)
        return result

    @staticmethod
    def _add(term: ProductTerm, scales: Array, held: Array, into: Array) -> None:
        held.fill(term.coefficient)
        for number, power in term.powers:
            if power == 1:
                np.multiply(held, scales[number], out=held)
            elif power == -1:
                np.divide(held, scales[number], out=held)
            else:
                np.multiply(held, scales[number] ** power, out=held)
        np.add(into, held, out=into)

    def part_values(self, number: int, scales: Array) -> Iterator[Array]:
        """Yield the lines of a part [tCO2e], some at a time, by its compiled formula: (lines, n)."""
        part = self.parts[number]
        for start in range(0, len(part.lines), _LINES_AT_ONCE):
            rows = slice(start, start + _LINES_AT_ONCE)
            columns = {name: self._column(number, name, term, rows, scales) for name, term in part.terms.items()}
            yield part.expression.evaluate(**columns) * part.factor

    def _column(self, number: int, path: str, term: Term, rows: slice, scales: Array) -> Array:
        if isinstance(term, Cells):
            index = self.inputs.index[number, path][rows]
            value = term.value[rows, None]
            return np.where(index[:, None] < 0, value, value * scales[index])
        if isinstance(term, Sources):
            total: Array = np.zeros((1, 1))
            for name, cells in term.parts.items():
                signed = term.signs[name][rows, None]
                total = total + signed * self._column(number, f"{path}.{name}", cells, rows, scales)
            return total
        inner = {name: self._column(number, f"{path}.{name}", of, rows, scales) for name, of in term.terms.items()}
        return term.expression.evaluate(**inner) * term.factor


def build_model(
    data: Mapping[str, Any],
    *,
    months: Months = "shared",
    lines: Collection[int] | None = None,
    parts: tuple[Part, ...] | None = None,
    inputs: Inputs | None = None,
) -> Model:
    """Build the model of a result document.

    Parameters
    ----------
    data
        The document of ``tanheng/result/1``.
    months
        Whether the months of one meter share their error (default) or are independent.
    lines
        The lines that are studied; default: those of the enterprise account.
    parts, inputs
        Of the document, where they are known already; inputs may be narrowed to those that move, the cells of all
        others are then folded into the coefficients.
    """
    parts = tuple(parts_of(data, lines)) if parts is None else parts
    inputs = find_inputs(data, parts, months=months) if inputs is None else inputs
    sources = tuple(dict.fromkeys(part.source for part in parts))
    sums: dict[tuple[int, Powers], list[float]] = {}
    opaque = []
    for number, part in enumerate(parts):
        found = _expanded(number, part, inputs)
        if found is None:
            opaque.append(number)
            continue
        source = sources.index(part.source)
        for powers, coefficient in found:
            sums.setdefault((source, powers), []).append(coefficient)
    products = tuple(ProductTerm(source, fsum(values), powers) for (source, powers), values in sums.items())
    return Model(sources, parts, inputs, products, tuple(opaque))


def unexpanded(parts: tuple[Part, ...], inputs: Inputs) -> Model:
    """Return the model without its products, for derivatives and line values: nothing is multiplied out."""
    return Model(tuple(dict.fromkeys(part.source for part in parts)), parts, inputs, (), ())


def narrow(inputs: Inputs, use: Sequence[str]) -> Inputs:
    """Keep the named inputs, in the order named, and count them anew; a cell of another input stays as it is."""
    known = inputs.by_id()
    kept = [known[name] for name in use]
    place = np.full(len(inputs.entries) + 1, -1, np.int32)
    place[kept] = np.arange(len(kept))
    index = {key: place[column] for key, column in inputs.index.items()}
    return Inputs(tuple(inputs.entries[n] for n in kept), index)


def _expanded(number: int, part: Part, inputs: Inputs) -> list[tuple[Powers, float]] | None:
    length = len(part.lines)
    with np.errstate(all="ignore"):
        found = expand(part.expression.tree, lambda name: _term(name, part.terms[name], length), length)
    if found is None or not all(np.isfinite(product.coefficient).all() for product in found):
        return None
    return [line for product in found for line in _lines(number, product, part.factor, inputs)]


def _term(path: str, term: Term, length: int) -> Sum | None:
    if isinstance(term, Cells):
        return [Product(term.value, {path: Fraction(1)})]
    if isinstance(term, Sources):
        return [
            Product(cells.value * term.signs[name], {f"{path}.{name}": Fraction(1)})
            for name, cells in term.parts.items()
        ]
    return _derived(path, term, length)


def _derived(path: str, term: Derived, length: int) -> Sum | None:
    inner = expand(term.expression.tree, lambda name: _term(f"{path}.{name}", term.terms[name], length), length)
    return None if inner is None else [Product(each.coefficient * term.factor, each.powers) for each in inner]


def _lines(number: int, product: Product, factor: float, inputs: Inputs) -> Iterator[tuple[Powers, float]]:
    """Yield the powers of inputs and the coefficient for every line of a product.

    The same input may stand at several leaves (a calorific value above and below the line): its powers add up.
    """
    columns = [(inputs.index[number, path].tolist(), float(power)) for path, power in product.powers.items()]
    for at, coefficient in enumerate((product.coefficient * factor).tolist()):
        powers: dict[int, float] = {}
        for column, power in columns:
            which = column[at]
            if which >= 0:
                powers[which] = powers.get(which, 0.0) + power
        yield tuple(sorted(pair for pair in powers.items() if abs(pair[1]) > _NO_POWER)), coefficient
