"""The library of published factors: looked up by id, or by indicator, level and place as known on a day."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property

from tanheng.kernel.canonical_json import digest as sha256
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import canonical
from tanheng.rules.grids import grid_of, plain_province
from tanheng.rules.streams import SiteInfo

__all__ = ["LEVELS", "FactorLibrary", "LibraryFactor", "packaged"]

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

    def provenance(self) -> dict[str, object]:
        """Return where the value comes from, for the trace."""
        return {
            "kind": "library", "factor_id": self.id, "document": self.document, "document_no": self.document_no,
            "published_on": self.published_on.isoformat() if self.published_on else None, "data_year": self.data_year,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None, "region": self.region_zh,
            "level": self.level, "checked": self.checked, "confidence": self.confidence, "evidence": self.evidence,
            "url": self.url, "note": self.note,
        }  # fmt: skip


class FactorLibrary:
    """Factors by id, as one immutable whole: the packaged ones, and those an enterprise published for itself.

    Raises
    ------
    InputError
        ``factor.twice`` when two factors have one id.
    """

    def __init__(self, factors: Iterable[LibraryFactor]) -> None:
        self._by_id: dict[str, LibraryFactor] = {}
        for factor in factors:
            if factor.id in self._by_id:
                raise InputError("factor.twice", factor=factor.id)
            self._by_id[factor.id] = factor
        self._chosen: dict[object, LibraryFactor | None] = {}

    def all(self) -> tuple[LibraryFactor, ...]:
        """Return every factor."""
        return tuple(self._by_id.values())

    def get(self, factor_id: str) -> LibraryFactor:
        """Return a factor by id.

        Raises
        ------
        NotFound
            ``factor.unknown`` with ids that begin alike.
        """
        if factor_id not in self._by_id:
            stem = factor_id.rsplit(":", 1)[0]
            near = [key for key in self._by_id if key.startswith(stem)][:4]
            raise NotFound("factor.unknown", factor=factor_id, near=near)
        return self._by_id[factor_id]

    def with_factors(self, extra: Iterable[LibraryFactor]) -> "FactorLibrary":
        """Return a library with more factors; one with the id of a present factor takes its place."""
        return FactorLibrary({**self._by_id, **{factor.id: factor for factor in extra}}.values())

    @cached_property
    def newest_publication(self) -> date:
        """The day on which the newest factor was published: the default of ``as_of``."""
        return max(factor.published_on for factor in self._by_id.values() if factor.published_on)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that can decide a result: ids, values, units and dates."""
        rows = [
            [f.id, str(f.value), f.unit, *(str(day) for day in (f.published_on, f.valid_from, f.valid_to))]
            for _, f in sorted(self._by_id.items())
        ]
        return sha256(dumps(rows))

    def successor(self, factor: LibraryFactor, on: date) -> LibraryFactor | None:
        """Return the factor of the same kind and place that was published later, as known on a day."""
        same = (factor.indicator, factor.level, factor.region_zh, factor.province, factor.gas)
        own = factor.published_on or date.min
        later = [
            other
            for other in self._by_id.values()
            if (other.indicator, other.level, other.region_zh, other.province, other.gas) == same
            and other.published_on is not None
            and own < other.published_on <= on
        ]
        return max(later, key=lambda other: (other.published_on, other.id)) if later else None

    def electricity(self, indicator: str, level: str, site: SiteInfo, as_of: date) -> LibraryFactor | None:
        """Return the factor with the newest data year published at ``as_of`` for the site; None if there is none.

        The grid map of the data year decides: Sichuan stood in 华中 in 2012 and in 西南 in 2021.
        """
        key = (indicator, level, site.province, site.part, as_of)
        if key not in self._chosen:
            known = [
                f
                for f in self._by_id.values()
                if (f.indicator, f.level) == (indicator, level) and f.published_on and f.published_on <= as_of
            ]
            known = [factor for factor in known if factor.data_year]
            known.sort(key=lambda f: (f.data_year, f.published_on, f.id), reverse=True)
            self._chosen[key] = next((factor for factor in known if _is_for(factor, site)), None)
        return self._chosen[key]


@cache
def packaged() -> FactorLibrary:
    """Return every factor of ``data/factors``."""
    found: list[LibraryFactor] = []
    for path in sorted((data_dir() / "factors").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if "indicator" in (rows.fieldnames or ()):  # else another table, such as warming potentials
                found += map(_factor, rows)
    return FactorLibrary(found)


def _factor(row: Mapping[str, str]) -> LibraryFactor:
    text = {key: row[key] for key in LibraryFactor.__dataclass_fields__ if key in row}
    days = {key: _day(row[key]) for key in ("published_on", "valid_from", "valid_to")}
    exact = {"value": Decimal(row["value"]), "unit": canonical(row["unit"]), "checked": row["checked"] == "true"}
    return LibraryFactor(**{**text, **days, **exact})  # type: ignore[arg-type]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _is_for(factor: LibraryFactor, site: SiteInfo) -> bool:
    if factor.level == "national":
        return True
    if factor.level == "provincial":
        return plain_province(factor.province) == plain_province(site.province)
    year = int(factor.data_year[:4])
    return factor.region_zh == grid_of(site.province, site.part, date(year, 7, 1))
