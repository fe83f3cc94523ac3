"""Checks that the same carbon is not counted twice; each finding is a warning, the decision stays with a person."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tanheng.accounting.completeness import entry
from tanheng.kernel.catalogue import materials
from tanheng.kernel.units import compatible
from tanheng.rules.amounts import amounts, given_units
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.package import Standard
from tanheng.rules.streams import StreamDecl
from tanheng.rules.table import StreamTable

__all__ = ["double_counts", "totals_of"]

_SAME = 1e-9  # the same entered number, typed twice
_NEAR = 0.01  # a meter of purchase and the sum of the processes' meters agree within one percent


def double_counts(standard: Standard, table: StreamTable) -> Iterator[dict[str, Any]]:
    """Yield warnings: one quantity in two uses, own power as bought power, a by-product deducted twice."""
    totals = totals_of(table)
    yield from _twice(standard, totals)
    yield from _claims(standard, totals)
    yield from _other_years(standard, table)
    yield from _negative(totals)
    yield from _own_power(totals)
    yield from _deducted_twice(totals)


def totals_of(table: StreamTable) -> dict[str, tuple[StreamDecl, float]]:
    """Return stream id → (declaration, net or produced quantity of the period), where it is known.

    The quantity is in the unit of the material, so that streams compare; in the stream's own where that does not fit.
    """
    rows = np.arange(len(table))
    codes = given_units(table, rows)
    found: dict[str, tuple[StreamDecl, float]] = {}
    for number in np.unique(table.stream):
        own = rows[(table.stream == number) & (codes >= 0)]
        decl = table.streams[number]
        if not own.size:
            continue
        basis = "output" if decl.role in OUTWARD_ROLES else "net_consumption"
        amount, _ = amounts(
            table, own, symbol="quantity", basis=basis, directed=True, unit=_unit(decl, table.units[codes[own[0]]]),
            leaving=np.full(len(own), decl.direction == "out"),
        )  # fmt: skip
        total = float(np.nansum(amount.value))
        found[decl.id] = (decl, total)
    return found


def _unit(decl: StreamDecl, given: str) -> str:
    material = materials().get(decl.material)
    return material.unit if material is not None and compatible(material.unit, given) else given


def _twice(standard: Standard, totals: Mapping[str, tuple[StreamDecl, float]]) -> Iterator[dict[str, Any]]:
    """One material with one quantity in two roles that are both counted, e.g. coke as fuel and as reductant."""
    for check in standard.checks.get("double_count") or ():
        roles, materials = list(check["roles"]), list(check["materials"])
        chosen = [(d, q) for d, q in totals.values() if d.role in roles and d.material in materials and not d.process]
        for n, (first, amount) in enumerate(chosen):
            for second, other in chosen[n + 1 :]:
                same = first.material == second.material and first.role != second.role
                if same and amount and math.isclose(amount, other, rel_tol=_SAME):
                    said = {
                        "other": second.id,
                        "roles": [first.role, second.role],
                        "value": amount,
                        "text": check["zh"],
                    }
                    yield entry("double_count.same_quantity", first, None, "quantity", said)


def _claims(standard: Standard, totals: Mapping[str, tuple[StreamDecl, float]]) -> Iterator[dict[str, Any]]:
    """A claim, such as certificates, of the very quantity that was delivered with a claim of its own."""
    for check in standard.checks.get("claims") or ():
        claimed, included = (_bought(totals, check[name]) for name in ("claim", "included"))
        decl = next((d for d, _ in totals.values() if d.material == check["claim"] and not d.process), None)
        if decl is not None and claimed and math.isclose(claimed, included, rel_tol=_SAME):
            said = {"text": check["zh"], "claimed": claimed, "included": included}
            yield entry("double_count.claim", decl, None, "quantity", said)


def _other_years(standard: Standard, table: StreamTable) -> Iterator[dict[str, Any]]:
    """A claim made of an earlier year's quantity: whether it still holds a person must say."""
    year = table.values.get("certificate_year")
    claims = {check["claim"] for check in standard.checks.get("claims") or ()}
    if year is None or not claims:
        return
    found = {
        (table.stream[row], int(year.value[row]), table.periods[table.period[row]][:4])
        for row in np.flatnonzero(~np.isnan(year.value))
        if year.value[row] < int(table.periods[table.period[row]][:4])
    }
    for number, made, used in sorted(found):
        decl = table.streams[number]
        if decl.material in claims:
            yield entry("claim.other_year", decl, None, "certificate_year", {"year": made, "period": used})


def _bought(totals: Mapping[str, tuple[StreamDecl, float]], material: str) -> float:
    crossing = (q for d, q in totals.values() if d.material == material and d.direction == "in" and not d.process)
    return math.fsum(crossing)


def _negative(totals: Mapping[str, tuple[StreamDecl, float]]) -> Iterator[dict[str, Any]]:
    """Power or heat that comes in below nought is an export, which a standard may treat in another way."""
    for decl, amount in totals.values():
        energy = decl.role in ("electricity", "heat") and decl.material != "green_certificate"
        if energy and decl.direction == "in" and not decl.process and amount < 0:
            yield entry("energy.negative", decl, None, "quantity", {"value": amount})


def _own_power(totals: Mapping[str, tuple[StreamDecl, float]]) -> Iterator[dict[str, Any]]:
    """Power made on site and used on site is not bought: its fuel is counted already."""
    power = [(d, q) for d, q in totals.values() if d.role == "electricity" and d.material != "green_certificate"]
    bought = math.fsum(q for d, q in power if not d.process and d.direction == "in")
    used = math.fsum(q for d, q in power if d.process and d.direction == "in")
    made = math.fsum(abs(q) for d, q in power if d.process and d.direction == "out")
    if made > 0 and used > 0 and math.isclose(bought, used, rel_tol=_NEAR):
        decl = next(d for d, _ in power if not d.process and d.direction == "in")
        yield entry(
            "double_count.own_power", decl, None, "quantity", {"purchased": bought, "used": used, "generated": made}
        )


def _deducted_twice(totals: Mapping[str, tuple[StreamDecl, float]]) -> Iterator[dict[str, Any]]:
    """A by-product that leaves: once as negative fuel, once more as product or as fuel that was sold."""
    crossing = [(d, q) for d, q in totals.values() if not d.process and q]
    by_products = [d for d, _ in crossing if d.role == "by_product"]
    for decl in by_products:
        for other, amount in crossing:
            product = other.role in ("product", "co_product")
            sold = other.role in ("fuel", "reductant") and (amount < 0 or other.direction == "out")
            if other.material == decl.material and (product or sold):
                yield entry("double_count.by_product", decl, None, "quantity", {"other": other.id, "role": other.role})
