"""Where the value of a symbol comes from, row by row: measured, derived, enterprise default, standard default, library.

What none of them gives stays NaN and becomes a gap; nothing is guessed, and a wrong unit does not fall through to a
default.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import NotFound, OutOfRange
from tanheng.kernel.periods import Period
from tanheng.kernel.units import compatible, convert
from tanheng.rules.amounts import in_unit
from tanheng.rules.factors import LibraryFactor, electricity_factor, library_factor
from tanheng.rules.formula import Formula
from tanheng.rules.models import Citation
from tanheng.rules.package import Standard
from tanheng.rules.steam import STATE, enthalpy
from tanheng.rules.streams import SiteInfo
from tanheng.rules.table import NOT_GIVEN, ORIGINS, Column, StreamTable
from tanheng.rules.trace import Derivation, Finding, Symbol

__all__ = ["Resolver", "source_dict"]

Rows = NDArray[np.int64]
_CODE = {name: code for code, name in enumerate(ORIGINS)}


class Resolver:
    """Resolves the symbols of formulas for one standard, table, site and day; collects provenance and gaps."""

    def __init__(self, standard: Standard, table: StreamTable, site: SiteInfo, as_of: date) -> None:
        self.standard, self.table, self.site, self.as_of = standard, table, site, as_of
        self.provenance: list[Mapping[str, object]] = list(table.provenance)
        self.gaps: list[Finding] = []
        self.warnings: list[Finding] = []
        self._refs: dict[object, int] = {}
        # a standard used outside its time is used as printed, with a warning (rule 8): its tables do not become gaps
        self._days = [standard.in_force.nearest(Period.parse(text).first_day) for text in table.periods]
        self._level = str(site.options.get("electricity_factor_level") or standard.electricity_factor.level)
        if self._level == "province":
            self._level = "provincial"

    def refer(self, key: object, provenance: Mapping[str, object]) -> int:
        """Return the index of a provenance, adding it the first time."""
        if key not in self._refs:
            self._refs[key] = len(self.provenance)
            self.provenance.append(provenance)
        return self._refs[key]

    def symbol(self, name: str, rows: Rows, unit: str) -> tuple[Symbol, list[Derivation]]:
        """Return the values of a symbol [unit] at ``rows`` and the derivations that were needed."""
        if name in self.standard.constants:
            return self.constant(name, len(rows), unit), []
        value, origin, ref, bad = self._given(self.table.values.get(name), rows, unit)
        self._mismatch(name, rows, bad, unit, self.table.values.get(name))
        if name == "emission_factor":
            self._chosen(rows, unit, value, origin, ref, bad)
        derived = self._derive(name, rows, unit, value, origin, bad)
        self._enterprise(name, rows, unit, value, origin, ref, bad)
        self._defaults(name, rows, unit, value, origin, ref, bad)
        if name == "emission_factor":
            self._grid(rows, unit, value, origin, ref, bad)
        if name == "enthalpy":
            self._steam(rows, unit, value, origin, ref, bad)
        for row in rows[np.isnan(value) & ~bad]:
            self.gaps.append(Finding("value.missing", int(row), name, {"unit": unit}))
        return Symbol(unit, value, origin, ref), derived

    def constant(self, name: str, length: int, unit: str) -> Symbol:
        """Return a constant of the standard as a column."""
        entry = self.standard.constants[name]
        ref = self.refer(("constant", name), constant_provenance(self.standard, name))
        value = convert(entry.number, entry.unit, unit)
        return Symbol(
            unit,
            np.broadcast_to(np.float64(value), length),
            np.broadcast_to(np.int8(_CODE["constant"]), length),
            np.broadcast_to(np.int32(ref), length),
        )

    def _given(
        self, column: Column | None, rows: Rows, unit: str
    ) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[np.int32], NDArray[np.bool_]]:
        if column is None:
            blank = np.full(len(rows), np.nan)
            none = np.full(len(rows), NOT_GIVEN, np.int8)
            return blank, none, none.astype(np.int32), np.zeros(len(rows), np.bool_)
        value, bad = in_unit(self.table, column, rows, unit)
        return value, column.origin[rows], column.ref[rows], bad

    def _mismatch(self, name: str, rows: Rows, bad: NDArray[np.bool_], unit: str, column: Column | None) -> None:
        for row in rows[bad] if column is not None else ():
            given = self.table.units[column.unit[row]] if column is not None else ""
            self.gaps.append(Finding("unit.incompatible", int(row), name, {"unit": given, "expected": unit}))

    def _chosen(
        self, rows: Rows, unit: str, value: NDArray[np.float64], origin: NDArray[np.int8], ref: NDArray[np.int32],
        bad: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Fill in library factors that a stream names by id."""
        codes = self.table.factor[rows]
        for code in np.unique(codes[(codes >= 0) & np.isnan(value) & ~bad]):
            here = (codes == code) & np.isnan(value) & ~bad
            try:
                factor = library_factor(self.table.factors[code])
            except NotFound as error:
                self.gaps += [
                    Finding(error.code, int(row), "emission_factor", dict(error.values)) for row in rows[here]
                ]
                bad |= here
                continue
            if not compatible(factor.unit, unit):
                wrong = {"unit": factor.unit, "expected": unit, "factor": factor.id}
                self.gaps += [Finding("unit.incompatible", int(row), "emission_factor", wrong) for row in rows[here]]
                bad |= here
                continue
            self._put(factor, unit, here, value, origin, ref)

    def _put(
        self, factor: LibraryFactor, unit: str, here: NDArray[np.bool_], value: NDArray[np.float64],
        origin: NDArray[np.int8], ref: NDArray[np.int32],
    ) -> None:  # fmt: skip
        value[here] = convert(float(factor.value), factor.unit, unit)
        origin[here] = _CODE["library"]
        if ("library", factor.id) not in self._refs and factor.is_expired(self.as_of):
            said = {"factor": factor.id, "document": factor.document, "valid_to": str(factor.valid_to)}
            newer = factor.successor(self.as_of)
            code = "factor.expired" if newer is None else "factor.superseded"
            said |= {} if newer is None else {"newer": newer.id}
            self.warnings.append(Finding(code, -1, "emission_factor", said))
        ref[here] = self.refer(("library", factor.id), factor.provenance())

    def _derive(
        self, name: str, rows: Rows, unit: str, value: NDArray[np.float64], origin: NDArray[np.int8],
        bad: NDArray[np.bool_], depth: int = 0,
    ) -> list[Derivation]:  # fmt: skip
        """Fill in what formulas give whose inputs are all measured."""
        found: list[Derivation] = []
        for formula in self.standard.formulas.values():
            if formula.gives != name or depth > 4:
                continue
            for number, terms in enumerate(formula.variants):
                if not compatible(formula.units[number], unit):
                    continue
                open_at = np.flatnonzero(np.isnan(value) & ~bad)
                open_at = open_at[self._concerns(formula, rows[open_at])]
                if open_at.size:
                    found += self._apply(formula, number, terms, rows, open_at, unit, value, origin, bad, depth)
        return found

    def _apply(
        self, formula: Formula, number: int, terms: Mapping[str, str], rows: Rows, at: Rows, unit: str,
        value: NDArray[np.float64], origin: NDArray[np.int8], bad: NDArray[np.bool_], depth: int,
    ) -> list[Derivation]:  # fmt: skip
        """Compute a parameter where all inputs are measured; an undefined result is no case for a default."""
        inputs, deeper = self._measured(terms, rows[at], depth)
        if inputs is None:
            return []
        complete = np.all([np.isfinite(symbol.value) for symbol in inputs.values()], axis=0)
        if not complete.any():
            return []
        part = {key: _take(symbol, complete) for key, symbol in inputs.items()}
        result = formula.evaluate(**{key: symbol.value for key, symbol in part.items()})
        at = at[complete]
        value[at] = convert(result, formula.units[number], unit)
        origin[at] = _CODE["derived"]
        bad[at[np.isnan(result)]] = True
        self.gaps += [
            Finding("line.undefined", int(row), None, {"formula_zh": formula.zh}) for row in rows[at[np.isnan(result)]]
        ]
        inner = [_select(entry, complete) for entry in deeper]
        return [Derivation(formula.gives or "", formula.id, unit, at, part), *(_shift(entry, at) for entry in inner)]

    def _measured(
        self, terms: Mapping[str, str], rows: Rows, depth: int
    ) -> tuple[dict[str, Symbol] | None, list[Derivation]]:
        inputs: dict[str, Symbol] = {}
        deeper: list[Derivation] = []
        for term, unit in terms.items():
            if term in self.standard.constants:
                inputs[term] = self.constant(term, len(rows), unit)
                continue
            value, origin, ref, bad = self._given(self.table.values.get(term), rows, unit)
            deeper += self._derive(term, rows, unit, value, origin, bad, depth + 1)
            if np.isnan(value).all():
                return None, []
            inputs[term] = Symbol(unit, value, origin, ref)
        return inputs, deeper

    def _concerns(self, formula: Formula, rows: Rows) -> NDArray[np.bool_]:
        table = self.table
        fit = np.array(
            [[formula.concerns(role=role, material=material) for material in table.materials] for role in table.roles],
            np.bool_,
        )
        valid = np.array([formula.is_valid(day) for day in self._days], np.bool_)
        chosen: NDArray[np.bool_] = fit[table.role[rows], table.material[rows]] & valid[table.period[rows]]
        return chosen

    def _enterprise(
        self, name: str, rows: Rows, unit: str, value: NDArray[np.float64], origin: NDArray[np.int8],
        ref: NDArray[np.int32], bad: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        column = self.table.enterprise.get(name)
        if column is None:
            return
        own, _, source, wrong = self._given(column, rows, unit)
        here = np.isnan(value) & ~bad & np.isfinite(own)
        value[here], origin[here], ref[here] = own[here], _CODE["enterprise_default"], source[here]
        self._mismatch(name, rows, wrong & np.isnan(value), unit, column)

    def _defaults(
        self, name: str, rows: Rows, unit: str, value: NDArray[np.float64], origin: NDArray[np.int8],
        ref: NDArray[np.int32], bad: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Fill in the default tables of the standard, looked up once for each (material, role, period)."""
        at = np.flatnonzero(np.isnan(value) & ~bad)
        if not at.size:
            return
        table, open_rows = self.table, rows[at]
        key = (table.material[open_rows].astype(np.int64) * len(table.roles) + table.role[open_rows]) * len(
            table.periods
        ) + table.period[open_rows]
        numbers = np.full(int(key.max()) + 1, np.nan)
        sources = np.full(len(numbers), NOT_GIVEN, np.int32)
        for code in np.flatnonzero(np.bincount(key)):
            rest, period = divmod(int(code), len(table.periods))
            material, role = divmod(rest, len(table.roles))
            self._default(name, material, role, period, unit, int(code), numbers, sources)
        value[at] = numbers[key]
        ref[at] = sources[key]
        origin[at] = np.where(np.isnan(numbers[key]), NOT_GIVEN, _CODE["standard_default"])

    def _default(
        self, name: str, material: int, role: int, period: int, unit: str, code: int,
        numbers: NDArray[np.float64], sources: NDArray[np.int32],
    ) -> None:  # fmt: skip
        pair = ([self.table.materials[material]], [self.table.roles[role]])
        values, refs = self.standard.parameters.lookup(name, *pair, self._days[period], unit=unit)
        if refs[0] >= 0:
            numbers[code] = values[0]
            sources[code] = self.refer(("default", int(refs[0])), self.standard.parameters.provenance(int(refs[0])))

    def _grid(
        self, rows: Rows, unit: str, value: NDArray[np.float64], origin: NDArray[np.int8], ref: NDArray[np.int32],
        bad: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Fill in the grid factor that the standard's rule and the site's province select."""
        power = np.array([name == "electricity" for name in self.table.roles], np.bool_)[self.table.role[rows]]
        here = power & np.isnan(value) & ~bad
        if not here.any() or not compatible(unit, "tCO2/MWh"):
            return
        indicator = self.standard.electricity_factor.indicator
        factor = electricity_factor(indicator, self._level, self.site, self.as_of)
        if factor is not None:
            self._put(factor, unit, here, value, origin, ref)
            return
        said = {"province": self.site.province + self.site.part, "level": self._level, "as_of": self.as_of.isoformat()}
        self.gaps += [Finding("factor.none", int(row), "emission_factor", said) for row in rows[here]]
        bad |= here

    def _steam(
        self, rows: Rows, unit: str, value: NDArray[np.float64], origin: NDArray[np.int8], ref: NDArray[np.int32],
        bad: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Look the enthalpy of steam up by its pressure and temperature, where it was not given."""
        given = {name: self._given(self.table.values.get(name), rows, unit) for name, unit in STATE.items()}
        wrong = np.any([state[3] for state in given.values()], axis=0)
        for name, state in given.items():
            self._mismatch(name, rows, state[3] & np.isnan(value), STATE[name], self.table.values.get(name))
        bad |= wrong & np.isnan(value)
        (pressure, *_), (temperature, *_) = given.values()
        here = np.flatnonzero(np.isnan(value) & ~bad & ~np.isnan(pressure))
        for at in here.tolist():
            try:
                found = enthalpy(pressure[at], temperature[at])
            except OutOfRange as error:
                self.gaps.append(Finding(error.code, int(rows[at]), "enthalpy", dict(error.values)))
                bad[at] = True
                continue
            value[at] = convert(found.value, "kJ/kg", unit)
            origin[at] = _CODE["library"]
            known = {name: state for name, state in given.items() if not np.isnan(state[0][at])}
            cells = {name: int(state[2][at]) for name, state in known.items()}
            said: dict[str, object] = {name: float(state[0][at]) for name, state in known.items()}
            said |= {f"{name}_from": dict(self.provenance[cell]) for name, cell in cells.items() if cell >= 0}
            key = ("steam", pressure[at], repr(temperature[at]), *cells.values())
            ref[at] = self.refer(key, found.provenance(**said))


def _take(symbol: Symbol, which: NDArray[np.bool_]) -> Symbol:
    return Symbol(symbol.unit, symbol.value[which], symbol.origin[which], symbol.ref[which])


def _select(entry: Derivation, which: NDArray[np.bool_]) -> Derivation:
    """Keep the positions that survive and count them anew."""
    kept = which[entry.at]
    place = np.cumsum(which) - 1
    symbols = {key: _take(symbol, kept) for key, symbol in entry.symbols.items()}
    return Derivation(entry.symbol, entry.formula, entry.unit, place[entry.at[kept]], symbols)


def _shift(entry: Derivation, at: Rows) -> Derivation:
    return Derivation(entry.symbol, entry.formula, entry.unit, at[entry.at], entry.symbols)


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
