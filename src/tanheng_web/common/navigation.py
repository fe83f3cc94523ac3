"""The left menu: only what exists. Each app offers its entries in ``<app>/navigation.py``.

ENTRIES = [Entry("data", 10, "活动数据", "collection:grid", icon="table", permission="view")]
def todo_count(user, organisation) -> int: ...          # optional: adds to the bell in the top bar
def newest_month(organisation) -> date | None: ...      # optional: the newest month with data
def search(user, organisation, text) -> list[Hit]: ...  # optional: what Ctrl-K finds
"""

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import reverse
from django.utils.translation import gettext as _

from tanheng_web.common.access import permissions

__all__ = ["GROUPS", "Entry", "Group", "Hit", "entries", "navigation", "sources"]

GROUPS = {
    "overview": _("总览"),
    "data": _("数据"),
    "results": _("核算"),
    "analysis": _("分析"),
    "reports": _("报告与核查"),
    "catalogue": _("因子与标准"),
    "system": _("系统"),
}

OF_A_PLANT = ("data", "results", "analysis", "reports")  # a group has neither; its enterprises do


@dataclass(frozen=True)
class Entry:
    """A line of the menu.

    `match`: url names that keep it lit (prefixes end in `:` or `-`); `count(user, organisation)`: a number;
    `is_everywhere`: the page belongs to no enterprise; `is_of_group`: it is a group's, and no enterprise's;
    `is_for_groups`: a group has it as well, although it stands among the pages of plants.
    """

    group: str
    order: int
    label: str
    url_name: str
    icon: str
    permission: str = "view"
    match: tuple[str, ...] = ()
    count: object = None
    is_everywhere: bool = False
    is_of_group: bool = False
    is_for_groups: bool = False


@dataclass(frozen=True)
class Line:
    label: str
    url: str
    icon: str
    is_current: bool
    count: int | None


@dataclass(frozen=True)
class Group:
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Hit:
    """One thing the search found."""

    kind: str
    label: str
    url: str
    detail: str = ""


@cache
def sources(name: str) -> tuple:
    """What the apps' navigation modules offer under `name`, in the order of the apps."""
    own = [config.name for config in apps.get_app_configs() if config.name.startswith("tanheng_web.")]
    modules = [
        import_module(f"{app}.navigation")
        for app in own
        if app != "tanheng_web.common" and find_spec(f"{app}.navigation")
    ]
    return tuple(getattr(module, name) for module in modules if hasattr(module, name))


@cache
def entries() -> tuple[Entry, ...]:
    found = [entry for offered in sources("ENTRIES") for entry in offered]
    return tuple(sorted(found, key=lambda entry: (list(GROUPS).index(entry.group), entry.order)))


def navigation(user, organisation, view_name: str = "") -> tuple[Group, ...]:
    """The groups of the menu for a person in an enterprise; `view_name` is where they are."""
    granted = permissions(user, organisation) if organisation else frozenset()
    lines: dict[str, list[Line]] = {}
    for entry in entries():
        if organisation is None:
            is_shown = entry.is_everywhere
        else:
            of_group = entry.is_for_groups or entry.group not in OF_A_PLANT
            is_fit = of_group if organisation.is_group else not entry.is_of_group
            is_shown = entry.permission in granted and is_fit
        if is_shown:
            lines.setdefault(entry.group, []).append(_line(entry, user, organisation, view_name))
    return tuple(Group(GROUPS[key], tuple(found)) for key, found in lines.items())


def _url(entry: Entry, organisation) -> str:
    return reverse(entry.url_name, kwargs={} if entry.is_everywhere else {"org": organisation.pk})


def _line(entry: Entry, user, organisation, view_name: str) -> Line:
    matches = (entry.url_name, *entry.match)
    return Line(
        label=entry.label,
        url=_url(entry, organisation),
        icon=entry.icon,
        is_current=any(view_name == match or (match[-1] in ":-" and view_name.startswith(match)) for match in matches),
        count=entry.count(user, organisation) if entry.count and organisation else None,
    )
