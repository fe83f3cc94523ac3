"""Where a year stands against its limits: computed from the newest result, so it clears as soon as that is below."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from tanheng_web.common.figures import Figure
from tanheng_web.inventory.models import EmissionLimit, Run
from tanheng_web.inventory.selectors import drawn_alone, latest_run

__all__ = ["Standing", "alerts_of", "limit_for", "limits_of", "standings", "withdrawn"]

OVER, HEADING, NEAR, WITHIN, UNKNOWN = "over", "heading", "near", "within", "unknown"
WORDS = {
    OVER: "已超过限值",
    HEADING: "按已核算月份的平均推算，全年将超过限值",
    NEAR: "已达到预警比例",
    WITHIN: "在限值之内",
    UNKNOWN: "还没有可比的结果",
}
ALERTS = (OVER, HEADING, NEAR)


@dataclass(frozen=True)
class Standing:
    """A limit, the figure of the newest result it is held against, and what follows."""

    limit: EmissionLimit
    run: Run | None
    figure: Figure | None
    months: int
    state: str

    @property
    def is_alert(self) -> bool:
        return self.state in ALERTS

    @property
    def word(self) -> str:
        return WORDS[self.state]

    @property
    def share(self) -> float | None:
        """How much of the limit is used [%]."""
        if self.figure is None or self.figure.value is None:
            return None
        return self.figure.value / float(self.limit.value) * 100

    @property
    def sentence(self) -> str:
        used = "" if self.share is None else f"，为限值的 {self.share:.1f}%"
        named = f"{self.limit.year} 年{self.limit.get_measure_display()}"
        return f"{named}{self.word}（{self.limit.get_kind_display()}）{used}"


def limits_of(organisation, year: int) -> QuerySet[EmissionLimit]:
    """The limits of a year that are in force."""
    rows = EmissionLimit.objects.filter(organisation=organisation, year=year, withdrawn_at=None)
    return rows.select_related("set_by")


def withdrawn(organisation, year: int) -> QuerySet[EmissionLimit]:
    """The limits of a year that were taken back."""
    rows = EmissionLimit.objects.filter(organisation=organisation, year=year).exclude(withdrawn_at=None)
    return rows.select_related("set_by", "withdrawn_by")


def limit_for(organisation, pk: int) -> EmissionLimit:
    """A limit of this enterprise, else 404."""
    return get_object_or_404(EmissionLimit.objects.select_related("organisation"), organisation=organisation, pk=pk)


def standings(organisation, year: int) -> list[Standing]:
    """Every limit of a year with where it stands."""
    return [_standing(organisation, limit) for limit in limits_of(organisation, year)]


def alerts_of(organisation, year: int) -> list[Standing]:
    """The limits that are exceeded, about to be, or near."""
    return [standing for standing in standings(organisation, year) if standing.is_alert]


def _standing(organisation, limit: EmissionLimit) -> Standing:
    run = latest_run(organisation, limit.year, limit.standard)
    if run is None:
        return Standing(limit, None, None, 0, UNKNOWN)
    drawn = drawn_alone(organisation, run)
    line = next((each for each in drawn.indicators if each.id == "intensity"), None)
    figure = drawn.total if limit.measure == EmissionLimit.Measure.TOTAL else line.figure if line else None
    months = len(run.span.months)
    return Standing(limit, run, figure, months, _state(limit, figure, months))


def _state(limit: EmissionLimit, figure: Figure | None, months: int) -> str:
    """What is known for part of a year only may heat up the total to come: its monthly mean times twelve."""
    if figure is None or figure.value is None:
        return UNKNOWN
    value, most = figure.value, float(limit.value)
    if value > most:
        return OVER
    if limit.measure == EmissionLimit.Measure.TOTAL and months < 12 and value / months * 12 > most:
        return HEADING
    return NEAR if value >= most * float(limit.warn_percent) / 100 else WITHIN
