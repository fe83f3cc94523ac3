"""Processes and sub-processes. Streams point to the row, so what was entered stays with a process wherever it goes."""

from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Organisation, Process, Site
from tanheng_web.organisations.selectors import process_uses
from tanheng_web.organisations.services.sites import site_default

__all__ = [
    "process_add",
    "process_change",
    "process_deactivate",
    "process_move",
    "process_remove",
    "process_rename",
    "process_restore",
]

SEPARATORS = ("/", "／")  # the second looks the same on a page


def _checked_name(organisation: Organisation, name: str, parent: Process | None, but: int | None = None) -> str:
    name = name.strip()
    if not name or any(sign in name for sign in SEPARATORS):
        raise InputError("web.process_name", name=name)
    if Process.objects.filter(organisation=organisation, parent=parent, name=name).exclude(pk=but).exists():
        raise InputError("web.process_name_taken", name=name)
    return name


def _checked_parent(organisation: Organisation, parent: Process | None, process: Process | None = None) -> None:
    if parent is None:
        return
    if parent.organisation_id != organisation.pk or parent.parent_id is not None:
        raise InputError("web.process_parent", name=parent.name)
    if process is not None and (parent.pk == process.pk or process.children.exists()):
        raise InputError("web.process_has_subs", name=process.name)


def _site(organisation: Organisation, site: Site | None, parent: Process | None) -> Site:
    if parent is not None and parent.site_id:
        return parent.site
    if site is None:
        return site_default(organisation)
    if site.organisation_id != organisation.pk:
        raise InputError("web.site_name", name=site.name)
    return site


def _next_order(organisation: Organisation, parent: Process | None) -> int:
    last = Process.objects.filter(organisation=organisation, parent=parent).order_by("-order").first()
    return last.order + 1 if last else 0


@transaction.atomic
def process_add(
    *,
    organisation: Organisation,
    by,
    name: str,
    parent: Process | None = None,
    kind: str = "",
    site: Site | None = None,
) -> Process:
    """Add a process at the end of its level; a sub-process lies where its process does."""
    require(by, "organisation.change", organisation)
    if organisation.kind == Organisation.Kind.GROUP:
        raise InputError("web.group_has_no_plant", name=organisation.label)
    _checked_parent(organisation, parent)
    process = Process.objects.create(
        organisation=organisation,
        parent=parent,
        name=_checked_name(organisation, name, parent),
        kind=kind,
        site=_site(organisation, site, parent),
        order=_next_order(organisation, parent),
    )
    log(action="process.add", by=by, organisation=organisation, on=process)
    return process


@transaction.atomic
def process_change(
    *, process: Process, by, name: str, kind: str | None = None, parent: Process | None = None, site: Site | None = None
) -> Process:
    """Rename, classify, and put a process below another one, back to the top, or on another site."""
    organisation = process.organisation
    require(by, "organisation.change", organisation)
    process = Process.objects.select_for_update(of=("self",)).select_related("parent", "site").get(pk=process.pk)
    _checked_parent(organisation, parent, process)
    new = {
        "name": _checked_name(organisation, name, parent, process.pk),
        "kind": process.kind if kind is None else kind,
        "parent": parent,
        "site": _site(organisation, site or process.site, parent),
    }
    changed = {
        key: [_plain(getattr(process, key)), _plain(value)]
        for key, value in new.items()
        if getattr(process, key) != value
    }
    if not changed:
        return process
    if "parent" in changed:
        process.order = _next_order(organisation, parent)
    for key, value in new.items():
        setattr(process, key, value)
    process.save(update_fields=[*new, "order"])
    process.children.update(site=process.site)
    log(action="process.change", by=by, organisation=organisation, on=process, data=changed)
    return process


def _plain(value):
    return str(value) if isinstance(value, Process | Site) else value or ""


def process_rename(*, process: Process, by, name: str) -> Process:
    """Rename a process where it stands."""
    changed = process_change(process=process, by=by, name=name, parent=process.parent, site=process.site)
    process.name = changed.name
    return process


@transaction.atomic
def process_move(*, process: Process, by, step: int) -> None:
    """Move one place up (-1) or down (1) among its siblings of the same site."""
    require(by, "organisation.change", process.organisation)
    rows = list(
        Process.objects.select_for_update().filter(
            organisation=process.organisation, parent=process.parent, site=process.site
        )
    )
    at = next(index for index, row in enumerate(rows) if row.pk == process.pk)
    to = max(0, min(len(rows) - 1, at + step))
    rows.insert(to, rows.pop(at))
    for order, row in enumerate(rows):
        row.order = order
    Process.objects.bulk_update(rows, ["order"])
    log(action="process.move", by=by, organisation=process.organisation, on=process, data={"to": to})


@transaction.atomic
def process_remove(*, process: Process, by) -> None:
    """Delete a process that nothing refers to; one with streams or sub-processes can only be switched off."""
    require(by, "organisation.change", process.organisation)
    if uses := process_uses(process):
        raise InputError("web.process_used", name=process.name, uses=uses)
    log(action="process.remove", by=by, organisation=process.organisation, on=process, data={"path": process.path})
    process.delete()


def process_deactivate(*, process: Process, by) -> None:
    """Switch a process off: nothing more is entered there, history keeps its place."""
    _switched(process, by, False)


def process_restore(*, process: Process, by) -> None:
    """Switch a process on again."""
    _switched(process, by, True)


@transaction.atomic
def _switched(process: Process, by, is_active: bool) -> None:
    require(by, "organisation.change", process.organisation)
    process.is_active = is_active
    process.save(update_fields=["is_active"])
    action = "process.restore" if is_active else "process.deactivate"
    log(action=action, by=by, organisation=process.organisation, on=process)
