"""What is known while values are resolved: the inputs, and the provenance, gaps and warnings found so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.periods import Period
from tanheng.kernel.units import convert
from tanheng.rules.amounts import in_unit
from tanheng.rules.factors import FactorLibrary
from tanheng.rules.model_values import Citation
from tanheng.rules.package import Standard
from tanheng.rules.streams import SiteInfo
from tanheng.rules.table import NOT_GIVEN, ORIGINS, Column, StreamTable
from tanheng.rules.trace import Finding, Symbol

__all__ = ["CODE", "Cells", "Resolution", "Rows", "source_dict"]

Rows = NDArray[np.int64]
CODE = {name: code for code, name in enumerate(ORIGINS)}


@dataclass(frozen=True, slots=True)
class Cells:
    """A symbol while it is being resolved: values are filled in; ``bad`` is refused and stays unknown."""

    value: NDArray[np.float64]
    origin: NDArray[np.int8]
    ref: NDArray[np.int32]
    bad: NDArray[np.bool_]

    @property
    def open(self) -> NDArray[np.bool_]:
        """What is still to be found."""
        unknown: NDArray[np.bool_] = np.isnan(self.value) & ~self.bad
        return unknown

    def put(self, where: Any, value: Any, origin: Any, ref: Any) -> None:
        """Fill in values with origin codes and provenance indices."""
        self.value[where], self.origin[where], self.ref[where] = value, origin, ref


class Resolution:
    """One standard, table, site and day, and what resolving its symbols has found."""

    def __init__(
        self, standard: Standard, table: StreamTable, site: SiteInfo, as_of: date, library: FactorLibrary
    ) -> None:
        self.standard, self.table, self.site, self.as_of, self.library = standard, table, site, as_of, library
        self.provenance: list[Mapping[str, object]] = list(table.provenance)
        self.gaps: list[Finding] = []
        self.warnings: list[Finding] = []
        self._refs: dict[object, int] = {}
        # a standard used outside its time is used as printed, with a warning (rule 8): its tables do not become gaps
        self.days = [standard.in_force.nearest(Period.parse(text).first_day) for text in table.periods]

    def refer(self, key: object, provenance: Mapping[str, object]) -> int:
        """Return the index of a provenance, adding it the first time."""
        if key not in self._refs:
            self._refs[key] = len(self.provenance)
            self.provenance.append(provenance)
        return self._refs[key]

    def constant(self, name: str, length: int, unit: str) -> Symbol:
        """Return a constant of the standard as a column."""
        entry = self.standard.constants[name]
        ref = self.refer(("constant", name), constant_provenance(self.standard, name))
        value = convert(entry.number, entry.unit, unit)
        return Symbol(
            unit,
            np.broadcast_to(np.float64(value), length),
            np.broadcast_to(np.int8(CODE["constant"]), length),
            np.broadcast_to(np.int32(ref), length),
        )

    def given(self, column: Column | None, rows: Rows, unit: str) -> Cells:
        """Return what streams or the enterprise give [unit]; a value in a unit that does not fit is ``bad``."""
        if column is None:
            none = np.full(len(rows), NOT_GIVEN, np.int8)
            return Cells(np.full(len(rows), np.nan), none, none.astype(np.int32), np.zeros(len(rows), np.bool_))
        value, bad = in_unit(self.table, column, rows, unit)
        return Cells(value, column.origin[rows], column.ref[rows], bad)

    def mismatch(self, name: str, rows: Rows, bad: NDArray[np.bool_], unit: str, column: Column | None) -> None:
        """Report values in units that do not fit."""
        for row in rows[bad] if column is not None else ():
            given = self.table.units[column.unit[row]] if column is not None else ""
            self.gaps.append(Finding("unit.incompatible", int(row), name, {"unit": given, "expected": unit}))

    def refuse(
        self, rows: Rows, here: NDArray[np.bool_], cells: Cells, code: str, name: str, said: Mapping[str, object]
    ) -> None:
        """Report cells that stay unknown, so that nothing further is tried for them."""
        self.gaps += [Finding(code, int(row), name, dict(said)) for row in rows[here]]
        cells.bad[here] = True

    def warn_once(self, code: str, said: Mapping[str, object]) -> None:
        """Warn of a factor, once for a table."""
        warning = Finding(code, -1, "emission_factor", dict(said))
        if warning not in self.warnings:
            self.warnings.append(warning)

    def has_referred(self, key: object) -> bool:
        """Whether a provenance stands in the list already."""
        return key in self._refs


def constant_provenance(standard: Standard, name: str) -> dict[str, object]:
    """Return where a constant of the standard stands, with a ratio as it is written (44/12)."""
    constant = standard.constants[name]
    source = source_dict(constant.source)
    written = {"written": constant.value} if "/" in constant.value else {}
    cited = {"document": source.pop("doc", ""), **source}
    return {"kind": "constant", "standard": standard.id, "name": name, **written, **cited}


def source_dict(source: Citation) -> dict[str, object]:
    """Return a citation as plain data without what is empty."""
    return {key: value for key, value in source.model_dump(mode="json").items() if value is not None}
