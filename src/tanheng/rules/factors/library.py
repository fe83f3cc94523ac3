"""The library: factors by id and version, looked up as known on a day, with what replaces them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, cached_property, lru_cache

from tanheng.kernel.canonical_json import digest as sha256
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import compatible
from tanheng.rules.factors.life import Life, default_life
from tanheng.rules.factors.model import LibraryFactor
from tanheng.rules.factors.reading import read_factors
from tanheng.rules.grids import grid_of, plain_province
from tanheng.rules.streams import SiteInfo

__all__ = ["FactorLibrary", "packaged"]

_DAYS_KEPT = 8  # days for which the newest factor of each kind is remembered: today, and those of results


class FactorLibrary:
    """Factors by id, as one immutable whole: the packaged ones, and those an enterprise published for itself.

    Raises
    ------
    InputError
        ``factor.twice`` when two factors have one id and version; ``factor.replaced_in_a_circle``.
    """

    def __init__(self, factors: Iterable[LibraryFactor], life: Life | None = None) -> None:
        self.life = life or default_life()
        versions: dict[str, list[LibraryFactor]] = {}
        for factor in factors:
            versions.setdefault(factor.id, []).append(factor)
        self._versions = {key: _by_age(found) for key, found in versions.items()}
        self._by_id = {key: found[-1] for key, found in self._versions.items()}
        self._replacing: dict[str, dict[str, None]] = {}  # by what is replaced: ids of which some version says so
        for found in self._versions.values():
            for factor in found:
                if factor.supersedes:
                    self._replacing.setdefault(factor.supersedes, {})[factor.id] = None
        self._chosen: dict[object, LibraryFactor | None] = {}
        self._newest_of_kind = lru_cache(maxsize=_DAYS_KEPT)(self._newest_published)

    def all(self) -> tuple[LibraryFactor, ...]:
        """Return every factor in its newest version."""
        return tuple(self._by_id.values())

    def get(self, factor_id: str, as_of: date | None = None) -> LibraryFactor:
        """Return a factor by id: the newest version, or the newest one that was known on a day.

        A factor that was not yet known on that day is returned in its first version; `is_known` tells.

        Raises
        ------
        NotFound
            ``factor.unknown`` with ids that begin alike.
        """
        if factor_id not in self._by_id:
            stem = factor_id.rsplit(":", 1)[0]
            near = [key for key in self._by_id if key.startswith(stem)][:4]
            raise NotFound("factor.unknown", factor=factor_id, near=near)
        if as_of is None:
            return self._by_id[factor_id]
        return self._known(factor_id, as_of) or self._versions[factor_id][0]

    def _known(self, factor_id: str, on: date) -> LibraryFactor | None:
        """Return the newest version that was known on a day; the ones before it are history."""
        newest = self._by_id[factor_id]
        if newest.is_known(on):
            return newest
        return next((factor for factor in reversed(self._versions[factor_id]) if factor.is_known(on)), None)

    def versions(self, factor_id: str) -> tuple[LibraryFactor, ...]:
        """Return every version of a factor, the oldest first; none for an unknown id."""
        return self._versions.get(factor_id, ())

    def with_factors(self, extra: Iterable[LibraryFactor]) -> "FactorLibrary":
        """Return a library with more factors; one with the id of a present factor takes its place."""
        added = list(extra)
        replaced = {factor.id for factor in added}
        kept = (f for key, found in self._versions.items() if key not in replaced for f in found)
        return FactorLibrary([*kept, *(self.life.applied(factor) for factor in added)], self.life)

    @cached_property
    def newest_publication(self) -> date:
        """The day since which the newest factor is known: the default of ``as_of``."""
        return max(factor.known_on for factor in self._by_id.values() if factor.known_on)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that can decide a result: ids, values, units and dates."""
        rows = [
            [f.id, f.version, str(f.value), f.unit, f.supersedes]
            + [str(day) for day in (f.published_on, f.recorded_on, f.valid_from, f.valid_to)]
            for _, found in sorted(self._versions.items())
            for f in found
        ]
        return sha256(dumps(rows))

    def replacement(self, factor: LibraryFactor, on: date) -> LibraryFactor | None:
        """Return the factor that somebody declared to replace this one, as known on a day: the newest of them."""
        known = [self._known(other, on) for other in self._replacing.get(factor.id, ())]
        saying = [other for other in known if other is not None and other.supersedes == factor.id]
        return max(saying, key=_recorded) if saying else None

    def in_use(self, factor: LibraryFactor, on: date) -> LibraryFactor:
        """Return what stands for a factor on a day: itself, or the end of the chain of its declared replacements.

        Raises
        ------
        InputError
            ``factor.replaced_in_a_circle``.
        """
        passed = [factor.id]
        while (newer := self.replacement(factor, on)) is not None:
            if newer.id in passed:
                raise InputError("factor.replaced_in_a_circle", factors=[*passed, newer.id])
            passed.append(newer.id)
            factor = newer
        return factor

    def successor(self, factor: LibraryFactor, on: date) -> LibraryFactor | None:
        """Return the declared replacement, else the factor of the same kind and place that was published later."""
        declared = self.replacement(factor, on)
        if declared is not None:
            return declared
        newest = self._newest_of_kind(on).get(factor.kind)
        if newest is None or newest.id == factor.id:
            return None
        return newest if _published(factor) < _published(newest) else None

    def _newest_published(self, on: date) -> Mapping[tuple[str, ...], LibraryFactor]:
        """Return the factor of each kind that was published last, as known on a day."""
        newest: dict[tuple[str, ...], LibraryFactor] = {}
        for key in self._versions:
            factor = self._known(key, on)
            if factor is not None:
                kind = factor.kind
                other = newest.setdefault(kind, factor)
                if (_published(other), other.id) < (_published(factor), factor.id):
                    newest[kind] = factor
        return newest

    def state(self, factor: LibraryFactor, on: date) -> str:
        """Return how a factor stands on a day: one of :data:`~tanheng.rules.factors.life.STATES`."""
        is_replaced = bool(self._replacing) and self.replacement(factor, on) is not None
        state = self.life.state(factor, on, is_replaced=is_replaced)
        return state if state != "expired" or self.successor(factor, on) is None else "expired_with_successor"

    def electricity(self, indicator: str, level: str, site: SiteInfo, as_of: date) -> LibraryFactor | None:
        """Return the factor with the newest data year published at ``as_of`` for the site; None if there is none.

        The grid map of the data year decides: Sichuan stood in 华中 in 2012 and in 西南 in 2021. What somebody declared
        to replace the factor takes its place.
        """
        key = (indicator, level, site.province, site.part, as_of)
        if key not in self._chosen:
            found = self._newest(indicator, level, site, as_of)
            self._chosen[key] = None if found is None else self.in_use(found, as_of)
        return self._chosen[key]

    def _newest(self, indicator: str, level: str, site: SiteInfo, as_of: date) -> LibraryFactor | None:
        """Of each factor only the version that held on the day counts: a corrected year or value is history."""
        held = (self._known(key, as_of) for key in self._of_grids)
        wanted = [f for f in held if f is not None and f.known_on and (f.indicator, f.level) == (indicator, level)]
        fitting = (factor for factor in wanted if _is_of_a_grid(factor) and _is_for(factor, site))
        return max(fitting, key=lambda f: (f.data_year, f.known_on or date.min, f.id), default=None)

    @cached_property
    def _of_grids(self) -> tuple[str, ...]:
        """Ids of which some version is the factor of a grid."""
        return tuple(key for key, found in self._versions.items() if any(_is_of_a_grid(factor) for factor in found))


def _by_age(versions: list[LibraryFactor]) -> tuple[LibraryFactor, ...]:
    if len({factor.version for factor in versions}) < len(versions):
        raise InputError("factor.twice", factor=versions[0].id)
    return tuple(sorted(versions, key=_age)) if len(versions) > 1 else (versions[0],)


def _age(factor: LibraryFactor) -> tuple[int, date, str]:
    return (factor.version, factor.known_on or date.min, factor.id)


def _published(factor: LibraryFactor) -> date:
    return factor.published_on or date.min


def _recorded(factor: LibraryFactor) -> tuple[date, int, str]:
    """Which of several factors was declared last: versions of different factors do not compare."""
    return (factor.known_on or date.min, factor.version, factor.id)


def _is_of_a_grid(factor: LibraryFactor) -> bool:
    """Whether it is an inventory factor of power: what an import calls 电网平均 may be something else."""
    return (
        bool(factor.data_year)
        and factor.klass == "electricity"
        and factor.family == "inventory"
        and factor.quantity == "emission_factor"
        and compatible(factor.unit, "tCO2/MWh")
    )


@cache
def packaged() -> FactorLibrary:
    """Return every factor of ``data/factors``."""
    return FactorLibrary(read_factors(data_dir() / "factors"))


def _is_for(factor: LibraryFactor, site: SiteInfo) -> bool:
    if factor.level == "national":
        return True
    if factor.level == "provincial":
        return bool(factor.province) and plain_province(factor.province) == plain_province(site.province)
    year = int(factor.data_year[:4])
    return factor.region_zh == grid_of(site.province, site.part, date(year, 7, 1))
