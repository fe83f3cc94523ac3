"""Changing enterprises and processes: each service checks the right, writes, and leaves an audit entry."""

from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng_web.accounts.models import Membership, Role
from tanheng_web.common.access import can_create_organisation, require, roles_forget
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Organisation, Process

__all__ = [
    "organisation_change",
    "organisation_create",
    "process_add",
    "process_move",
    "process_remove",
    "process_rename",
    "process_restore",
]

SEPARATOR = "/"
EDITABLE = frozenset(
    {
        "name",
        "short_name",
        "uscc",
        "province",
        "grid_part",
        "address",
        "legal_representative",
        "contact_person",
        "contact_phone",
        "filled_by",
        "industry_code",
        "ownership",
        "standard",
        "main_product",
        "electricity_factor_level",
        "allow_self_approval",
    }
)


@transaction.atomic
def organisation_create(*, by, name: str, parent: Organisation | None = None, **fields) -> Organisation:
    """Create an enterprise; its maker becomes administrator and carbon manager, so that somebody can go on."""
    if parent is not None:
        require(by, "organisation.change", parent)
    elif not can_create_organisation(by):
        raise InputError("web.organisation_create_denied", name=name)
    organisation = Organisation.objects.create(name=name.strip(), parent=parent, created_by=by, **fields)
    roles = [Role.ADMIN] if organisation.kind == Organisation.Kind.GROUP else [Role.ADMIN, Role.MANAGER]
    Membership.objects.bulk_create(Membership(user=by, organisation=organisation, role=role) for role in roles)
    roles_forget(by)
    log(
        action="organisation.create",
        by=by,
        organisation=organisation,
        on=organisation,
        data={"standard": organisation.standard},
    )
    return organisation


@transaction.atomic
def organisation_change(*, organisation: Organisation, by, **fields) -> Organisation:
    """Change settings; the audit entry keeps old and new values."""
    require(by, "organisation.change", organisation)
    if unknown := set(fields) - EDITABLE:
        raise TypeError(f"not editable: {sorted(unknown)}")
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = {
        key: [getattr(organisation, key), value] for key, value in fields.items() if getattr(organisation, key) != value
    }
    for key, (_old, new) in changed.items():
        setattr(organisation, key, new)
    if changed:
        organisation.save(update_fields=[*changed])
        log(action="organisation.change", by=by, organisation=organisation, on=organisation, data=changed)
    return organisation


def _checked_name(organisation: Organisation, name: str, parent: Process | None, but: int | None = None) -> str:
    name = name.strip()
    if not name or SEPARATOR in name:
        raise InputError("web.process_name", name=name)
    if Process.objects.filter(organisation=organisation, parent=parent, name=name).exclude(pk=but).exists():
        raise InputError("web.process_name_taken", name=name)
    return name


@transaction.atomic
def process_add(*, organisation: Organisation, by, name: str, parent: Process | None = None, kind: str = "") -> Process:
    """Add a process at the end of its level."""
    require(by, "organisation.change", organisation)
    name = _checked_name(organisation, name, parent)
    last = Process.objects.filter(organisation=organisation, parent=parent).order_by("-order").first()
    process = Process.objects.create(
        organisation=organisation, parent=parent, name=name, kind=kind, order=last.order + 1 if last else 0
    )
    log(action="process.add", by=by, organisation=organisation, on=process)
    return process


@transaction.atomic
def process_rename(*, process: Process, by, name: str) -> Process:
    """Rename; streams point to the row, so what was entered stays with it."""
    require(by, "organisation.change", process.organisation)
    old, process.name = process.name, _checked_name(process.organisation, name, process.parent, process.pk)
    process.save(update_fields=["name"])
    log(
        action="process.rename",
        by=by,
        organisation=process.organisation,
        on=process,
        data={"name": [old, process.name]},
    )
    return process


@transaction.atomic
def process_move(*, process: Process, by, step: int) -> None:
    """Move one place up (-1) or down (1) among its siblings."""
    require(by, "organisation.change", process.organisation)
    rows = list(Process.objects.select_for_update().filter(organisation=process.organisation, parent=process.parent))
    at = next(index for index, row in enumerate(rows) if row.pk == process.pk)
    to = max(0, min(len(rows) - 1, at + step))
    rows.insert(to, rows.pop(at))
    for order, row in enumerate(rows):
        row.order = order
    Process.objects.bulk_update(rows, ["order"])
    log(action="process.move", by=by, organisation=process.organisation, on=process, data={"to": to})


@transaction.atomic
def process_remove(*, process: Process, by) -> bool:
    """Delete a process that nothing refers to (True), else switch it off: history keeps its place (False)."""
    require(by, "organisation.change", process.organisation)
    if _is_used(process):
        process.is_active = False
        process.save(update_fields=["is_active"])
        log(action="process.deactivate", by=by, organisation=process.organisation, on=process)
        return False
    log(action="process.remove", by=by, organisation=process.organisation, on=process, data={"path": process.path})
    process.delete()
    return True


@transaction.atomic
def process_restore(*, process: Process, by) -> None:
    """Switch a process on again."""
    require(by, "organisation.change", process.organisation)
    process.is_active = True
    process.save(update_fields=["is_active"])
    log(action="process.restore", by=by, organisation=process.organisation, on=process)


def _is_used(process: Process) -> bool:
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: process}).exists()
        for relation in process._meta.related_objects
    )
