"""Choosing the standards of a year."""

from collections.abc import Sequence

from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng.rules.registry import registry
from tanheng_web.catalogue.standards.selectors import standards_for
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Organisation, StandardChoice

__all__ = ["standards_choose"]


@transaction.atomic
def standards_choose(
    *, organisation: Organisation, year: int, standards: Sequence[str], by, primary: str = ""
) -> list[StandardChoice]:
    """Account a year under these standards from now on; ``primary`` (default: the first) is shown first.

    Results that exist stay as they are. An empty choice gives the year back to the enterprise's own standard.
    """
    require(by, "organisation.change", organisation)
    chosen = list(dict.fromkeys(standards))
    primary = primary or (chosen[0] if chosen else "")
    _check(organisation, year, chosen, primary)
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    rows = StandardChoice.objects.filter(organisation=organisation, year=year)
    before = list(rows.values_list("standard", flat=True))
    rows.delete()
    purposes = {edition.id: edition.purpose for edition in registry().editions}
    made = StandardChoice.objects.bulk_create(
        StandardChoice(
            organisation=organisation,
            year=year,
            standard=each,
            purpose=purposes.get(each, ""),
            is_primary=each == primary,
            chosen_by=by,
        )
        for each in [primary, *(each for each in chosen if each != primary)]
        if each
    )
    after = [row.standard for row in made]
    if before != after:
        data = {"period": str(year), "standards": [before, after]}
        log(action="organisation.standards", by=by, organisation=organisation, on=organisation, data=data)
    return made


def _check(organisation: Organisation, year: int, chosen: list[str], primary: str) -> None:
    if not 1990 <= year <= 2100:
        raise InputError("web.year_refused", year=year)
    known = {found.id for found in standards_for(organisation)}
    for each in chosen:
        if each not in known:
            raise InputError("web.standard_unknown", standard=each)
    if chosen and primary not in chosen:
        raise InputError("web.primary_not_chosen", standard=primary)
