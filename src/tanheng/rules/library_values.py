"""Values from the factor library: the factor a stream names, the grid factor of its place, the enthalpy of steam."""

import numpy as np
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError, NotFound, OutOfRange
from tanheng.kernel.units import compatible, convert
from tanheng.rules.factors import LibraryFactor, word
from tanheng.rules.model_values import ElectricityFactor
from tanheng.rules.models import Source
from tanheng.rules.resolution import CODE, Cells, Resolution, Rows
from tanheng.rules.steam import STATE, enthalpy
from tanheng.rules.trace import Finding

__all__ = ["fill_enthalpy", "fill_grid_factor", "fill_named_factor"]

PURE = "per_t_carbonate"  # basis of a factor per tonne of the pure carbonate


def fill_named_factor(look: Resolution, rows: Rows, unit: str, cells: Cells, source: Source | None) -> None:
    """Fill in library factors that a stream names by id, or what has been declared to replace them."""
    codes = look.table.factor[rows]
    for code in np.unique(codes[(codes >= 0) & cells.open]):
        here = (codes == code) & cells.open
        try:
            named = look.library.get(look.table.factors[code], look.as_of)
            factor = look.library.in_use(named, look.as_of)
        except (NotFound, InputError) as error:
            look.refuse(rows, here, cells, error.code, "emission_factor", error.values)
            continue
        here = _serving(look, factor, rows, here, cells)
        if factor.family not in (source.families if source else ("inventory",)):
            said = {"factor": factor.id, "factor_zh": factor.label}
            look.refuse(rows, here, cells, "factor.family", "emission_factor", said)
        elif factor.basis == PURE:  # it would be multiplied with the mass of the raw material, purity forgotten
            said = {"factor": factor.id, "factor_zh": factor.label}
            look.refuse(rows, here, cells, "factor.basis", "emission_factor", said)
        elif not compatible(factor.unit, unit):
            wrong = {"unit": factor.unit, "expected": unit, "factor": factor.id}
            look.refuse(rows, here, cells, "unit.incompatible", "emission_factor", wrong)
        else:
            _warn_of_choice(look, named, factor)
            _put(look, factor, unit, here, cells)


def _serving(
    look: Resolution, factor: LibraryFactor, rows: Rows, here: NDArray[np.bool_], cells: Cells
) -> NDArray[np.bool_]:
    """Refuse power factors for heat and the other way round: tCO2/GJ and tCO2/MWh convert into each other."""
    serves = np.array([_serves(factor, role) for role in look.table.roles], np.bool_)[look.table.role[rows]]
    said = {"factor": factor.id, "factor_zh": factor.label, "klass": word("klass", factor.klass)}
    look.refuse(rows, here & ~serves, cells, "factor.carrier", "emission_factor", said)
    fitting: NDArray[np.bool_] = here & serves
    return fitting


def _serves(factor: LibraryFactor, role: str) -> bool:
    if factor.family != "inventory":
        return True
    return factor.klass == role or (role != "electricity" and factor.klass not in ("electricity", "heat"))


def _warn_of_choice(look: Resolution, named: LibraryFactor, factor: LibraryFactor) -> None:
    if factor.id != named.id:
        look.warn_once("factor.replaced", {"factor": named.id, "newer": factor.id})
    if not factor.is_known(look.as_of):
        said = {"factor": factor.id, "document": factor.document, "known_on": str(factor.known_on)}
        look.warn_once("factor.not_yet_known", {**said, "as_of": look.as_of.isoformat()})


def _put(look: Resolution, factor: LibraryFactor, unit: str, here: NDArray[np.bool_], cells: Cells) -> None:
    if not look.has_referred(("library", factor.id)) and factor.is_expired(look.as_of):
        said = {"factor": factor.id, "document": factor.document, "valid_to": str(factor.valid_to)}
        newer = look.library.successor(factor, look.as_of)
        code = "factor.expired" if newer is None else "factor.superseded"
        said |= {} if newer is None else {"newer": newer.id}
        look.warnings.append(Finding(code, -1, "emission_factor", said))
    ref = look.refer(("library", factor.id), factor.provenance())
    cells.put(here, convert(float(factor.value), factor.unit, unit), CODE["library"], ref)


def fill_grid_factor(look: Resolution, rows: Rows, unit: str, cells: Cells, rule: ElectricityFactor | None) -> None:
    """Fill in the grid factor that the rule of the source or the standard and each site's province select."""
    power = np.array([name == "electricity" for name in look.table.roles], np.bool_)[look.table.role[rows]]
    here = power & cells.open
    if not here.any() or not compatible(unit, "tCO2/MWh"):
        return
    level, indicator = _grid_choice(look, rule)
    sites = look.table.site[rows]
    for number in np.unique(sites[here]):
        site = look.table.places[number - 1] if number else look.site
        at = here & (sites == number)
        factor = look.library.electricity(indicator, level, site, look.as_of)
        if factor is not None:
            _put(look, factor, unit, at, cells)
            continue
        said = {"province": site.province + site.part, "level": level, "as_of": look.as_of.isoformat()}
        look.refuse(rows, at, cells, "factor.none", "emission_factor", said)


def _grid_choice(look: Resolution, rule: ElectricityFactor | None) -> tuple[str, str]:
    """Return level and indicator: the source's own, else the enterprise's setting, else the standard's."""
    options, default = look.site.options, look.standard.electricity_factor
    level = str(options.get("electricity_factor_level") or default.level)
    level = "provincial" if level == "province" else level
    if rule is None:
        return level, str(options.get("electricity_factor_indicator") or default.indicator)
    return (level if rule.level == "setting" else rule.level), rule.indicator


def fill_enthalpy(look: Resolution, rows: Rows, unit: str, cells: Cells) -> None:
    """Look the enthalpy of steam up by its pressure and temperature, where it was not given."""
    state = {name: look.given(look.table.values.get(name), rows, own) for name, own in STATE.items()}
    for name, own in STATE.items():
        look.mismatch(name, rows, state[name].bad & cells.open, own, look.table.values.get(name))
    cells.bad[:] |= np.any([given.bad for given in state.values()], axis=0) & cells.open
    pressure, temperature = (state[name].value for name in STATE)
    for at in np.flatnonzero(cells.open & ~np.isnan(pressure)):
        try:
            found = enthalpy(float(pressure[at]), float(temperature[at]))
        except OutOfRange as error:
            look.refuse(rows, np.arange(len(rows)) == at, cells, error.code, "enthalpy", error.values)
            continue
        known = {name: given for name, given in state.items() if not np.isnan(given.value[at])}
        refs = {name: int(given.ref[at]) for name, given in known.items()}
        said: dict[str, object] = {name: float(given.value[at]) for name, given in known.items()}
        said |= {f"{name}_from": dict(look.provenance[ref]) for name, ref in refs.items() if ref >= 0}
        key = ("steam", *(value for name, value in said.items() if name in STATE), *refs.values())
        ref = look.refer(key, found.provenance(**said))
        cells.put(at, convert(found.value, "kJ/kg", unit), CODE["library"], ref)
