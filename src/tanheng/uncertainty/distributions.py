"""How far an input may be from its value: a distribution relative to it, read from what a person or a table says.

Everything is kept as a *scale*: 1 is the value that the accounts used. A spread given in the value's own unit is turned
into a scale with that value, so the same distribution serves every month of one meter.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError
from tanheng.kernel.quantities import parse_number

__all__ = ["KINDS", "Z95", "Distribution", "parse_distribution"]

KINDS = ("normal", "lognormal", "uniform", "triangular")
Z95 = NormalDist().inv_cdf(0.975)
_UNIT = NormalDist()
_WIDEST = 1000.0  # per cent; a spread beyond ten times the value is a slip of the pen
_LEAST_KEPT = 0.05  # a truncation that keeps less than this of a normal distribution is another distribution

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution of the scale (value drawn / value used).

    ``first`` and ``second`` are mean and standard deviation (normal), those of the logarithm (lognormal), or the bounds
    (uniform, triangular); ``mode`` belongs to the triangle; ``low`` and ``high`` truncate a normal or lognormal.
    """

    kind: str
    first: float
    second: float
    mode: float = 1.0
    low: float | None = None
    high: float | None = None

    @property
    def truncated(self) -> bool:
        """Whether draws outside bounds are drawn again."""
        return self.low is not None or self.high is not None

    @property
    def is_normal_based(self) -> bool:
        """Whether draws come from standard normal numbers (else from uniform ones)."""
        return self.kind in ("normal", "lognormal")

    @property
    def mean(self) -> float:
        """The mean of the scale."""
        if self.truncated:
            return self._moments()[0]
        match self.kind:
            case "normal":
                return self.first
            case "lognormal":
                return math.exp(self.first + self.second**2 / 2)
            case "uniform":
                return (self.first + self.second) / 2
            case _:
                return (self.first + self.second + self.mode) / 3

    @property
    def sd(self) -> float:
        """The standard deviation of the scale."""
        if self.truncated:
            return self._moments()[1]
        match self.kind:
            case "normal":
                return self.second
            case "lognormal":
                return self.mean * math.sqrt(math.expm1(self.second**2))
            case "uniform":
                return (self.second - self.first) / math.sqrt(12)
            case _:
                a, b, c = self.first, self.second, self.mode
                return math.sqrt((a * a + b * b + c * c - a * b - a * c - b * c) / 18)

    def _moments(self) -> tuple[float, float]:
        """Return mean and deviation of a truncated distribution from its quantiles (midpoints of equal probability)."""
        nodes = self.quantile((np.arange(20_000) + 0.5) / 20_000)
        return float(nodes.mean()), float(nodes.std())

    def deviates(self) -> tuple[float, float]:
        """Return the truncation in standard normal deviates."""

        def deviate(bound: float | None, otherwise: float) -> float:
            if bound is None:
                return otherwise
            if self.kind == "lognormal":
                return otherwise if bound <= 0 else (math.log(bound) - self.first) / self.second
            return (bound - self.first) / self.second

        return deviate(self.low, -math.inf), deviate(self.high, math.inf)

    @property
    def kept(self) -> float:
        """The share of an untruncated distribution that lies inside the bounds."""
        low, high = self.deviates()
        return _UNIT.cdf(high) - _UNIT.cdf(low)

    def from_normal(self, z: Array) -> Array:
        """Turn standard normal numbers into scales, in place."""
        z *= self.second
        z += self.first
        if self.kind == "lognormal":
            np.exp(z, out=z)
        return z

    def from_uniform(self, u: Array) -> Array:
        """Turn uniform numbers in [0, 1) into scales of a uniform or triangular distribution, in place."""
        a, b, c = self.first, self.second, self.mode
        if self.kind == "uniform":
            u *= b - a
            u += a
            return u
        left = u < (c - a) / (b - a)
        np.copyto(u, np.where(left, a + np.sqrt(u * (b - a) * (c - a)), b - np.sqrt((1 - u) * (b - a) * (b - c))))
        return u

    def quantile(self, p: Array | float) -> Array:
        """Return quantiles of the scale; ``p`` in (0, 1)."""
        p = np.array(p, dtype=np.float64)
        if not self.is_normal_based:
            return self.from_uniform(p)
        if self.truncated:
            low, high = self.deviates()
            p = _UNIT.cdf(low) + p * (_UNIT.cdf(high) - _UNIT.cdf(low))
        return self.from_normal(_inverse_normal(p))

    def below(self, bound: float) -> "Distribution":
        """Return the distribution with no draw above a bound of the scale; unchanged where it has none there anyway."""
        if not self.is_normal_based:
            if self.second <= bound or self.first >= bound:
                return self
            return replace(self, second=bound, mode=min(self.mode, bound))
        cut = replace(self, low=0.0 if self.low is None else self.low, high=min(bound, self.high or bound))
        return cut if cut.kept >= _LEAST_KEPT else self

    def limits(self) -> tuple[float, float]:
        """Return the 2.5 % and 97.5 % quantiles of the scale."""
        low, high = self.quantile(np.array([0.025, 0.975]))
        return float(low), float(high)

    def as_data(self) -> dict[str, Any]:
        """Return the distribution as plain data."""
        data: dict[str, Any] = {"kind": self.kind, "first": self.first, "second": self.second}
        if self.kind == "triangular":
            data["mode"] = self.mode
        if self.truncated:
            data["truncated"] = [self.low, self.high]
        return data


def _inverse_normal(p: Array) -> Array:
    """Return standard normal quantiles; SciPy's where it is there, else the standard library's, one by one."""
    try:
        from scipy.special import ndtri  # type: ignore[import-untyped,unused-ignore]  # comes with the sensitivity extra
    except ImportError:
        return np.array([_UNIT.inv_cdf(value) for value in p.ravel()]).reshape(p.shape)
    return np.asarray(ndtri(p), dtype=np.float64)


def parse_distribution(given: Mapping[str, Any], *, value: float | None = None) -> Distribution:
    """Read a distribution as people write it.

    ``{normal: 2 %}`` is ±2 % at 95 %; ``{lognormal: 30 %}`` a factor of 1.3 up and down at 95 %; ``{uniform: 0.5 %}``
    and ``{triangular: 5 %}`` are bounds on both sides. ``{uniform: [0.93, 0.99]}``, ``{triangular: [low, mode, high]}``
    and ``{normal: [low, high]}``, ``{lognormal: [low, high]}`` (95 % limits) are in the unit of the value.
    ``truncated: [low, high]`` beside normal or lognormal draws again what lies outside; either bound may be null.

    Parameters
    ----------
    given
        The mapping, from a case file, a form or a table.
    value
        The value that the accounts used; needed for spreads in the unit of the value.

    Raises
    ------
    InputError
        ``distribution.kind``, ``distribution.form``, ``distribution.range``, ``distribution.zero``,
        ``distribution.normal_too_wide``, ``distribution.truncated``.
    """
    kinds = [key for key in given if key in KINDS]
    if len(kinds) != 1 or set(given) - {kinds[0], "truncated"}:
        raise InputError("distribution.kind", given=", ".join(map(str, given)), known=list(KINDS))
    kind, spread = kinds[0], given[kinds[0]]
    found = _absolute(kind, spread, value) if isinstance(spread, list | tuple) else _relative(kind, _percent(spread))
    bounds = given.get("truncated")
    return found if bounds is None else _truncate(found, bounds, value)


def _percent(text: Any) -> float:
    """Read ``2 %`` (or the bare number 2, which means the same) as 0.02."""
    written = str(text).strip().lstrip("±").replace("％", "%")
    if not written.endswith("%"):
        raise InputError("distribution.form", given=str(text))
    share = float(parse_number(written[:-1].strip()))
    if not 0 < share <= _WIDEST:
        raise InputError("distribution.range", given=str(text))
    return share / 100


def _relative(kind: str, share: float) -> Distribution:
    match kind:
        case "normal":
            if share >= 1:
                raise InputError("distribution.normal_too_wide", percent=f"{share:.0%}")
            return Distribution("normal", 1.0, share / Z95)
        case "lognormal":
            return Distribution("lognormal", 0.0, math.log1p(share) / Z95)
        case _:
            return Distribution(kind, 1.0 - share, 1.0 + share)


def _absolute(kind: str, spread: Any, value: float | None) -> Distribution:
    wanted = 3 if kind == "triangular" else 2
    numbers = [float(parse_number(_plain(part))) for part in spread]
    if len(numbers) != wanted or sorted(numbers) != numbers or numbers[0] == numbers[-1]:
        raise InputError("distribution.form", given=str(list(spread)))
    if not value:
        raise InputError("distribution.zero", given=str(list(spread)))
    scales = sorted(number / value for number in numbers)
    if kind == "uniform":
        return Distribution("uniform", scales[0], scales[1])
    if kind == "triangular":
        return Distribution("triangular", scales[0], scales[2], scales[1])
    if kind == "lognormal":
        if scales[0] <= 0:
            raise InputError("distribution.range", given=str(list(spread)))
        low, high = math.log(scales[0]), math.log(scales[1])
        return Distribution("lognormal", (low + high) / 2, (high - low) / (2 * Z95))
    return Distribution("normal", (scales[0] + scales[1]) / 2, (scales[1] - scales[0]) / (2 * Z95))


def _plain(part: Any) -> str:
    return repr(part) if isinstance(part, float) else str(part)


def _truncate(found: Distribution, bounds: Any, value: float | None) -> Distribution:
    if not found.is_normal_based or not isinstance(bounds, list | tuple) or len(bounds) != 2:
        raise InputError("distribution.truncated", given=str(bounds))
    if not value:
        raise InputError("distribution.zero", given=str(bounds))
    low, high = (None if bound is None else float(parse_number(_plain(bound))) / value for bound in bounds)
    if low is not None and high is not None and low >= high:
        raise InputError("distribution.truncated", given=str(bounds))
    cut = Distribution(found.kind, found.first, found.second, low=low, high=high)
    if cut.kept < _LEAST_KEPT:
        raise InputError("distribution.truncated", given=str(bounds))
    return cut
