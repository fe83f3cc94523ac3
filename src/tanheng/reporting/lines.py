"""The lines of a result document, each with everything that was put into it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Line", "Value", "read_lines"]


@dataclass(frozen=True, slots=True)
class Value:
    """What was put in for a symbol: value [unit] (None: unknown), origin and provenance."""

    value: float | None
    unit: str
    origin: str
    provenance: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: a stream in a month under a source, one gas."""

    index: int
    stream: str
    month: str
    account: str
    source: str
    process: str
    material: str
    gas: str
    formula: str
    value: float | None
    symbols: Mapping[str, Value] = field(repr=False)
    derived: Mapping[str, Value] = field(repr=False, default_factory=dict)
    parts: Mapping[str, Value] = field(repr=False, default_factory=dict)
    paths: Mapping[str, str] = field(repr=False, default_factory=dict)

    @property
    def provenance(self) -> tuple[Mapping[str, Any], ...]:
        """Where the quantity of the line comes from, cell by cell."""
        return tuple(part.provenance for part in self.parts.values())

    def find(self, symbol: str) -> Value | None:
        """Return an input, or what an input was derived from."""
        return self.symbols.get(symbol) or self.derived.get(symbol)

    def address(self, symbol: str) -> str:
        """The address of an input of the line, or of what an input was derived from."""
        return f"input:{self.index}/{symbol if symbol in self.symbols else self.paths.get(symbol, symbol)}"


Inputs = dict[int, dict[str, Value]]
COLUMNS = ("stream", "month", "account", "source", "process", "material", "gas", "formula", "value")


def read_lines(data: Mapping[str, Any]) -> tuple[Line, ...]:
    """Return the lines of a result in its order, with terms, what terms were derived from, and entered parts."""
    inputs: Inputs = defaultdict(dict)
    derived: Inputs = defaultdict(dict)
    parts: Inputs = defaultdict(dict)
    paths: dict[int, dict[str, str]] = defaultdict(dict)
    for block in data["trace"]:
        _spread(data, inputs, block["lines"], block["symbols"])
        _spread(data, parts, block["lines"], block["amount"]["parts"], unit=block["amount"]["unit"])
        for entry in block["derived"]:
            _spread(data, derived, entry["lines"], entry["symbols"])
            for line in entry["lines"]:
                paths[line].update({name: f"{entry['symbol']}/{name}" for name in entry["symbols"]})
    rows = [
        dict(zip(COLUMNS, row, strict=True)) for row in zip(*(data["lines"][name] for name in COLUMNS), strict=True)
    ]
    return tuple(
        Line(index=n, **row, symbols=inputs[n], derived=derived[n], parts=parts[n], paths=paths[n])
        for n, row in enumerate(rows)
    )


def _spread(
    data: Mapping[str, Any], into: Inputs, lines: Sequence[int], symbols: Mapping[str, Any], unit: str = ""
) -> None:
    """Give every line its own values of the columns of a trace block; a part that was not given is left out."""
    for name, symbol in symbols.items():
        for line, value, origin, ref in zip(lines, symbol["value"], symbol["origin"], symbol["ref"], strict=True):
            if not unit or value is not None:
                provenance = data["provenance"][ref] if ref >= 0 else {}
                named = data["origins"][origin] if origin >= 0 else ""
                into[line][name] = Value(value, symbol.get("unit") or unit, named, provenance)
