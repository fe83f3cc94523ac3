"""Reading the factor library of an enterprise: packaged factors, its own and its group's, and the search over them."""

import threading
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from django.db.models import Max, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tanheng.rules.factors import FactorLibrary, LibraryFactor, Life, default_life, packaged
from tanheng.rules.factors.search import FactorIndex
from tanheng.rules.factors.tables import printed_factors
from tanheng_web.catalogue.factors.loading import many_made, published
from tanheng_web.catalogue.models import Factor, FactorImport, FactorLife, FactorShelf, FactorVersion
from tanheng_web.catalogue.standards.selectors import standards_for
from tanheng_web.organisations.models import Organisation

__all__ = [
    "ends_soon",
    "factor_of",
    "import_for",
    "imports_of",
    "index_for",
    "library_for",
    "life_for",
    "own_id",
    "versions_of",
    "waiting_for_review",
]

KEPT = 8  # libraries in memory: one for each enterprise with factors of its own
_BUILDING = threading.Lock()
Shelves = tuple[tuple[int, str], ...]  # owners from the top, and the stamps of what they keep
_indexes: dict[tuple[Shelves, tuple[str, ...]], tuple[date, FactorIndex]] = {}


def library_for(organisation: Organisation) -> FactorLibrary:
    """Packaged factors and those that the enterprise or its groups published, with the lives that they chose."""
    shelves = _shelves(organisation)
    return _library(shelves) if shelves else packaged()


def _shelves(organisation: Organisation) -> Shelves:
    """Who above an enterprise, and itself, has factors or lives of its own, from the top, with the stamps of these."""
    owners = organisation.ancestor_ids
    rows = dict(FactorShelf.objects.filter(organisation__in=owners).values_list("organisation", "stamp"))
    return tuple((owner, rows[owner]) for owner in owners if owner in rows)


@lru_cache(maxsize=KEPT)
def _library(shelves: Shelves) -> FactorLibrary:
    life = _life([owner for owner, _ in shelves])
    own = [factor for owner, _ in shelves for factor in published(owner, life)]
    with many_made():
        return FactorLibrary([*map(life.applied, packaged().all()), *own], life)


def _life(owners: Iterable[int]) -> Life:
    """The lives of the nearest enterprise that set them."""
    order = {pk: number for number, pk in enumerate(owners)}
    years: dict[str, int] = {}
    rows = FactorLife.objects.filter(organisation__in=owners).values_list("organisation", "klass", "years")
    for _, klass, number in sorted(rows, key=lambda row: order[row[0]]):
        years[klass] = number
    days = dict(
        FactorShelf.objects.filter(organisation__in=owners, soon_days__isnull=False).values_list(
            "organisation", "soon_days"
        )
    )
    soon = days[max(days, key=lambda pk: order[pk])] if days else None
    return default_life().with_years(years, soon)


def life_for(organisation: Organisation) -> Life:
    """How long each class of factors lives in an enterprise."""
    return library_for(organisation).life


def own_id(organisation: Organisation) -> str:
    """The owner that the enterprise's own entries bear."""
    return f"own:{organisation.pk}"


def index_for(organisation: Organisation) -> FactorIndex:
    """The search over the library and the printed tables of the standards, with the state of each entry today.

    Enterprises with the same factors and standards share one. Made anew when factors change, standards are added, or a
    day has passed; while one request makes it, others go on with the one before.
    """
    standards = tuple(sorted(found.id for found in standards_for(organisation)))
    key = (_shelves(organisation), standards)
    today = timezone.localdate()
    held = _indexes.get(key)
    if held and held[0] == today:
        return held[1]
    older = next((index for other, (_, index) in list(_indexes.items()) if _alike(other, key)), None)
    if not _BUILDING.acquire(blocking=older is None):
        return older
    try:
        held = _indexes.get(key)
        if held and held[0] == today:
            return held[1]
        index = _built(library_for(organisation), standards, today)
        for stale in [other for other in _indexes if _alike(other, key)] or list(_indexes)[: len(_indexes) - KEPT + 1]:
            del _indexes[stale]
        _indexes[key] = (today, index)
        return index
    finally:
        _BUILDING.release()


def _alike(one: tuple[Shelves, tuple[str, ...]], other: tuple[Shelves, tuple[str, ...]]) -> bool:
    """Whether two indexes differ in stamps only: nobody is shown another enterprise's standards, not even the old."""
    return one[1] == other[1] and [owner for owner, _ in one[0]] == [owner for owner, _ in other[0]]


def _built(library: FactorLibrary, standards: tuple[str, ...], today: date) -> FactorIndex:
    entries = [*library.all(), *printed_factors(standards)]
    with many_made():
        return FactorIndex(entries, {"state": [library.state(factor, today) for factor in entries]})


def factor_of(organisation: Organisation, factor_id: str) -> LibraryFactor:
    """An entry by id, one of a standard's table included.

    Raises
    ------
    NotFound
        ``factor.unknown``: also for what belongs to another enterprise.
    """
    library = library_for(organisation)
    if factor_id.startswith("standard:"):
        name = factor_id.split(":")[1]
        if name in {found.id for found in standards_for(organisation)}:
            for factor in printed_factors([name]):
                if factor.id == factor_id:
                    return factor
    return library.get(factor_id)


def versions_of(organisation: Organisation, factor: LibraryFactor) -> list[FactorVersion]:
    """The versions of an own factor, newest first, those under review included; none for a packaged one."""
    if not factor.owner.startswith("own:"):
        return []
    owner, code = factor.id.removeprefix("own:").split(":", 1)
    rows = FactorVersion.objects.filter(factor__organisation=owner, factor__code=code)
    rows = rows.filter(factor__organisation__in=organisation.ancestor_ids)
    return list(rows.select_related("factor", "batch", "created_by", "reviewed_by").order_by("-version"))


def ends_soon(organisation: Organisation, states: Sequence[str]) -> list[tuple[LibraryFactor, str]]:
    """Entries of the library that are in one of these states today, state by state, the last to end on top."""
    library, today = library_for(organisation), timezone.localdate()
    found = [(factor, library.state(factor, today)) for factor in library.all() if factor.valid_to]
    kept = [(factor, state) for factor, state in found if state in states]
    return sorted(kept, key=lambda each: (states.index(each[1]), -each[0].valid_to.toordinal(), each[0].id))


def imports_of(organisation: Organisation):
    """Imports of the enterprise, newest first."""
    rows = FactorImport.objects.filter(organisation=organisation).defer("findings", "rows")
    return rows.select_related("uploaded_by", "reviewed_by")


def import_for(organisation: Organisation, pk: int) -> FactorImport:
    """An import of this very enterprise, else 404."""
    rows = FactorImport.objects.filter(organisation=organisation)
    return get_object_or_404(rows.select_related("organisation", "uploaded_by", "reviewed_by", "job"), pk=pk)


def newest_version(factor: Factor) -> int:
    """The highest version number given so far."""
    return factor.versions.aggregate(last=Max("version"))["last"] or 0


def waiting_for_review(organisation: Organisation, user) -> int:
    """How many imports wait for this person's review."""
    rows = FactorImport.objects.filter(organisation=organisation, status=FactorImport.Status.IN_REVIEW)
    return rows.count() if organisation.allow_self_approval else rows.filter(~Q(uploaded_by=user)).count()
