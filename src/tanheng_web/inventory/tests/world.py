"""A small works with approved months, made through the services of the rooms below."""

from decimal import Decimal

from tanheng.kernel.periods import Month
from tanheng_web.collection.models import MonthReport, SourceStream
from tanheng_web.collection.services import (
    Change,
    month_approve,
    month_reopen,
    month_submit,
    streams_create,
    values_set,
)
from tanheng_web.organisations.models import Process
from tanheng_web.organisations.services import process_add

__all__ = ["month_correct", "month_fill", "works_with_streams"]

# (code, material, role, direction, process, quantity a month); engineering magnitudes, only for tests
STREAMS = [
    ("coal", "washed_coal", "fuel", "in", "", 120_000),
    ("anth", "anthracite", "fuel", "in", "", 40_000),
    ("ng", "natural_gas", "fuel", "in", "", 300),
    ("lime", "limestone", "flux", "in", "", 60_000),
    ("el", "electricity", "electricity", "in", "", 90_000),
    ("el-out", "electricity", "electricity", "out", "", 9_000),
    ("electrode", "electrode", "electrode", "in", "", 300),
    ("scrap", "scrap", "carbon_raw_material", "in", "", 30_000),
    ("steel", "crude_steel", "product", "out", "", 500_000),
    ("ck-coal", "washed_coal", "fuel", "in", "焦化", 120_000),
    ("ck-coke", "coke", "fuel", "out", "焦化", 88_000),
    ("bf-coke", "coke", "fuel", "in", "高炉炼铁/1号高炉", 88_000),
    ("bf-anth", "anthracite", "fuel", "in", "高炉炼铁/1号高炉", 40_000),
    ("rol-el", "electricity", "electricity", "in", "轧钢", 25_000),
]


def works_with_streams(organisation, by) -> list[SourceStream]:
    """Processes and streams of a small works; quantities are given directly."""
    made: dict[str, Process] = {}
    for path in ("焦化", "高炉炼铁", "高炉炼铁/1号高炉", "轧钢"):
        above, _, name = path.rpartition("/")
        made[path] = process_add(organisation=organisation, by=by, name=name, parent=made.get(above))
    proposals = [
        {
            "code": code,
            "material": material,
            "role": role,
            "direction": direction,
            "process": process,
            "components": ["quantity"],
        }
        for code, material, role, direction, process, _ in STREAMS
    ]
    return streams_create(by=by, organisation=organisation, proposals=proposals)


def month_fill(
    organisation, month: Month, *, enter, review, leave_out: tuple[str, ...] = (), factor: str = "1"
) -> MonthReport:
    """Enter, submit and approve a month; `leave_out` names streams that stay empty."""
    streams = {stream.code: stream for stream in SourceStream.objects.filter(organisation=organisation)}
    changes = [
        Change(streams[code], "quantity", Decimal(amount) * Decimal(factor), entered=str(amount))
        for code, *_, amount in STREAMS
        if code not in leave_out
    ]
    values_set(by=enter, organisation=organisation, month=month, changes=changes)
    report = MonthReport.objects.get(organisation=organisation, month=month.first_day, status=MonthReport.Status.DRAFT)
    report = month_submit(by=enter, report=report, gap_reason="测试缺口" if leave_out else "")
    return month_approve(by=review, report=report, refresh=False)


def month_correct(organisation, month: Month, *, enter, review, stream: str, amount: Decimal, reason: str) -> None:
    """Open an approved month again, change one value, approve it anew."""
    approved = MonthReport.objects.get(organisation=organisation, month=month.first_day, status="approved")
    report = month_reopen(by=review, report=approved, reason=reason)
    changed = SourceStream.objects.get(organisation=organisation, code=stream)
    values_set(by=enter, organisation=organisation, month=month, changes=[Change(changed, "quantity", amount)])
    report = month_submit(by=enter, report=MonthReport.objects.get(pk=report.pk))
    month_approve(by=review, report=report, refresh=False)
