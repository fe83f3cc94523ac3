"""Default distributions: cited data in ``data/uncertainty``, matched by what an input is, never by what stream it is.

An input that no entry fits has no known uncertainty: it stays at its value, and every result lists it as such.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import StandardError
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import compatible, convert
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.uncertainty.distributions import Z95, Distribution, parse_distribution
from tanheng.uncertainty.inputs import Input

__all__ = ["Default", "Source", "default_for", "defaults"]


class Source(BaseModel):
    """Where a default distribution stands; ``checked`` is false until someone held it against the text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    title: str
    clause: str
    confidence: str
    checked: bool
    note: str = ""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    zh: str
    quantities: tuple[str, ...]
    distribution: dict[str, Any]
    origins: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Default:
    """A default distribution with its citation and what it is for; an empty tuple fits all."""

    id: str
    zh: str
    quantities: tuple[str, ...]
    origins: tuple[str, ...]
    roles: tuple[str, ...]
    materials: tuple[str, ...]
    states: tuple[str, ...]
    given: Mapping[str, Any]
    source: Source

    def fits(self, entry: Input) -> bool:
        """Whether the default is for all that an input stands for."""
        known = materials()
        states = {known[name].state for name in entry.materials if name in known}
        wanted = (
            (self.quantities, {entry.symbol}),
            (self.origins, {entry.origin}),
            (self.roles, set(entry.roles)),
            (self.materials, set(entry.materials)),
            (self.states, states),
        )
        return all(not allowed or (has and has <= set(allowed)) for allowed, has in wanted)

    def distribution(self, entry: Input) -> Distribution | None:
        """Return the distribution of an input's scale, or None where its unit does not fit."""
        if "lognormal_range" in self.given:
            low, high = self.given["lognormal_range"]
            return Distribution("lognormal", 0.0, math.log(high / low) / (2 * Z95))
        if "normal_absolute" in self.given:
            unit = str(self.given["unit"])
            if not compatible(unit, entry.unit) or not entry.value:
                return None
            half = convert(float(self.given["normal_absolute"]), unit, entry.unit)
            return Distribution("normal", 1.0, float(half) / abs(entry.value) / Z95)
        return parse_distribution(self.given, value=entry.value)

    def citation(self) -> dict[str, Any]:
        """Return where it stands, as plain data."""
        return {"id": self.id, "zh": self.zh, **self.source.model_dump()}


@cache
def defaults() -> tuple[Default, ...]:
    """Return all default distributions, file by file in the order of their names.

    Raises
    ------
    StandardError
        ``uncertainty.duplicate_default`` for an id that stands twice; pydantic's ValidationError for a wrong key.
    """
    found: dict[str, Default] = {}
    for path in sorted((data_dir() / "uncertainty").glob("*.yaml")):
        content = read_yaml(path).data
        source, common = Source(**content["source"]), tuple(content.get("origins") or ())
        for entry in (_Entry(**each) for each in content["entries"]):
            if entry.id in found:
                raise StandardError("uncertainty.duplicate_default", id=entry.id, file=path.name)
            found[entry.id] = Default(
                entry.id, entry.zh, entry.quantities, entry.origins or common, entry.roles, entry.materials,
                entry.states, entry.distribution, source,
            )  # fmt: skip
    return tuple(found.values())


def default_for(entry: Input) -> tuple[Default, Distribution] | None:
    """Return the first default that fits an input, or None: then nothing is cited and nothing is assumed."""
    for each in defaults():
        if each.fits(entry):
            found = each.distribution(entry)
            if found is not None:
                return each, found
    return None
