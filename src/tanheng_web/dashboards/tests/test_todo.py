"""What is overdue on 碳全景 is overdue in 活动数据: one rule."""

from datetime import date

from tanheng.kernel.periods import Month
from tanheng_web.collection.months import due_from, is_late, overview_of
from tanheng_web.dashboards.todo import month_states
from tanheng_web.inventory.tests.world import works_with_streams


def test_both_pages_call_the_same_months_overdue(world):
    works_with_streams(world.works, world.people["superuser"])
    today = date(world.works.created_at.year + 1, 6, 15)
    due = due_from(world.works)
    shown = {each.month: each.is_overdue for each in month_states(world.works.pk, today.year, [], today, due)}
    cells = {cell.month: cell.is_late for row in overview_of(world.works, today) for cell in row.months}
    assert shown == {month: cells[month] for month in shown}
    assert shown[Month(today.year, 5)]
    assert not shown[Month(today.year, 6)]


def test_before_the_first_data_nothing_is_overdue():
    assert not is_late(Month(2025, 1), "missing", Month(2025, 2), date(2025, 6, 1))
    assert is_late(Month(2025, 2), "missing", Month(2025, 2), date(2025, 6, 1))
    assert not is_late(Month(2025, 2), "approved", Month(2025, 2), date(2025, 6, 1))
