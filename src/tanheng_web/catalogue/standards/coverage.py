"""The registry of editions as the list of standards shows it; only what an enterprise may see."""

from dataclasses import dataclass

from tanheng.rules.registry import Edition, registry
from tanheng_web.catalogue.standards.selectors import OWN_PREFIX, standards_for

__all__ = ["Group", "edition_of", "groups"]

TONES = {"verified": "tag-ok", "transcribed": "tag-accent"}


@dataclass(frozen=True)
class Row:
    """An edition of the list."""

    edition: Edition
    successors: tuple[Edition, ...]
    purpose: str

    @property
    def tone(self) -> str:
        return TONES.get(self.edition.status, "tag-warn") if self.edition.is_here else ""


@dataclass(frozen=True)
class Group:
    """The editions of an industry."""

    zh: str
    rows: tuple[Row, ...]


def groups(organisation) -> list[Group]:
    """Editions by industry in the order of the registry: here, superseded, and known but not here."""
    found, known = registry(), {each.id for each in standards_for(organisation)}
    by_industry: dict[str, list[Row]] = {}
    for edition in found.editions:
        if edition.id.startswith(OWN_PREFIX) or (edition.is_here and edition.id not in known):
            continue
        purpose = found.purposes.get(edition.purpose)
        row = Row(edition, found.successors(edition), purpose.zh if purpose else edition.purpose)
        by_industry.setdefault(edition.industry, []).append(row)
    names = {name: industry.zh for name, industry in found.industries.items()}
    return [Group(names.get(name, name), tuple(rows)) for name, rows in by_industry.items()]


def edition_of(standard_id: str) -> Edition | None:
    """The registry's entry of a standard."""
    return next((edition for edition in registry().editions if edition.id == standard_id), None)
