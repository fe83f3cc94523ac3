"""The reporting entity as the report names it."""

from dataclasses import dataclass

__all__ = ["Entity"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Who reports. ``processes``: names of processes, each with the names of its sub-processes."""

    name: str
    uscc: str = ""
    province: str = ""
    address: str = ""
    legal_representative: str = ""
    contact: str = ""
    phone: str = ""
    industry: str = ""
    kind: str = ""
    filled_by: str = ""
    is_demo: bool = False
    processes: tuple[tuple[str, tuple[str, ...]], ...] = ()
