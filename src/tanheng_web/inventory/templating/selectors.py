"""Reading templates and what was made with them."""

from django.shortcuts import get_object_or_404

from tanheng_web.common.periods import period_of
from tanheng_web.inventory.models import FilledTemplate, Report, ReportTemplate, TemplatePack
from tanheng_web.inventory.siblings import Tab, year_tabs
from tanheng_web.organisations.selectors import standards_of

__all__ = [
    "filled_for",
    "newest_packs",
    "newest_preview",
    "pack_for",
    "packs_by_province",
    "reports_with",
    "standard_tabs",
    "template_standard",
    "template_version",
    "uses_of",
]


def newest_packs(organisation, *, active_only: bool = True) -> list[TemplatePack]:
    """The newest version of every supplementary table of an enterprise and of those above it."""
    rows = TemplatePack.objects.defer("body").filter(organisation__in=organisation.ancestor_ids)
    newest: dict[tuple, TemplatePack] = {}
    for row in rows.select_related("organisation", "uploaded_by").order_by("-version"):
        newest.setdefault((row.organisation_id, row.province, row.zh), row)
    return [row for row in newest.values() if row.is_active or not active_only]


def packs_by_province(organisation) -> list[tuple[str, list[TemplatePack]]]:
    """Supplementary tables by province, the enterprise's own first, then those for all."""
    found: dict[str, list[TemplatePack]] = {}
    for row in newest_packs(organisation, active_only=False):
        found.setdefault(row.province, []).append(row)
    first = (organisation.province, "")
    return sorted(found.items(), key=lambda each: (each[0] not in first, each[0] != organisation.province, each[0]))


def pack_for(organisation, pk: int) -> TemplatePack:
    """A supplementary table that an enterprise may use, else 404."""
    rows = TemplatePack.objects.select_related("organisation", "uploaded_by")
    return get_object_or_404(rows, organisation__in=organisation.ancestor_ids, pk=pk)


def template_version(organisation, standard: str, version: int) -> ReportTemplate:
    """A version of the report template of an enterprise under a standard, else 404."""
    return get_object_or_404(ReportTemplate, organisation=organisation, standard=standard, version=version)


def template_standard(request) -> str:
    """The standard whose template a page is about: the one asked for among those chosen, else the year's primary."""
    chosen = _chosen(request)
    asked = request.POST.get("standard") or request.GET.get("standard")
    return asked if asked in chosen else next(iter(chosen), "")


def standard_tabs(request) -> list[Tab]:
    """The switch between the templates of the standards chosen for the year."""
    return year_tabs(_chosen(request), period_of(request).last.year, template_standard(request))


def _chosen(request) -> tuple[str, ...]:
    return standards_of(request.organisation, period_of(request).last.year)


def filled_for(organisation, pk: int) -> FilledTemplate:
    """A file made from a template, else 404."""
    rows = FilledTemplate.objects.select_related("run__organisation", "pack", "template", "created_by")
    return get_object_or_404(rows, run__organisation=organisation, pk=pk)


def newest_preview(organisation, *, pack: TemplatePack | None = None, standard: str = "") -> FilledTemplate | None:
    """The newest preview of a supplementary table (of any version), or of the report template of a standard."""
    rows = FilledTemplate.objects.defer("body").filter(run__organisation=organisation, is_preview=True)
    if pack is not None:
        same = {"pack__organisation": pack.organisation, "pack__province": pack.province, "pack__zh": pack.zh}
        return rows.filter(**same).select_related("run", "created_by").first()
    return rows.filter(pack=None, run__standard=standard).select_related("run", "created_by").first()


def uses_of(pack: TemplatePack) -> int:
    """How many files, previews apart, were made with any version of a supplementary table."""
    same = TemplatePack.objects.filter(organisation=pack.organisation, province=pack.province, zh=pack.zh)
    return FilledTemplate.objects.filter(pack__in=same, is_preview=False).count()


def reports_with(template: ReportTemplate) -> int:
    """How many reports were made with a version of the report template."""
    filled = FilledTemplate.objects.filter(template=template, is_preview=False).count()
    return Report.objects.filter(template=template).count() + filled
