"""Reading the cells of a case file: numbers with units, dates, keys; faults are collected with their place."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tanheng.kernel.catalogue import Material
from tanheng.kernel.errors import InputError, TanhengError
from tanheng.kernel.quantities import Quantity, glossary, parse_quantity
from tanheng.kernel.units import compatible
from tanheng.kernel.yaml_lines import Document
from tanheng.rules.streams import Given
from tanheng.rules.table import ORIGINS
from tanheng.uncertainty.distributions import KINDS, parse_distribution

__all__ = ["DISTRIBUTIONS", "Place", "Reader", "spell"]

Place = tuple[str | int, ...]
DISTRIBUTIONS = KINDS
_GIVEN_ORIGINS = ORIGINS[:2]


def spell(place: Place) -> str:
    """Return a path as people read it: ``streams[2].quantity.purchased``."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class Reader:
    """Collects faults of one document; what cannot be read is None, so that one pass finds them all."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults: list[TanhengError] = []

    def add(self, error: TanhengError, place: Place) -> None:
        """Collect an error with its place."""
        self.faults.append(error.at(file=self.document.file, line=self.document.line(place), path=spell(place)))

    def fault(self, code: str, place: Place, **values: object) -> None:
        """Collect a fault by code."""
        self.add(InputError(code, **values), place)

    def mapping(self, place: Place, given: Any, known: Iterable[str]) -> dict[str, Any]:
        """Return a mapping whose keys are all known; others are faults with what was meant."""
        if not isinstance(given, dict):
            self.fault("case.wrong_type", place, given=_short(given), expected="键与值")
            return {}
        names = list(known)
        for key in given:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1)
                self.fault("case.unknown_key", (*place, key), key=key, known=near or names)
        return {key: value for key, value in given.items() if key in names}

    def day(self, place: Place, given: Any) -> date | None:
        """Return a date; None where none is given or it is unreadable."""
        if isinstance(given, datetime):
            return given.date()
        if given is None or isinstance(given, date):
            return given
        try:
            return date.fromisoformat(str(given))
        except ValueError:
            self.fault("case.date", place, given=_short(given))
            return None

    def number(self, place: Place, given: Any, default_unit: str) -> Quantity | None:
        """Return a number with its unit; a bare number is in ``default_unit``."""
        if isinstance(given, dict | list) or given is None:
            self.fault("case.wrong_type", place, given=_short(given), expected="数值加单位，如 1000 t")
            return None
        try:
            return parse_quantity(_text(given), default_unit=default_unit)
        except TanhengError as error:
            self.add(error, place)
            return None

    def amount(self, place: Place, given: Any, material: Material, role: str, part: str) -> Given | None:
        """Return a quantity of a material; purchase, stock and sale are not negative, a net may be."""
        found = self.number(place, given, material.unit)
        if found is None:
            return None
        fits = [material.unit, "GJ", "t"] if role == "heat" else [material.unit]
        name = glossary()[part].zh if part in glossary() else part
        if not any(compatible(found.unit, unit) for unit in fits):
            self.fault("case.unit_mismatch", place, quantity_zh=name, unit=found.unit, expected=fits)
            return None
        if part != "quantity" and found.value < 0:
            self.fault("case.negative", place, quantity_zh=name, given=_text(given))
            return None
        return Given(float(found.value), found.unit, "measured", self.provenance(place, given))

    def value(self, place: Place, quantity: str, given: Any, material: Material | None) -> Given | None:
        """Return a measured or contracted value: ``28.5 GJ/t`` or ``{value, unit, origin, distribution}``."""
        known = glossary().get(quantity)
        if known is None or not known.all_units:
            near = difflib.get_close_matches(quantity, list(glossary()), n=3, cutoff=0.4)
            self.fault("case.unknown_quantity", place, given=quantity, near=near)
            return None
        entry = given if isinstance(given, dict) else {"value": given}
        entry = self.mapping(place, entry, ("value", "unit", "origin", "distribution", "note"))
        at: Place = (*place, "value") if isinstance(given, dict) else place
        found = self.number(at, entry.get("value"), str(entry.get("unit") or _usual(known.all_units, material)))
        origin = str(entry.get("origin") or "measured")
        if origin not in _GIVEN_ORIGINS:
            self.fault("value.origin", (*place, "origin"), origin=origin, quantity=known.zh, known=_GIVEN_ORIGINS)
        if found is None:
            return None
        if not any(compatible(found.unit, unit) for unit in known.all_units):
            said = {"quantity_zh": known.zh, "unit": found.unit, "expected": known.all_units}
            self.fault("case.unit_mismatch", at, **said)
            return None
        if found.value < 0 and quantity != "temperature":
            self.fault("case.negative_value", at, quantity_zh=known.zh, given=_text(entry.get("value")))
            return None
        more = self._distribution(place, entry.get("distribution"), float(found.value))
        return Given(float(found.value), found.unit, origin, {**self.provenance(at, entry.get("value")), **more})

    def _distribution(self, place: Place, given: Any, value: float) -> Mapping[str, object]:
        """Keep a distribution with the value: the accounts use the value alone, an uncertainty run uses both."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            self.fault("case.distribution", (*place, "distribution"), known=DISTRIBUTIONS)
            return {}
        plain = {str(name): _plain(part) for name, part in given.items()}
        try:
            parse_distribution(plain, value=value)
        except InputError as error:
            self.add(error, (*place, "distribution"))
            return {}
        return {"distribution": plain, "distribution_of": value}  # limits are in the unit in which it was entered

    def provenance(self, place: Place, given: Any) -> dict[str, object]:
        """Return where a cell stands."""
        return {
            "kind": "case", "file": self.document.file, "path": spell(place), "line": self.document.line(place),
            "text": _text(given),
        }  # fmt: skip


def _usual(units: tuple[str, ...], material: Material | None) -> str:
    """Return the unit a bare number means: the glossary's first, or for a gas the one per 1e4Nm3."""
    if material is not None:
        for unit in units:
            if unit.endswith(f"/{material.unit}"):
                return unit
    return units[0]


def _text(given: Any) -> str:
    return repr(given) if isinstance(given, float) else str(given)


def _short(given: Any) -> str:
    return _text(given)[:40]


def _plain(given: Any) -> Any:
    if isinstance(given, dict):
        return {str(key): _plain(value) for key, value in given.items()}
    return [_plain(item) for item in given] if isinstance(given, list) else given
