"""What a stream may be used as (用途): ids and Chinese names, from ``data/roles.yaml``."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import read_yaml

__all__ = ["role_zh", "roles"]


@cache
def roles() -> Mapping[str, str]:
    """Return the Chinese names of the uses by id, in the order of the file."""
    found: dict[str, str] = read_yaml(data_dir() / "roles.yaml").data
    return MappingProxyType(dict(found))


def role_zh(role: str) -> str:
    """Return the Chinese name of a use, or what was given where there is none.

    >>> role_zh("raw_material")
    '原料'
    """
    return roles().get(role, role)
