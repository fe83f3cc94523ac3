"""The checks of a month as a whole: ratios of its amounts, intensity tried out."""

from tanheng.accounting.run import run
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.periods import Month, Period
from tanheng.rules.package import load_standard
from tanheng_web.collection import selectors
from tanheng_web.collection.grid import Grid
from tanheng_web.collection.ratios import Hint, amounts_of, intensity_hints, intensity_is_judged, ratio_hints
from tanheng_web.organisations.models import Process

__all__ = ["grid_hints", "result_hints"]


def grid_hints(organisation, grid: Grid) -> list[Hint]:
    """Ratios of the month that a grid shows which are implausible: one query."""
    rows = [row for section in grid.sections for row in section.rows]
    numbers = {
        (row.stream.pk, column.key): float(cell.value)
        for section in grid.sections
        for row in section.rows
        for column, cell in zip(section.columns, row.cells, strict=True)
        if cell.asked and cell.value is not None
    }
    if not numbers:
        return []
    amounts = amounts_of([row.stream for row in rows], numbers, _kinds(organisation))
    return list(ratio_hints(organisation.standard, amounts))


def result_hints(organisation, month: Month) -> list[Hint]:
    """Intensity of the month, accounted as it stands, and its change: takes a tenth of a second."""
    present = set(_kinds(organisation).values())
    if not intensity_is_judged(organisation.standard):
        return []
    before = month.shift(months=-1)
    return list(
        intensity_hints(
            organisation.standard, present, _intensity(organisation, month), _intensity(organisation, before)
        )
    )


def _kinds(organisation) -> dict[int, str]:
    """The kind of each process by id, a part's being that of the whole."""
    rows = {row.pk: row for row in Process.objects.filter(organisation=organisation)}

    def kind(row: Process) -> str:
        parent = rows.get(row.parent_id)
        return row.kind or (kind(parent) if parent else "")

    return {pk: kind(row) for pk, row in rows.items()}


def _intensity(organisation, month: Month) -> float | None:
    """Emissions per tonne of product [tCO2e/t] of a month as it stands; None unless it is complete."""
    period = Period.parse(str(month))
    try:
        streams = selectors.stream_set(organisation, period, approved_only=False)
        result = run(load_standard(organisation.standard), streams, period=period)
    except TanhengError:
        return None  # what cannot be accounted has no intensity to judge; the run itself says why
    indicator = result.data["indicators"].get("intensity")
    return indicator["value"] if indicator and result.data["complete"] else None
