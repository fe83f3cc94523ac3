"""Numbers as people type them, and the glossary of quantities."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict

from tanheng.kernel.errors import InputError
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import canonical
from tanheng.kernel.yaml_lines import read_yaml

__all__ = ["Quantity", "QuantityDef", "glossary", "parse_number", "parse_quantity"]

_MAX_LENGTH = 60
_MAX_EXPONENT = 30
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "负": "-", "＋": "+", "﹢": "+", "，": ",", "。": "."})
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<sign>[,' ])\d{3})(?:(?P=sign)\d{3})*(?:\.\d*)?\Z", re.ASCII)
_LEADING = re.compile(r"[+-]?[\d.,' ]*\d\.?(?:[eE][+-]?\d{1,3}(?!\d))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A decimal number as it was given, with its canonical unit."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.value} {self.unit}"


class QuantityDef(BaseModel):
    """An entry of the glossary ``data/quantities.yaml``; what is not ``entered`` is never asked of a person."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    zh: str
    en: str
    symbol: str
    unit: str | None = None
    units: tuple[str, ...] = ()
    definition: str
    source: Any
    plausible: Any = None
    entered: bool = True
    share: bool = False

    @property
    def all_units(self) -> tuple[str, ...]:
        """Every unit the quantity may be declared in, the first one being what a bare number means."""
        return (self.unit, *self.units) if self.unit is not None else self.units


@cache
def glossary() -> Mapping[str, QuantityDef]:
    """Return the definitions by quantity id."""
    document = read_yaml(data_dir() / "quantities.yaml")
    entries: dict[str, dict[str, Any]] = document.data
    return MappingProxyType({name: _definition(name, entry) for name, entry in entries.items()})


def _definition(name: str, entry: dict[str, Any]) -> QuantityDef:
    for key in ("unit", "units"):
        if key in entry and entry[key] is not None:
            many = entry[key] if isinstance(entry[key], list) else [entry[key]]
            entry = {**entry, key: [canonical(str(unit)) for unit in many]}
    if isinstance(entry.get("unit"), list):
        entry = {**entry, "unit": entry["unit"][0], "units": tuple(entry["unit"][1:]) + tuple(entry.get("units") or ())}
    return QuantityDef(id=name, **entry)


def parse_number(given: str | int | float | Decimal | None) -> Decimal:
    """Read a number as a person or a spreadsheet gives it, exactly.

    Full-width digits, thousands separators (``1,234,567.8``), ``−`` and ``负`` are read; a float is taken as the
    decimal it prints as. A percent sign or a unit is not part of a number: see :func:`parse_quantity`.

    Raises
    ------
    InputError
        ``number.empty``, ``number.not_a_number``, ``number.separators`` (``1,23`` could mean two things),
        ``number.not_finite``, ``number.too_large`` (beyond 1e30) or ``number.too_long``.

    >>> parse_number("１，２３４．５０"), parse_number("−3")
    (Decimal('1234.50'), Decimal('-3'))
    """
    if given is None:
        raise InputError("number.empty")
    if isinstance(given, bool):
        raise InputError("number.not_a_number", text="是" if given else "否")
    if isinstance(given, Decimal):
        return _bounded(given, str(given))
    if isinstance(given, int):
        if given.bit_length() > 110:
            raise InputError("number.too_large", text=f"2^{given.bit_length() - 1}")
        return _bounded(Decimal(given), str(given))
    if isinstance(given, float):
        return _bounded(Decimal(repr(float(given))), repr(given))
    return _parse_text(str(given))


def _parse_text(text: str) -> Decimal:
    if not text.strip():
        raise InputError("number.empty")
    if len(text) > _MAX_LENGTH:
        raise InputError("number.too_long", text=text[:20] + "…", most=_MAX_LENGTH)
    plain = unicodedata.normalize("NFKC", text.translate(_MINUS)).translate(_MINUS).strip()
    plain = re.sub(r"\A([+-])\s+", r"\1", plain)
    if _GROUPED.match(plain):
        plain = re.sub("[,' ]", "", plain)
    elif "," in plain and re.fullmatch(r"[+-]?[\d.,]+", plain, re.ASCII):
        raise InputError("number.separators", text=text.strip())
    if not _NUMBER.match(plain):
        raise InputError("number.not_a_number", text=text.strip())
    return _bounded(Decimal(plain), text.strip())


def _bounded(value: Decimal, text: str) -> Decimal:
    if not value.is_finite():
        raise InputError("number.not_finite", text=text)
    if value and (value.adjusted() > _MAX_EXPONENT or value.adjusted() < -_MAX_EXPONENT):
        raise InputError("number.too_large", text=text)
    return value


def parse_quantity(text: str, *, default_unit: str | None = None) -> Quantity:
    """Read ``25.100 GJ/t``, ``0.93`` or ``93 %``; a bare number takes ``default_unit``.

    Raises
    ------
    InputError
        ``number.*``, ``unit.unknown``, or ``quantity.no_unit`` for a bare number without a default.

    >>> parse_quantity("２５．１００ 吉焦/吨")
    Quantity(value=Decimal('25.100'), unit='GJ/t')
    """
    plain = unicodedata.normalize("NFKC", str(text).translate(_MINUS)).translate(_MINUS).strip()
    found = _LEADING.match(plain) if len(plain) <= 2 * _MAX_LENGTH else None
    if not found:
        parse_number(str(text))
        raise InputError("number.not_a_number", text=str(text)[:_MAX_LENGTH])
    digits, rest = _split(plain, found.end(), str(text))
    if rest:
        return Quantity(parse_number(digits), canonical(rest))
    if default_unit is None:
        raise InputError("quantity.no_unit", text=str(text).strip())
    return Quantity(parse_number(digits), canonical(default_unit))


def _split(plain: str, end: int, original: str) -> tuple[str, str]:
    """Split number and unit; in ``3 1e4Nm3`` and ``5 10^4Nm3`` the unit starts with digits, after a space."""
    number, _, rest = plain.partition(" ")
    first = rest.split()[0] if rest.split() else ""
    if _NUMBER.match(number) and first[:1].isdigit() and not re.fullmatch(r"[\d.,']+(?:[eE]\d+)?", first, re.ASCII):
        return number, original.split(maxsplit=1)[-1]
    return plain[:end].strip(), plain[end:].strip()
