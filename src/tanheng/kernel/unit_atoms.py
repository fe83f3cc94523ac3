"""The atoms of ``data/units.yaml``, each reduced by pint to an exact scale and a vector of base dimensions."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from tanheng.kernel.resources import data_dir
from tanheng.kernel.text import plain
from tanheng.kernel.yaml_lines import read_yaml

__all__ = ["Atom", "aliases", "atoms", "normalise"]

_POWER_OF_TEN = re.compile("10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")  # 10⁴Nm³ would otherwise be read as 104Nm3
_KEYS = {"zh", "label", "kind", "define", "aliases"}


@dataclass(frozen=True, slots=True)
class Atom:
    """One unit of the closed list; ``scale`` and ``offset`` lead to the base units of ``dimensions``."""

    id: str
    zh: str
    label: str
    kind: str
    aliases: tuple[str, ...]
    scale: Fraction
    dimensions: tuple[tuple[str, int], ...]
    offset: Fraction


def normalise(text: str) -> str:
    """Return the text as units are looked up: full width and superscripts made plain (NFKC), no spaces."""
    text = _POWER_OF_TEN.sub(lambda found: "10^" + unicodedata.normalize("NFKC", found[1]), text)
    return plain(text).replace("−", "-").replace("⁄", "/").replace("∕", "/").replace("•", "·")


@cache
def atoms() -> Mapping[str, Atom]:
    """Return every atom by id, in the order of the file."""
    entries: dict[str, dict[str, Any]] = read_yaml(data_dir() / "units.yaml").data
    for name, entry in entries.items():
        if unknown := set(entry) - _KEYS:
            raise ValueError(f"units.yaml: {name} has unknown keys {sorted(unknown)}")
    return _reduce(entries)


def _reduce(entries: Mapping[str, dict[str, Any]]) -> dict[str, Atom]:
    from pint import UnitRegistry  # a third of a second to import, and only needed here

    registry: Any = UnitRegistry(None, non_int_type=Fraction, cache_folder=None)
    inner = {name: name if name.isidentifier() else f"atom_{n}" for n, name in enumerate(entries)}
    for name, entry in entries.items():
        define = entry["define"]
        registry.define(f"{inner[name]} = [{inner[name]}]" if define is None else f"{inner[name]} = {define}")
    base = {value: key for key, value in inner.items()}
    reduced = {}
    for name, entry in entries.items():
        zero = registry.Quantity(Fraction(0), inner[name]).to_base_units()
        one = registry.Quantity(Fraction(1), inner[name]).to_base_units()
        reduced[name] = Atom(
            id=name,
            zh=entry["zh"],
            label=entry.get("label", name),
            kind=entry["kind"],
            aliases=tuple(entry["aliases"]),
            scale=Fraction(one.magnitude) - Fraction(zero.magnitude),
            dimensions=tuple(sorted((base[unit], int(e)) for unit, e in one.unit_items())),
            offset=Fraction(zero.magnitude),
        )
    return reduced


@cache
def aliases() -> Mapping[str, str]:
    """Return atom id by every accepted spelling; a spelling without regard to case only where it is unambiguous."""
    exact: dict[str, str] = {}
    folded: dict[str, set[str]] = {}
    for name, atom in atoms().items():
        for spelling in (name, atom.zh, atom.label, *atom.aliases):
            key = normalise(spelling)
            if exact.setdefault(key, name) != name:
                raise ValueError(f"units.yaml: {spelling} names both {exact[key]} and {name}")
            folded.setdefault(key.casefold(), set()).add(name)
    loose = {key: next(iter(names)) for key, names in folded.items() if len(names) == 1}
    return {**loose, **exact}
