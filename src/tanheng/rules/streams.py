"""What physically happens at a plant, in the form in which every standard reads it. No standard is known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tanheng.kernel.periods import Month

__all__ = ["Given", "Parameter", "SiteInfo", "StreamDecl", "StreamRecord", "StreamSet"]


@dataclass(frozen=True, slots=True)
class Given:
    """A number as it was given: value in ``unit``, how it came to be known, and from which cell, form or file."""

    value: float
    unit: str
    origin: str = "measured"
    provenance: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamDecl:
    """A stream that is expected to be reported: what flows, what for, where, and in which months.

    ``site`` names a place of the stream set whose province is not the enterprise's; empty: the enterprise's own.
    ``parts`` are the parts of the balance that are asked for every month: one left blank is unknown, never zero.
    """

    id: str
    material: str
    role: str
    direction: str = "in"
    process: str = ""
    material_zh: str = ""
    label: str = ""
    first_month: Month | None = None
    last_month: Month | None = None
    site: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """What was reported of one stream for one period (``2025-07``, or ``2025`` where only the year is known).

    ``quantity`` holds either ``quantity`` or the parts of the balance (``purchased``, ``opening_stock`` …);
    ``values`` the measured or contracted parameters by quantity id; ``factor`` a library factor by id.
    """

    stream: str
    period: str
    quantity: Mapping[str, Given]
    values: Mapping[str, Given]
    factor: str | None = None


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that several streams share; ``rank`` is ``measured`` or ``enterprise_default``.

    ``stream`` keeps it to one: two materials of the plant's own may both be ``other_fuel`` and are not alike.
    """

    material: str
    quantity: str
    given: Given
    process: str | None = None
    period: str | None = None
    rank: str = "measured"
    stream: str | None = None

    def fit(self, material: str, process: str, period: str, stream: str = "") -> int:
        """Return how specially the value is meant for a stream and period: -1 not at all, the greatest number wins."""
        if self.material != material or self.period not in (None, period, period[:4]):
            return -1
        if self.stream not in (None, stream):
            return -1
        if self.process is not None and not f"{process}/".startswith(f"{self.process}/"):
            return -1
        dated = 0 if self.period is None else 1 + (self.period == period)
        return 8 * (self.stream is not None) + 4 * (self.process is not None) + dated


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What the choice of factors and the intensity need to know of the site."""

    province: str
    part: str = ""
    main_product: str = ""
    name: str = ""
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamSet:
    """The streams of one enterprise for one period."""

    site: SiteInfo
    declared: tuple[StreamDecl, ...]
    records: tuple[StreamRecord, ...]
    parameters: tuple[Parameter, ...] = ()
    places: Mapping[str, SiteInfo] = field(default_factory=dict)
