"""What pages say about a standard: its state, its products, the kinds of process it knows."""

from dataclasses import dataclass

from tanheng.kernel.catalogue import materials
from tanheng.rules.package import StandardSummary, load_standard, standards
from tanheng_web.catalogue.standards.selectors import OWN_PREFIX, standards_for
from tanheng_web.organisations.models import Organisation

__all__ = ["StandardView", "kind_choices", "offered", "product_choices", "standard_view", "standard_views"]

EVIDENCE_ZH = {"primary": "已对照原文", "secondary": "二手来源，待核原文"}


@dataclass(frozen=True)
class StandardView:
    """A standard on a page."""

    id: str
    zh: str
    short_zh: str
    document: str
    status_zh: str
    is_verified: bool
    in_force_zh: str
    note: str
    main_products: tuple[str, ...]


def standard_view(standard_id: str) -> StandardView | None:
    """The standard of an enterprise; None while it has none, or one whose package is gone."""
    return _view(standard_id) if standard_id in {found.id for found in standards()} else None


def offered(organisation: Organisation | None = None) -> tuple[StandardSummary, ...]:
    """Standards that may be chosen: the packaged ones, and those an enterprise (or its group) published."""
    if organisation is not None:
        return standards_for(organisation)
    return tuple(found for found in standards() if not found.id.startswith(OWN_PREFIX))


def standard_views(organisation: Organisation | None = None) -> list[StandardView]:
    """The standards that may be chosen, as pages show them."""
    return [_view(found.id) for found in offered(organisation)]


def _view(standard_id: str) -> StandardView:
    standard = load_standard(standard_id)  # parsed once and kept
    start, end = standard.in_force.start, standard.in_force.end
    return StandardView(
        id=standard.id,
        zh=standard.zh,
        short_zh=standard.short_zh,
        document=standard.document,
        status_zh="已核对原文" if standard.status == "verified" else EVIDENCE_ZH.get(standard.evidence, "待核原文"),
        is_verified=standard.status == "verified",
        in_force_zh=f"{start:%Y-%m-%d} 起施行" + (f"，{end:%Y-%m-%d} 废止" if end else ""),
        note=standard.superseded_note or "",
        main_products=tuple(materials()[product].zh for product in standard.main_products),
    )


def product_choices(standard_id: str) -> list[tuple[str, str]]:
    """Main products of a standard, then whatever else its plant template makes."""
    if standard_view(standard_id) is None:
        return []
    standard = load_standard(standard_id)
    made = [row.material for row in standard.boundary_streams if row.role == "product"]
    for process in standard.processes:
        made += [process.product] if process.product else []
        made += [row.material for row in process.streams if row.role in {"product", "co_product"}]
    return [(found, materials()[found].zh) for found in dict.fromkeys([*standard.main_products, *made])]


def kind_choices(standard_id: str) -> list[tuple[str, str]]:
    """Kinds of process in a standard's template, with Chinese names."""
    if standard_view(standard_id) is None:
        return []
    kinds: dict[str, str] = {}
    for process in load_standard(standard_id).processes:
        kinds.setdefault(process.kind, process.zh)
    return list(kinds.items())
