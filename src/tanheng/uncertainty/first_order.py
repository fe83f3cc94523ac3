"""First-order propagation: the derivatives of the formulas themselves, by the chain rule, at the values used.

It shares nothing with the Monte Carlo path but the trace: derivatives are symbolic (``rules.calculus``), each line is
differentiated on its own, so agreement of the two is a check and disagreement says how far from linear it all is.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.formula import Expression
from tanheng.uncertainty.distributions import Distribution
from tanheng.uncertainty.model import Model
from tanheng.uncertainty.parts import Cells, Sources, Term

__all__ = ["combined", "deviations", "gradient", "source_gradients"]

Array = NDArray[np.float64]


@lru_cache(maxsize=1024)
def _derivative(expression: Expression, name: str) -> Expression:
    return expression.derivative(name)


def source_gradients(model: Model) -> Array:
    """Return ∂(emissions of a source)/∂(scale of an input) [tCO2e] at the values used: (sources, inputs)."""
    result = np.zeros((len(model.sources), model.size))
    for number, part in enumerate(model.parts):
        into = result[model.sources.index(part.source)]
        columns = {name: _value(term) for name, term in part.terms.items()}
        for name, term in part.terms.items():
            slope = _slope(part.expression, name, columns, len(part.lines)) * part.factor
            _spread(model, number, name, term, slope, into)
    return result


def gradient(model: Model) -> Array:
    """Return ∂total/∂scale [tCO2e]: divided by the total it is the elasticity of the total to each input."""
    return np.asarray(source_gradients(model).sum(axis=0))


def _value(term: Term) -> Array:
    if isinstance(term, Cells):
        return term.value
    if isinstance(term, Sources):
        return np.asarray(np.sum([term.signs[name] * cells.value for name, cells in term.parts.items()], axis=0))
    inner = {name: _value(below) for name, below in term.terms.items()}
    return term.expression.evaluate(**inner) * term.factor


def _slope(expression: Expression, name: str, columns: dict[str, Array], length: int) -> Array:
    slope: Array = np.broadcast_to(_derivative(expression, name).evaluate(**columns), length)
    return slope


def _spread(model: Model, number: int, path: str, term: Term, slope: Array, into: Array) -> None:
    """Carry a slope down to the inputs behind a term."""
    if isinstance(term, Cells):
        index = model.inputs.index[number, path]
        moving = index >= 0
        np.add.at(into, index[moving], (slope * term.value)[moving])
    elif isinstance(term, Sources):
        for name, cells in term.parts.items():
            _spread(model, number, f"{path}.{name}", cells, slope * term.signs[name], into)
    else:
        columns = {name: _value(below) for name, below in term.terms.items()}
        for name, below in term.terms.items():
            inner = _slope(term.expression, name, columns, len(slope)) * term.factor
            _spread(model, number, f"{path}.{name}", below, slope * inner, into)


def deviations(slopes: Array, distributions: Sequence[Distribution]) -> Array:
    """Return every input's part of the standard deviation [tCO2e]: |slope| times the deviation of the scale."""
    parts: Array = np.abs(slopes) * np.array([each.sd for each in distributions])
    return parts


def combined(parts: Array) -> float:
    """Return the standard deviation of independent parts."""
    return math.sqrt(math.fsum(float(part) ** 2 for part in parts))
