"""One factor of the library, and the words of its dimensions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from tanheng.kernel.quantities import glossary
from tanheng.kernel.resources import data_dir
from tanheng.kernel.yaml_lines import read_yaml

__all__ = ["DIMENSIONS", "FAMILIES", "LEVELS", "LibraryFactor", "vocabulary", "word"]

LEVELS = ("regional", "provincial", "national")
FAMILIES = ("inventory", "life_cycle")
# what a search can be narrowed by; a factor may be of several metals
DIMENSIONS = (
    "metal", "stage", "carrier", "emission_type", "gas", "region", "data_year", "publisher", "klass", "quantity",
    "family",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LibraryFactor:
    """A published factor: ``value`` [``unit``], for whom, from which document and since when it was known.

    ``published_on`` is the document's day, ``recorded_on`` the day on which an enterprise's own entry was published in
    its library; a result as of a day knows only what was published *and* recorded by then. ``valid_from`` and
    ``valid_to`` (half open) bound its life. A value ``printed_in`` a standard lives as long as that standard.
    """

    id: str
    indicator: str
    level: str
    region_zh: str
    province: str
    data_year: str
    value: Decimal
    unit: str
    gas: str
    document: str
    document_no: str
    published_on: date | None
    valid_from: date | None
    valid_to: date | None
    evidence: str
    confidence: str
    checked: bool
    url: str
    note: str
    zh: str = ""
    quantity: str = "emission_factor"
    family: str = "inventory"
    klass: str = ""
    material: str = ""
    metal: str = ""
    stage: str = ""
    carrier: str = ""
    emission_type: str = ""
    basis: str = ""
    gwp_set: str = ""
    uncertainty: str = ""
    publisher: str = ""
    printed_in: str = ""
    boundary: str = ""
    applies_to: str = ""
    version: int = 1
    owner: str = ""
    supersedes: str = ""
    recorded_on: date | None = None
    checked_by: str = ""

    @property
    def label(self) -> str:
        """What it is called."""
        return self.zh or self.id

    @property
    def known_on(self) -> date | None:
        """The day from which a result may use it; None where no day of publication is known."""
        published, recorded = self.published_on, self.recorded_on
        return max(published, recorded) if published and recorded else published or recorded

    @property
    def kind(self) -> tuple[str, ...]:
        """What two factors have in common when one can take the other's place."""
        same = (self.quantity, self.indicator, self.family, self.level, self.region_zh, self.province, self.gas)
        named = self.zh if self.klass in ("upstream", "transport", "benchmark", "process") else ""
        return (*same, self.material, self.basis, self.printed_in, named)

    def is_expired(self, on: date) -> bool:
        """Whether its life, counted from publication, is over on a day (bounds are half open)."""
        return self.valid_to is not None and on >= self.valid_to

    def is_known(self, on: date) -> bool:
        """Whether it was published and recorded by a day; what bears no day counts as known."""
        known_on = self.known_on
        return known_on is None or known_on <= on

    def provenance(self) -> dict[str, object]:
        """Return where the value comes from, for the trace."""
        known = {
            "family": self.family if self.family != "inventory" else "", "version": self.version if self.owner else "",
            "owner": self.owner, "recorded_on": self.recorded_on.isoformat() if self.recorded_on else "",
            "supersedes": self.supersedes, "publisher": self.publisher, "checked_by": self.checked_by,
            "uncertainty": self.uncertainty,
        }  # fmt: skip
        return {
            "kind": "library", "factor_id": self.id, "document": self.document, "document_no": self.document_no,
            "published_on": self.published_on.isoformat() if self.published_on else None, "data_year": self.data_year,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None, "region": self.region_zh,
            "level": self.level, "checked": self.checked, "confidence": self.confidence, "evidence": self.evidence,
            "url": self.url, "note": self.note,
        } | {key: value for key, value in known.items() if value}  # fmt: skip


@cache
def vocabulary() -> Mapping[str, Mapping[str, str]]:
    """Return the words of every dimension: id → Chinese name."""
    data = read_yaml(data_dir() / "factors" / "vocabulary.yaml").data
    return {name: {str(key): str(zh) for key, zh in words.items()} for name, words in data.items()}


def word(dimension: str, value: str) -> str:
    """Return the Chinese name of a value; several stand apart by spaces; an unknown one is returned as it is.

    >>> word("metal", "pb zn")
    '铅、锌'
    """
    words = vocabulary().get(dimension)
    if words is None or value in words:
        return value if words is None else words[value]
    if dimension == "quantity" and value in glossary():
        return glossary()[value].zh
    return "、".join(words.get(part, part) for part in value.split(" ")) if dimension == "metal" else value
