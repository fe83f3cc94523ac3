"""The physical flows of a result document: quantity, energy and emission of every stream, counted or not."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.kernel.errors import TanhengError
from tanheng.kernel.units import compatible, convert
from tanheng.rules.factors import packaged
from tanheng.rules.matching import OUTWARD_ROLES

__all__ = ["Flow", "coal_equivalent", "flows"]

ABSENT = "本标准的结果中没有这条流"
_NET = {"purchased": 1, "opening_stock": 1, "closing_stock": -1, "sold": -1, "used_outside": -1}
_OUT = {"sold": 1, "closing_stock": 1, "opening_stock": -1}
_NCV = "net_calorific_value"


@dataclass(frozen=True, slots=True)
class Flow:
    """A stream over the period of a result.

    ``quantity`` [``unit``] is what went in of an input and came out of an output; ``energy`` [GJ]; ``emission``
    [tCO2e, signed], 0 with a ``reason`` where the standard does not count the stream. None: not known. ``accounts``
    show the stream, the one the emission is taken from first.
    """

    stream: str
    label: str
    material: str
    role: str
    direction: str
    process: str
    quantity: float | None
    unit: str
    energy: float | None
    energy_basis: str
    emission: float | None
    counted: bool
    reason: str = ""
    accounts: tuple[str, ...] = ()

    @property
    def is_output(self) -> bool:
        """Whether the stream leaves: a product, or anything that flows out."""
        return self.direction == "out" or self.role in OUTWARD_ROLES


def flows(data: Mapping[str, Any]) -> tuple[Flow, ...]:
    """Return every declared stream of a result document; what the result holds nothing of is there without a number.

    A summary (no trace) serves as well: its outputs then stand as amounts, without the sign a falling stock can give.
    """
    declared = {decl["id"]: decl for decl in data["declared"]}
    names = data["labels"].get("streams", {})
    accounts = _accounts(data, declared)
    counted = _counted(data, declared, accounts) if "trace" in data else _summarised(data, declared, accounts)
    left = {row["stream"]: row for row in data["not_counted"]}
    found: list[Flow] = []
    for id, decl in declared.items():
        label = names.get(id) or decl["label"] or decl["material_zh"] or id
        place = (id, label, decl["material"], decl["role"], decl["direction"], decl["process"])
        if id in counted:
            quantity, unit, energy, basis, emission = counted[id]
            shown = accounts.get(id, ())
            found.append(Flow(*place, quantity, unit, energy, basis, emission, True, accounts=shown))
        elif id in left:
            row = left[id]
            unit = row["unit"] or ""
            energy, basis = _table_energy(decl["material"], row["value"], unit)
            found.append(Flow(*place, row["value"], unit, energy, basis, 0.0, False, row["reason"]))
        else:
            found.append(Flow(*place, None, "", None, "", None, False, ABSENT))
    return tuple(found)


def coal_equivalent(material: str) -> tuple[float, str] | None:
    """Return the coal equivalent of a material from GB/T 2589 in the factor library, value and unit; None without one.

    A range (natural gas, coke-oven gas) is no value: the site's own calorific value is needed.
    """
    for key in (material, {"water": "fresh_water", "nitrogen": "nitrogen_main"}.get(material, material)):
        try:
            factor = packaged().get(f"fuel:GBT2589-2020:{key}:coal_equivalent")
        except TanhengError:
            continue
        return float(factor.value), factor.unit
    return None


def _table_energy(material: str, quantity: float | None, unit: str) -> tuple[float | None, str]:
    if quantity is None or not unit:
        return None, ""
    if compatible(unit, "GJ"):
        return convert(quantity, unit, "GJ"), "energy"
    found = coal_equivalent(material)
    if found is None:
        return None, ""
    value, per = found
    numerator, _, denominator = per.partition("/")
    denominator = "Nm3" if denominator == "m3" else denominator  # gases of GB/T 2589 are at standard state
    if not compatible(unit, denominator):
        return None, ""
    return convert(quantity, unit, denominator) * convert(value, numerator, "GJ"), "coal_equivalent"


_Counted = tuple[float | None, str, float | None, str, float | None]


def _counted(
    data: Mapping[str, Any], declared: Mapping[str, Any], accounts: Mapping[str, tuple[str, ...]]
) -> dict[str, _Counted]:
    """Return stream → (quantity, unit, energy, basis, emission); a stream with several gases has one quantity.

    A stream that several accounts show (by location and by market) is taken from the first of them alone.
    """
    lines = data["lines"]
    amounts: dict[str, dict[str, tuple[float | None, float | None]]] = {}
    units: dict[str, str] = {}
    emissions: dict[str, list[float | None]] = {}
    bases: dict[str, str] = {}
    for block in data["trace"]:
        for n, line in enumerate(block["lines"]):
            stream, month = lines["stream"][line], lines["month"][line]
            if accounts[stream][0] != block["account"]:
                continue
            quantity = _quantity(block["amount"], n, declared[stream])
            energy, basis = _energy(block, n, quantity, lines["material"][line])
            amounts.setdefault(stream, {}).setdefault(month, (quantity, energy))
            units[stream], bases[stream] = block["amount"]["unit"], basis
            emissions.setdefault(stream, []).append(lines["value"][line])
    return {
        stream: (
            _sum(q for q, _ in cells.values()), units[stream], _sum(e for _, e in cells.values()), bases[stream],
            _sum(emissions[stream]),
        )
        for stream, cells in amounts.items()
    }  # fmt: skip


def _accounts(data: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The accounts that show each stream: the enterprise's speaks for what crosses its boundary, not for a flow inside.

    An enterprise account may deduct a flow inside (the captive plant under the ETS); the flow itself is the plant's.
    """
    rows = [(row["id"], row["account"]) for row in data["streams"]] if "streams" in data else None
    lines = data.get("lines")
    shown = rows if lines is None else zip(lines["stream"], lines["account"], strict=True)
    found: dict[str, dict[str, None]] = {}
    for stream, account in shown or ():
        found.setdefault(stream, {})[account] = None
    return {
        stream: tuple(
            sorted(names, key=lambda name: ((name == "enterprise") == bool(declared[stream]["process"]), name))
        )
        for stream, names in found.items()
    }


def _summarised(
    data: Mapping[str, Any], declared: Mapping[str, Any], accounts: Mapping[str, tuple[str, ...]]
) -> dict[str, _Counted]:
    """The same from the list of streams of a summary, where a parameter is the weighted mean of the months."""
    rows: dict[str, list[Mapping[str, Any]]] = {}
    for row in data["streams"]:
        if accounts[row["id"]][0] == row["account"]:
            rows.setdefault(row["id"], []).append(row)
    found: dict[str, _Counted] = {}
    for stream, group in rows.items():
        inputs = group[0]["inputs"]
        amount = inputs.get("quantity") or {"value": None, "unit": ""}
        outward = declared[stream]["role"] in OUTWARD_ROLES or declared[stream]["direction"] == "out"
        quantity = amount["value"] if amount["value"] is None or not outward else abs(amount["value"])
        heating = inputs.get(_NCV)
        energy, basis = _table_energy(declared[stream]["material"], quantity, amount["unit"])
        if quantity is not None and heating and heating["value"] is not None:
            energy, basis = quantity * convert(heating["value"], heating["unit"].partition("/")[0], "GJ"), _NCV
        found[stream] = (quantity, amount["unit"], energy, basis, _sum([row["value"] for row in group]))
    return found


def _quantity(amount: Mapping[str, Any], n: int, decl: Mapping[str, Any]) -> float | None:
    parts = amount["parts"]
    if amount["direct"][n]:
        return None if "quantity" not in parts else _value(parts["quantity"]["value"][n])
    signs = _OUT if decl["role"] in OUTWARD_ROLES or decl["direction"] == "out" else _NET
    known = [sign * parts[part]["value"][n] for part, sign in signs.items() if _has(parts, part, n)]
    return math.fsum(known) if known else None


def _has(parts: Mapping[str, Any], part: str, n: int) -> bool:
    return part in parts and parts[part]["value"][n] is not None


def _value(value: float | None) -> float | None:
    return None if value is None else float(value)


def _energy(block: Mapping[str, Any], n: int, quantity: float | None, material: str) -> tuple[float | None, str]:
    """Return GJ: from the calorific value that was used, from the unit of energy, else from GB/T 2589."""
    symbols = block["symbols"]
    used = symbols.get("quantity")
    if quantity is not None and _NCV in symbols and symbols[_NCV]["value"][n] is not None:
        per = symbols[_NCV]["unit"].partition("/")[0]
        return quantity * convert(symbols[_NCV]["value"][n], per, "GJ"), _NCV
    if used is not None and compatible(used["unit"], "GJ"):
        return (None if used["value"][n] is None else abs(convert(used["value"][n], used["unit"], "GJ"))), "energy"
    return _table_energy(material, quantity, block["amount"]["unit"])


def _sum(values: Iterator[float | None] | list[float | None]) -> float | None:
    every = list(values)
    return None if any(value is None for value in every) else math.fsum(value for value in every if value is not None)
