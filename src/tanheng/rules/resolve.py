"""Where the value of a symbol comes from, row by row: measured, derived, enterprise default, standard default, library.

What none of them gives stays NaN and becomes a gap; nothing is guessed, and a wrong unit does not fall through to a
default.
"""

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.derived import derive
from tanheng.rules.library_values import fill_enthalpy, fill_grid_factor, fill_named_factor
from tanheng.rules.matching import NAMED_FACTORS
from tanheng.rules.models import Source
from tanheng.rules.resolution import CODE, Cells, Resolution, Rows
from tanheng.rules.table import NOT_GIVEN
from tanheng.rules.trace import Derivation, Finding, Symbol

__all__ = ["Resolver"]


class Resolver(Resolution):
    """Resolves the symbols of formulas for one standard, table, site and day; collects provenance and gaps."""

    def symbol(self, name: str, rows: Rows, unit: str, source: Source | None = None) -> tuple[Symbol, list[Derivation]]:
        """Return the values of a symbol [unit] at ``rows`` and the derivations that were needed.

        A source may have a grid factor of its own; ``only`` that one is used then, whatever the streams say.
        """
        if name in self.standard.constants:
            return self.constant(name, len(rows), unit), []
        rule = source.electricity_factor if source and name == "emission_factor" else None
        if rule is not None and rule.only:
            cells = self.given(None, rows, unit)
            fill_grid_factor(self, rows, unit, cells, rule)
            return self._found(name, rows, unit, cells), []
        cells = self.given(self.table.values.get(name), rows, unit)
        self.mismatch(name, rows, cells.bad, unit, self.table.values.get(name))
        if name in NAMED_FACTORS:
            fill_named_factor(self, rows, unit, cells, source)
        derived = derive(self, name, rows, unit, cells)
        self._enterprise(name, rows, unit, cells)
        self._defaults(name, rows, unit, cells)
        if name == "emission_factor":
            fill_grid_factor(self, rows, unit, cells, rule)
        if name == "enthalpy":
            fill_enthalpy(self, rows, unit, cells)
        return self._found(name, rows, unit, cells), derived

    def _found(self, name: str, rows: Rows, unit: str, cells: Cells) -> Symbol:
        self.gaps += [Finding("value.missing", int(row), name, {"unit": unit}) for row in rows[cells.open]]
        return Symbol(unit, cells.value, cells.origin, cells.ref)

    def _enterprise(self, name: str, rows: Rows, unit: str, cells: Cells) -> None:
        column = self.table.enterprise.get(name)
        if column is None:
            return
        own = self.given(column, rows, unit)
        self.mismatch(name, rows, own.bad & np.isnan(cells.value), unit, column)
        here = cells.open & np.isfinite(own.value)
        cells.put(here, own.value[here], CODE["enterprise_default"], own.ref[here])

    def _defaults(self, name: str, rows: Rows, unit: str, cells: Cells) -> None:
        """Fill in the default tables of the standard, looked up once for each (material, role, period)."""
        at = np.flatnonzero(cells.open)
        if not at.size:
            return
        table, open_rows = self.table, rows[at]
        key = table.material[open_rows].astype(np.int64) * len(table.roles) + table.role[open_rows]
        key = key * len(table.periods) + table.period[open_rows]
        numbers = np.full(int(key.max()) + 1, np.nan)
        sources = np.full(len(numbers), NOT_GIVEN, np.int32)
        for code in np.flatnonzero(np.bincount(key)):
            rest, period = divmod(int(code), len(table.periods))
            material, role = divmod(rest, len(table.roles))
            self._default(name, material, role, period, unit, int(code), numbers, sources)
        origin = np.where(np.isnan(numbers[key]), NOT_GIVEN, CODE["standard_default"])
        cells.put(at, numbers[key], origin, sources[key])

    def _default(
        self, name: str, material: int, role: int, period: int, unit: str, code: int,
        numbers: NDArray[np.float64], sources: NDArray[np.int32],
    ) -> None:  # fmt: skip
        pair = ([self.table.materials[material]], [self.table.roles[role]])
        values, refs = self.standard.parameters.lookup(name, *pair, self.days[period], unit=unit)
        if refs[0] >= 0:
            numbers[code] = values[0]
            sources[code] = self.refer(("default", int(refs[0])), self.standard.parameters.provenance(int(refs[0])))
