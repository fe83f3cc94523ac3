"""What this room puts into the menu."""

from django.utils.translation import gettext_lazy as _

from tanheng_web.common.navigation import Entry

__all__ = ["ENTRIES"]

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
        30,
        _("核算标准"),
        "catalogue:standards",
        icon="book",
        match=("catalogue:standard", "catalogue:copy-", "catalogue:copy"),
    ),
]
