"""Enterprises, their settings, their standard, and their place below a group."""

from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng_web.accounts.models import Membership, Role
from tanheng_web.catalogue.standards.selectors import is_offered
from tanheng_web.common.access import can_create_organisation, require, roles_forget
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.services.sites import FIRST_SITE, site_add

__all__ = ["organisation_change", "organisation_create", "organisation_place", "standard_change"]

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
        "electricity_factor_indicator",
        "allow_self_approval",
    }
)


@transaction.atomic
def organisation_create(
    *, by, name: str, parent: Organisation | None = None, site_name: str = FIRST_SITE, **fields
) -> Organisation:
    """Create an enterprise with its first site; its maker becomes administrator and carbon manager."""
    if parent is not None:
        require(by, "organisation.change", parent)
    elif not can_create_organisation(by):
        raise InputError("web.organisation_create_denied", name=name)
    organisation = Organisation.objects.create(name=name.strip(), parent=parent, created_by=by, **fields)
    is_group = organisation.kind == Organisation.Kind.GROUP
    roles = [Role.ADMIN] if is_group else [Role.ADMIN, Role.MANAGER]
    Membership.objects.bulk_create(Membership(user=by, organisation=organisation, role=role) for role in roles)
    roles_forget(by)
    log(
        action="organisation.create",
        by=by,
        organisation=organisation,
        on=organisation,
        data={"standard": organisation.standard},
    )
    if not is_group:
        site_add(
            organisation=organisation,
            by=by,
            name=site_name,
            province=organisation.province,
            grid_part=organisation.grid_part,
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
    if "allow_self_approval" in changed:
        require(by, "members.change", organisation)  # not by whom the rule of two persons binds
    for key, (_old, new) in changed.items():
        setattr(organisation, key, new)
    if changed:
        organisation.save(update_fields=[*changed])
        log(action="organisation.change", by=by, organisation=organisation, on=organisation, data=changed)
    return organisation


def standard_change(*, organisation: Organisation, by, standard: str, main_product: str = "") -> Organisation:
    """Account under another standard from the next run on; runs and reports that exist keep theirs."""
    if not is_offered(organisation, standard):
        raise InputError("web.standard_unknown", standard=standard)
    return organisation_change(organisation=organisation, by=by, standard=standard, main_product=main_product)


@transaction.atomic
def organisation_place(*, organisation: Organisation, by, parent: Organisation | None) -> Organisation:
    """Put an enterprise under a group, or take it out (None): by an administrator of both.

    Whoever belongs to the group sees the enterprise from then on: the right to manage members is asked on either side.
    """
    wanted = [organisation.pk, *([parent.pk] if parent else [])]
    rows = {row.pk: row for row in Organisation.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}
    organisation, parent = rows[organisation.pk], rows[parent.pk] if parent else None
    old = organisation.parent
    for touched in filter(None, (organisation, old, parent)):
        require(by, "members.change", touched)
    _check_place(organisation, parent)
    if parent == old:
        return organisation
    organisation.parent = parent
    organisation.save(update_fields=["parent"])
    roles_forget(by)
    data = {"parent": [old.label if old else "", parent.label if parent else ""]}
    log(action="organisation.place", by=by, organisation=organisation, on=organisation, data=data)
    return organisation


def _check_place(organisation: Organisation, parent: Organisation | None) -> None:
    if parent is None:
        admins = Membership.objects.filter(organisation=organisation, role=Role.ADMIN, user__is_active=True)
        if not admins.exists():
            raise InputError("web.group_leave_alone", name=organisation.label)
        return
    if parent.kind != Organisation.Kind.GROUP:
        raise InputError("web.parent_not_group", name=parent.label)
    if parent.path.startswith(organisation.path):
        raise InputError("web.parent_cycle", name=organisation.label, parent=parent.label)
