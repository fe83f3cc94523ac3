"""Reading decisions, and checking them against a result."""

from django.shortcuts import get_object_or_404

from tanheng.accounting.cutoff import CutOff, cut_off
from tanheng_web.collection.models import SourceStream
from tanheng_web.inventory.models import CutOffDecision, Run
from tanheng_web.inventory.selectors import document_of

__all__ = ["checked", "decision_for", "decisions_of", "ignored_in"]


def decisions_of(organisation, year: int) -> list[CutOffDecision]:
    """All decisions of a year, those in force first."""
    rows = CutOffDecision.objects.filter(organisation=organisation, year=year)
    found = rows.select_related("decided_by", "withdrawn_by")
    return sorted(found, key=lambda row: row.withdrawn_at is not None)


def decision_for(organisation, pk: int) -> CutOffDecision:
    """A decision of this enterprise, else 404."""
    return get_object_or_404(CutOffDecision.objects.select_related("organisation"), organisation=organisation, pk=pk)


def ignored_in(organisation, year: int) -> list[CutOffDecision]:
    """The decisions in force: what a result of the year names as left out. One query."""
    rows = CutOffDecision.objects.filter(organisation=organisation, year=year, withdrawn_at=None)
    return list(rows.select_related("decided_by"))


def checked(organisation, run: Run, extra: tuple[str, ...] = ()) -> CutOff:
    """The items of a result with the decisions in force, and whether they keep within the limits."""
    ignored = [row.material for row in ignored_in(organisation, run.last_month.year)]
    streams = SourceStream.objects.filter(organisation=organisation, is_hazardous=True)
    hazardous = streams.values_list("code", flat=True)
    return cut_off(document_of(run).data, ignored=[*ignored, *extra], hazardous=hazardous)
