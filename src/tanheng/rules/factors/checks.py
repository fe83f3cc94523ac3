"""Whether imported factors can be true: dimension, magnitude, years, lives, overlaps; against the library as well."""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import median

from tanheng.kernel.errors import InputError, OutOfRange, TanhengError, UnitError
from tanheng.kernel.units import compatible, convert, label
from tanheng.rules.factors.library import FactorLibrary
from tanheng.rules.factors.model import LEVELS, LibraryFactor, word
from tanheng.rules.factors.rows import Fault, Row, columns, rules
from tanheng.rules.grids import grids_of, provinces

__all__ = ["check_rows"]


class _Known:
    """The library, grouped by what values are compared with."""

    def __init__(self, library: FactorLibrary, on: date) -> None:
        self.library, self.on = library, on
        self.measured: dict[tuple[str, str], list[LibraryFactor]] = {}
        self.of_kind: dict[tuple[str, ...], list[LibraryFactor]] = {}
        for factor in library.all():
            self.of_kind.setdefault(factor.kind, []).append(factor)
            if factor.value > 0:
                self.measured.setdefault((factor.quantity, factor.klass), []).append(factor)

    def alike(self, factor: LibraryFactor) -> list[LibraryFactor]:
        """Entries that measure the same: of the material if there are any, else of the carrier, else of the class."""
        same = [
            other
            for other in self.measured.get((factor.quantity, factor.klass), ())
            if other.id != factor.id and compatible(other.unit, factor.unit)
        ]
        if factor.klass in ("upstream", "benchmark", "process"):  # steel and limestone are no measure for each other
            material = factor.material
            return [other for other in same if other.zh == factor.zh or (material and other.material == material)]
        for name in ("material", "carrier"):
            own = getattr(factor, name)
            nearer = [other for other in same if own and getattr(other, name) == own]
            if nearer:
                return nearer
        return same


def check_rows(rows: Sequence[Row], library: FactorLibrary, on: date) -> list[Fault]:
    """Return every fault of the rows, in the order of the file.

    Parameters
    ----------
    rows
        What could be read.
    library
        The library the rows are meant for: ids to replace, values of the same kind, lives.
    on
        Today: nothing is published later.
    """
    faults: list[Fault] = []
    known = _Known(library, on)
    for row in rows:
        for check in (_dimension, _share, _place, _magnitude, _years, _swapped_year, _life, _replaced):
            faults += check(row, known)
    faults += _twice(rows)
    faults += _overlaps(rows, library)
    return sorted(faults, key=lambda fault: fault.row)


def _told(row: Row, name: str, error: TanhengError, severity: str = "error") -> Fault:
    return Fault(row.number, columns()[name]["zh"], error, severity)


def _dimension(row: Row, known: _Known) -> Iterator[Fault]:
    factor, rule = row.factor, rules()["dimensions"].get(row.factor.quantity)
    if rule is None:
        return
    if not rule.get("gas"):
        if not _fits(factor.unit, rule["units"]):
            units = "、".join(label(unit) for unit in rule["units"])
            said = {"unit": label(factor.unit), "quantity": word("quantity", factor.quantity), "known": units}
            yield _told(row, "unit", UnitError("factor.dimension", **said))
        return
    over = rules()["activities"].get(factor.klass, rule["over"])
    gases = rules()["gases"]
    if factor.gas not in gases:
        yield _told(row, "gas", InputError("factor.gas", gas=factor.gas or "（空）", known=list(gases)))
    elif not _fits(factor.unit, [f"{gases[factor.gas]}/({activity})" for activity in over]):
        units = "、".join(label(f"{gases[factor.gas]}/({activity})") for activity in over)
        said = {"unit": label(factor.unit), "quantity": f"{factor.gas} {word('klass', factor.klass)}排放因子"}
        yield _told(row, "unit", UnitError("factor.dimension", **said, known=units))


def _fits(unit: str, units: Iterable[str]) -> bool:
    return any(compatible(unit, other) for other in units)


def _share(row: Row, known: _Known) -> Iterator[Fault]:
    """98 as a fraction, or 0.98 as a percentage."""
    factor = row.factor
    if factor.quantity != "oxidation_factor":
        return
    if factor.unit == "1" and factor.value > 1:
        yield _told(row, "value", OutOfRange("factor.percent", value=factor.value, fraction=factor.value / 100))
    if factor.unit == "%" and factor.value <= 1:
        yield _told(row, "value", OutOfRange("factor.fraction", value=factor.value, percent=factor.value * 100))


def _place(row: Row, known: _Known) -> Iterator[Fault]:
    """A grid's factor that no site would ever take, because its level, grid or province is not written as known."""
    factor = row.factor
    if factor.klass != "electricity" or not factor.indicator or factor.family != "inventory":
        return
    grids = sorted({grid for province in provinces() for grid in grids_of(province)})
    if factor.level not in LEVELS:
        levels = [word("level", level) for level in LEVELS]
        yield _told(
            row, "level", InputError("factor.place", text=word("level", factor.level) or "（空）", known=levels)
        )
    elif factor.level == "regional" and factor.region_zh not in grids:
        yield _told(row, "region_zh", InputError("factor.place", text=factor.region_zh or "（空）", known=grids))
    elif factor.level == "provincial" and not factor.province:
        yield _told(row, "province", InputError("factor.place", text="（空）", known=list(provinces())))


def _magnitude(row: Row, known: _Known) -> Iterator[Fault]:
    """Compare with the library's values of the same kind: a slip of 1000 is no measurement."""
    factor = row.factor
    if factor.value == 0:
        yield _told(row, "value", OutOfRange("factor.zero", factor=factor.label), "warning")
        return
    others = [convert(float(other.value), other.unit, factor.unit) for other in known.alike(factor)]
    if not others:
        return
    lowest, highest, value = min(others), max(others), float(factor.value)
    times = value / highest if value > highest else lowest / value if value < lowest else 1.0
    if times < rules()["slips"]["ask"]:
        return
    usual = median(others)
    said = {
        "value": f"{factor.value} {label(factor.unit)}", "lowest": f"{lowest:.6g}", "highest": f"{highest:.6g}",
        "ratio": f"{value / usual:.4g}", "count": len(others),
    }  # fmt: skip
    far = times >= rules()["slips"]["refuse"]
    yield _told(row, "value", OutOfRange("factor.slip" if far else "factor.far", **said), "error" if far else "warning")


def _years(row: Row, known: _Known) -> Iterator[Fault]:
    factor, year = row.factor, int(row.factor.data_year)
    published = factor.published_on
    if not rules()["earliest_year"] <= year <= known.on.year:
        yield _told(row, "data_year", OutOfRange("factor.year_range", year=year, last=known.on.year))
    elif published is not None and year > published.year:
        yield _told(row, "data_year", OutOfRange("factor.years_swapped", year=year, published_on=published))
    if published is not None and published > known.on:
        yield _told(row, "published_on", OutOfRange("factor.published_later", published_on=published, today=known.on))
    if factor.valid_from and factor.valid_to and factor.valid_from >= factor.valid_to:
        said = {"valid_from": factor.valid_from, "valid_to": factor.valid_to}
        yield _told(row, "valid_to", OutOfRange("factor.validity_reversed", **said))


def _swapped_year(row: Row, known: _Known) -> Iterator[Fault]:
    """The value that the library has for another year, while it has a different one for this year."""
    factor = row.factor
    same = [other for other in known.of_kind.get(factor.kind, ()) if other.id != factor.id]
    of_year = [other for other in same if other.data_year == factor.data_year]
    if not of_year or any(_is_same(factor, other) for other in of_year):
        return
    for other in same:
        if other.data_year != factor.data_year and _is_same(factor, other):
            said = {"year": factor.data_year, "other": other.data_year, "factor": other.id, "value": of_year[0].value}
            yield _told(row, "data_year", OutOfRange("factor.value_of_other_year", **said))
            return


def _is_same(one: LibraryFactor, other: LibraryFactor) -> bool:
    if not compatible(one.unit, other.unit):
        return False
    return math.isclose(convert(float(other.value), other.unit, one.unit), float(one.value), rel_tol=1e-9)


def _life(row: Row, known: _Known) -> Iterator[Fault]:
    try:
        known.library.life.refuse_too_long(row.factor)
    except OutOfRange as error:
        yield _told(row, "valid_to", error)


def _replaced(row: Row, known: _Known) -> Iterator[Fault]:
    """What is replaced must exist, be of the same family, and measure the same."""
    factor = row.factor
    if not factor.supersedes:
        return
    if factor.supersedes == factor.id or not known.library.versions(factor.supersedes):
        yield _told(row, "supersedes", InputError("factor.replaces_unknown", factor=factor.supersedes))
        return
    old = known.library.get(factor.supersedes)
    if (old.family, old.quantity) != (factor.family, factor.quantity) or not compatible(old.unit, factor.unit):
        said = {"factor": old.id, "old": _kind_zh(old), "new": _kind_zh(factor)}
        yield _told(row, "supersedes", InputError("factor.replaces_unlike", **said))


def _kind_zh(factor: LibraryFactor) -> str:
    return f"{word('family', factor.family)}·{word('quantity', factor.quantity)} {label(factor.unit)}"


def _twice(rows: Sequence[Row]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for row in rows:
        if row.code in first:
            yield _told(row, "code", InputError("factor.code_twice", factor=row.code, row=first[row.code]))
        first.setdefault(row.code, row.number)


def _overlaps(rows: Sequence[Row], library: FactorLibrary) -> Iterator[Fault]:
    """Two entries for the same purpose and year that are valid at the same time, neither replacing the other."""
    known: dict[object, list[tuple[LibraryFactor, int]]] = {}
    for other in library.all():
        known.setdefault((other.kind, other.data_year), []).append((other, 0))
    own = {row.factor.id for row in rows}
    for row in rows:
        factor = library.life.applied(row.factor)
        for other, number in known.get((factor.kind, factor.data_year), ()):
            apart = other.id == factor.id or factor.supersedes == other.id or other.supersedes == factor.id
            if apart or (number == 0 and other.id in own) or not _meet(factor, other):
                continue
            said = {"factor": other.id if number == 0 else f"第 {number} 行", "other": other.label}
            yield _told(row, "valid_from", InputError("factor.overlap", **said))
            break
        known.setdefault((factor.kind, factor.data_year), []).append((factor, row.number))


def _meet(one: LibraryFactor, other: LibraryFactor) -> bool:
    first = max(one.valid_from or date.min, other.valid_from or date.min)
    last = min(one.valid_to or date.max, other.valid_to or date.max)
    return first < last
