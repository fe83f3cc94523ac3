"""Units as a person writes them: the closed list first, then the enterprise's own names."""

from tanheng.kernel.errors import UnitError
from tanheng.kernel.unit_atoms import normalise
from tanheng.kernel.units import canonical
from tanheng_web.catalogue.models import UnitAlias
from tanheng_web.common.own_names import remembered

__all__ = ["alias_key", "aliases_of", "read_unit"]


def alias_key(text: str) -> str:
    """How a name is compared: full width made plain, no spaces, without regard to case."""
    return normalise(text).casefold()


def aliases_of(organisation) -> dict[str, str]:
    """Own names of units that an enterprise reads, those of its group included; its own win."""
    rows = UnitAlias.objects.filter(organisation__in=organisation.ancestor_ids)
    ordered = sorted(rows, key=lambda row: organisation.ancestor_ids.index(row.organisation_id))
    return {alias_key(row.alias): row.unit for row in ordered}


def read_unit(text: str) -> str:
    """The canonical unit of a text; raises UnitError ``unit.unknown`` where neither list knows it.

    Only what the closed list does not know is looked up among the names of the present enterprise.
    """
    try:
        return canonical(text)
    except UnitError:
        own = remembered("units", aliases_of, {}).get(alias_key(text))
        if own is None:
            raise
        return canonical(own)
