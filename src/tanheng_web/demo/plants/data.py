"""What a plant reports: its streams and, month by month, the numbers as its statistician writes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng.kernel.quantities import glossary
from tanheng_web.demo.plants.calendar import MONTHS

__all__ = ["PlantData", "StreamSpec"]

Series = NDArray[np.float64]
# how a plant writes a measured value; quantities have their own decimals on the stream
_VALUE_DECIMALS = {"net_calorific_value": 3, "carbon_content_mass": 5, "net_anode_consumption": 4, "anode_sulphur": 4,
                   "anode_ash": 4, "anode_effect_minutes": 3, "enthalpy": 1}  # fmt: skip


@dataclass(frozen=True)
class StreamSpec:
    """One stream as the enterprise declares it; ``components`` are the parts of its quantity."""

    code: str
    label: str
    material: str
    role: str
    direction: str = "in"
    process: str = ""
    components: tuple[str, ...] = ("quantity",)
    values: tuple[str, ...] = ()
    decimals: int = 0
    note: str = ""

    @property
    def unit(self) -> str:
        """The canonical unit of the quantity."""
        return materials()[self.material].unit

    @property
    def keys(self) -> tuple[str, ...]:
        """Components and values in the order of the sheet."""
        return (*self.components, *self.values)

    def unit_of(self, key: str) -> str:
        """Return the unit in which ``key`` is reported."""
        if key in self.components:
            return self.unit
        if key == "net_calorific_value":
            return f"GJ/{self.unit}"
        if key == "carbon_content_mass":
            return f"tC/{self.unit}"
        unit = glossary()[key].unit
        if not unit:
            raise InputError("demo.unit", stream=self.code, quantity=key)
        return unit

    def decimals_of(self, key: str) -> int:
        """Return how many decimals the plant writes."""
        return self.decimals if key in self.components else _VALUE_DECIMALS[key]


@dataclass(frozen=True)
class PlantData:
    """Streams and their rounded monthly numbers; NaN: not reported. ``truth`` holds what only the model knows."""

    id: str
    streams: tuple[StreamSpec, ...]
    columns: Mapping[tuple[str, str], Series]
    truth: Mapping[str, Series] = field(repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        wanted = {(spec.code, key) for spec in self.streams for key in spec.keys}
        if wanted != set(self.columns):
            raise InputError(
                "demo.columns", missing=sorted(wanted - set(self.columns)), spare=sorted(set(self.columns) - wanted)
            )

    def __getitem__(self, place: tuple[str, str]) -> Series:
        return self.columns[place]

    def spec(self, code: str) -> StreamSpec:
        """Return a stream by its code."""
        return next(spec for spec in self.streams if spec.code == code)

    def rows(self, year: int | None = None) -> Iterator[tuple[StreamSpec, str, Month, Decimal]]:
        """Yield (stream, key, month, number), exact as written."""
        for spec in self.streams:
            for key in spec.keys:
                column = self.columns[spec.code, key]
                for month, value in zip(MONTHS, column, strict=True):
                    if (year is None or month.year == year) and not np.isnan(value):
                        yield spec, key, month, Decimal(f"{value:.{spec.decimals_of(key)}f}")

    def csv_bytes(self) -> bytes:
        """Return every number as text, for comparison to the byte."""
        lines = (f"{spec.code},{key},{month},{value}" for spec, key, month, value in self.rows())
        return ("\n".join(lines) + "\n").encode()

    def of(self, material: str, *, inside: bool, direction: str, but: tuple[str, ...] = ()) -> Series:
        """Return the sum of the quantities of all streams of a material inside the works or at its boundary."""
        chosen = [
            self.columns[spec.code, "quantity"]
            for spec in self.streams
            if spec.material == material and bool(spec.process) is inside and spec.direction == direction
            and "quantity" in spec.components and spec.code not in but
        ]  # fmt: skip
        return np.sum(chosen, axis=0) if chosen else np.zeros(len(MONTHS))


def rounded(spec: StreamSpec, key: str, values: Series) -> Series:
    """Round as the plant writes; ties do not matter for invented figures."""
    return np.round(values, spec.decimals_of(key))
