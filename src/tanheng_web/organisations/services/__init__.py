"""Changing enterprises, sites and processes: each service checks the right, writes, and leaves an audit entry."""

from tanheng_web.organisations.services.choices import standards_choose
from tanheng_web.organisations.services.enterprises import (
    organisation_change,
    organisation_create,
    organisation_place,
    standard_change,
)
from tanheng_web.organisations.services.processes import (
    process_add,
    process_change,
    process_deactivate,
    process_move,
    process_remove,
    process_rename,
    process_restore,
)
from tanheng_web.organisations.services.sites import site_add, site_change, site_default, site_remove

__all__ = [
    "organisation_change",
    "organisation_create",
    "organisation_place",
    "process_add",
    "process_change",
    "process_deactivate",
    "process_move",
    "process_remove",
    "process_rename",
    "process_restore",
    "site_add",
    "site_change",
    "site_default",
    "site_remove",
    "standard_change",
    "standards_choose",
]
