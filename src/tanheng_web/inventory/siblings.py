"""The same months under the other standards of the year: what the switch between them offers."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from tanheng_web.inventory.models import Run, standard_names
from tanheng_web.organisations.selectors import standards_of

__all__ = ["Tab", "run_tabs", "year_tabs"]


@dataclass(frozen=True)
class Tab:
    """One standard in the switch."""

    label: str
    url: str
    is_current: bool


def run_tabs(organisation, run: Run) -> list[Tab]:
    """The current results of the same months, in the order of the year's choice; none where there is only one."""
    runs = Run.objects.heads().current().filter(organisation=organisation, period=run.period).order_by("created_at")
    newest = {found.standard: found for found in runs} | {run.standard: run}
    chosen = standards_of(organisation, run.first_month.year)
    order = [*(each for each in chosen if each in newest), *sorted(set(newest) - set(chosen))]
    if len(order) < 2:
        return []
    names = standard_names()
    return [
        Tab(
            names.get(each, each),
            reverse("inventory:run", args=[organisation.pk, newest[each].pk]),
            newest[each].pk == run.pk,
        )
        for each in order
    ]


def year_tabs(chosen: tuple[str, ...], year: int, current: str) -> list[Tab]:
    """The chosen standards of a year as views of the same page; none where there is only one."""
    if len(chosen) < 2:
        return []
    names = standard_names()
    return [
        Tab(names.get(each, each), f"?{urlencode({'period': year, 'standard': each})}", each == current)
        for each in chosen
    ]
