"""Default and unchecked values in words, each source said once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.origins import origin_zh
from tanheng.kernel.catalogue import materials
from tanheng.kernel.quantities import glossary

__all__ = ["SourceGroup", "Valued", "listed", "material_zh", "source_groups"]


@dataclass(frozen=True)
class Valued:
    """One value; where exactly it is printed stands in the panel."""

    quantity: str
    material: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class SourceGroup:
    """The values of one document, or of one table of it."""

    origin: str
    source: str
    rows: tuple[Valued, ...]


def source_groups(found: Iterable[Mapping[str, Any]]) -> tuple[SourceGroup, ...]:
    """Values by source, in the order in which the sources first appear."""
    groups: dict[tuple[str, str], list[Valued]] = {}
    for each in found:
        key = (origin_zh(each["origin"]), _source_zh(each.get("provenance") or {}))
        groups.setdefault(key, []).append(_valued(each))
    return tuple(SourceGroup(origin, source, tuple(rows)) for (origin, source), rows in groups.items())


def listed(groups: Iterable[SourceGroup]) -> list[SourceGroup | Valued]:
    """The rows of one table: each source as a head before its values."""
    return [row for group in groups for row in (group, *group.rows)]


def material_zh(id: str) -> str:
    known = materials().get(id)
    return known.zh if known else id


def _valued(each: Mapping[str, Any]) -> Valued:
    known = glossary().get(each["quantity"])
    return Valued(known.zh if known else each["quantity"], material_zh(each["material"]), each["value"], each["unit"])


def _source_zh(found: Mapping[str, Any]) -> str:
    document = str(found.get("document") or found.get("doc") or found.get("standard") or "")
    if found.get("document_no"):
        return f"{document}（{found['document_no']}）"
    table = str(found.get("table") or "")
    if not table or "表" in document:  # the document's name already ends in its table
        return document
    return f"{document} {table if table.startswith(('表', '附')) else f'表 {table}'}".strip()
