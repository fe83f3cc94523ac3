"""Importing, reviewing and publishing own factors. Every door calls these; published versions never change."""

import hashlib
import uuid
from dataclasses import fields
from datetime import date
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng.rules.factors import LibraryFactor, default_life, word
from tanheng.rules.factors.checks import check_rows
from tanheng.rules.factors.rows import Fault, Row, columns, read_row
from tanheng_web.catalogue.factors import files, selectors
from tanheng_web.catalogue.models import Factor, FactorImport, FactorLife, FactorShelf, FactorVersion
from tanheng_web.common import audit, jobs
from tanheng_web.common.access import require

__all__ = [
    "Cells",
    "checked",
    "factors_approve",
    "factors_check",
    "factors_enter",
    "factors_return",
    "factors_submit",
    "factors_upload",
    "lives_set",
    "may_review",
]

KEPT_FAULTS = 2000
Cells = dict[str, object]
COLUMNS = ("zh", "unit", "family", "klass", "quantity", "supersedes", "published_on", "valid_from", "valid_to")
_NOT_DETAILS = {*COLUMNS, "id", "value", "version", "owner", "recorded_on", "checked", "checked_by", "evidence",
                "confidence"}  # fmt: skip
DETAILS = tuple(each.name for each in fields(LibraryFactor) if each.name not in _NOT_DETAILS)


@transaction.atomic
def factors_upload(*, organisation, name: str, body: bytes, by) -> FactorImport:
    """Keep a file of factors and have it checked in the background."""
    require(by, "factor.change", organisation)
    if len(body) > files.MAX_BYTES:
        raise InputError("factor.file_too_large", name=name, megabytes=round(len(body) / 1024**2, 1), most=20)
    if not body:
        raise InputError("workbook.empty_file", name=name)
    digest = hashlib.sha256(body).hexdigest()
    batch = FactorImport(organisation=organisation, name=name[:200], size=len(body), sha256=digest, uploaded_by=by)
    suffix = ".csv" if name.lower().endswith((".csv", ".txt")) else ".xlsx"
    batch.file.save(f"{organisation.pk}-{digest[:16]}{suffix}", ContentFile(body), save=True)
    audit.log(action="factor.import", by=by, organisation=organisation, on=batch, data={"name": name, "sha256": digest})
    _check_ordered(batch, by)
    return batch


def _check_ordered(batch: FactorImport, by) -> None:
    from tanheng_web.catalogue.factors.tasks import factors_check_task  # the task calls this module

    link = reverse("catalogue:factor-import", args=[batch.organisation_id, batch.pk])
    title = _("检查因子文件 %(name)s") % {"name": batch.name}
    batch.job = jobs.start(
        factors_check_task, organisation=batch.organisation, by=by, kind="factors", title=title, link=link,
        batch_id=batch.pk,
    )  # fmt: skip
    batch.save(update_fields=["job"])


def factors_check(*, batch: FactorImport, progress=None) -> FactorImport:
    """Read and check a file; what is wrong is kept as a list, what is good as rows. Nothing is in the library yet."""
    tell = progress or (lambda done, total, message: None)
    tell(0, 3, "正在读取文件")
    try:
        rows = files.read_rows(Path(batch.file.path), batch.name)
    except InputError as error:
        batch.status, batch.refusal = FactorImport.Status.REFUSED, error.zh()
        batch.save(update_fields=["status", "refusal"])
        return batch
    tell(1, 3, f"正在检查 {len(rows)} 行")
    good, faults = checked(batch.organisation, rows)
    tell(2, 3, "正在保存检查结果")
    _found(batch, rows, good, faults)
    return batch


def checked(organisation, rows: list[tuple[int, Cells]]) -> tuple[list[Row], list[Fault]]:
    """Read and check rows against the library: the good ones, and every fault of all."""
    read, faults = [], []
    for number, cells in rows:
        row, found = read_row(number, cells, selectors.own_id(organisation))
        faults += found
        read += [row] if row else []
    faults += check_rows(read, selectors.library_for(organisation), timezone.localdate())
    bad = {fault.row for fault in faults if fault.severity == "error"}
    return [row for row in read if row.number not in bad], sorted(faults, key=lambda fault: fault.row)


def _found(batch: FactorImport, rows: list[tuple[int, Cells]], good: list[Row], faults: list[Fault]) -> None:
    taken = {row.number for row in good}
    batch.status, batch.refusal = FactorImport.Status.CHECKED, ""
    batch.rows = [
        [number, {key: _plain(cell) for key, cell in cells.items()}] for number, cells in rows if number in taken
    ]
    batch.findings = [[fault.severity, fault.row, fault.column, fault.zh()] for fault in faults[:KEPT_FAULTS]]
    errors = sum(fault.severity == "error" for fault in faults)
    batch.counts = {
        "filled": len(rows), "good": len(good), "bad": len(rows) - len(good), "errors": errors,
        "warnings": len(faults) - errors,
    }  # fmt: skip
    batch.save(update_fields=["status", "refusal", "rows", "findings", "counts"])


def _plain(cell: object) -> object:
    return cell if isinstance(cell, str | int | float) or cell is None else str(cell)[:10]


@transaction.atomic
def factors_enter(*, organisation, cells: Cells, by, name: str) -> tuple[FactorImport | None, list[Fault]]:
    """Take one factor from a form, as an import of one row that goes to review; with an error nothing is kept."""
    require(by, "factor.change", organisation)
    good, faults = checked(organisation, [(1, cells)])
    if not good:
        return None, faults
    batch = FactorImport(
        organisation=organisation, kind=FactorImport.Kind.FORM, name=name[:200], uploaded_by=by,
        status=FactorImport.Status.CHECKED,
    )  # fmt: skip
    batch.save()
    _found(batch, [(1, cells)], good, faults)
    audit.log(action="factor.enter", by=by, organisation=organisation, on=batch, data={"name": name})
    return factors_submit(batch=batch, by=by), faults


@transaction.atomic
def factors_submit(*, batch: FactorImport, by) -> FactorImport:
    """Hand the good rows in for review as new versions of their factors."""
    require(by, "factor.change", batch.organisation)
    batch = _locked(batch)
    if not batch.is_open:
        raise InputError("factor.import_closed", name=batch.name, status=batch.get_status_display(), action="提交")
    good = _read_again(batch)
    if not good:
        raise InputError("factor.import_nothing", name=batch.name)
    for row in good:
        _version_add(batch, row, by)
    batch.status, batch.submitted_at = FactorImport.Status.IN_REVIEW, timezone.now()
    batch.reviewed_by = batch.reviewed_at = None
    batch.save(update_fields=["status", "submitted_at", "reviewed_by", "reviewed_at"])
    audit.log(
        action="factor.submit", by=by, organisation=batch.organisation, on=batch, data={"count": len(good)}
    )  # fmt: skip
    return batch


def _locked(batch: FactorImport) -> FactorImport:
    rows = FactorImport.objects.select_for_update(of=("self",)).select_related("organisation", "uploaded_by")
    return rows.get(pk=batch.pk)


def _read_again(batch: FactorImport) -> list[Row]:
    """The rows that were good, checked against the library as it is now; one that no longer is stops all."""
    rows = [(number, cells) for number, cells in batch.rows]
    good, faults = checked(batch.organisation, rows)
    wrong = [fault for fault in faults if fault.severity == "error"]
    if wrong:
        said = f"第 {wrong[0].row} 行“{wrong[0].column}”：{wrong[0].zh()}"
        raise InputError("factor.import_changed", name=batch.name, count=len({f.row for f in wrong}), first=said)
    return good


def _version_add(batch: FactorImport, row: Row, by) -> FactorVersion:
    factor, _made = Factor.objects.get_or_create(organisation=batch.organisation, code=row.code)
    said = row.factor
    return FactorVersion.objects.create(
        factor=factor, version=selectors.newest_version(factor) + 1, batch=batch, row=row.number, value=said.value,
        value_text=str(said.value), details={name: getattr(said, name) for name in DETAILS}, created_by=by,
        **{name: getattr(said, name) for name in COLUMNS},
    )  # fmt: skip


def may_review(batch: FactorImport, user) -> bool:
    """Two people: who imported does not review, unless the enterprise allows it."""
    return batch.organisation.allow_self_approval or batch.uploaded_by_id != user.pk


@transaction.atomic
def factors_approve(*, batch: FactorImport, by, note: str = "") -> FactorImport:
    """Publish an import: from today its factors are in the library of the enterprise and those below it."""
    batch = _reviewable(batch, by)
    _read_again(batch)
    today = timezone.localdate()
    versions = batch.versions.filter(status=FactorVersion.Status.IN_REVIEW)
    count = versions.update(status=FactorVersion.Status.PUBLISHED, reviewed_by=by, recorded_on=today)
    _reviewed(batch, FactorImport.Status.PUBLISHED, by, note)
    shelf_restamp(batch.organisation)
    audit.log(action="factor.publish", by=by, organisation=batch.organisation, on=batch, data={"count": count})
    return batch


@transaction.atomic
def factors_return(*, batch: FactorImport, by, note: str) -> FactorImport:
    """Send an import back with a reason; its versions stay on record as returned."""
    batch = _reviewable(batch, by)
    if not note.strip():
        raise InputError("factor.return_note")
    batch.versions.filter(status=FactorVersion.Status.IN_REVIEW).update(status=FactorVersion.Status.RETURNED)
    _reviewed(batch, FactorImport.Status.RETURNED, by, note)
    audit.log(action="factor.return", by=by, organisation=batch.organisation, on=batch, data={"note": note[:500]})
    return batch


def _reviewable(batch: FactorImport, by) -> FactorImport:
    require(by, "factor.review", batch.organisation)
    batch = _locked(batch)
    if batch.status != FactorImport.Status.IN_REVIEW:
        raise InputError("factor.import_closed", name=batch.name, status=batch.get_status_display(), action="复核")
    if not may_review(batch, by):
        raise InputError("factor.self_review")
    return batch


def _reviewed(batch: FactorImport, status: str, by, note: str) -> None:
    batch.status, batch.reviewed_by, batch.reviewed_at, batch.review_note = status, by, timezone.now(), note[:500]
    batch.save(update_fields=["status", "reviewed_by", "reviewed_at", "review_note"])


def shelf_restamp(organisation) -> None:
    """Tell every process that the enterprise's own factors are others now."""
    FactorShelf.objects.update_or_create(organisation=organisation, defaults={"stamp": uuid.uuid4().hex})


@transaction.atomic
def lives_set(*, organisation, years: dict[str, int | None], soon_days: int | None, by) -> None:
    """Set how long classes of factors live in an enterprise; None: what the standard says.

    Raises OutOfRange ``factor.life_setting`` for more years than a class may have.
    """
    require(by, "factor.change", organisation)
    own = {klass: number for klass, number in years.items() if number is not None}
    unknown = set(own) - set(default_life().years)
    if unknown:
        raise InputError("factor.choice", dimension="klass", text=unknown.pop(), known=list(default_life().years))
    default_life().with_years(own, soon_days)
    FactorLife.objects.filter(organisation=organisation).exclude(klass__in=own).delete()
    for klass, number in own.items():
        FactorLife.objects.update_or_create(
            organisation=organisation, klass=klass, defaults={"years": number, "by": by}
        )
    shelf_restamp(organisation)
    FactorShelf.objects.filter(organisation=organisation).update(soon_days=soon_days)
    audit.log(action="factor.lives", by=by, organisation=organisation, data={"years": own, "soon_days": soon_days})


def cells_of(factor: LibraryFactor) -> Cells:
    """A factor as cells of the workbook: what a form for its successor starts with."""
    found: Cells = {}
    for key in columns():
        value = getattr(factor, key, "")
        found[key] = value.isoformat() if isinstance(value, date) else str(value or "")
    material = materials().get(factor.material)
    return found | {"material": material.zh if material else "", "metal": word("metal", factor.metal)}
