"""Templates: uploaded after a try, restored as a new version, deleted while nothing was made with them; files."""

import hashlib

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tanheng.kernel.errors import InputError
from tanheng_web.common import audit, jobs
from tanheng_web.common.access import require
from tanheng_web.inventory.models import FilledTemplate, ReportTemplate, Run, TemplatePack
from tanheng_web.inventory.templating import selectors
from tanheng_web.organisations.models import Organisation

__all__ = [
    "fill_start",
    "filled_store",
    "pack_remove",
    "pack_restore",
    "pack_switch",
    "pack_upload",
    "template_remove",
    "template_restore",
]

RIGHT = "template.change"
MOST_BYTES = 10 * 1024 * 1024
MOST_PREVIEWS = 5
MOST_PACKS = 200


def _kind(name: str) -> str:
    kind = name.lower().rpartition(".")[2]
    if kind not in TemplatePack.Kind.values:
        raise InputError("template.kind", name=name)
    return kind


def _tried(kind: str, body: bytes, name: str) -> None:
    """Refuse a template that is unsafe or names what no report has."""
    from tanheng.reporting.docx import validate_template  # heavy, and needed on upload alone
    from tanheng.reporting.xlsx_template import validate_workbook

    if len(body) > MOST_BYTES:
        raise InputError("template.too_large", name=name, limit=MOST_BYTES // 1024 // 1024)
    (validate_template if kind == "docx" else validate_workbook)(body)


@transaction.atomic
def pack_upload(*, organisation, by, province: str, zh: str, name: str, body: bytes, note: str = "") -> TemplatePack:
    """Add a supplementary table, or the next version of one; older versions stay."""
    require(by, RIGHT, organisation)
    kind = _kind(name)
    _tried(kind, body, name)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if TemplatePack.objects.filter(organisation=organisation).count() >= MOST_PACKS:
        raise InputError("template.too_many", most=MOST_PACKS)
    return _version(
        organisation, by, "template.upload", province=province, zh=zh, kind=kind, name=name[:200], body=body, note=note
    )


def _version(organisation, by, action: str, **fields) -> TemplatePack:
    same = TemplatePack.objects.filter(organisation=organisation, province=fields["province"], zh=fields["zh"])
    newest = same.order_by("-version").values_list("version", flat=True).first() or 0
    digest = hashlib.sha256(fields["body"]).hexdigest()
    row = TemplatePack.objects.create(
        organisation=organisation, version=newest + 1, sha256=digest, uploaded_by=by, **fields
    )
    data = {"sha256": digest, "version": row.version}
    audit.log(action=action, by=by, organisation=organisation, on=row, data=data)
    return row


@transaction.atomic
def pack_restore(*, pack: TemplatePack, by) -> TemplatePack:
    """Use an older version again: as a new version with the same file."""
    require(by, RIGHT, pack.organisation)
    fields = {name: getattr(pack, name) for name in ("province", "zh", "kind", "name")}
    note = _("恢复第 %d 版") % pack.version
    return _version(pack.organisation, by, "template.restore", **fields, body=bytes(pack.body), note=note)


@transaction.atomic
def pack_switch(*, pack: TemplatePack, by, is_active: bool) -> None:
    """Offer a supplementary table no longer, or again."""
    require(by, RIGHT, pack.organisation)
    pack.is_active = is_active
    pack.save(update_fields=["is_active"])
    action = "template.activate" if is_active else "template.deactivate"
    audit.log(action=action, by=by, organisation=pack.organisation, on=pack)


@transaction.atomic
def pack_remove(*, pack: TemplatePack, by) -> None:
    """Delete a supplementary table with all its versions; one with which files were made is only switched off."""
    require(by, RIGHT, pack.organisation)
    if made := selectors.uses_of(pack):
        raise InputError("template.used", name=pack.zh, count=made)
    same = TemplatePack.objects.filter(organisation=pack.organisation, province=pack.province, zh=pack.zh)
    audit.log(action="template.remove", by=by, organisation=pack.organisation, on=pack)
    FilledTemplate.objects.filter(pack__in=same).delete()
    same.delete()


@transaction.atomic
def template_restore(*, template: ReportTemplate, by) -> ReportTemplate:
    """Use an older report template again: as a new version with the same file."""
    organisation = template.organisation
    require(by, RIGHT, organisation)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    same = ReportTemplate.objects.filter(organisation=organisation, standard=template.standard)
    newest = same.order_by("-version").values_list("version", flat=True).first()
    row = ReportTemplate.objects.create(
        organisation=organisation, standard=template.standard, version=newest + 1, name=template.name,
        body=bytes(template.body), sha256=template.sha256, uploaded_by=by,
    )  # fmt: skip
    data = {"version": row.version, "sha256": row.sha256}
    audit.log(action="template.restore", by=by, organisation=organisation, on=row, data=data)
    return row


@transaction.atomic
def template_remove(*, template: ReportTemplate, by) -> None:
    """Delete a version of the report template with which no report was made; without any the software's own is used."""
    require(by, RIGHT, template.organisation)
    if made := selectors.reports_with(template):
        raise InputError("template.used", name=str(template), count=made)
    audit.log(action="template.remove", by=by, organisation=template.organisation, on=template)
    FilledTemplate.objects.filter(template=template).delete()
    template.delete()


@transaction.atomic
def fill_start(
    *, run: Run, by, pack: TemplatePack | None = None, template: ReportTemplate | None = None, is_preview: bool
):
    """Order a file from a template and a finished run; a preview needs no right to report."""
    from tanheng_web.inventory.templating.tasks import template_fill  # the task calls back into this module

    require(by, RIGHT if is_preview else "report.create", run.organisation)
    if not run.is_done:
        raise InputError("report.run_not_done", period=run.period_zh)
    named = pack.zh if pack else _("报告模板")
    ids = {"pack_id": pack.pk if pack else None, "template_id": template.pk if template else None}
    title = _("预览 %s") % named if is_preview else _("生成 %s") % named
    return jobs.start(
        template_fill, organisation=run.organisation, by=by, kind="template", title=title,
        link=reverse("inventory:templates", args=[run.organisation_id]), run_id=run.pk, is_preview=is_preview,
        by_id=by.pk, **ids,
    )  # fmt: skip


@transaction.atomic
def filled_store(
    *, run: Run, by, pack, template, is_preview: bool, kind: str, body: bytes, html: str
) -> FilledTemplate:
    """Keep a file; of previews only the newest few."""
    row = FilledTemplate.objects.create(
        run=run, pack=pack, template=template, is_preview=is_preview, kind=kind, body=body, html=html,
        sha256=hashlib.sha256(body).hexdigest(), created_by=by,
    )  # fmt: skip
    previews = FilledTemplate.objects.filter(run__organisation=run.organisation, is_preview=True)
    old = list(previews.values_list("pk", flat=True)[MOST_PREVIEWS:])
    FilledTemplate.objects.filter(pk__in=old).delete()
    if not is_preview:
        audit.log(action="report.create", by=by, organisation=run.organisation, on=row, data={"sha256": row.sha256})
    return row
