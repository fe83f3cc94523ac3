"""Materials as a person writes them: the catalogue first, then the enterprise's own names."""

from tanheng.kernel.text import plain
from tanheng_web.catalogue.models import OwnMaterial
from tanheng_web.common.own_names import remembered

__all__ = ["name_key", "names_in", "own_material_named"]


def name_key(text: str) -> str:
    """How a name is compared: full width made plain, no spaces, without regard to case."""
    return plain(text).casefold()


def names_in(organisation) -> dict[str, OwnMaterial]:
    """Own materials by every name and alias, those of its group included."""
    rows = OwnMaterial.objects.filter(organisation__in=organisation.ancestor_ids)
    return {name_key(name): row for row in rows for name in (row.zh, *row.aliases)}


def own_material_named(text: str) -> OwnMaterial | None:
    """The own material of a name or alias in the enterprise whose names are read at present."""
    return remembered("materials", names_in, {}).get(name_key(text))
