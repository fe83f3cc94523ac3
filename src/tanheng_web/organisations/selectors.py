"""Reading enterprises and processes: the only way views get at them."""

from django.shortcuts import get_object_or_404

from tanheng_web.organisations.models import Organisation, Process

__all__ = [
    "organisation_for",
    "organisations_for",
    "process_for",
    "process_tree",
    "remembered_organisation",
    "tree_sorted",
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
    return get_object_or_404(Process.objects.filter(organisation=organisation).select_related("parent"), pk=pk)


def process_tree(organisation: Organisation, *, active_only: bool = False) -> list[tuple[Process, list[Process]]]:
    """Processes with their sub-processes, in order: one query."""
    rows = list(Process.objects.filter(organisation=organisation).select_related("parent"))
    if active_only:
        rows = [row for row in rows if row.is_active and (row.parent is None or row.parent.is_active)]
    return [(top, [row for row in rows if row.parent_id == top.pk]) for top in rows if top.parent_id is None]


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
