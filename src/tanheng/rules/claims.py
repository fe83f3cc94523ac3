"""Claims, such as certificates, that may deduct no more than what they are held against, and only once."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.amounts import amounts, given_units
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable
from tanheng.rules.trace import Finding

__all__ = ["allowed"]

Rows = NDArray[np.int64]
_ROUNDING = 1e-9  # the same quantities in another unit


def allowed(standard: Standard, table: StreamTable, rows: Rows) -> tuple[Rows, list[Finding]]:
    """Return the rows of an account without claims that do not hold, and a gap for each of these.

    A claim does not hold where it is negative, was made of a later year than the accounted one, or where all claims of
    the period are more than the quantity they are held against: how much of it is real nobody can say.
    """
    refused: list[Finding] = []
    left = rows
    for check in standard.checks.get("claims") or ():
        claims = _of(table, rows, check["claim"])
        if not claims.size:
            continue
        found = list(_faults(table, rows, claims, check))
        if found:
            refused += found
            left = np.setdiff1d(left, claims, assume_unique=True)
    return left, refused


def _bought(table: StreamTable, rows: Rows, material: str) -> float:
    """Return what came in of a material [MWh] on some rows."""
    return float(np.nansum(_amounts(table, _of(table, rows, material))))


def _faults(table: StreamTable, rows: Rows, claims: Rows, check: Mapping[str, Any]) -> Iterator[Finding]:
    given = _amounts(table, claims)
    if (given < 0).any():
        yield Finding("claim.negative", int(claims[np.argmax(given < 0)]), "quantity")
    yield from _of_later_years(table, claims)
    claimed, against = float(np.nansum(given)), _bought(table, rows, check["against"])
    if claimed > max(against, 0) * (1 + _ROUNDING):
        said = {"text": check["zh"], "claimed": claimed, "against": against}
        yield Finding("claim.beyond", int(claims[0]), "quantity", said, whole=True)


def _of_later_years(table: StreamTable, claims: Rows) -> Iterator[Finding]:
    year = table.values.get("certificate_year")
    if year is None:
        return
    for row in claims:
        if year.value[row] > int(table.periods[table.period[row]][:4]):
            yield Finding("claim.later_year", int(row), "certificate_year", {"year": int(year.value[row])}, whole=True)


def _of(table: StreamTable, rows: Rows, material: str) -> Rows:
    codes = [n for n, name in enumerate(table.materials) if name == material]
    return rows[np.isin(table.material[rows], codes) & ~table.outward[rows]]


def _amounts(table: StreamTable, rows: Rows) -> NDArray[np.float64]:
    if not rows.size or (given_units(table, rows) < 0).all():
        return np.zeros(len(rows))
    inward = np.zeros(len(rows), np.bool_)
    basis = {"symbol": "quantity", "basis": "net_consumption", "unit": "MWh"}
    return amounts(table, rows, directed=True, leaving=inward, **basis)[0].value
