"""Which standard when: the editions for an industry, product, year and purpose, ranked, each with its reason."""

from dataclasses import dataclass
from typing import Literal

from tanheng.rules.registry import Edition, Registry, registry

__all__ = ["Fit", "Proposal", "proposal"]

Fit = Literal["applies", "substitute", "unknown", "not_yet", "superseded"]
_ORDER: tuple[Fit, ...] = ("applies", "substitute", "unknown", "not_yet", "superseded")


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edition, how it fits the year, and why, in a sentence."""

    edition: Edition
    fit: Fit
    reason: str

    @property
    def is_usable(self) -> bool:
        """Whether it is here and a result under it may stand for the year."""
        return self.edition.is_here and self.fit in ("applies", "substitute")


def proposal(industry: str, product: str, year: int, purpose: str = "") -> tuple[Proposal, ...]:
    """Return every edition for an enterprise, ranked: what applies, what may stand in for it, the others.

    Parameters
    ----------
    industry
        An industry of the registry, such as ``steel``.
    product
        Id of the main product; empty for any.
    year
        The report year (data year).
    purpose
        A purpose of the registry; empty for all.

    Examples
    --------
    >>> [p.edition.id for p in proposal("steel", "crude_steel", 2025, "national_report")][0]
    'gbt_32151_5_2015'
    """
    known = registry()
    suiting = [edition for edition in known.editions if edition.suits(industry, product)]
    if purpose:
        suiting = [edition for edition in suiting if edition.purpose == purpose]
    found = [_judged(known, edition, industry, product, year) for edition in suiting]
    return tuple(sorted(found, key=lambda each: _rank(known, each)))


def _rank(known: Registry, each: Proposal) -> tuple[int, int, int]:
    edition = each.edition
    special = 0 if edition.products else 1 if edition.industry != "general" else 2
    return _ORDER.index(each.fit), list(known.purposes).index(edition.purpose), special


def _judged(known: Registry, edition: Edition, industry: str, product: str, year: int) -> Proposal:
    years = edition.years
    newer = [
        later
        for later in known.successors(edition)
        if later.suits(industry, product) and later.years.is_known and _within(later, year)
    ]
    if newer:
        return _replaced(edition, newer[0], year)
    if not years.is_known:
        return Proposal(edition, "unknown", f"已知有 {edition.document}，但{_first(edition)}；请先确认它是否适用。")
    if years.start is not None and year < years.start:
        return Proposal(edition, "not_yet", f"{edition.document} 自 {years.start} 年度起适用，{year} 年度尚不适用。")
    if years.end is not None and year > years.end:
        return Proposal(edition, "superseded", f"{edition.document} 适用至 {years.end} 年度。")
    return Proposal(edition, "applies", _applies(known, edition, year))


def _within(edition: Edition, year: int) -> bool:
    start, end = edition.years.start, edition.years.end
    return (start is None or start <= year) and (end is None or year <= end)


def _replaced(edition: Edition, newer: Edition, year: int) -> Proposal:
    if newer.is_here or not edition.is_here:
        since = year if newer.years.start is None else newer.years.start
        return Proposal(edition, "superseded", f"{since} 年度起由 {newer.document} 取代 {edition.document}。")
    doubt = _doubt(newer)
    reason = f"{doubt}{year} 年度应采用 {newer.document}，但本平台尚未收录；收录之前可用本版核算，结果和报告中会注明。"
    return Proposal(edition, "substitute", reason)


def _applies(known: Registry, edition: Edition, year: int) -> str:
    purpose = known.purposes[edition.purpose].zh
    if not edition.is_here:
        return f"{_doubt(edition)}{year} 年度的{purpose}应采用 {edition.document}，本平台尚未收录：{_first(edition)}。"
    since = f"，自 {edition.in_force.start} 起施行" if edition.in_force.start else ""
    later = [e for e in known.successors(edition) if not e.years.is_known]
    warned = f"；另有 {later[0].document}，本平台尚未收录，请先确认适用版本" if later else ""
    return f"{year} 年度的{purpose}适用 {edition.document}{since}{warned}。"


def _first(edition: Edition) -> str:
    return edition.missing[0] if edition.missing else "文本未见"


def _doubt(edition: Edition) -> str:
    """What is known of an edition only from hearsay is said as such."""
    return "据未经核实的资料，" if edition.source.confidence == "recalled-low" else ""
