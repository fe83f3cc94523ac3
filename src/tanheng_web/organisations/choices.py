"""What the page of a year's standards offers: every edition, how it fits the enterprise and the year, and why."""

from dataclasses import dataclass, replace

from tanheng.kernel.errors import NotFound
from tanheng.rules.package import load_standard
from tanheng.rules.proposal import Proposal, proposal
from tanheng.rules.registry import Edition, Registry, industry_of, registry
from tanheng_web.catalogue.standards.selectors import OWN_PREFIX, standards_for
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.selectors import standards_of

__all__ = ["Group", "Option", "groups_of", "industry_for", "warnings_of"]

FIT_ZH = {
    "applies": ("适用", "tag-ok"),
    "substitute": ("可代用", "tag-warn"),
    "unknown": ("待确认", "tag-warn"),
    "not_yet": ("尚未适用", ""),
    "superseded": ("已被替代", ""),
    "other": ("其他行业", ""),
}


@dataclass(frozen=True)
class Option:
    """An edition on the page."""

    edition: Edition
    fit: str
    reason: str
    is_chosen: bool
    is_primary: bool
    is_proposed: bool

    @property
    def fit_zh(self) -> str:
        return FIT_ZH[self.fit][0]

    @property
    def fit_style(self) -> str:
        return FIT_ZH[self.fit][1]

    @property
    def name(self) -> str:
        return self.edition.short_zh or self.edition.document


@dataclass(frozen=True)
class Group:
    """The editions for one purpose; those of other industries apart."""

    id: str
    zh: str
    note: str
    options: tuple[Option, ...]
    others: tuple[Option, ...]


def industry_for(organisation: Organisation) -> tuple[str, str]:
    """Industry and main product of an enterprise: by its standard, else by its industry code."""
    try:
        industry = registry().get(organisation.standard).industry
        products = load_standard(organisation.standard).main_products
    except NotFound:
        industry, products = "", ()
    if industry in ("", "general"):
        return industry_of(organisation.industry_code), organisation.main_product
    if organisation.main_product or len(products) > 1:
        return industry, organisation.main_product
    return industry, products[0] if products else ""


def groups_of(organisation: Organisation, year: int) -> list[Group]:
    """Every edition by purpose: what concerns the enterprise first, ranked, then the other industries'."""
    known = _visible(organisation)
    shown = {edition.id for edition in known.editions}
    industry, product = industry_for(organisation)
    ranked = tuple(each for each in proposal(industry, product, year) if each.edition.id in shown) if industry else ()
    chosen = standards_of(organisation, year)
    return [_group(known, purpose, ranked, chosen) for purpose in known.purposes]


def _visible(organisation: Organisation) -> Registry:
    """The registry without the standards that other enterprises made for themselves."""
    known, offered = registry(), {found.id for found in standards_for(organisation)}
    editions = tuple(e for e in known.editions if e.id in offered or not e.id.startswith(OWN_PREFIX))
    return replace(known, editions=editions)


def _group(known: Registry, purpose: str, ranked: tuple[Proposal, ...], chosen: tuple[str, ...]) -> Group:
    mine = [each for each in ranked if each.edition.purpose == purpose]
    best = next((each.edition.id for each in mine if each.is_usable), "")
    concerned = {each.edition.id for each in mine}
    others = [e for e in known.editions if e.purpose == purpose and e.id not in concerned and not e.general_rules]
    rows = [_option(each.edition, each.fit, each.reason, chosen, best) for each in mine]
    rest = [_option(e, "other", _of_industry(known, e), chosen, best) for e in others]
    said = known.purposes[purpose]
    return Group(purpose, said.zh, said.note, tuple(rows), tuple(rest))


def _option(edition: Edition, fit: str, reason: str, chosen: tuple[str, ...], best: str) -> Option:
    is_primary = bool(chosen) and edition.id == chosen[0]
    return Option(edition, fit, reason, edition.id in chosen, is_primary, edition.id == best)


def _of_industry(known: Registry, edition: Edition) -> str:
    industry = known.industries.get(edition.industry)
    return f"用于{industry.zh if industry else edition.industry}，{edition.years.zh}。"


def warnings_of(groups: list[Group]) -> list[str]:
    """What is to be known about the choice: editions outside their years, and right ones that are not here."""
    said: list[str] = []
    for group in groups:
        rows = (*group.options, *group.others)
        said += [row.reason for row in rows if row.is_chosen and row.fit in ("not_yet", "superseded", "substitute")]
        if any(row.is_chosen for row in rows):
            said += [row.reason for row in group.options if row.fit == "applies" and not row.edition.is_here]
    return list(dict.fromkeys(said))
