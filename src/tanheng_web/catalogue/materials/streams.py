"""Own materials on streams: what a stream is when its material is one of the enterprise's own."""

from collections.abc import Mapping

from tanheng.kernel.errors import InputError
from tanheng.kernel.roles import role_zh
from tanheng_web.catalogue.materials.selectors import is_refused, own_materials
from tanheng_web.catalogue.models import OwnMaterial
from tanheng_web.common.numbers import whole

__all__ = ["OWN", "check_allowed", "own_material_of", "own_material_prepared"]

OWN = "own:"


def own_material_of(organisation, material: str) -> OwnMaterial | None:
    """The own material that a form names (``own:7``), or None; one that is not offered is refused."""
    if not material.startswith(OWN):
        return None
    number = whole(material.removeprefix(OWN))
    row = own_materials(organisation).filter(pk=number).first() if number is not None else None
    if row is None:
        raise InputError("own_material.like", material=material)
    return row


def own_material_prepared(own: OwnMaterial, given: Mapping[str, object]) -> dict[str, object]:
    """The fields of a stream of an own material: accounted as what it is like, shown under its own name."""
    return {**given, "material": own.like, "material_zh": own.zh, "unit": given.get("unit") or own.unit}


def check_allowed(organisation, stream, own: OwnMaterial | None) -> None:
    """Refuse a material that the enterprise does not allow in this kind of process."""
    process = stream.process
    kind = (process.parent or process).kind if process else ""
    if kind and is_refused(organisation, kind, stream.material, stream.role, stream.direction, own):
        values = {"process": process.path, "material": stream.material_zh, "role": role_zh(stream.role)}
        raise InputError("own_material.refused", **values)
