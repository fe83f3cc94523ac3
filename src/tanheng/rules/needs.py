"""What a standard asks of a stream: the values without which it has a gap, and those that may be measured."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tanheng.kernel.units import compatible
from tanheng.rules.formula import Formula
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.models import Source, TakeRule
from tanheng.rules.package import Standard

__all__ = ["Needs", "needs_of"]

_GIVEN = frozenset({"quantity"})
_HEAT = {"steam": "enthalpy", "hot_water": "temperature"}


@dataclass(frozen=True, slots=True)
class Needs:
    """Values by quantity id: ``needed`` ones have no default anywhere, ``usual`` ones replace a default."""

    needed: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()


def needs_of(standard: Standard, *, material: str, role: str, direction: str, unit: str, on: date) -> Needs:
    """Return what a standard asks of a stream of a material in a use, with its quantity in a unit, on a day.

    Examples
    --------
    >>> from tanheng.rules.package import load_standard
    >>> needs_of(
    ...     load_standard("ndrc_2015_other_nonferrous"),
    ...     material="dolomite", role="carbonate", direction="in", unit="t", on=date(2025, 7, 1),
    ... ).needed
    ('purity',)
    """
    needed: dict[str, None] = {}
    usual: dict[str, None] = {}
    for source, rule in _rules(standard, material, role, direction):
        for formula in _formulas(standard, source, rule):
            for term in _terms(standard, formula, unit):
                has_default = _has_default(standard, source, term, material, role, on)
                certain = not rule.requires and not rule.names_factor
                (needed if certain and not has_default else usual).setdefault(term[0])
                usual.update(dict.fromkeys(_alternatives(standard, term, material, role)))
        usual.update(dict.fromkeys(rule.requires))
    if role == "heat" and material in _HEAT and compatible(unit, "t"):
        needed.setdefault(_HEAT[material])
    return Needs(tuple(needed), tuple(key for key in usual if key not in needed))


def _rules(standard: Standard, material: str, role: str, direction: str) -> Iterator[tuple[Source, TakeRule]]:
    """Yield the rules that may take the stream; behind a certain one of a source nothing follows."""
    way = "out" if role in OUTWARD_ROLES else direction
    for source in standard.sources.values():
        for rule in source.take:
            if rule.matches(material, role, way):
                yield source, rule
                if not rule.requires and not rule.names_factor:
                    break


def _formulas(standard: Standard, source: Source, rule: TakeRule) -> Iterator[Formula]:
    for name in dict.fromkeys(rule.formula or line.formula for line in source.lines):
        yield standard.formulas[name]


def _terms(standard: Standard, formula: Formula, unit: str) -> Iterator[tuple[str, str]]:
    """Yield what the formula takes besides the quantity and constants, with the unit that fits the stream's."""
    amounts = formula.terms.get("quantity", ("",))
    number = next((n for n, each in enumerate(amounts) if each and compatible(each, unit)), 0)
    for term, units in formula.terms.items():
        if term not in _GIVEN and term not in standard.constants:
            yield term, units[min(number, len(units) - 1)]


def _has_default(standard: Standard, source: Source, term: tuple[str, str], material: str, role: str, on: date) -> bool:
    name, unit = term
    if name == "emission_factor" and role == "electricity":
        return True  # the library's grid factor
    _values, refs = standard.parameters.lookup(name, [material], [role], on, unit=unit)
    return bool(refs[0] >= 0)


def _alternatives(standard: Standard, term: tuple[str, str], material: str, role: str) -> Iterator[str]:
    """Yield the values that a derived one [of the term's unit] may be computed from."""
    for formula in standard.derivations(term[0]):
        fits = any(compatible(unit, term[1]) for unit in formula.units)
        if fits and formula.concerns(role=role, material=material):
            yield from (term for term in formula.terms if term not in standard.constants)
