"""Where an own standard is chosen: enterprises, and years of theirs."""

from django.apps import apps
from django.utils.translation import gettext as _

from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.organisations import models as organisations

__all__ = ["has_approved_data", "uses_of"]


def uses_of(copy: StandardCopy) -> list[str]:
    """What would be without a standard if this one were withdrawn, in words."""
    below = organisations.Organisation.objects.filter(standard=copy.standard_id)
    found = [_("%(name)s（企业默认）") % {"name": each.label} for each in below]
    choice = getattr(organisations, "StandardChoice", None)
    if choice is not None:
        rows = choice.objects.filter(standard=copy.standard_id).select_related("organisation")
        found += [_("%(name)s %(year)s 年") % {"name": row.organisation.label, "year": row.year} for row in rows]
    return found


def has_approved_data(copy: StandardCopy) -> bool:
    """Whether the owner, or an enterprise below it, has approved months on which a change can be tried."""
    below = {"organisation__path__startswith": copy.organisation.path}
    return apps.get_model("collection", "MonthReport").objects.filter(**below, status="approved").exists()
