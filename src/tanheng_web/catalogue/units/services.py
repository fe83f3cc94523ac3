"""Own names of units: added, changed, taken away; a name that already means something is refused."""

import re

from django.db import transaction

from tanheng.kernel.errors import InputError, UnitError
from tanheng.kernel.text import visible
from tanheng.kernel.units import canonical, compatible, label
from tanheng_web.catalogue.models import UnitAlias
from tanheng_web.catalogue.units.reading import alias_key, aliases_of
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Organisation

__all__ = ["alias_remove", "alias_set"]

RIGHT = "catalogue.change"
SIGNS = re.compile(r"[*/^()·×\\\d\s%<>\"']")
MOST = 200


@transaction.atomic
def alias_set(*, organisation, by, alias: str, unit: str) -> UnitAlias:
    """Give a unit of the closed list another name, or lead a name of one's own to another unit of the same dimension.

    Raises
    ------
    InputError
        ``alias.signs``, ``alias.taken``, ``alias.dimension``, ``alias.too_many``; ``unit.unknown``.
    """
    require(by, RIGHT, organisation)
    alias, unit = visible(alias).strip(), canonical(unit)
    _check_text(alias)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    former = next((row for row in organisation.unit_aliases.all() if alias_key(row.alias) == alias_key(alias)), None)
    if former is None:
        _check_free(organisation, alias)
    elif not compatible(former.unit, unit):
        raise InputError("alias.dimension", alias=alias, unit=label(unit), expected=label(former.unit))
    before = former.unit if former else ""
    row = former or UnitAlias(organisation=organisation, alias=alias)
    row.unit, row.by = unit, by
    row.save()
    log(action="unit.set", by=by, organisation=organisation, on=row, data={"unit": [before, unit] if before else unit})
    return row


def _check_text(alias: str) -> None:
    if not alias or SIGNS.search(alias):
        raise InputError("alias.signs", alias=alias)


def _check_free(organisation, alias: str) -> None:
    if organisation.unit_aliases.count() >= MOST:
        raise InputError("alias.too_many", most=MOST)
    taken = aliases_of(organisation).get(alias_key(alias))
    try:
        taken = taken or canonical(alias)
    except UnitError:
        return
    if taken:
        raise InputError("alias.taken", alias=alias, unit=label(taken) or taken)


@transaction.atomic
def alias_remove(*, row: UnitAlias, by) -> None:
    """Read a name no longer; numbers entered with it were stored in the unit itself."""
    require(by, RIGHT, row.organisation)
    log(action="unit.remove", by=by, organisation=row.organisation, on=row)
    row.delete()
