"""Reading standards: which there are for an enterprise, and its own copies."""

from django.shortcuts import get_object_or_404

from tanheng.rules.package import StandardSummary, standards
from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.common.access import can
from tanheng_web.organisations.models import Organisation

__all__ = ["OWN_PREFIX", "copies_of", "copy_for", "is_offered", "standards_for", "waiting_for"]

OWN_PREFIX = "own_"


def standards_for(organisation: Organisation) -> tuple[StandardSummary, ...]:
    """Standards that an enterprise may choose: the packaged ones, and what it or those above it published."""
    published = set(
        StandardCopy.objects.filter(
            organisation__in=organisation.ancestor_ids, status=StandardCopy.Status.PUBLISHED
        ).values_list("standard_id", flat=True)
    )
    return tuple(found for found in standards() if not found.id.startswith(OWN_PREFIX) or found.id in published)


def is_offered(organisation: Organisation, standard_id: str) -> bool:
    """Whether an enterprise may choose a standard."""
    return standard_id in {found.id for found in standards_for(organisation)}


def copies_of(organisation: Organisation):
    """Own standards that an enterprise sees: its own in every state, those of its group once published."""
    rows = StandardCopy.objects.defer("files", "original").select_related("organisation", "created_by", "published_by")
    own = rows.filter(organisation=organisation)
    above = rows.filter(
        organisation__in=[pk for pk in organisation.ancestor_ids if pk != organisation.pk],
        status__in=[StandardCopy.Status.PUBLISHED, StandardCopy.Status.WITHDRAWN],
    )
    return own | above


def waiting_for(user, organisation: Organisation) -> int:
    """How many own standards wait to be published by this person."""
    if not can(user, "catalogue.change", organisation):
        return 0
    rows = StandardCopy.objects.filter(organisation=organisation, status=StandardCopy.Status.SUBMITTED)
    if not organisation.allow_self_approval:
        rows = rows.exclude(created_by=user).exclude(submitted_by=user).exclude(changes__by=user)
    return rows.distinct().count()


def copy_for(organisation: Organisation, pk: int) -> StandardCopy:
    """An own standard of this very enterprise, else 404."""
    return get_object_or_404(StandardCopy.objects.select_related("organisation"), organisation=organisation, pk=pk)
