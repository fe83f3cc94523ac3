"""The words of activity data: uses, directions, parts of the balance, and the unit of a value on a stream."""

from functools import cache

from tanheng.accounting.plausibility import VERIFIED, is_verified
from tanheng.kernel.errors import UnitError
from tanheng.kernel.quantities import glossary
from tanheng.kernel.roles import roles
from tanheng.kernel.units import canonical, compatible, label

__all__ = [
    "BALANCE",
    "DIRECTIONS",
    "QUANTITY_KEYS",
    "ROLES",
    "SHARES",
    "VALUE_KEYS",
    "VERIFIED",
    "is_verified",
    "key_unit",
    "key_zh",
    "unit_label",
]

ROLES = dict(roles())
DIRECTIONS = {"in": "投入", "out": "产出"}
BALANCE = ("purchased", "opening_stock", "closing_stock", "sold", "used_outside")
QUANTITY_KEYS = ("quantity", *BALANCE)
# values that may be measured: whatever the glossary lets be entered, so that a new standard may ask for a new one
VALUE_KEYS = tuple(key for key, entry in glossary().items() if entry.entered and key not in QUANTITY_KEYS)
SHARES = frozenset(key for key, entry in glossary().items() if entry.share)


@cache
def key_zh(key: str) -> str:
    """The Chinese name of a part of the balance or a measured value."""
    return glossary()[key].zh


@cache
def key_unit(key: str, stream_unit: str) -> str:
    """The unit of `key` on a stream whose quantity is in `stream_unit`: GJ/t for tonnes, GJ/1e4Nm3 for gas."""
    if key in QUANTITY_KEYS:
        return canonical(stream_unit)
    units = glossary()[key].all_units
    return next((unit for unit in units if "/" in unit and _per(unit, stream_unit)), units[0])


def _per(unit: str, stream_unit: str) -> bool:
    # Units of the glossary end in "/t", "/1e4Nm3", "/MWh"; a composed denominator belongs to no stream unit.
    try:
        return canonical(unit.rsplit("/", 1)[1].strip("()")) == _base(stream_unit)
    except UnitError:
        return False


@cache
def _base(stream_unit: str) -> str:
    for base in ("t", "1e4Nm3", "MWh", "GJ"):
        if base == canonical(stream_unit):
            return base
    return next((base for base in ("t", "1e4Nm3", "GJ") if compatible(stream_unit, base)), stream_unit)


@cache
def unit_label(unit: str) -> str:
    """How a unit is shown; a share has none."""
    return label(unit)
