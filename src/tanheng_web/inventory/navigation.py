"""What this room puts into the menu and finds for Ctrl-K."""

from django.utils.translation import gettext_lazy as _

from tanheng_web.common.figures import figure_url
from tanheng_web.common.navigation import Entry, Hit
from tanheng_web.common.periods import last_year
from tanheng_web.inventory import selectors

__all__ = ["ENTRIES", "newest_month", "search"]

RESULT_PAGES = ("inventory:run-", "inventory:run", "inventory:figure", "inventory:report")
TEMPLATE_PAGES = tuple(f"inventory:{name}" for name in ("template", "template-", "pack", "pack-", "filled"))
ENTRIES = [
    Entry("results", 10, _("核算结果"), "inventory:runs", icon="calculator", match=RESULT_PAGES),
    Entry("results", 20, _("碳账本"), "inventory:ledger", icon="book", match=("inventory:ledger-",)),
    Entry(
        "results",
        30,
        _("重算"),
        "inventory:recalculations",
        icon="refresh",
        match=("inventory:recalculation-new", "inventory:recalculation"),
    ),
    Entry("results", 40, _("取舍规则"), "inventory:cut-off", icon="filter", match=("inventory:cut-off-",)),
    Entry(
        "analysis",
        10,
        _("碳比对"),
        "inventory:comparison",
        icon="arrows-diff",
        match=("inventory:comparison-",),
        is_for_groups=True,
    ),
    Entry("analysis", 20, _("单位产品数据"), "inventory:per-product", icon="percentage"),
    Entry("analysis", 30, _("不确定性"), "inventory:uncertainty", icon="chart-dots", match=("inventory:uncertainty-",)),
    Entry("analysis", 40, _("排放预警"), "inventory:limits", icon="alert-triangle"),
    Entry("reports", 10, _("报告"), "inventory:reports", icon="report"),
    Entry(  # a group keeps templates for its works, and has no results
        "reports", 20, _("报告模板"), "inventory:templates", icon="template", match=TEMPLATE_PAGES, is_for_groups=True
    ),
    Entry(
        "reports",
        30,
        _("数据质量控制方案"),
        "inventory:control-plan",
        icon="clipboard-check",
        match=("inventory:control-plan-",),
    ),
    Entry("reports", 40, _("核查意见"), "inventory:reviews", icon="user-check", match=("inventory:review",)),
]
HITS = 8


def newest_month(organisation):
    """For a group, which has no data of its own: the newest month that one of its enterprises has accounted."""
    return selectors.newest_below(organisation) if organisation.is_group else None


def search(user, organisation, text: str) -> list[Hit]:
    """Figures of the newest year by name."""
    run = selectors.latest_run(organisation, last_year(organisation)) if organisation and text else None
    if run is None:
        return []
    drawn = selectors.drawn_for(organisation, run)
    named = [
        ("排放总量", drawn.total),
        *((line.label, line.figure) for line in (*drawn.sources, *drawn.subtotals, *drawn.indicators)),
    ]
    named += [(row.path, row.figure) for row in drawn.processes]
    found = [(label, figure) for label, figure in named if text in label][:HITS]
    return [
        Hit(_("数值"), label, figure_url(organisation.pk, run.pk, figure.address), run.period_zh)
        for label, figure in found
    ]
