"""Reading runs: the only way pages get at them."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Max, QuerySet
from django.shortcuts import get_object_or_404

from tanheng.accounting.result import ResultDocument
from tanheng.kernel import canonical_json
from tanheng.kernel.periods import Period
from tanheng_web.collection.models import MonthReport, SourceStream
from tanheng_web.collection.selectors import own_value_facts
from tanheng_web.inventory.earlier import Earlier
from tanheng_web.inventory.models import ReportTemplate, Run
from tanheng_web.inventory.presentation import Drawn
from tanheng_web.organisations.boundary import outside_ids
from tanheng_web.organisations.selectors import standards_of

__all__ = [
    "approved_fingerprint",
    "approved_months",
    "document_at",
    "document_of",
    "drawn_against",
    "drawn_alone",
    "drawn_for",
    "earlier_run",
    "grid_cells",
    "is_stale",
    "latest_run",
    "newest_below",
    "newest_done",
    "run_for",
    "runs_of",
    "template_for",
    "value_at",
]


def runs_of(organisation) -> QuerySet[Run]:
    """Every run of an enterprise, as a list shows it."""
    return Run.objects.heads().filter(organisation=organisation).select_related("created_by", "job")


def run_for(organisation, pk: int) -> Run:
    """A run of this enterprise without its document, else 404."""
    return get_object_or_404(
        Run.objects.light().select_related("organisation", "created_by", "job", "superseded_by"),
        organisation=organisation,
        pk=pk,
    )


def approved_months(organisation) -> list[Any]:
    """First days of the months with approved data, in order."""
    rows = MonthReport.objects.filter(organisation=organisation, status=MonthReport.Status.APPROVED)
    return sorted(set(rows.values_list("month", flat=True)))


def approved_fingerprint(organisation, period: Period) -> str:
    """What a run of `period` would be computed from: approved months, streams, own values, settings. Four queries."""
    months = MonthReport.objects.filter(
        organisation=organisation,
        status=MonthReport.Status.APPROVED,
        month__gte=period.first.first_day,
        month__lte=period.last.first_day,
    )
    streams = SourceStream.objects.filter(organisation=organisation, is_active=True)
    facts = {
        "months": sorted(
            [str(month), version, pk] for month, version, pk in months.values_list("month", "version", "pk")
        ),
        "streams": sorted(
            [*map(str, row), *(part for part in (own, of_process) if part)]
            for *row, own, of_process in streams.values_list(
                "code",
                "material",
                "material_zh",
                "role",
                "direction",
                "process__name",
                "factor",
                "first_month",
                "last_month",
                "site__province",
                "process__site__province",
                "site__grid_part",
                "process__site__grid_part",
            )
        ),
        "own": own_value_facts(organisation, period),
        "site": [
            organisation.province,
            organisation.grid_part,
            organisation.main_product,
            organisation.electricity_factor_level,
            *filter(None, [organisation.electricity_factor_indicator]),  # empty: as the standard says
        ],
    }
    if outside := outside_ids(organisation):
        facts["outside"] = sorted(outside)
    return hashlib.sha256(canonical_json.dumps(facts)).hexdigest()


def is_stale(run: Run, organisation) -> bool:
    """Whether approved data changed since the run."""
    return run.is_done and run.approved_fingerprint != approved_fingerprint(organisation, run.span)


def grid_cells(organisation) -> dict[str, tuple[int, str]]:
    """Where the monthly grid keeps each stream: its number and the first part of its quantity."""
    rows = SourceStream.objects.filter(organisation=organisation).values_list("code", "pk", "components")
    return {code: (pk, components[0] if components else "quantity") for code, pk, components in rows}


def latest_run(organisation, year: int, standard: str = "") -> Run | None:
    """The run that says most about a year: from January on, the longest, the newest."""
    first = Period.parse(str(year)).first.first_day
    runs = (
        Run.objects.light()
        .current()
        .filter(
            organisation=organisation,
            first_month=first,
            last_month__year=year,
            standard=standard or next(iter(standards_of(organisation, year)), ""),
        )
    )
    return runs.order_by("-last_month", "-created_at").first()


def newest_done(organisation, standard: str) -> Run | None:
    """The result to try a report template on: the newest under the template's standard."""
    runs = Run.objects.heads().current().filter(organisation=organisation, standard=standard)
    return runs.order_by("-last_month", "-created_at").first()


def newest_below(group) -> date | None:
    """The last month that an enterprise of a group has accounted."""
    runs = Run.objects.current().filter(organisation__path__startswith=group.path)
    return runs.aggregate(newest=Max("last_month"))["newest"]


def earlier_run(organisation, run: Run) -> Run | None:
    """A current run that covers the same months a year before; the one with exactly these months first."""
    period = run.span.shift(years=-1)
    runs = (
        Run.objects.light()
        .current()
        .filter(
            organisation=organisation,
            standard=run.standard,
            first_month__lte=period.first.first_day,
            last_month__gte=period.last.first_day,
        )
    )
    return min(runs.order_by("-created_at")[:20], key=lambda other: _months(other), default=None)


def _months(run: Run) -> int:
    return (run.last_month.year - run.first_month.year) * 12 + run.last_month.month - run.first_month.month


def drawn_for(organisation, run: Run, before: Run | None = None) -> Drawn:
    """The figures of a finished run with their comparison; `before` saves a query where the caller has it."""
    before = before or earlier_run(organisation, run)
    return drawn_against(organisation, run, before)


def drawn_against(organisation, run: Run, before: Run | None) -> Drawn:
    """The figures of a finished run compared with `before` where that covers the same months a year before."""
    then = run.span.shift(years=-1)
    if before is None or before.first_month > then.first.first_day or before.last_month < then.last.first_day:
        return _drawn(organisation, run, None)
    return _drawn(organisation, run, Earlier(before.summary, then, run_id=before.pk, views=before.views))


def drawn_alone(organisation, run: Run) -> Drawn:
    """The figures of a finished run, compared with nothing."""
    return _drawn(organisation, run, None)


def _drawn(organisation, run: Run, earlier: Earlier | None) -> Drawn:
    return Drawn(
        organisation_id=organisation.pk,
        run_id=run.pk,
        summary=run.summary,
        views=run.views,
        earlier=earlier,
        states=("superseded",) if run.superseded_at else (),
    )


def document_of(run: Run) -> ResultDocument:
    """The document of a run; the last few opened stay in memory, since a person walks down one tree."""
    return document_at(run.pk, run.digest)


@lru_cache(maxsize=4)
def document_at(pk: int, digest: str) -> ResultDocument:
    """The document of the run with this number; the digest makes sure that it is the one meant."""
    return Run.objects.only("document").get(pk=pk).open()


def template_for(organisation, standard: str) -> ReportTemplate | None:
    """The newest report template of an enterprise, or None: then the one of the package is used."""
    return ReportTemplate.objects.filter(organisation=organisation, standard=standard).first()


def value_at(summary: Mapping[str, Any], address: str) -> float | None:
    """A top-level figure of a summary by its address; None where the summary does not hold it."""
    kind, _, key = address.partition(":")
    tables = {
        "source": "sources",
        "subtotal": "subtotals",
        "gas": "gases",
        "month": "months",
        "process": "processes",
        "indicator": "indicators",
    }
    if address == "total":
        return summary["total"]["value"]
    if kind == "stream":
        own = [each for each in summary["streams"] if each["id"] == key and each.get("account") == "enterprise"]
        values = [each["value"] for each in own]
        return None if not values or None in values else float(sum(values))
    source, _, month = key.partition("+month:")
    if kind == "source" and month:
        return summary["month_sources"].get(month, {}).get(source)
    if kind in tables and "+" not in key:
        part = summary[tables[kind]].get(key)
        return None if part is None else part["value"]
    return None
