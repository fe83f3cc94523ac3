"""What a standard package may say, as frozen models; an unknown key is refused."""

from typing import Any, Literal

from pydantic import Field

from tanheng.rules.model_values import (
    Citation,
    Constant,
    Direction,
    ElectricityFactor,
    FrozenModel,
    GwpSet,
    Materials,
    Rounding,
    UnitText,
    UnitTexts,
    Validity,
    read_ratio,
)

__all__ = [
    "Account",
    "BalanceRule",
    "Citation",
    "Constant",
    "Denominator",
    "ElectricityFactor",
    "FormulaText",
    "GwpSet",
    "Indicator",
    "Information",
    "Line",
    "Materials",
    "NotCountedRule",
    "ProcessTemplate",
    "ProcessesOf",
    "ProcessesText",
    "Rounding",
    "Source",
    "StandardText",
    "StreamTemplate",
    "Subtotal",
    "TakeRule",
    "Validity",
    "read_ratio",
]


class Account(FrozenModel):
    """A view of the enterprise and the flows it counts.

    ``sources`` narrows it to some sources, ``kinds`` to processes of some kinds; what it leaves out stays in 其他. One
    that is ``beside`` looks at the same streams in another manner and has no part in the total.
    """

    zh: str
    flows: Literal["boundary", "process"]
    fallback: Literal["process_net"] | None = None
    # materials that a process of the works may make: once one does, their flows stay inside and do not fall back
    made_inside: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    beside: bool = False
    note: str | None = None


class Line(FrozenModel):
    """One gas of a source and its formula."""

    gas: str
    formula: str


class TakeRule(FrozenModel):
    """Which streams a source takes; the first matching rule of any source wins.

    ``formula`` stands in for the source's own, e.g. where a carbon content was measured; with ``names_factor`` only
    streams that name a factor of the library are taken.
    """

    role: str
    materials: Materials = "*"
    direction: Direction | None = None
    basis: Literal["net_consumption", "output", "minus_output", "quantity"]
    requires: tuple[str, ...] = ()
    names_factor: bool = False
    formula: str | None = None
    reason: str | None = None

    def matches(self, material: str, role: str, direction: str) -> bool:
        """Whether a stream fits, apart from ``requires``."""
        fits = self.materials == "*" or material in self.materials
        return self.role == role and fits and self.direction in (None, direction)


class Source(FrozenModel):
    """An emission source of the standard.

    One with ``kinds`` takes, in the accounts of the boundary, the flows of processes of these kinds: what is bought
    with the rest and belongs to another guide is deducted by it. One with ``no_data`` is unknown, not zero, while no
    stream feeds it: a category of scope 3 that nobody has looked into.
    """

    zh: str
    en: str = ""
    sign: Literal[1, -1]
    lines: tuple[Line, ...] = Field(min_length=1)
    take: tuple[TakeRule, ...] = Field(min_length=1)
    kinds: tuple[str, ...] = ()
    electricity_factor: ElectricityFactor | None = None
    families: tuple[Literal["inventory", "life_cycle"], ...] = ("inventory",)
    no_data: bool = False
    source: Citation
    note: str | None = None


class NotCountedRule(FrozenModel):
    """Streams that the standard does not count, and why."""

    role: str
    materials: Materials = "*"
    direction: Direction | None = None
    reason: str

    def matches(self, material: str, role: str, direction: str) -> bool:
        """Whether a stream fits."""
        fits = self.materials == "*" or material in self.materials
        return self.role == role and fits and self.direction in (None, direction)


class NotAsked(FrozenModel):
    """Values that a stream may carry for another standard and that this one has no use for, and why."""

    role: str
    materials: Materials = "*"
    values: tuple[str, ...] = Field(min_length=1)
    reason: str


class Subtotal(FrozenModel):
    """A sum of sources that the standard names."""

    zh: str
    en: str = ""
    sources: tuple[str, ...] = Field(min_length=1)


class Denominator(FrozenModel):
    """What an indicator is divided by: flows over the boundary, or of the processes of some kinds."""

    role: str
    materials: Materials
    direction: Direction | None = None
    basis: Literal["net_consumption", "output", "quantity"]
    process_kinds: tuple[str, ...] = ()

    def matches(self, material: str, role: str) -> bool:
        """Whether a stream is of the kind that is divided by."""
        return self.role == role and (self.materials == "*" or material in self.materials)


class ProcessesOf(FrozenModel):
    """The emissions of the processes of some kinds, as an account counts them."""

    account: str
    kinds: tuple[str, ...] = Field(min_length=1)


class Indicator(FrozenModel):
    """An intensity: ``numerator`` is ``total``, a source, a subtotal, an account, or the processes of some kinds.

    An ``optional`` one is absent, without a word, where the enterprise reports no stream to divide by.
    """

    zh: str
    en: str = ""
    numerator: str | ProcessesOf
    denominator: Denominator
    unit: UnitText
    decimals: int | None = Field(default=None, ge=0, le=12)
    optional: bool = False
    note: str | None = None


class Information(Denominator):
    """A quantity that is reported beside the emissions and gives none (辅助参数)."""

    zh: str
    en: str = ""
    unit: UnitText


class BalanceRule(FrozenModel):
    """A material that processes of the works make and use: made + net purchase − used is what nobody accounts for."""

    zh: str
    materials: tuple[str, ...] = Field(min_length=1)


class StandardText(FrozenModel):
    """``standard.yaml``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,63}$")
    zh: str
    short_zh: str
    en: str = ""
    document: str
    status: Literal["unverified", "transcribed", "secondary_source", "verified"]
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
    not_asked: tuple[NotAsked, ...] = ()
    subtotals: dict[str, Subtotal] = {}
    indicators: dict[str, Indicator] = {}
    information: dict[str, Information] = {}
    balances: dict[str, BalanceRule] = {}
    checks: dict[str, Any] = {}


class FormulaText(FrozenModel):
    """One entry of ``formulas.yaml``."""

    zh: str
    en: str = ""
    symbol: str = ""
    unit: UnitTexts
    expr: str
    terms: dict[str, UnitTexts]
    gives: str | None = None
    when: dict[str, Any] = Field(default={}, alias="for")
    decimals: dict[str, int] = {}
    valid: Validity
    source: Citation
    note: str | None = None


class StreamTemplate(FrozenModel):
    """A stream that a new enterprise or process is proposed; ``values``: what is usually measured."""

    material: str
    role: str
    direction: Direction = "in"
    values: tuple[str, ...] = ()
    default: bool = True
    label: str | None = None
    note: str | None = None


class SubProcess(FrozenModel):
    """A part of a process."""

    id: str
    zh: str


class ProcessTemplate(FrozenModel):
    """A process of the plant template."""

    id: str
    zh: str
    kind: str
    stage: Literal["mining", "concentrating", "smelting", "processing", "auxiliary"] | None = None
    product: str | None = None
    sub_processes: tuple[SubProcess, ...] = ()
    streams: tuple[StreamTemplate, ...] = ()
    note: str | None = None


class ProcessesText(FrozenModel):
    """``processes.yaml``."""

    processes: tuple[ProcessTemplate, ...] = ()
    boundary_streams: tuple[StreamTemplate, ...] = ()
    note: str | None = None
