"""The bridge to the domain: activity data of a period as a StreamSet, every number with where it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tanheng.kernel.periods import Month, Period
from tanheng.rules.streams import Given, Parameter, SiteInfo, StreamDecl, StreamRecord, StreamSet
from tanheng_web.accounts.models import User
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.bases import bases_of
from tanheng_web.collection.models import ActivityValue, EnterpriseValue, MonthReport, SourceStream, Workbook
from tanheng_web.organisations.boundary import outside_ids
from tanheng_web.organisations.models import Process, Site

__all__ = ["process_paths", "stream_set"]

FIELDS = (
    "report_id",
    "stream_id",
    "key",
    "value",
    "unit",
    "kind",
    "workbook_id",
    "sheet",
    "cell",
    "entered_by_id",
    "entered_at",
    "note",
    "entered",
)


def stream_set(organisation, period: Period, *, approved_only: bool = True) -> StreamSet:
    """Return the streams of an enterprise for a period.

    `approved_only` takes the approved version of each month; otherwise the newest version, whatever its state.
    What flows in processes outside the boundary is left out. A constant number of queries, one pass over the values.
    """
    reports = _reports(organisation, period, approved_only)
    outside = outside_ids(organisation)
    rows = SourceStream.objects.filter(organisation=organisation).select_related("site", "process__site")
    streams = {stream.pk: stream for stream in rows if stream.process_id not in outside}
    paths = process_paths(organisation)
    records = _records(reports, streams)
    site, sites = _site(organisation), _elsewhere(organisation, streams.values())
    return StreamSet(
        site=site,
        declared=tuple(_declared(streams.values(), paths, records, period, sites)),
        records=tuple(records),
        parameters=tuple(_parameters(organisation, paths, period, streams.values())),
        places={each.name: replace(site, name=each.name, **_place(organisation, each)) for each in sites.values()},
    )


def _elsewhere(organisation, streams) -> dict[int, Site]:
    """The site of each stream that lies in another province, or on another grid of it: its own, else its process's."""
    home = {"province": organisation.province, "part": organisation.grid_part}
    found = {stream.pk: stream.site or (stream.process.site if stream.process else None) for stream in streams}
    return {pk: site for pk, site in found.items() if site and site.province and _place(organisation, site) != home}


def _place(organisation, site: Site) -> dict[str, str]:
    """Where a site lies; in the enterprise's own province on its grid, unless the site says otherwise."""
    here = organisation.grid_part if site.province == organisation.province else ""
    return {"province": site.province, "part": site.grid_part or here}


def _reports(organisation, period: Period, approved_only: bool) -> dict[int, MonthReport]:
    rows = MonthReport.objects.filter(
        organisation=organisation, month__gte=period.first.first_day, month__lte=period.last.first_day
    )
    if approved_only:
        rows = rows.filter(status=MonthReport.Status.APPROVED)
    newest = {report.month: report for report in rows.select_related("approved_by").order_by("month", "version")}
    return {report.pk: report for report in newest.values()}


def _records(reports: dict[int, MonthReport], streams: dict[int, SourceStream]) -> list[StreamRecord]:
    known = {"report__in": reports, "stream__in": streams}
    rows = ActivityValue.objects.filter(**known, is_current=True, value__isnull=False).order_by(
        "report__month", "stream__order", "stream_id", "pk"
    )
    people = {
        user.pk: str(user) for user in User.objects.filter(pk__in=rows.order_by().values("entered_by").distinct())
    }
    files = dict(
        Workbook.objects.filter(
            pk__in=rows.order_by().exclude(workbook=None).values("workbook").distinct()
        ).values_list("pk", "name")
    )
    months = {pk: str(Month.of(report.month)) for pk, report in reports.items()}
    approvals = {pk: _approval(report) for pk, report in reports.items()}
    bases = {pk: bases_of(stream) for pk, stream in streams.items() if stream.bases}
    cells: dict[tuple[int, int], tuple[dict[str, Given], dict[str, Given]]] = {}
    for row in rows.values_list(*FIELDS).iterator(chunk_size=5000):
        report, stream, key, value, unit, *source = row
        found = _provenance(source, people, files, approvals[report])
        basis = bases.get(stream, {}).get(key)
        given = (
            Given(float(value), unit, basis.origin, found | basis.facts())
            if basis
            else Given(float(value), unit, "measured", found)
        )
        quantity, values = cells.setdefault((report, stream), ({}, {}))
        (quantity if key in words.QUANTITY_KEYS else values)[key] = given
    return [
        StreamRecord(streams[stream].code, months[report], quantity, values, streams[stream].factor or None)
        for (report, stream), (quantity, values) in cells.items()
    ]


def _provenance(
    source: list, people: dict[int, str], files: dict[int, str], approval: dict[str, object]
) -> dict[str, object]:
    kind, workbook, sheet, cell, by, at, note, entered = source
    found: dict[str, object] = {"kind": kind, "by": people[by], "at": at.isoformat(timespec="seconds"), **approval}
    if kind == "workbook":
        found |= {"file": files[workbook], "file_id": workbook, "sheet": sheet, "cell": cell}
    if note:
        found["note"] = note
    if entered:
        found["entered"] = entered
    return found


def _approval(report: MonthReport) -> dict[str, object]:
    found: dict[str, object] = {"version": report.version}
    if report.approved_by_id:
        found |= {
            "approved_by": str(report.approved_by),
            "approved_at": report.approved_at.isoformat(timespec="seconds"),
        }
    return found


def _declared(streams, paths: dict[int, str], records: list[StreamRecord], period: Period, sites: Mapping[int, Site]):
    """Active streams, and inactive ones that have numbers in the period: only those months are expected of them."""
    spans: dict[str, list[str]] = {}
    for record in records:
        spans.setdefault(record.stream, []).append(record.period)
    for stream in streams:
        declared = StreamDecl(
            id=stream.code,
            material=stream.material,
            role=stream.role,
            direction=stream.direction,
            process=paths.get(stream.process_id, ""),
            material_zh=stream.material_zh,
            label=stream.label,
            first_month=Month.of(stream.first_month) if stream.first_month else None,
            last_month=Month.of(stream.last_month) if stream.last_month else None,
            site=sites[stream.pk].name if stream.pk in sites else "",
            parts=tuple(key for key in stream.components if key in words.BALANCE),
        )
        if stream.is_active:
            yield declared
        elif stream.code in spans:
            months = [Month.parse(month) for month in spans[stream.code]]
            yield replace(declared, first_month=min(months), last_month=max(months))


def _site(organisation) -> SiteInfo:
    indicator = organisation.electricity_factor_indicator
    return SiteInfo(
        province=organisation.province,
        part=organisation.grid_part,
        main_product=organisation.main_product,
        name=organisation.name,
        options={
            "electricity_factor_level": organisation.electricity_factor_level,
            **({"electricity_factor_indicator": indicator} if indicator else {}),
            "process_kinds": _process_kinds(organisation),
        },
    )


def _process_kinds(organisation) -> dict[str, str]:
    """Kinds of the top-level processes by name: an enterprise renames freely, the kind stays."""
    top = Process.objects.filter(organisation=organisation, parent=None).exclude(kind="")
    return dict(top.values_list("name", "kind"))


def process_paths(organisation) -> dict[int, str]:
    """Paths of all processes by id: one query."""
    rows = {row.pk: row for row in Process.objects.filter(organisation=organisation)}

    def path(row: Process) -> str:
        parent = rows.get(row.parent_id)
        return f"{path(parent)}/{row.name}" if parent else row.name

    return {pk: path(row) for pk, row in rows.items()}


def _parameters(organisation, paths: dict[int, str], period: Period, streams) -> Iterator[Parameter]:
    """Own values: month by month where they are not meant for the whole period, stream by stream for own materials."""
    rows = EnterpriseValue.objects.filter(organisation=organisation, is_current=True).select_related("entered_by")
    for row in rows:
        months = row.months_in(period)
        if not months:
            continue
        given = Given(float(row.value), row.unit, "enterprise_default", _own_source(row))
        named = [s.code for s in streams if (s.material, s.material_zh) == (row.material, row.material_zh)]
        for month in (None,) if months == period.months else months:
            for stream in named if row.material_zh else (None,):
                yield Parameter(
                    row.material,
                    row.key,
                    given,
                    paths.get(row.process_id),
                    month and str(month),
                    "enterprise_default",
                    stream,
                )


def _own_source(row: EnterpriseValue) -> dict[str, object]:
    source: dict[str, object] = {
        "kind": "enterprise",
        "by": str(row.entered_by),
        "at": row.entered_at.isoformat(timespec="seconds"),
        "note": row.note,
    }
    if row.valid_from:
        source["valid_from"] = f"{row.valid_from:%Y-%m}"
    if row.valid_to:
        source["valid_to"] = f"{row.valid_to:%Y-%m}"
    return source
