"""A standard evaluated over a table of streams, column by column, with the trace of every line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.quantities import glossary
from tanheng.kernel.rounding import round_half_up_array
from tanheng.kernel.units import compatible, convert
from tanheng.rules.amounts import amounts, given_units
from tanheng.rules.claims import allowed
from tanheng.rules.factors import FactorLibrary, packaged
from tanheng.rules.formula import Formula
from tanheng.rules.line_rounding import counted, settled
from tanheng.rules.matching import OUTWARD_ROLES, Taken, match
from tanheng.rules.package import Standard
from tanheng.rules.process_kinds import kinds_of, of_kinds
from tanheng.rules.resolution import source_dict
from tanheng.rules.resolve import Resolver
from tanheng.rules.streams import SiteInfo
from tanheng.rules.table import ORIGINS, StreamTable
from tanheng.rules.trace import Amount, Derivation, Evaluation, Finding, NotCounted, Symbol, TraceBlock
from tanheng.rules.unused import unused

__all__ = ["HEAT_FORMULAS", "evaluate"]

Rows = NDArray[np.int64]
# heat given as a mass of steam or hot water is converted by the first formula one of whose state values is given
HEAT_FORMULAS = {"steam_heat": ("enthalpy", "pressure"), "hot_water_heat": ("temperature",)}
_TYPED = 1e-9  # 100 % in another unit is still the whole
_COMPUTED, _MEASURED, _DERIVED = (ORIGINS.index(name) for name in ("computed", "measured", "derived"))


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of one rule that share a variant of the formula and, for steam and water, a conversion."""

    rows: Rows
    variant: int
    heat: Formula | None = None
    reported: bool = False  # why the quantity cannot be used is said already


def evaluate(
    standard: Standard, table: StreamTable, *, site: SiteInfo, as_of: date, library: FactorLibrary | None = None
) -> Evaluation:
    """Evaluate every account of a standard over a table.

    Parameters
    ----------
    standard
        A loaded standard package.
    table
        Streams in columns; one row is one stream in one period.
    site
        Province and options, for the choice of factors.
    as_of
        The day whose published factors may be used.
    library
        Where factors are looked up; default: the packaged ones.

    Returns
    -------
    Evaluation
        Lines [t of gas and tCO2e] in blocks with their symbols, gaps and warnings. What is unknown is NaN, never 0.
    """
    resolver = Resolver(standard, table, site, as_of, library or packaged())
    blocks: list[TraceBlock] = []
    left: list[NotCounted] = []
    gaps: list[Finding] = []
    said: set[str] = set()
    for account in standard.accounts:
        rows, netted, kept = _account_rows(standard, table, site, account)
        if standard.accounts[account].flows == "boundary":
            rows, refused = allowed(standard, table, rows)
            gaps += refused
        taken, not_counted, open_gaps = match(standard, table, rows, account, _sources(standard, account))
        taken += _deducted(standard, table, site, account)
        left += not_counted
        gaps += open_gaps
        found = [_block(resolver, account, use, part, gaps) for use in taken for part in _parts(resolver, use, gaps)]
        blocks += settled(standard.rounding, found)
        gaps += resolver.gaps
        resolver.gaps = []
        counted = {table.materials[code] for use in taken for code in np.unique(table.material[use.rows])}
        for material in (name for name in netted if name in counted and name not in said):
            said.add(material)
            resolver.warnings.append(Finding("account.process_net", -1, None, {"material": material}))
        for material in kept:
            resolver.warnings.append(Finding("account.made_inside", -1, None, {"material": material}))
    unique = {(gap.code, gap.row, gap.quantity): gap for gap in gaps}
    warnings = (*resolver.warnings, *unused(standard, table, blocks))
    return Evaluation(tuple(blocks), tuple(unique.values()), warnings, tuple(left), tuple(resolver.provenance))


def _sources(standard: Standard, account: str) -> list[str]:
    """Return the sources of an account that take the account's own flows."""
    chosen = standard.accounts[account].sources or tuple(standard.sources)
    return [name for name in chosen if not standard.sources[name].kinds]


def _deducted(standard: Standard, table: StreamTable, site: SiteInfo, account: str) -> Iterator[Taken]:
    """Yield what sources with kinds of their own take; other flows of those processes are left alone."""
    rule = standard.accounts[account]
    for name in (rule.sources or standard.sources) if rule.flows == "boundary" else ():
        if kinds := standard.sources[name].kinds:
            rows = np.flatnonzero(of_kinds(table, kinds_of(standard, site), kinds))
            yield from match(standard, table, rows, account, [name])[0]


def _account_rows(
    standard: Standard, table: StreamTable, site: SiteInfo, account: str
) -> tuple[Rows, list[str], list[str]]:
    """Return the rows an account counts, and two kinds of materials without any flow over the boundary.

    Of the first kind the process flows stand in for the boundary's; the second are made and used inside, so their net
    consumption is taken as zero, and a purchase that only a process meters is not seen.
    """
    rule, inside = standard.accounts[account], table.inside
    if rule.kinds:
        return np.flatnonzero(of_kinds(table, kinds_of(standard, site), rule.kinds)), [], []
    if rule.flows == "process":
        return np.flatnonzero(inside), [], []
    if rule.fallback != "process_net" or not inside.any():
        return np.flatnonzero(~inside), [], []
    length = len(table.materials)
    crossing = np.bincount(table.material[~inside], minlength=length)
    within = np.bincount(table.material[inside], minlength=length)
    going = np.isin(table.role, [n for n, role in enumerate(table.roles) if role in OUTWARD_ROLES])
    made = np.bincount(table.material[inside & (going | table.outward)], minlength=length) > 0
    kept = made & np.array([name in rule.made_inside for name in table.materials], np.bool_)
    alone = (within > 0) & (crossing == 0)
    netted, staying = ([table.materials[n] for n in np.flatnonzero(alone & which)] for which in (~kept, kept))
    return np.flatnonzero(~inside | (alone & ~kept)[table.material]), netted, staying


def _parts(resolver: Resolver, use: Taken, gaps: list[Finding]) -> Iterator[_Part]:
    """Split the rows of a rule by the variant of units that fits what was given."""
    table, formula = resolver.table, resolver.standard.formulas[use.formula]
    codes = given_units(table, use.rows)
    variant = np.array([_variant(resolver, formula, unit) for unit in (*table.units, None)], np.int16)[codes]
    for row in use.rows[variant == -1]:
        said = {"unit": table.units[codes[np.searchsorted(use.rows, row)]], "expected": formula.terms["quantity"][0]}
        gaps.append(Finding("unit.incompatible", int(row), "quantity", said))
    for number in sorted(set(variant.tolist())):
        rows = use.rows[variant == number]
        if number >= 0 or number == -1:
            yield _Part(rows, max(number, 0), reported=number == -1)
        else:
            yield from _heat_parts(resolver, rows, gaps)


def _variant(resolver: Resolver, formula: Formula, unit: str | None) -> int:
    """Return the variant that takes a quantity in a unit, -2 where heat must be computed, -1 where nothing fits."""
    if unit is None:
        return 0
    for number, wanted in enumerate(formula.terms["quantity"]):
        if compatible(unit, wanted):
            return number
    heat = formula.terms["quantity"][0]
    steams = [resolver.standard.formulas[name] for name in HEAT_FORMULAS if name in resolver.standard.formulas]
    return -2 if any(compatible(unit, f.terms["mass"][0]) and compatible(f.unit, heat) for f in steams) else -1


def _heat_parts(resolver: Resolver, rows: Rows, gaps: list[Finding]) -> Iterator[_Part]:
    table, rest = resolver.table, rows
    is_steam = np.array([name == "steam" for name in table.materials], np.bool_)[table.material]
    for name, states in HEAT_FORMULAS.items():
        if name not in resolver.standard.formulas:
            continue
        columns = [table.values[state] for state in states if state in table.values]
        here = np.zeros(len(rest), np.bool_)
        for column in columns:
            here |= ~np.isnan(column.value[rest])
        if name == "hot_water_heat":
            here &= ~is_steam[rest]  # as hot water, steam would lose the heat of its evaporation
        if here.any():
            yield _Part(rest[here], 0, resolver.standard.formulas[name])
            rest = rest[~here]
    if rest.size:
        gaps += [Finding("heat.state_missing", int(row), "enthalpy") for row in rest]
        yield _Part(rest, 0, reported=True)


def _block(resolver: Resolver, account: str, use: Taken, part: _Part, gaps: list[Finding]) -> TraceBlock:
    standard, formula = resolver.standard, resolver.standard.formulas[use.formula]
    units = formula.variants[part.variant]
    amount, quantity, derived = _quantity(resolver, use, part, units["quantity"], gaps)
    symbols: dict[str, Symbol] = {"quantity": quantity}
    for name in formula.expression.names:
        if name != "quantity":
            symbols[name], more = resolver.symbol(name, part.rows, units[name], standard.sources[use.source])
            derived += more
    decimals = {**standard.rounding.parameters, **formula.decimals}
    for name, at in list(_above_one(symbols)):
        gaps += [Finding("value.above_one", int(row), name) for row in part.rows[at]]
        symbols[name] = _unknown(symbols[name], at)
        derived = [_refused(each, at) if each.symbol == name else each for each in derived]
    symbols = _rounded_symbols(decimals, symbols)
    mass = formula.evaluate(**{name: symbol.value for name, symbol in symbols.items()})
    mass = convert(mass, formula.units[part.variant], f"t{use.gas}")
    known = np.all([np.isfinite(symbol.value) for symbol in symbols.values()], axis=0)
    for row in part.rows[known & np.isnan(mass)]:
        gaps.append(Finding("line.undefined", int(row), None, {"formula_zh": formula.zh}))
    gwp = float(standard.gwp.values[use.gas])
    mass, value = counted(standard.rounding, formula, symbols, mass, gwp)
    return TraceBlock(
        account=account,
        source=use.source,
        gas=use.gas,
        formula=use.formula,
        unit=f"t{use.gas}",
        sign=use.sign,
        gwp=gwp,
        gwp_ref=resolver.refer(("gwp", use.gas), _gwp_provenance(standard, use.gas)),
        rows=part.rows,
        symbols=symbols,
        derived=tuple(derived),
        amount=amount,
        decimals={name: n for name, n in decimals.items() if name in symbols},
        mass=mass,
        value=value * use.sign,
    )


def _above_one(symbols: Mapping[str, Symbol]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the shares of a whole that are more than the whole, given or computed: what they give is no emission."""
    for name, symbol in symbols.items():
        known = glossary().get(name)
        if known is not None and known.share:
            at = convert(symbol.value, symbol.unit, "1") > 1 + _TYPED
            if at.any():
                yield name, at


def _unknown(symbol: Symbol, at: NDArray[np.bool_]) -> Symbol:
    return replace(symbol, value=np.where(at, np.nan, symbol.value))


def _refused(derivation: Derivation, at: NDArray[np.bool_]) -> Derivation:
    """What was computed is refused, and so is what it was computed from."""
    inputs = {name: _unknown(symbol, at[derivation.at]) for name, symbol in derivation.symbols.items()}
    return replace(derivation, symbols=inputs)


def _quantity(
    resolver: Resolver, use: Taken, part: _Part, unit: str, gaps: list[Finding]
) -> tuple[Amount, Symbol, list[Derivation]]:
    """Return the amount of a rule's basis as the symbol ``quantity``; steam and water through their heat."""
    table, rows, heat = resolver.table, part.rows, part.heat
    by_nature = table.roles[table.role[rows[0]]] in OUTWARD_ROLES
    leaving = np.zeros(len(rows), np.bool_) if by_nature else table.outward[rows]
    name, entered = ("quantity", unit) if heat is None else ("mass", heat.terms["mass"][0])
    amount, more = amounts(
        table, rows, symbol=name, basis=use.basis, directed=use.directed, unit=entered, leaving=leaving
    )
    gaps += [] if part.reported else more
    symbol = _amount_symbol(table, rows, amount)
    if heat is None:
        return amount, symbol, []
    inputs = {"mass": symbol}
    for term, wanted in heat.variants[0].items():
        if term != "mass":
            inputs[term], _ = resolver.symbol(term, rows, wanted)
    value = convert(heat.evaluate(**{key: column.value for key, column in inputs.items()}), heat.unit, unit)
    derivation = Derivation("quantity", heat.id, unit, np.arange(len(rows)), inputs)
    code = np.full(len(rows), _DERIVED, np.int8)
    return amount, Symbol(unit, value, code, np.full(len(rows), -1, np.int32)), [derivation]


def _amount_symbol(table: StreamTable, rows: Rows, amount: Amount) -> Symbol:
    direct = table.quantities.get("quantity")
    origin = np.full(len(rows), _COMPUTED, np.int8)
    ref = np.full(len(rows), -1, np.int32)
    if direct is not None:
        origin = np.where(amount.direct, direct.origin[rows], origin).astype(np.int8)
        ref = np.where(amount.direct, direct.ref[rows], ref).astype(np.int32)
    return Symbol(amount.unit, amount.value, origin, ref)


def _rounded_symbols(decimals: Mapping[str, int], symbols: Mapping[str, Symbol]) -> dict[str, Symbol]:
    """Round the parameters that a standard rounds before it multiplies."""
    return {
        name: Symbol(s.unit, round_half_up_array(s.value, decimals[name]), s.origin, s.ref) if name in decimals else s
        for name, s in symbols.items()
    }


def _gwp_provenance(standard: Standard, gas: str) -> dict[str, object]:
    source = source_dict(standard.gwp.source)
    document = source.pop("doc", "")
    return {
        "kind": "constant",
        "standard": standard.id,
        "name": "gwp",
        "gas": gas,
        "set": standard.gwp.set,
        "document": document,
        **source,
    }
