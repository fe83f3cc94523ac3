"""Reading reviews, and what each of the three comparisons has to show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tanheng.kernel.units import label as unit_label
from tanheng_web.inventory.models import Review, ReviewComment, Run
from tanheng_web.inventory.reviews.services import CHECKS, STATES
from tanheng_web.inventory.selectors import drawn_for, earlier_run

__all__ = ["Check", "checks_of", "comment_for", "figures_of", "review_for", "reviews_of"]


@dataclass(frozen=True)
class Check:
    """One comparison: its facts in words, where they can be seen, and what the reviewer said."""

    name: str
    label: str
    facts: tuple[str, ...]
    url: str
    said: dict[str, str] | None

    @property
    def state_zh(self) -> str:
        return STATES[self.said["state"]] if self.said else "还没有核对"


def reviews_of(organisation) -> QuerySet[Review]:
    """All reviews of an enterprise, newest first."""
    rows = Review.objects.filter(run__organisation=organisation).defer("run__document", "run__summary", "run__views")
    return rows.select_related("run", "opened_by", "concluded_by").annotate(
        remarks=Count("comments"), unanswered=Count("comments", filter=Q(comments__answered_at=None))
    )


def review_for(organisation, pk: int) -> Review:
    """A review of this enterprise, else 404."""
    rows = Review.objects.select_related("run__organisation", "run__created_by", "opened_by", "concluded_by")
    return get_object_or_404(rows.defer("run__document"), run__organisation=organisation, pk=pk)


def comment_for(organisation, pk: int) -> ReviewComment:
    """A remark of this enterprise's reviews, else 404."""
    rows = ReviewComment.objects.select_related("review__run__organisation")
    return get_object_or_404(rows.defer("review__run__document"), review__run__organisation=organisation, pk=pk)


def checks_of(organisation, review: Review) -> list[Check]:
    """The three comparisons with the facts of this result."""
    run = review.run
    page = reverse("inventory:run", args=[organisation.pk, run.pk])
    compared = reverse("inventory:comparison", args=[organisation.pk])
    urls = {"internal": page, "history": compared, "peers": compared}
    facts = {"internal": _internal(run), "history": _history(organisation, run), "peers": _peers(organisation, run)}
    return [Check(name, label, facts[name], urls[name], review.checks.get(name)) for name, label in CHECKS.items()]


def _internal(run: Run) -> tuple[str, ...]:
    data = run.summary
    return (
        f"缺口 {len(data['gaps'])} 处，提示 {len(data['warnings'])} 条",
        f"非实测的取值 {len(data['defaults'])} 个，其中待核原文 {len(data['unchecked'])} 个",
        f"不计入的源流 {len(data['not_counted'])} 个",
    )


def _history(organisation, run: Run) -> tuple[str, ...]:
    before = earlier_run(organisation, run)
    if before is None:
        return ("没有上年同期的核算结果可比",)
    drawn = drawn_for(organisation, run, before)
    figures = [("排放总量", drawn.total), *((line.label, line.figure) for line in drawn.indicators[:2])]
    return tuple(_change(label, figure) for label, figure in figures)


def _change(label: str, figure: Any) -> str:
    if figure.value is None or not figure.previous:
        return f"{label}：上年同期没有可比的数"
    return f"{label}：比上年同期 {(figure.value / figure.previous - 1) * 100:+.1f}%".replace("-", "−")


def _peers(organisation, run: Run) -> tuple[str, ...]:
    drawn = drawn_for(organisation, run)
    lines = [f"{line.label} {line.figure.shown} {unit_label(line.figure.unit)}" for line in drawn.indicators[:2]]
    return (*lines, "行业参考值及其来源见碳比对页") if lines else ("没有可比的强度指标",)


def figures_of(organisation, run: Run) -> list[tuple[str, str]]:
    """Addresses and names of the figures a remark can be made on."""
    drawn = drawn_for(organisation, run)
    lines = [*drawn.sources, *drawn.subtotals, *drawn.indicators]
    found = [("total", "排放总量"), *((line.figure.address, line.label) for line in lines)]
    return [*found, *((row.figure.address, row.path) for row in drawn.processes)]
