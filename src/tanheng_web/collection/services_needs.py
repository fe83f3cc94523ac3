"""Asking every stream for what the standards of a year need."""

from django.db import transaction

from tanheng_web.collection.needs import wanted_of
from tanheng_web.collection.services_streams import stream_change
from tanheng_web.common.access import require

__all__ = ["needs_adopt"]


@transaction.atomic
def needs_adopt(*, by, organisation, year: int) -> int:
    """Add the needed values that are not asked for yet; returns how many streams were changed."""
    require(by, "organisation.change", organisation)
    lacking = [row for row in wanted_of(organisation, year) if row.missing]
    for row in lacking:
        stream_change(by=by, stream=row.stream, values=[*row.stream.values, *row.missing])
    return len(lacking)
