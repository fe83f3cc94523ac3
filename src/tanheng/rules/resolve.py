"""Where the value of a symbol comes from, row by row: measured, derived, enterprise default, standard default, library.

What none of them gives stays NaN and becomes a gap; nothing is guessed, and a wrong unit does not fall through to a
default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError, NotFound, OutOfRange
from tanheng.kernel.periods import Period
from tanheng.kernel.units import compatible, convert
from tanheng.rules.amounts import in_unit
from tanheng.rules.factors import FactorLibrary, LibraryFactor, word
from tanheng.rules.formula import Formula
from tanheng.rules.matching import NAMED_FACTORS
from tanheng.rules.model_values import Citation, ElectricityFactor
from tanheng.rules.models import Source
from tanheng.rules.package import Standard
from tanheng.rules.steam import STATE, enthalpy
from tanheng.rules.streams import SiteInfo
from tanheng.rules.table import NOT_GIVEN, ORIGINS, Column, StreamTable
from tanheng.rules.trace import Derivation, Finding, Symbol

__all__ = ["Resolver", "source_dict"]

Rows = NDArray[np.int64]
PURE = "per_t_carbonate"  # basis of a factor per tonne of the pure carbonate
_CODE = {name: code for code, name in enumerate(ORIGINS)}


@dataclass(frozen=True, slots=True)
class _Cells:
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


class Resolver:
    """Resolves the symbols of formulas for one standard, table, site and day; collects provenance and gaps."""

    def __init__(
        self, standard: Standard, table: StreamTable, site: SiteInfo, as_of: date, library: FactorLibrary
    ) -> None:
        self.standard, self.table, self.site, self.as_of, self.library = standard, table, site, as_of, library
        self.provenance: list[Mapping[str, object]] = list(table.provenance)
        self.gaps: list[Finding] = []
        self.warnings: list[Finding] = []
        self._refs: dict[object, int] = {}
        # a standard used outside its time is used as printed, with a warning (rule 8): its tables do not become gaps
        self._days = [standard.in_force.nearest(Period.parse(text).first_day) for text in table.periods]
        self._level = str(site.options.get("electricity_factor_level") or standard.electricity_factor.level)
        if self._level == "province":
            self._level = "provincial"
        self._indicator = str(site.options.get("electricity_factor_indicator") or standard.electricity_factor.indicator)

    def refer(self, key: object, provenance: Mapping[str, object]) -> int:
        """Return the index of a provenance, adding it the first time."""
        if key not in self._refs:
            self._refs[key] = len(self.provenance)
            self.provenance.append(provenance)
        return self._refs[key]

    def symbol(self, name: str, rows: Rows, unit: str, source: Source | None = None) -> tuple[Symbol, list[Derivation]]:
        """Return the values of a symbol [unit] at ``rows`` and the derivations that were needed.

        A source may have a grid factor of its own; ``only`` that one is used then, whatever the streams say.
        """
        if name in self.standard.constants:
            return self.constant(name, len(rows), unit), []
        rule = source.electricity_factor if source and name == "emission_factor" else None
        if rule is not None and rule.only:
            cells = self._given(None, rows, unit)
            self._grid(rows, unit, cells, rule)
            return self._found(name, rows, unit, cells), []
        cells = self._given(self.table.values.get(name), rows, unit)
        self._mismatch(name, rows, cells.bad, unit, self.table.values.get(name))
        if name in NAMED_FACTORS:
            self._chosen(rows, unit, cells, source)
        derived = self._derive(name, rows, unit, cells)
        self._enterprise(name, rows, unit, cells)
        self._defaults(name, rows, unit, cells)
        if name == "emission_factor":
            self._grid(rows, unit, cells, rule)
        if name == "enthalpy":
            self._steam(rows, unit, cells)
        return self._found(name, rows, unit, cells), derived

    def _found(self, name: str, rows: Rows, unit: str, cells: _Cells) -> Symbol:
        self.gaps += [Finding("value.missing", int(row), name, {"unit": unit}) for row in rows[cells.open]]
        return Symbol(unit, cells.value, cells.origin, cells.ref)

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

    def _given(self, column: Column | None, rows: Rows, unit: str) -> _Cells:
        if column is None:
            none = np.full(len(rows), NOT_GIVEN, np.int8)
            return _Cells(np.full(len(rows), np.nan), none, none.astype(np.int32), np.zeros(len(rows), np.bool_))
        value, bad = in_unit(self.table, column, rows, unit)
        return _Cells(value, column.origin[rows], column.ref[rows], bad)

    def _mismatch(self, name: str, rows: Rows, bad: NDArray[np.bool_], unit: str, column: Column | None) -> None:
        for row in rows[bad] if column is not None else ():
            given = self.table.units[column.unit[row]] if column is not None else ""
            self.gaps.append(Finding("unit.incompatible", int(row), name, {"unit": given, "expected": unit}))

    def _chosen(self, rows: Rows, unit: str, cells: _Cells, source: Source | None) -> None:
        """Fill in library factors that a stream names by id, or what has been declared to replace them."""
        codes = self.table.factor[rows]
        for code in np.unique(codes[(codes >= 0) & cells.open]):
            here = (codes == code) & cells.open
            try:
                named = self.library.get(self.table.factors[code], self.as_of)
                factor = self.library.in_use(named, self.as_of)
            except (NotFound, InputError) as error:
                self._refuse(rows, here, cells, error.code, "emission_factor", error.values)
                continue
            here = self._serving(factor, rows, here, cells)
            if factor.family not in (source.families if source else ("inventory",)):
                said = {"factor": factor.id, "factor_zh": factor.label}
                self._refuse(rows, here, cells, "factor.family", "emission_factor", said)
            elif factor.basis == PURE:  # it would be multiplied with the mass of the raw material, purity forgotten
                said = {"factor": factor.id, "factor_zh": factor.label}
                self._refuse(rows, here, cells, "factor.basis", "emission_factor", said)
            elif not compatible(factor.unit, unit):
                wrong = {"unit": factor.unit, "expected": unit, "factor": factor.id}
                self._refuse(rows, here, cells, "unit.incompatible", "emission_factor", wrong)
            else:
                self._warn_of_choice(named, factor)
                self._put(factor, unit, here, cells)

    def _serving(self, factor: LibraryFactor, rows: Rows, here: NDArray[np.bool_], cells: _Cells) -> NDArray[np.bool_]:
        """Refuse power factors for heat and the other way round: tCO2/GJ and tCO2/MWh convert into each other."""
        serves = np.array([_serves(factor, role) for role in self.table.roles], np.bool_)[self.table.role[rows]]
        said = {"factor": factor.id, "factor_zh": factor.label, "klass": word("klass", factor.klass)}
        self._refuse(rows, here & ~serves, cells, "factor.carrier", "emission_factor", said)
        fitting: NDArray[np.bool_] = here & serves
        return fitting

    def _warn_of_choice(self, named: LibraryFactor, factor: LibraryFactor) -> None:
        if factor.id != named.id:
            self._warn_once("factor.replaced", {"factor": named.id, "newer": factor.id})
        if not factor.is_known(self.as_of):
            said = {"factor": factor.id, "document": factor.document, "known_on": str(factor.known_on)}
            self._warn_once("factor.not_yet_known", {**said, "as_of": self.as_of.isoformat()})

    def _warn_once(self, code: str, said: Mapping[str, object]) -> None:
        warning = Finding(code, -1, "emission_factor", dict(said))
        if warning not in self.warnings:
            self.warnings.append(warning)

    def _refuse(
        self, rows: Rows, here: NDArray[np.bool_], cells: _Cells, code: str, name: str, said: Mapping[str, object]
    ) -> None:
        """Report cells that stay unknown, so that nothing further is tried for them."""
        self.gaps += [Finding(code, int(row), name, dict(said)) for row in rows[here]]
        cells.bad[here] = True

    def _put(self, factor: LibraryFactor, unit: str, here: NDArray[np.bool_], cells: _Cells) -> None:
        if ("library", factor.id) not in self._refs and factor.is_expired(self.as_of):
            said = {"factor": factor.id, "document": factor.document, "valid_to": str(factor.valid_to)}
            newer = self.library.successor(factor, self.as_of)
            code = "factor.expired" if newer is None else "factor.superseded"
            said |= {} if newer is None else {"newer": newer.id}
            self.warnings.append(Finding(code, -1, "emission_factor", said))
        ref = self.refer(("library", factor.id), factor.provenance())
        cells.put(here, convert(float(factor.value), factor.unit, unit), _CODE["library"], ref)

    def _derive(self, name: str, rows: Rows, unit: str, cells: _Cells, depth: int = 0) -> list[Derivation]:
        """Fill in what formulas give whose inputs are all measured."""
        found: list[Derivation] = []
        for formula in self.standard.formulas.values():
            if formula.gives != name or depth > 4:
                continue
            for number, terms in enumerate(formula.variants):
                if not compatible(formula.units[number], unit):
                    continue
                open_at = np.flatnonzero(cells.open)
                open_at = open_at[self._concerns(formula, rows[open_at])]
                if open_at.size:
                    found += self._apply(formula, number, terms, rows, open_at, unit, cells, depth)
        return found

    def _apply(
        self, formula: Formula, number: int, terms: Mapping[str, str], rows: Rows, at: Rows, unit: str,
        cells: _Cells, depth: int,
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
        cells.value[at] = convert(result, formula.units[number], unit)
        cells.origin[at] = _CODE["derived"]
        cells.bad[at[np.isnan(result)]] = True
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
            cells = self._given(self.table.values.get(term), rows, unit)
            deeper += self._derive(term, rows, unit, cells, depth + 1)
            if np.isnan(cells.value).all():
                return None, []
            inputs[term] = Symbol(unit, cells.value, cells.origin, cells.ref)
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

    def _enterprise(self, name: str, rows: Rows, unit: str, cells: _Cells) -> None:
        column = self.table.enterprise.get(name)
        if column is None:
            return
        own = self._given(column, rows, unit)
        self._mismatch(name, rows, own.bad & np.isnan(cells.value), unit, column)
        here = cells.open & np.isfinite(own.value)
        cells.put(here, own.value[here], _CODE["enterprise_default"], own.ref[here])

    def _defaults(self, name: str, rows: Rows, unit: str, cells: _Cells) -> None:
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
        origin = np.where(np.isnan(numbers[key]), NOT_GIVEN, _CODE["standard_default"])
        cells.put(at, numbers[key], origin, sources[key])

    def _default(
        self, name: str, material: int, role: int, period: int, unit: str, code: int,
        numbers: NDArray[np.float64], sources: NDArray[np.int32],
    ) -> None:  # fmt: skip
        pair = ([self.table.materials[material]], [self.table.roles[role]])
        values, refs = self.standard.parameters.lookup(name, *pair, self._days[period], unit=unit)
        if refs[0] >= 0:
            numbers[code] = values[0]
            sources[code] = self.refer(("default", int(refs[0])), self.standard.parameters.provenance(int(refs[0])))

    def _grid(self, rows: Rows, unit: str, cells: _Cells, rule: ElectricityFactor | None) -> None:
        """Fill in the grid factor that the rule of the source or the standard and each site's province select."""
        power = np.array([name == "electricity" for name in self.table.roles], np.bool_)[self.table.role[rows]]
        here = power & cells.open
        if not here.any() or not compatible(unit, "tCO2/MWh"):
            return
        level = rule.level if rule and rule.level != "setting" else self._level
        indicator = rule.indicator if rule else self._indicator
        sites = self.table.site[rows]
        for number in np.unique(sites[here]):
            site = self.table.places[number - 1] if number else self.site
            at = here & (sites == number)
            factor = self.library.electricity(indicator, level, site, self.as_of)
            if factor is not None:
                self._put(factor, unit, at, cells)
                continue
            said = {"province": site.province + site.part, "level": level, "as_of": self.as_of.isoformat()}
            self._refuse(rows, at, cells, "factor.none", "emission_factor", said)

    def _steam(self, rows: Rows, unit: str, cells: _Cells) -> None:
        """Look the enthalpy of steam up by its pressure and temperature, where it was not given."""
        state = {name: self._given(self.table.values.get(name), rows, own) for name, own in STATE.items()}
        for name, own in STATE.items():
            self._mismatch(name, rows, state[name].bad & cells.open, own, self.table.values.get(name))
        cells.bad[:] |= np.any([given.bad for given in state.values()], axis=0) & cells.open
        pressure, temperature = (state[name].value for name in STATE)
        for at in np.flatnonzero(cells.open & ~np.isnan(pressure)):
            try:
                found = enthalpy(float(pressure[at]), float(temperature[at]))
            except OutOfRange as error:
                self._refuse(rows, np.arange(len(rows)) == at, cells, error.code, "enthalpy", error.values)
                continue
            known = {name: given for name, given in state.items() if not np.isnan(given.value[at])}
            refs = {name: int(given.ref[at]) for name, given in known.items()}
            said: dict[str, object] = {name: float(given.value[at]) for name, given in known.items()}
            said |= {f"{name}_from": dict(self.provenance[ref]) for name, ref in refs.items() if ref >= 0}
            key = ("steam", *(value for name, value in said.items() if name in STATE), *refs.values())
            ref = self.refer(key, found.provenance(**said))
            cells.put(at, convert(found.value, "kJ/kg", unit), _CODE["library"], ref)


def _serves(factor: LibraryFactor, role: str) -> bool:
    if factor.family != "inventory":
        return True
    return factor.klass == role or (role != "electricity" and factor.klass not in ("electricity", "heat"))


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
