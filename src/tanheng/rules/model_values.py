"""The values a standard package is made of: ratios, units, citations, validity, rounding."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tanheng.kernel.errors import InputError, UnitError
from tanheng.kernel.quantities import parse_number
from tanheng.kernel.rounding import round_half_up, round_half_up_array
from tanheng.kernel.units import canonical

__all__ = [
    "Citation",
    "Constant",
    "Direction",
    "ElectricityFactor",
    "FrozenModel",
    "GwpSet",
    "Materials",
    "RatioText",
    "Rounding",
    "UnitText",
    "UnitTexts",
    "Validity",
    "read_ratio",
]


def read_ratio(text: str) -> Fraction:
    """Read ``44/12`` or ``0.94`` exactly; raises InputError ``number.*``."""
    top, slash, bottom = text.partition("/")
    value = Fraction(parse_number(top))
    if not slash:
        return value
    below = Fraction(parse_number(bottom))
    if below == 0:
        raise InputError("number.not_finite", text=text)
    return value / below


def _as_unit(given: Any) -> Any:
    if isinstance(given, list):
        return [_as_unit(each) for each in given]
    try:
        return canonical(str(given))
    except UnitError as error:
        raise PydanticCustomError("unit.unknown", "unknown unit", error.values) from None


def _as_text(given: Any) -> Any:
    return str(given) if isinstance(given, int | float) and not isinstance(given, bool) else given


def _is_ratio(text: str) -> str:
    try:
        read_ratio(text)
    except InputError as error:
        raise PydanticCustomError(error.code, "no number", error.values) from None
    return text


UnitText = Annotated[str, BeforeValidator(_as_unit)]
UnitTexts = Annotated[str | list[str], BeforeValidator(_as_unit)]
RatioText = Annotated[str, BeforeValidator(_as_text), AfterValidator(_is_ratio)]
Materials = tuple[str, ...] | Literal["*"]
Direction = Literal["in", "out"]


class FrozenModel(BaseModel):
    """What a package says: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(FrozenModel):
    """Where something stands: document, clause, equation or table, and how sure we are of it."""

    doc: str = Field(min_length=1)
    clause: str | None = None
    equation: str | None = None
    table: str | None = None
    page: str | None = None
    url: str | None = None
    published_on: date | None = None
    checked: bool = False
    confidence: str | None = None
    evidence: str | None = None
    note: str | None = None


class Validity(FrozenModel):
    """Half-open validity to the day."""

    start: date = Field(alias="from")
    end: date | None = Field(default=None, alias="to")

    def holds(self, on: date) -> bool:
        """Whether the day is within."""
        return self.start <= on and (self.end is None or on < self.end)

    def nearest(self, on: date) -> date:
        """Return the day itself, or the first or last day that is within."""
        last = on if self.end is None else self.end - timedelta(days=1)
        return max(self.start, min(on, last))


class GwpSet(FrozenModel):
    """The standard's own global warming potentials; CO2 is 1."""

    set: str
    values: dict[str, float]
    source: Citation


class Rounding(FrozenModel):
    """Where the standard rounds: only on display, or each line, and the parameters it names before they are multiplied.

    Half up, exact in decimal; ``parameters`` holds decimals by quantity, in the unit of the formula's term. A formula
    may round its own terms in another manner (``decimals``).
    """

    level: Literal["display", "line"]
    decimals: int = Field(ge=0, le=12)
    mode: Literal["half_up"]
    parameters: dict[str, int] = {}

    def lines(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return line results as the standard counts them: rounded where it rounds line by line."""
        return round_half_up_array(values, self.decimals) if self.level == "line" else values

    def display(self, value: float) -> Decimal:
        """Return a figure as it is shown."""
        return round_half_up(value, self.decimals)


class ElectricityFactor(FrozenModel):
    """Which published grid factor applies (DESIGN, rule 7); ``only``: whatever else a stream says of its power.

    ``level`` of a source may be ``setting``: the one that the enterprise chose.
    """

    indicator: str
    level: str
    only: bool = False


class Constant(FrozenModel):
    """A number of the standard itself; a ratio stays a ratio."""

    value: RatioText
    unit: UnitText
    source: Citation
    zh: str | None = None

    @property
    def fraction(self) -> Fraction:
        """The exact value."""
        return read_ratio(self.value)

    @property
    def number(self) -> float:
        """The value, rounded once."""
        return self.fraction.numerator / self.fraction.denominator
