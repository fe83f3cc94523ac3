"""What 碳全景 reads: the newest results of a year, the months, the enterprises of a group. No table of its own."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from tanheng_web.collection.models import MonthReport, SourceStream
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.selectors import drawn_against
from tanheng_web.organisations.models import Organisation
from tanheng_web.organisations.selectors import primaries_of

__all__ = ["has_streams", "month_statuses", "subsidiaries"]


def month_statuses(organisation, year: int) -> list[tuple[date, str]]:
    """(month, status) of the newest version of each month of a year."""
    rows = (
        MonthReport.objects.filter(organisation=organisation, month__year=year)
        .exclude(status=MonthReport.Status.SUPERSEDED)
        .order_by("month", "version")
        .values_list("month", "status")
    )
    return list(dict(rows).items())


def has_streams(organisation) -> bool:
    return SourceStream.objects.filter(organisation=organisation, is_active=True).exists()


def subsidiaries(user, organisation, year: int) -> list[dict[str, Any]]:
    """Every enterprise below a group that the user may see, with its newest total of the year."""
    below = Organisation.objects.visible_to(user).filter(path__startswith=organisation.path).exclude(pk=organisation.pk)
    found = list(below.order_by("path"))
    totals = _totals(found, year)
    before = _totals(found, year - 1)
    return [
        {
            "organisation": each,
            "depth": each.depth - organisation.depth,
            **_row(each, totals.get(each.pk), before.get(each.pk)),
        }
        for each in found
    ]


def _totals(organisations: list[Organisation], year: int) -> dict[int, Run]:
    """The run of each enterprise that says most about the year: the longest from January on, then the newest."""
    if not organisations:
        return {}
    standards = Q()
    for pk, standard in primaries_of(organisations, year).items():
        standards |= Q(organisation=pk, standard=standard)
    runs = Run.objects.light().current().filter(standards, first_month=date(year, 1, 1), last_month__year=year)
    return {run.organisation_id: run for run in runs.order_by("last_month", "created_at")}


def _row(organisation: Organisation, run: Run | None, before: Run | None) -> dict[str, Any]:
    """The key figures of an enterprise, against the same months a year before where these are accounted."""
    if run is None:
        return {"run": None, "figures": ()}
    drawn = drawn_against(organisation, run, before)
    keys = [drawn.total, *(line.figure for line in drawn.key_lines[:2])]
    figures = [replace(figure, show_unit=False) for figure in keys]
    return {"run": run, "figures": (*figures, *(line.figure for line in drawn.indicators[:1]))}
