"""What a sensitivity study varies: inputs within ranges a user chose, and a price that shifts the energy mix."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.quantities import parse_number
from tanheng.uncertainty.chosen import share_bound
from tanheng.uncertainty.inputs import Inputs

__all__ = ["Driver", "Mix", "Range", "input_driver", "mix_driver", "parse_mix", "parse_range"]

Array = NDArray[np.float64]
_LEAST, _MOST = -1.0, 10.0
_SLACK = 5e-5  # a bound is shown and typed with two decimals of a per cent
_RANGE_FORM = "ID=-10%..10%"
_MIX_FORM = "FROM>TO,price=-20%..20%,elasticity=0.3,rate=0.28"
_SPAN = re.compile(r"\s*([^.%％]+(?:\.\d+)?)\s*[%％]\s*\.\.\s*([^%％]+)\s*[%％]\s*\Z")


@dataclass(frozen=True, slots=True)
class Range:
    """An input and the relative changes between which it is varied (-0.1 to 0.1)."""

    id: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mix:
    """A price of one energy that makes the plant use more or less of it and replace the difference by another.

    When the price changes by the share ``p``, the use of ``source`` becomes ``(1 + p) ** -elasticity`` times what it
    was; every unit not used is replaced by ``rate`` units of ``target`` (own gas for a MWh of bought power). All three
    are the user's: the platform assumes no elasticity.
    """

    source: str
    target: str
    low: float
    high: float
    elasticity: float
    rate: float


@dataclass(frozen=True, slots=True)
class Driver:
    """One variable of a study: its range of relative change, and how it moves the scales of the inputs."""

    id: str
    label: str
    low: float
    high: float
    moves: tuple[int, ...]
    mix: Mix | None = None
    ratio: float = 0.0

    def apply(self, change: Array, scales: Array) -> None:
        """Change the scales (inputs, n) in place for relative changes (n,)."""
        if self.mix is None:
            scales[self.moves[0]] *= 1.0 + change
            return
        used = (1.0 + change) ** -self.mix.elasticity
        scales[self.moves[0]] *= used
        scales[self.moves[1]] += (1.0 - used) * self.ratio


def _valid(name: str, low: float, high: float) -> None:
    if not _LEAST <= low < high <= _MOST:
        raise InputError("sensitivity.range", input=name, low=f"{low:+.0%}", high=f"{high:+.0%}")


def input_driver(inputs: Inputs, wanted: Range) -> Driver:
    """Return the driver of an input; raises ``uncertainty.unknown_input`` or ``sensitivity.range``."""
    known = inputs.by_id()
    if wanted.id not in known:
        raise NotFound("uncertainty.unknown_input", id=wanted.id)
    entry = inputs.entries[known[wanted.id]]
    _valid(entry.label, wanted.low, wanted.high)
    most = share_bound(entry)
    if most is not None and wanted.high > most - 1 + _SLACK:
        raise InputError("sensitivity.share", input=entry.label, high=f"{wanted.high:+.1%}", most=f"{most - 1:+.2%}")
    return Driver(wanted.id, entry.label, wanted.low, wanted.high, (known[wanted.id],))


def mix_driver(inputs: Inputs, mix: Mix, totals: Mapping[str, float]) -> Driver:
    """Return the driver of a price; ``totals`` gives the yearly amount of both inputs in their units.

    Raises
    ------
    NotFound, InputError
        ``uncertainty.unknown_input``, ``sensitivity.range``, ``sensitivity.mix``.
    """
    known = inputs.by_id()
    for name in (mix.source, mix.target):
        if name not in known:
            raise NotFound("uncertainty.unknown_input", id=name)
    source, target = (inputs.entries[known[name]] for name in (mix.source, mix.target))
    label = f"{source.label} 的价格（由 {target.label} 替代）"
    _valid(label, mix.low, mix.high)
    if mix.low <= -1 or mix.elasticity < 0 or mix.rate <= 0 or not totals[mix.source] or not totals[mix.target]:
        raise InputError("sensitivity.mix")
    ratio = mix.rate * totals[mix.source] / totals[mix.target]
    return Driver(f"price@{mix.source}", label, mix.low, mix.high, (known[mix.source], known[mix.target]), mix, ratio)


def parse_range(text: str) -> Range:
    """Read ``ID=-10%..10%``; raises InputError ``sensitivity.option``."""
    name, _, span = text.rpartition("=")
    low, high = _span(span, text, _RANGE_FORM)
    if not name:
        raise InputError("sensitivity.option", given=text, form=_RANGE_FORM)
    return Range(name, low, high)


def parse_mix(text: str) -> Mix:
    """Read ``FROM>TO,price=-20%..20%,elasticity=0.3,rate=0.28``; raises InputError ``sensitivity.option``."""
    head, *rest = text.split(",")
    source, arrow, target = head.partition(">")
    options = dict(part.partition("=")[::2] for part in rest)
    if not arrow or set(options) != {"price", "elasticity", "rate"}:
        raise InputError("sensitivity.option", given=text, form=_MIX_FORM)
    low, high = _span(options["price"], text, _MIX_FORM)
    elasticity, rate = (float(parse_number(options[name])) for name in ("elasticity", "rate"))
    return Mix(source.strip(), target.strip(), low, high, elasticity, rate)


def _span(span: str, text: str, form: str) -> tuple[float, float]:
    found = _SPAN.match(span)
    if found is None:
        raise InputError("sensitivity.option", given=text, form=form)
    low, high = (float(parse_number(part.strip())) / 100 for part in found.groups())
    return low, high


def unit_bounds(drivers: Sequence[Driver]) -> dict[str, Any]:
    """Return the problem of SALib: every driver between its own bounds."""
    return {
        "num_vars": len(drivers),
        "names": [f"x{n}" for n in range(len(drivers))],
        "bounds": [[driver.low, driver.high] for driver in drivers],
    }
