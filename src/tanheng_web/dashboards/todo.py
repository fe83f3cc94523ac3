"""What is missing or overdue, and what a person of a given role should do next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.collection.months import is_late
from tanheng_web.inventory.links import data_url

__all__ = ["MonthState", "Task", "month_states", "tasks"]

WORDS = {
    "missing": "未填报",
    "draft": "填报中",
    "returned": "已退回",
    "submitted": "待审核",
    "approved": "已审核",
    "future": "未到",
}


@dataclass(frozen=True)
class MonthState:
    """How far the data of one month are."""

    month: Month
    state: str
    is_overdue: bool
    url: str

    @property
    def word(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True)
class Task:
    """One thing to do, with the page where it is done."""

    text: str
    url: str
    action: str
    post_year: int | None = None


def month_states(
    organisation_id: int, year: int, statuses: Iterable[tuple[date, str]], today: date, due: Month
) -> list[MonthState]:
    """The twelve months of a year; `due` is the month from which on data are expected."""
    known = {Month.of(day): status for day, status in statuses}
    return [_month_state(organisation_id, Month(year, number), known, today, due) for number in range(1, 13)]


def _month_state(organisation_id: int, month: Month, known: dict[Month, str], today: date, due: Month) -> MonthState:
    is_over = month.shift(months=1).first_day <= today
    state = known.get(month, "missing" if is_over else "future")
    late = is_late(month, state, due, today)
    return MonthState(month, state, late, data_url(organisation_id, str(month)))


def tasks(
    organisation_id: int,
    months: list[MonthState],
    granted: Collection[str],
    *,
    run_url: str = "",
    run_is_stale: bool = False,
    gap_count: int = 0,
    has_report: bool = True,
) -> list[Task]:
    """What this person can do next, most urgent first."""
    found: list[Task] = []
    if "data.enter" in granted:
        found += [
            Task(f"{each.month.label_zh}被退回，等待修改", each.url, "去修改")
            for each in months
            if each.state == "returned"
        ]
        found += [_fill(group) for group in _runs(months, ("missing", "draft"))]
    if "data.review" in granted:
        found += [
            Task(f"{each.month.label_zh}已提交，等待审核", each.url, "去审核")
            for each in months
            if each.state == "submitted"
        ]
    approved = [each for each in months if each.state == "approved"]
    if "run.create" in granted and approved and (not run_url or run_is_stale):
        why = "已审核的数据有变动，结果待更新" if run_url else "已有审核通过的数据，还没有核算"
        found.append(Task(why, reverse("inventory:refresh", args=[organisation_id]), "核算", approved[0].month.year))
    if gap_count and run_url and granted & {"data.enter", "run.create"}:
        found.append(Task("核算结果有数据缺口，总量不完整", run_url + "#gaps", "查看缺口"))
    if "report.create" in granted and run_url and not has_report:
        found.append(Task("核算已完成，还没有生成报告", run_url + "#reports", "去生成"))
    return found


def _runs(months: list[MonthState], states: tuple[str, ...]) -> list[list[MonthState]]:
    """Neighbouring overdue months in one task."""
    runs: list[list[MonthState]] = []
    for each in months:
        if each.state not in states or not each.is_overdue:
            continue
        if runs and runs[-1][-1].month.shift(months=1) == each.month:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _fill(group: list[MonthState]) -> Task:
    first, last = group[0].month, group[-1].month
    span = first.label_zh if first == last else f"{first.year} 年 {first.month}–{last.month} 月"
    return Task(f"{span}数据还没有提交", group[0].url, "去填报")
