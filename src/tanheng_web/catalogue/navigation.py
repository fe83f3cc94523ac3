"""What this room puts into the menu."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tanheng_web.catalogue.materials.selectors import own_materials
from tanheng_web.catalogue.standards.selectors import standards_for, waiting_for
from tanheng_web.common.navigation import Entry, Hit

__all__ = ["ENTRIES", "search"]

HITS = 6

ENTRIES: list[Entry] = [
    Entry(
        "catalogue",
        20,
        _("物料与单位"),
        "catalogue:materials",
        icon="package",
        match=("catalogue:material", "catalogue:material-", "catalogue:mapping", "catalogue:units"),
    ),
    Entry(
        "catalogue",
        10,
        _("排放因子"),
        "catalogue:factors",
        icon="database",
        match=("catalogue:factor", "catalogue:factor-", "catalogue:factors-"),
    ),
    Entry(
        "catalogue",
        25,
        _("工序模板"),
        "catalogue:process-templates",
        icon="hierarchy-2",
        match=("catalogue:process-",),
    ),
    Entry(
        "catalogue",
        30,
        _("核算标准"),
        "catalogue:standards",
        icon="book",
        match=("catalogue:standard", "catalogue:copy-", "catalogue:copy"),
        count=waiting_for,
    ),
]


def search(user, organisation, text: str) -> list[Hit]:
    """Factors by their words, as the library's own search finds them."""
    if organisation is None or len(text) < 2:
        return []
    from tanheng.rules.factors.search import Query  # with the library only where somebody searches
    from tanheng_web.catalogue.factors.selectors import index_for

    found = index_for(organisation).search(Query(text[:200], {"quantity": ("emission_factor",)}, 0, HITS))
    page = reverse("catalogue:factor", args=[organisation.pk])
    return [*_own(organisation, text)] + [
        Hit(_("因子"), factor.label, f"{page}?{urlencode({'id': factor.id})}", f"{factor.data_year} {factor.publisher}")
        for factor in found.factors
    ]


def _own(organisation, text: str) -> list[Hit]:
    """Standards and own materials whose names hold a text."""
    wanted = text.casefold()
    hits = [
        Hit(_("标准"), found.short_zh, reverse("catalogue:standard", args=[organisation.pk, found.id]), found.document)
        for found in standards_for(organisation)
        if wanted in f"{found.zh} {found.short_zh} {found.document}".casefold()
    ]
    page = reverse("catalogue:materials", args=[organisation.pk])
    rows = own_materials(organisation).filter(zh__icontains=text)
    return (hits + [Hit(_("物料"), row.zh, page, row.organisation.label) for row in rows])[:HITS]
