"""Which factors results use, which results a change affects, and what a recalculation has worked out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from tanheng.kernel.errors import NotFound
from tanheng_web.common.access import can
from tanheng_web.inventory.factor_uses import runs_using
from tanheng_web.inventory.libraries import library_of
from tanheng_web.inventory.models import FactorUse, Recalculation, RecalculationItem, Run
from tanheng_web.organisations.models import Organisation

__all__ = [
    "FactorInUse",
    "Group",
    "affected",
    "done_of",
    "factors_in_use",
    "groups_of",
    "items_of",
    "recalculation_for",
    "recalculations_of",
    "replacement_of",
    "source_names",
]

STATE_ORDER = ("superseded", "expired_with_successor", "expired", "expiring", "not_yet_valid", "current")
GROUP_NAMES = {"source": "排放源", "month": "月份", "process": "工序", "stream": "源流"}


@dataclass(frozen=True)
class FactorInUse:
    """A library factor that current results use, how it stands today, and what would take its place."""

    id: str
    label: str
    value: str
    unit: str
    state: str
    state_zh: str
    newer: str
    results: int


def factors_in_use(user, organisation, on: date | None = None) -> list[FactorInUse]:
    """Factors of the current results that the person sees, those that need attention first."""
    from tanheng.rules.factors import STATES

    on = on or timezone.localdate()
    library = library_of(organisation)
    runs = Run.objects.current().filter(organisation__in=Organisation.objects.visible_to(user))
    counted = (
        FactorUse.objects.filter(run__in=runs).values_list("factor_id").annotate(results=Count("run", distinct=True))
    )
    found = []
    for id, results in counted.order_by():
        try:
            factor = library.get(id)
        except NotFound:
            found.append(FactorInUse(id, id, "", "", "gone", "已不在因子库", "", results))
            continue
        state, newer = library.state(factor, on), library.successor(factor, on)
        shown = newer.label if newer is not None else ""
        found.append(
            FactorInUse(id, factor.label, f"{factor.value}", factor.unit, state, STATES[state], shown, results)
        )
    order = ("gone", *STATE_ORDER)
    return sorted(found, key=lambda each: (order.index(each.state), each.label))


def replacement_of(organisation, factor_id: str, on: date) -> dict[str, str] | None:
    """What stands for a factor in the library on a day, for the record; None where nothing does."""
    library = library_of(organisation)
    try:
        old = library.get(factor_id)
        new = library.successor(old, on) or library.get(factor_id, on)
    except NotFound:
        return None
    if (new.id, new.value) == (old.id, old.value):
        return None
    return {"old": old.id, "new": new.id, "old_label": old.label, "new_label": new.label, "value": str(new.value)}


def affected(user, factor_id: str = "") -> list[Run]:
    """Current results that the person may account anew, of every enterprise and standard; of one factor, if named."""
    seen = Organisation.objects.visible_to(user)
    allowed = [organisation for organisation in seen if can(user, "run.create", organisation)]
    if factor_id:
        runs: QuerySet[Run] = runs_using(factor_id, organisations=allowed)
    else:
        runs = Run.objects.current().filter(organisation__in=allowed).order_by("-last_month", "organisation", "-pk")
    heavy = ("document", "summary", "views")
    taken = set(RecalculationItem.objects.filter(is_open=True).values_list("run", flat=True))
    found = list(runs.select_related("organisation").defer(*heavy)[:2000])
    for run in found:
        run.is_taken = run.pk in taken
    return found


def recalculations_of(user, organisation) -> QuerySet[Recalculation]:
    """Recalculations begun from an enterprise or touching it."""
    mine = Recalculation.objects.filter(organisation=organisation) | Recalculation.objects.filter(
        items__organisation=organisation
    )
    return mine.select_related("created_by", "job").annotate(results=Count("items", distinct=True)).distinct()


def recalculation_for(organisation, pk: int) -> Recalculation:
    """A recalculation begun from this enterprise, else 404."""
    found = Recalculation.objects.select_related("created_by", "decided_by", "job", "organisation")
    return get_object_or_404(found, organisation=organisation, pk=pk)


def items_of(user, recalculation: Recalculation) -> list[RecalculationItem]:
    """Its results in the enterprises that the person sees."""
    seen = Organisation.objects.visible_to(user)
    heavy = [f"{name}__{part}" for name in ("run", "new_run") for part in ("document", "summary", "views")]
    items = recalculation.items.filter(organisation__in=seen).select_related("run__organisation", "new_run")
    return list(items.defer(*heavy).order_by("organisation", "-run__last_month", "pk"))


def done_of(items: Sequence[RecalculationItem]) -> list[RecalculationItem]:
    """The results that were worked out and came to something else."""
    return [item for item in items if item.status in ("computed", "posted")]


@dataclass
class Group:
    """Old and new of one source, month, process, stream or plant, over several results."""

    label: str
    old: float = 0.0
    new: float = 0.0
    lines: int = 0
    unknown: bool = field(default=False)

    @property
    def change(self) -> float | None:
        return None if self.unknown else self.new - self.old

    @property
    def percent(self) -> float | None:
        return None if self.unknown or not self.old else (self.new - self.old) / abs(self.old) * 100


def groups_of(items: Sequence[RecalculationItem]) -> dict[str, list[Group]]:
    """Changed sums by plant, source, month, process and stream, the largest change first.

    Results of several standards are the same emissions once more: they are never added, each row names its standard.
    """
    done = done_of(items)
    names = _names(done)
    found: dict[str, dict[str, Group]] = {"企业": {}, **{name: {} for name in GROUP_NAMES.values()}}
    several = len({item.organisation_id for item in done}) > 1
    standards = len({item.run.standard for item in done}) > 1
    for item in done:
        label = item.run.organisation.label
        tail = f" · {item.run.standard_zh}" if standards else ""
        _add(found["企业"], label + tail, {"old": item.old_total, "new": item.new_total}, item.changed)
        for kind, title in GROUP_NAMES.items():
            for key, row in item.difference["groups"].get(kind, {}).items():
                named = names.get((item.run_id, kind), {}).get(key, key)
                whose = f"{label} {named}" if several and kind in ("process", "stream") else named
                _add(found[title], whose + tail, row, 0)
    return {title: _sorted(title, groups.values()) for title, groups in found.items() if groups}


def _add(groups: dict[str, Group], label: str, row: Mapping[str, Any], lines: int) -> None:
    group = groups.setdefault(label, Group(label))
    if row["old"] is None or row["new"] is None:
        group.unknown = True
        return
    group.old, group.new, group.lines = group.old + row["old"], group.new + row["new"], group.lines + lines


def _sorted(title: str, groups: Iterable[Group]) -> list[Group]:
    if title == GROUP_NAMES["month"]:
        return sorted(groups, key=lambda group: group.label)
    return sorted(groups, key=lambda group: -abs(group.change or 0.0))


def source_names(items: Sequence[RecalculationItem]) -> dict[int, dict[str, str]]:
    """What the sources of each result are called, by run."""
    return {run: names for (run, kind), names in _names(items).items() if kind == "source"}


def _names(items: Sequence[RecalculationItem]) -> dict[tuple[int, str], dict[str, str]]:
    rows = Run.objects.filter(pk__in=[item.run_id for item in items]).values_list("pk", "summary__labels")
    return {
        (pk, kind): (labels or {}).get(subject, {})
        for pk, labels in rows
        for kind, subject in (("source", "sources"), ("stream", "streams"))
    }
