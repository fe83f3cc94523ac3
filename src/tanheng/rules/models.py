"""What a standard package may say, as frozen models; an unknown key is refused."""

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
    "Account",
    "Citation",
    "Constant",
    "Denominator",
    "ElectricityFactor",
    "FormulaText",
    "GwpSet",
    "Indicator",
    "Line",
    "NotCountedRule",
    "ProcessTemplate",
    "Rounding",
    "Source",
    "StandardText",
    "StreamTemplate",
    "Subtotal",
    "TakeRule",
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


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Citation(_Model):
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


class Validity(_Model):
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


class GwpSet(_Model):
    """The standard's own global warming potentials; CO2 is 1."""

    set: str
    values: dict[str, float]
    source: Citation


class Rounding(_Model):
    """Where the standard rounds: only on display, each line, or each parameter. Half up, exact in decimal."""

    level: Literal["display", "line", "parameter"]
    decimals: int = Field(ge=0, le=12)
    mode: Literal["half_up"]
    parameters: dict[str, int] = {}

    def lines(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return line results as the standard counts them: rounded where it rounds line by line."""
        return round_half_up_array(values, self.decimals) if self.level == "line" else values

    def parameter(self, quantity: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return a parameter [unit of the standard] as the standard counts it."""
        if self.level != "parameter" or quantity not in self.parameters:
            return values
        return round_half_up_array(values, self.parameters[quantity])

    def display(self, value: float) -> Decimal:
        """Return a figure as it is shown."""
        return round_half_up(value, self.decimals)


class ElectricityFactor(_Model):
    """Which published grid factor applies (DESIGN, rule 7)."""

    indicator: str
    level: str


class Constant(_Model):
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


class Account(_Model):
    """A view of the enterprise and the flows it counts."""

    zh: str
    flows: Literal["boundary", "process"]
    fallback: Literal["process_net"] | None = None
    # materials that a process of the works may make: once one does, their flows stay inside and do not fall back
    made_inside: tuple[str, ...] = ()
    note: str | None = None


class Line(_Model):
    """One gas of a source and its formula."""

    gas: str
    formula: str


class TakeRule(_Model):
    """Which streams a source takes; the first matching rule of any source wins."""

    role: str
    materials: Materials = "*"
    direction: Direction | None = None
    basis: Literal["net_consumption", "output", "minus_output", "quantity"]
    requires: tuple[str, ...] = ()
    reason: str | None = None

    def matches(self, material: str, role: str, direction: str) -> bool:
        """Whether a stream fits, apart from ``requires``."""
        fits = self.materials == "*" or material in self.materials
        return self.role == role and fits and self.direction in (None, direction)


class Source(_Model):
    """An emission source of the standard."""

    zh: str
    en: str = ""
    sign: Literal[1, -1]
    lines: tuple[Line, ...] = Field(min_length=1)
    take: tuple[TakeRule, ...] = Field(min_length=1)
    source: Citation
    note: str | None = None


class NotCountedRule(_Model):
    """Streams that the standard does not count, and why."""

    role: str
    materials: Materials = "*"
    direction: Direction | None = None
    reason: str

    def matches(self, material: str, role: str, direction: str) -> bool:
        """Whether a stream fits."""
        fits = self.materials == "*" or material in self.materials
        return self.role == role and fits and self.direction in (None, direction)


class Subtotal(_Model):
    """A sum of sources that the standard names."""

    zh: str
    en: str = ""
    sources: tuple[str, ...] = Field(min_length=1)


class Denominator(_Model):
    """What an indicator is divided by."""

    role: str
    materials: Materials
    basis: Literal["net_consumption", "output", "quantity"]

    def matches(self, material: str, role: str) -> bool:
        """Whether a stream is of the kind that is divided by."""
        return self.role == role and (self.materials == "*" or material in self.materials)


class Indicator(_Model):
    """An intensity: ``numerator`` is ``total``, a source or a subtotal.

    An ``optional`` one is absent, without a word, where the enterprise reports no stream to divide by.
    """

    zh: str
    en: str = ""
    numerator: str
    denominator: Denominator
    unit: UnitText
    optional: bool = False


class StandardText(_Model):
    """``standard.yaml``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,63}$")
    zh: str
    short_zh: str
    en: str = ""
    document: str
    status: Literal["unverified", "verified"]
    evidence: str
    in_force: Validity
    superseded_note: str | None = None
    note: str | None = None
    industry: str
    main_products: tuple[str, ...] = ()
    gwp: GwpSet
    rounding: Rounding
    electricity_factor: ElectricityFactor
    constants: dict[str, Constant] = {}
    accounts: dict[str, Account]
    sources: dict[str, Source]
    not_counted: tuple[NotCountedRule, ...] = ()
    subtotals: dict[str, Subtotal] = {}
    indicators: dict[str, Indicator] = {}
    checks: dict[str, Any] = {}


class FormulaText(_Model):
    """One entry of ``formulas.yaml``."""

    zh: str
    en: str = ""
    symbol: str = ""
    unit: UnitTexts
    expr: str
    terms: dict[str, UnitTexts]
    gives: str | None = None
    when: dict[str, Any] = Field(default={}, alias="for")
    valid: Validity
    source: Citation
    note: str | None = None


class StreamTemplate(_Model):
    """A stream that a new enterprise or process is proposed; ``values``: what is usually measured."""

    material: str
    role: str
    direction: Direction = "in"
    values: tuple[str, ...] = ()
    default: bool = True
    label: str | None = None
    note: str | None = None


class SubProcess(_Model):
    """A part of a process."""

    id: str
    zh: str


class ProcessTemplate(_Model):
    """A process of the plant template."""

    id: str
    zh: str
    kind: str
    product: str | None = None
    sub_processes: tuple[SubProcess, ...] = ()
    streams: tuple[StreamTemplate, ...] = ()
    note: str | None = None


class ProcessesText(_Model):
    """``processes.yaml``."""

    processes: tuple[ProcessTemplate, ...] = ()
    boundary_streams: tuple[StreamTemplate, ...] = ()
    note: str | None = None
