"""The materials a plant buys, burns, makes and sells, found by id, Chinese name or alias."""

import difflib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from tanheng.kernel.errors import NotFound
from tanheng.kernel.resources import data_dir
from tanheng.kernel.text import plain
from tanheng.kernel.units import canonical
from tanheng.kernel.yaml_lines import read_yaml

__all__ = ["Material", "find_material", "materials"]


class Material(BaseModel):
    """An entry of ``data/materials.yaml``; ``unit`` is the unit of its quantity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    unit: str
    state: str = ""
    roles: tuple[str, ...] = ()
    composition: Any = Field(default=None, description="notes on composition, as data")
    note: str | None = None


@cache
def materials() -> Mapping[str, Material]:
    """Return the materials by id, in the order of the file."""
    entries: list[dict[str, Any]] = read_yaml(data_dir() / "materials.yaml").data
    found = {entry["id"]: Material(**{**entry, "unit": canonical(str(entry["unit"]))}) for entry in entries}
    if len(found) != len(entries):
        raise ValueError("materials.yaml: an id stands twice")
    return MappingProxyType(found)


@cache
def _names() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for material in materials().values():
        for name in (material.id, material.zh, *material.aliases):
            key = _key(name)
            if names.setdefault(key, material.id) != material.id:
                raise ValueError(f"materials.yaml: {name} names both {names[key]} and {material.id}")
    return names


def _key(text: str) -> str:
    return plain(text).casefold()


def find_material(text: str) -> Material:
    """Return the material of an id, a Chinese name or an alias, whatever the width of its letters.

    Raises
    ------
    NotFound
        ``material.unknown`` with near matches.
    """
    key = _key(str(text))
    if key in _names():
        return materials()[_names()[key]]
    close = [_names()[name] for name in difflib.get_close_matches(key, list(_names()), n=6, cutoff=0.5)]
    close += [name_id for name, name_id in _names().items() if key and len(key) > 1 and (key in name or name in key)]
    raise NotFound("material.unknown", text=str(text), near=[materials()[name].zh for name in dict.fromkeys(close)][:4])
