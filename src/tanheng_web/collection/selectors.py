"""Reading activity data: for pages, for the workbook, and as the stream set that the accounts are run on."""

from dataclasses import dataclass

from django.db.models import Max
from django.shortcuts import get_object_or_404
from django.utils.dateparse import parse_datetime

from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import (
    ActivityValue,
    EnterpriseValue,
    MonthReport,
    RefusedEntry,
    SourceStream,
    Workbook,
)
from tanheng_web.collection.stream_sets import process_paths, stream_set
from tanheng_web.collection.workbook.checked import Context
from tanheng_web.collection.workbook.spec import StreamSpec, TemplateSpec
from tanheng_web.organisations.models import Process

__all__ = [
    "Gap",
    "check_context",
    "current_report",
    "gaps_of",
    "history",
    "is_outdated",
    "locked_months",
    "newest_value",
    "own_value_facts",
    "own_value_for",
    "own_values",
    "process_by_id",
    "process_paths",
    "refused_of",
    "report_for",
    "reports_of",
    "stream_for",
    "stream_set",
    "streams_of",
    "template_spec",
    "workbook_for",
    "workbooks_of",
]


@dataclass(frozen=True, slots=True)
class Gap:
    """A cell that is to be filled and is not."""

    stream: SourceStream
    key: str

    @property
    def text(self) -> str:
        return f"{self.stream.name}的{words.key_zh(self.key)}"


def streams_of(organisation, *, active_only: bool = True) -> list[SourceStream]:
    """The streams in their order, each with ``process_path``."""
    rows = SourceStream.objects.filter(organisation=organisation)
    paths = process_paths(organisation)
    found = list(rows.filter(is_active=True) if active_only else rows)
    for stream in found:
        stream.process_path = paths.get(stream.process_id, "")
    return found


def stream_for(organisation, pk: int) -> SourceStream:
    """A stream of this enterprise, else 404."""
    return get_object_or_404(
        SourceStream.objects.select_related("organisation", "process"), organisation=organisation, pk=pk
    )


def workbooks_of(organisation):
    """Uploaded files, newest first, without their findings."""
    return (
        Workbook.objects.filter(organisation=organisation)
        .defer("findings")
        .select_related("uploaded_by", "confirmed_by", "job")
    )


def workbook_for(organisation, pk: int) -> Workbook:
    """A file of this enterprise, else 404."""
    return get_object_or_404(
        Workbook.objects.select_related("uploaded_by", "confirmed_by", "job", "organisation"),
        organisation=organisation,
        pk=pk,
    )


def is_outdated(workbook: Workbook) -> bool:
    """Whether somebody has entered numbers in the months of a checked file since it was checked."""
    checked_at = parse_datetime(workbook.counts.get("checked_at", "")) if workbook.period else None
    if checked_at is None or workbook.status != Workbook.Status.CHECKED:
        return False
    period = Period.parse(workbook.period)
    months = {"month__gte": period.first.first_day, "month__lte": period.last.first_day}
    return MonthReport.objects.filter(
        organisation=workbook.organisation_id, changed_at__gt=checked_at, **months
    ).exists()


def own_values(organisation) -> list[EnterpriseValue]:
    """The enterprise's own values in force."""
    return list(
        EnterpriseValue.objects.filter(organisation=organisation, is_current=True).select_related(
            "process__parent", "entered_by"
        )
    )


def own_value_facts(organisation, period: Period) -> list[list[str]]:
    """What the accounts of a period take of the own values: a result is out of date once this differs. One query."""
    rows = EnterpriseValue.objects.filter(organisation=organisation, is_current=True)
    return sorted(
        [
            *(row.material, row.material_zh, row.key, str(row.process_id), f"{row.value:.12f}", row.unit, row.note),
            *(str(months[0]), str(months[-1])),
        ]
        for row in rows
        if (months := row.months_in(period))
    )


def own_value_for(organisation, pk: int) -> EnterpriseValue:
    """An enterprise value, else 404."""
    return get_object_or_404(
        EnterpriseValue.objects.select_related("organisation"), organisation=organisation, pk=pk, is_current=True
    )


def process_by_id(organisation, pk: str) -> Process | None:
    """A process chosen in a form; None for none."""
    return get_object_or_404(Process, organisation=organisation, pk=int(pk)) if pk else None


def reports_of(organisation, month: Month) -> list[MonthReport]:
    """All versions of a month, newest first."""
    rows = MonthReport.objects.filter(organisation=organisation, month=month.first_day)
    return list(rows.select_related("organisation", "submitted_by", "approved_by", "created_by").order_by("-version"))


def report_for(organisation, month: Month, version: int) -> MonthReport:
    """One version of a month, else 404."""
    rows = MonthReport.objects.select_related("organisation", "submitted_by", "approved_by", "created_by")
    return get_object_or_404(rows, organisation=organisation, month=month.first_day, version=version)


def current_report(organisation, month: Month) -> MonthReport | None:
    """The newest version of a month, whatever its state."""
    return next(iter(reports_of(organisation, month)), None)


def refused_of(organisation, month: Month, person) -> dict[tuple[int, str], RefusedEntry]:
    """What a person typed in a month and could not be taken, by stream and key."""
    rows = RefusedEntry.objects.filter(organisation=organisation, month=month.first_day, person=person)
    return {(row.stream_id, row.key): row for row in rows}


def newest_value(report: MonthReport | None) -> int:
    """The id of the value of a version that was entered last; 0 for none."""
    rows = ActivityValue.objects.filter(report=report, is_current=True)
    return (rows.aggregate(newest=Max("pk"))["newest"] or 0) if report else 0


def gaps_of(report: MonthReport) -> list[Gap]:
    """Cells without a number: every quantity part of every stream that is to be reported in the month."""
    filled = set(report.entries.filter(is_current=True, value__isnull=False).values_list("stream_id", "key"))
    streams = SourceStream.objects.filter(organisation=report.organisation_id, is_active=True)
    month = report.span
    return [
        Gap(stream, key)
        for stream in streams
        if stream.active_in(month)
        for key in stream.components
        if (stream.pk, key) not in filled
    ]


def locked_months(organisation, period: Period) -> dict[Month, str]:
    """Months that take no entries, with their state in words."""
    rows = MonthReport.objects.filter(
        organisation=organisation, month__gte=period.first.first_day, month__lte=period.last.first_day
    ).values_list("month", "status")
    states: dict[Month, set[str]] = {}
    for day, status in rows:
        states.setdefault(Month.of(day), set()).add(status)
    locked = {}
    for month, found in states.items():
        if found & {"draft", "returned"}:
            continue
        if "submitted" in found:
            locked[month] = "已提交待审核"
        elif "approved" in found:
            locked[month] = "已审核锁定"
    return locked


def history(organisation, first: Month, last: Month) -> dict[tuple[str, str], dict[Month, float]]:
    """Numbers by (stream code, key) and month, of the newest version of each month from `first` to `last`."""
    newest = _newest_reports(organisation, first, last)
    rows = ActivityValue.objects.filter(report__in=newest, is_current=True, value__isnull=False)
    found: dict[tuple[str, str], dict[Month, float]] = {}
    for code, key, report, value in rows.values_list("stream__code", "key", "report_id", "value").iterator():
        found.setdefault((code, key), {})[newest[report]] = float(value)
    return found


def _newest_reports(organisation, first: Month, last: Month) -> dict[int, Month]:
    rows = MonthReport.objects.filter(
        organisation=organisation, month__gte=first.first_day, month__lte=last.first_day
    ).order_by("version")
    newest = {Month.of(day): pk for pk, day in rows.values_list("pk", "month")}
    return {pk: month for month, pk in newest.items()}


def template_spec(organisation, period: Period, *, filled: bool = False) -> TemplateSpec:
    """What the workbook of an enterprise and period looks like; `filled` takes over the numbers that are there."""
    values = {}
    if filled:
        known = history(organisation, period.first, period.last)
        values = {
            (code, str(month), key): value for (code, key), months in known.items() for month, value in months.items()
        }
    streams = tuple(_spec(stream) for stream in streams_of(organisation))
    return TemplateSpec(organisation.pk, organisation.name, organisation.uscc, period, streams, values)


def _spec(stream: SourceStream) -> StreamSpec:
    return StreamSpec(
        code=stream.code,
        material=stream.material,
        material_zh=stream.material_zh,
        role=stream.role,
        direction=stream.direction,
        unit=stream.unit,
        process=stream.process_path,
        label=stream.label,
        components=tuple(stream.components),
        values=tuple(stream.values),
        first_month=Month.of(stream.first_month) if stream.first_month else None,
        last_month=Month.of(stream.last_month) if stream.last_month else None,
    )


def check_context(organisation, period: Period, today) -> Context:
    """What the check of a workbook knows of the enterprise: a year of numbers before the period, and locked months."""
    return Context(
        history=history(organisation, period.first.shift(months=-12), period.last),
        locked=locked_months(organisation, period),
        latest=Month.of(today),
    )
