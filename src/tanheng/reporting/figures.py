"""The figures of a report: each knows its address, so that a reader can open it and a test can recompute it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from tanheng.accounting.explain import recompute
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.rounding import exact_sum, round_half_up

__all__ = ["MINUS", "UNKNOWN", "Fig", "Made", "grouped", "significant"]

MINUS = "\u2212"
UNKNOWN = "—"
_SURE_DIGITS = 15  # significant digits that a float64 surely holds
_SHOWN_DIGITS = 6  # of a computed parameter
_ENTERED_DIGITS = 10  # a parameter with no more digits than these is shown as it was given

Rule = Literal["sum", "mean", "ratio", "change"]


def grouped(value: float | None, decimals: int) -> str:
    """Return a number for people: half up, thousands separators, a true minus; ``0`` for zero, ``—`` for unknown.

    >>> grouped(-1234.565, 2), grouped(0.0, 2), grouped(None, 2)
    ('−1,234.57', '0', '—')
    """
    if value is None:
        return UNKNOWN
    if value == 0:
        return "0"
    rounded = round_half_up(_exact(value), decimals)
    return (MINUS if rounded < 0 else "") + f"{abs(rounded):,.{decimals}f}"


def significant(value: float | None) -> str:
    """Return a parameter: as it was given where it has few digits, else with six significant digits, half up.

    >>> significant(0.02749), significant(28.447), significant(1 / 3), significant(None)
    ('0.02749', '28.447', '0.333333', '—')
    """
    if value is None:
        return UNKNOWN
    if value == 0:
        return "0"
    exact = _exact(value)
    if len(exact.normalize().as_tuple().digits) > _ENTERED_DIGITS:
        exact = round_half_up(exact, _SHOWN_DIGITS - 1 - exact.adjusted())
    text = f"{abs(exact.normalize()):,f}"
    return MINUS + text if exact < 0 else text


def _exact(value: float) -> Decimal:
    """Return the decimal a float stands for: 1.00499999999999989 is 1.005."""
    return Decimal(f"{value:.{_SURE_DIGITS}g}")


@dataclass(frozen=True, slots=True)
class Made:
    """How a figure that the result does not hold itself is made from figures that it does hold.

    ``sum``: Σ sign·term; ``mean``: Σ weight·term / Σ weight (undefined for weights of both signs);
    ``ratio``: first / second; ``change``: first / second − 1, the second taken from the result of the year before.
    """

    rule: Rule
    terms: tuple[str, ...]
    signs: tuple[int, ...] = ()
    weights: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The rule written out: ``sum(input:0/quantity, −input:1/quantity)``."""
        if self.rule == "sum":
            inner = [("−" if sign < 0 else "") + term for sign, term in zip(self.signs, self.terms, strict=True)]
        elif self.rule == "mean":
            inner = [f"{term}×{weight}" for term, weight in zip(self.terms, self.weights, strict=True)]
        else:
            inner = list(self.terms)
        return f"{self.rule}({', '.join(inner)})"

    def compute(self, terms: Sequence[float], weights: Sequence[float]) -> float | None:
        """Return the value from those of terms and weights; None where it is undefined (a zero denominator)."""
        if self.rule == "sum":
            return exact_sum(sign * term for sign, term in zip(self.signs, terms, strict=True))
        if self.rule == "mean":
            if min(weights) < 0 < max(weights):
                return None  # bought and sold: a mean of what came and what went says nothing
            whole = exact_sum(weights)
            products = (weight * term for weight, term in zip(weights, terms, strict=True))
            return exact_sum(products) / whole if whole else None
        if terms[1] == 0:
            return None
        ratio = terms[0] / terms[1]
        return ratio - 1 if self.rule == "change" else ratio


@dataclass(frozen=True, slots=True)
class Fig:
    """A number of the report. ``value`` [unit] is that of the result; printed is ``value · scale`` [shown_unit].

    ``scale`` is −1 where a deduction is printed positive, 100 for a percentage. ``value`` None: unknown, printed —.
    """

    address: str
    value: float | None
    unit: str
    text: str
    scale: float = 1.0
    decimals: int | None = None
    shown_unit: str = ""
    made: Made | None = None
    of: Literal["result", "previous"] = "result"

    @property
    def shown(self) -> float | None:
        """The printed number with full precision."""
        if self.value is None:
            return None
        return self.value * self.scale + 0.0 if self.value else 0.0

    def scaled(self, scale: float, unit: str, decimals: int | None = None) -> "Fig":
        """Return the same figure printed in another unit or with the sign of a deduction."""
        changed = replace(self, scale=scale, shown_unit=unit, decimals=decimals)
        text = significant(changed.shown) if decimals is None else grouped(changed.shown, decimals)
        return replace(changed, text=text)

    def recompute(self, result: ResultDocument, previous: ResultDocument | None = None) -> float | None:
        """Compute the value anew from the leaves of the result document [unit]."""
        document = previous if self.of == "previous" else result
        if document is None:
            return None
        if self.made is None:
            return recompute(document, self.address)
        documents = [document] * len(self.made.terms)
        if self.made.rule == "change":
            if previous is None:
                return None
            documents = [result, previous]
        terms = [recompute(each, term) for each, term in zip(documents, self.made.terms, strict=True)]
        return self.made.compute(terms, [recompute(document, weight) for weight in self.made.weights])
