"""The checks of a month as a whole: ratios of its amounts, intensity tried out."""

from collections.abc import Mapping

from tanheng.accounting.ratios import Amount, Hint, intensity_hints, intensity_is_judged, ratio_hints
from tanheng.accounting.run import run
from tanheng.kernel.errors import TanhengError
from tanheng.kernel.periods import Month, Period
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.package import load_standard
from tanheng_web.collection import selectors
from tanheng_web.collection.grid import Grid
from tanheng_web.collection.models import SourceStream
from tanheng_web.organisations.models import Process
from tanheng_web.organisations.selectors import standards_of

__all__ = ["grid_hints", "result_hints"]


def grid_hints(organisation, month: Month, grid: Grid) -> list[Hint]:
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
    kinds = _kinds(organisation)
    amounts = [_amount(row.stream, kinds, numbers) for row in rows]
    return list(ratio_hints(_primary(organisation, month.year), amounts))


def _amount(stream: SourceStream, kinds: Mapping[int, str], numbers: Mapping[tuple[int, str], float]) -> Amount:
    return Amount(
        material=stream.material,
        role=stream.role,
        direction=stream.direction,
        is_inside=stream.process_id is not None,
        kind=kinds.get(stream.process_id or 0, ""),
        unit=stream.unit,
        value=_moved(stream, numbers),
    )


def _moved(stream: SourceStream, numbers: Mapping[tuple[int, str], float]) -> float | None:
    """What a stream moved: inside a process as given, across the boundary net; None while a part is missing."""
    if "quantity" in stream.components:
        return numbers.get((stream.pk, "quantity"))
    parts = [numbers.get((stream.pk, part)) for part in stream.components]
    if None in parts:
        return None
    known = dict(zip(stream.components, parts, strict=True))
    part = lambda name: known.get(name) or 0.0  # noqa: E731  a part that the stream does not have
    if stream.role in OUTWARD_ROLES:
        return part("sold") + part("closing_stock") - part("opening_stock")
    bought = part("purchased") + part("opening_stock") - part("closing_stock")
    return bought - part("sold") - part("used_outside")


def result_hints(organisation, month: Month) -> list[Hint]:
    """Intensity of the month, accounted as it stands, and its change: takes a tenth of a second."""
    present = set(_kinds(organisation).values())
    standard = _primary(organisation, month.year)
    if not intensity_is_judged(standard):
        return []
    before = month.shift(months=-1)
    now, then = _intensity(organisation, standard, month), _intensity(organisation, standard, before)
    return list(intensity_hints(standard, present, now, then))


def _primary(organisation, year: int) -> str:
    return next(iter(standards_of(organisation, year)), "")


def _kinds(organisation) -> dict[int, str]:
    """The kind of each process by id, a part's being that of the whole."""
    rows = {row.pk: row for row in Process.objects.filter(organisation=organisation)}

    def kind(row: Process) -> str:
        parent = rows.get(row.parent_id)
        return row.kind or (kind(parent) if parent else "")

    return {pk: kind(row) for pk, row in rows.items()}


def _intensity(organisation, standard: str, month: Month) -> float | None:
    """Emissions per tonne of product [tCO2e/t] of a month as it stands; None unless it is complete."""
    period = Period.parse(str(month))
    try:
        streams = selectors.stream_set(organisation, period, approved_only=False)
        result = run(load_standard(standard), streams, period=period)
    except TanhengError:
        return None  # what cannot be accounted has no intensity to judge; the run itself says why
    indicator = result.data["indicators"].get("intensity")
    return indicator["value"] if indicator and result.data["complete"] else None
