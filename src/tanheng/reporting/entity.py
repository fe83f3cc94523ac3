"""The reporting entity as the report names it."""

from dataclasses import dataclass

from tanheng.accounting.boundary import Unit
from tanheng.accounting.captive_power import CaptiveRule

__all__ = ["Entity"]


@dataclass(frozen=True, slots=True)
class Entity:
    """Who reports. ``processes``: names of processes, each with the names of its sub-processes.

    ``units`` is the boundary; ``ignored`` what was left out as small: material, share [%], reason, by whom.
    """

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
    entity_kind: str = ""
    units: tuple[Unit, ...] = ()
    captive_rule: CaptiveRule | None = None
    captive_plants: tuple[str, ...] | None = None
    ignored: tuple[tuple[str, str, str, str], ...] = ()
