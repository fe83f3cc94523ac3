"""Groups of materials that a standard names once (``groups``) and uses wherever it lists materials."""

from collections.abc import Callable, Mapping
from typing import Any

from tanheng.kernel.catalogue import materials

__all__ = ["GROUPS", "without_groups"]

GROUPS = "groups"
_LISTS = ("materials", "made_inside")
Fault = Callable[..., None]


def without_groups(text: Mapping[str, Any], fault: Fault | None = None) -> dict[str, Any]:
    """Return ``standard.yaml`` with the materials of its groups in place of their names, and no ``groups``.

    A group may name groups that stand before it. ``fault(code, path, **values)`` hears of a group that is no list of
    names or is named like a material; what a list names and nobody knows is left for the check of materials.
    """
    given = text.get(GROUPS) or {}
    groups: dict[str, list[str]] = {}
    for name, members in given.items() if isinstance(given, Mapping) else [("", given)]:
        if not isinstance(members, list) or not members or not all(isinstance(each, str) for each in members):
            _say(fault, "standard.group_members", name)
        elif name in materials():
            _say(fault, "standard.group_is_material", name, material_zh=materials()[name].zh)
        else:
            groups[name] = _listed(members, groups)
    return {key: _spread(value, groups) for key, value in text.items() if key != GROUPS}


def _say(fault: Fault | None, code: str, name: str, **values: object) -> None:
    if fault is not None:
        fault(code, (GROUPS, name) if name else (GROUPS,), group=name or GROUPS, **values)


def _spread(value: Any, groups: Mapping[str, list[str]]) -> Any:
    if isinstance(value, list):
        return [_spread(each, groups) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _listed(inner, groups) if key in _LISTS and isinstance(inner, list) else _spread(inner, groups)
        for key, inner in value.items()
    }


def _listed(names: list[Any], groups: Mapping[str, list[str]]) -> list[Any]:
    if not all(isinstance(name, str) for name in names):
        return names
    return list(dict.fromkeys(each for name in names for each in groups.get(name, [name])))
