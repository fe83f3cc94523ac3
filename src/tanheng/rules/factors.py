"""The library of published factors: looked up by id, or by indicator, level and place as known on a day."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType

from tanheng.kernel.errors import NotFound
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import canonical
from tanheng.rules.streams import SiteInfo

__all__ = [
    "LEVELS",
    "LibraryFactor",
    "electricity_factor",
    "grid_of",
    "library",
    "library_factor",
    "newest_publication",
]

LEVELS = ("regional", "provincial", "national")


@dataclass(frozen=True, slots=True)
class LibraryFactor:
    """A published factor: ``value`` [``unit``], for whom, from which document and since when it was known."""

    id: str
    indicator: str
    level: str
    region_zh: str
    province: str
    data_year: str
    value: Decimal
    unit: str
    gas: str
    document: str
    document_no: str
    published_on: date | None
    valid_from: date | None
    valid_to: date | None
    evidence: str
    confidence: str
    checked: bool
    url: str
    note: str

    def is_expired(self, on: date) -> bool:
        """Whether its life, counted from publication, is over on a day (bounds are half open)."""
        return self.valid_to is not None and on >= self.valid_to

    def successor(self, on: date) -> "LibraryFactor | None":
        """Return the factor of the same kind and place that was published later, as known on a day."""
        same = (self.indicator, self.level, self.region_zh, self.province, self.gas)
        own = self.published_on or date.min
        later = [
            other
            for other in library().values()
            if (other.indicator, other.level, other.region_zh, other.province, other.gas) == same
            and other.published_on is not None
            and own < other.published_on <= on
        ]
        return max(later, key=lambda other: (other.published_on, other.id)) if later else None

    def provenance(self) -> dict[str, object]:
        """Return where the value comes from, for the trace."""
        return {
            "kind": "library", "factor_id": self.id, "document": self.document, "document_no": self.document_no,
            "published_on": self.published_on.isoformat() if self.published_on else None, "data_year": self.data_year,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None, "region": self.region_zh,
            "level": self.level, "checked": self.checked, "confidence": self.confidence, "evidence": self.evidence,
            "url": self.url, "note": self.note,
        }  # fmt: skip


@cache
def library() -> Mapping[str, LibraryFactor]:
    """Return every factor of ``data/factors`` by id."""
    found: dict[str, LibraryFactor] = {}
    for path in sorted((data_dir() / "factors").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if "indicator" not in (rows.fieldnames or ()):
                continue  # another table, such as warming potentials
            for row in rows:
                if row["id"] in found:
                    raise ValueError(f"{path}: factor {row['id']} stands twice")
                found[row["id"]] = _factor(row)
    return MappingProxyType(found)


def _factor(row: Mapping[str, str]) -> LibraryFactor:
    text = {key: row[key] for key in LibraryFactor.__dataclass_fields__ if key in row}
    days = {key: _day(row[key]) for key in ("published_on", "valid_from", "valid_to")}
    exact = {"value": Decimal(row["value"]), "unit": canonical(row["unit"]), "checked": row["checked"] == "true"}
    return LibraryFactor(**{**text, **days, **exact})  # type: ignore[arg-type]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def library_factor(factor_id: str) -> LibraryFactor:
    """Return a factor by id.

    Raises
    ------
    NotFound
        ``factor.unknown`` with ids that begin alike.
    """
    if factor_id not in library():
        stem = factor_id.rsplit(":", 1)[0]
        raise NotFound("factor.unknown", factor=factor_id, near=[key for key in library() if key.startswith(stem)][:4])
    return library()[factor_id]


@cache
def newest_publication() -> date:
    """Return the day on which the newest factor of the package was published: the default of ``as_of``."""
    return max(factor.published_on for factor in library().values() if factor.published_on)


@cache
def _grids() -> tuple[Mapping[str, str], ...]:
    with (data_dir() / "tables" / "province_grid.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def grid_of(province: str, part: str, on: date) -> str | None:
    """Return the grid (华北 …) to which a province, or the part of it, belonged on a day; None where nothing says so.

    A province that two grids share (内蒙古) needs ``part``.
    """
    rows = [row for row in _grids() if row["province"] == _plain(province) and _holds(row, on)]
    rows = [row for row in rows if row["part"] == part] or [row for row in rows if not row["part"]]
    return rows[0]["grid"] if rows else None


def _plain(province: str) -> str:
    for ending in ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"):
        if province.endswith(ending):
            return province.removesuffix(ending)
    return province


def _holds(row: Mapping[str, str], on: date) -> bool:
    first, last = _day(row["valid_from"]), _day(row["valid_to"])
    return (first is None or first <= on) and (last is None or on < last)


def electricity_factor(indicator: str, level: str, site: SiteInfo, as_of: date) -> LibraryFactor | None:
    """Return the factor with the newest data year that was published at ``as_of`` for the site; None if there is none.

    A province is looked up in the grid map of the factor's data year: Sichuan stood in 华中 in 2012, in 西南 in 2021.
    """
    known = [f for f in library().values() if f.indicator == indicator and f.level == level and f.published_on]
    known = [f for f in known if f.published_on is not None and f.published_on <= as_of and f.data_year]
    known.sort(key=lambda f: (f.data_year, f.published_on, f.id), reverse=True)
    return next((factor for factor in known if _is_for(factor, site)), None)


def _is_for(factor: LibraryFactor, site: SiteInfo) -> bool:
    if factor.level == "national":
        return True
    if factor.level == "provincial":
        return _plain(factor.province) == _plain(site.province)
    year = int(factor.data_year[:4])
    return factor.region_zh == grid_of(site.province, site.part, date(year, 7, 1))
