"""Reading enterprises and processes: the only way views get at them."""

from collections.abc import Callable, Iterable

from django.db import models
from django.shortcuts import get_object_or_404

from tanheng_web.common.access import can
from tanheng_web.organisations.models import Organisation, Process, Site, StandardChoice

__all__ = [
    "groups_administered",
    "organisation_for",
    "organisations_for",
    "plant_tree",
    "primaries_of",
    "primary_by_year",
    "primary_of",
    "process_for",
    "process_tree",
    "process_uses",
    "remembered_organisation",
    "site_for",
    "standards_of",
    "tree_sorted",
    "used_process_ids",
]


def organisation_for(user, pk: int) -> Organisation:
    """The enterprise if `user` may see it, else 404."""
    return get_object_or_404(Organisation.objects.visible_to(user).select_related("parent"), pk=pk)


def organisations_for(user) -> list[Organisation]:
    """All visible enterprises, parents before children."""
    return tree_sorted(list(Organisation.objects.visible_to(user)))


def tree_sorted(found: list[Organisation]) -> list[Organisation]:
    """Parents before children, siblings by age."""
    return sorted(found, key=lambda organisation: organisation.ancestor_ids)


def process_for(organisation: Organisation, pk: int) -> Process:
    """A process of this enterprise, else 404."""
    rows = Process.objects.filter(organisation=organisation).select_related("parent", "site", "organisation")
    return get_object_or_404(rows, pk=pk)


def process_tree(organisation: Organisation, *, active_only: bool = False) -> list[tuple[Process, list[Process]]]:
    """Processes with their sub-processes, in order: one query."""
    rows = list(Process.objects.filter(organisation=organisation).select_related("parent"))
    if active_only:
        rows = [row for row in rows if row.is_active and (row.parent is None or row.parent.is_active)]
    return [(top, [row for row in rows if row.parent_id == top.pk]) for top in rows if top.parent_id is None]


def plant_tree(organisation: Organisation) -> list[tuple[Site | None, list[tuple[Process, list[Process]]]]]:
    """Sites, their processes, their sub-processes: two queries."""
    tree = process_tree(organisation)
    sites: list[Site | None] = list(Site.objects.filter(organisation=organisation).order_by("pk"))
    known = {site.pk for site in sites if site}
    homeless = [(top, subs) for top, subs in tree if top.site_id not in known]
    found = [(site, [(top, subs) for top, subs in tree if site and top.site_id == site.pk]) for site in sites]
    return [*found, (None, homeless)] if homeless else found


def site_for(organisation: Organisation, pk: int) -> Site:
    """A site of this enterprise, else 404."""
    return get_object_or_404(Site.objects.filter(organisation=organisation), pk=pk)


def _relations():
    """What holds a process fast; what goes with it (its place in the boundary) does not."""
    return [
        relation
        for relation in Process._meta.related_objects
        if relation.field.remote_field.model is Process and relation.on_delete is not models.CASCADE
    ]


def process_uses(process: Process) -> list[str]:
    """What refers to a process, in words with numbers: ``源流 3 处``."""
    found = []
    for relation in _relations():
        count = relation.related_model._base_manager.filter(**{relation.field.name: process}).count()
        named = "子工序" if relation.related_model is Process else relation.related_model._meta.verbose_name
        found += [f"{named} {count} 处"] if count else []
    return found


def used_process_ids(organisation: Organisation) -> set[int]:
    """Processes of an enterprise that something refers to: one query a relation."""
    found: set[int] = set()
    for relation in _relations():
        rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__organisation": organisation})
        found.update(rows.values_list(relation.field.attname, flat=True))
    return found


def groups_administered(user, *, but: Organisation | None = None) -> list[Organisation]:
    """Groups under which a user may put an enterprise; not `but` itself nor what lies below it."""
    groups = tree_sorted(list(Organisation.objects.visible_to(user).filter(kind=Organisation.Kind.GROUP)))
    return [
        group
        for group in groups
        if can(user, "members.change", group) and not (but and group.path.startswith(but.path))
    ]


def remembered_organisation(request) -> Organisation | None:
    """The enterprise last looked at, else the first that reports, else the first there is."""
    visible = Organisation.objects.visible_to(request.user)
    remembered = request.session.get("organisation")
    if remembered and (found := visible.filter(pk=remembered).first()):
        return found
    ordered = tree_sorted(list(visible[:200]))
    return next(
        (found for found in ordered if found.kind == Organisation.Kind.COMPANY), ordered[0] if ordered else None
    )


def standards_of(organisation: Organisation, year: int) -> tuple[str, ...]:
    """The standards of a year, the primary one first; without a choice the enterprise's own, if it has one."""
    rows = StandardChoice.objects.filter(organisation=organisation, year=year).order_by("-is_primary", "pk")
    own = (organisation.standard,) if organisation.standard else ()
    return tuple(rows.values_list("standard", flat=True)) or own


def primary_of(organisation: Organisation, year: int) -> str:
    """The primary standard of a year; empty where an enterprise has none."""
    return next(iter(standards_of(organisation, year)), "")


def primary_by_year(organisations: Iterable[Organisation]) -> Callable[[Organisation, int], str]:
    """The primary standard of any of these enterprises in any year: one query, then no more."""
    rows = StandardChoice.objects.filter(organisation__in={each.pk for each in organisations}, is_primary=True)
    found = {(pk, year): standard for pk, year, standard in rows.values_list("organisation_id", "year", "standard")}
    return lambda organisation, year: found.get((organisation.pk, year), organisation.standard)


def primaries_of(organisations: list[Organisation], year: int) -> dict[int, str]:
    """The primary standard of each enterprise in a year: one query."""
    chosen = StandardChoice.objects.filter(organisation__in=organisations, year=year, is_primary=True)
    found = dict(chosen.values_list("organisation_id", "standard"))
    return {each.pk: found.get(each.pk, each.standard) for each in organisations}
