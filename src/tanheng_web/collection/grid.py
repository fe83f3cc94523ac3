"""The monthly grid: sections, columns and cells of one month, ready to be drawn and to be sent as JSON."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils import timezone

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng.kernel.quantities import parse_number, parse_quantity
from tanheng.kernel.units import compatible, convert
from tanheng_web.accounts.models import User
from tanheng_web.collection import selectors
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.inline import Past, Verdict, verdict
from tanheng_web.collection.models import ActivityValue, MonthReport, RefusedEntry, SourceStream
from tanheng_web.collection.services_streams import sheet_of
from tanheng_web.collection.workbook.cells import shown
from tanheng_web.collection.workbook.spec import SHEETS

__all__ = ["Cell", "Column", "Grid", "GridRow", "Section", "cell_json", "grid_of", "number_typed", "past_of"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``asked`` is False where the stream has no such number."""

    id: str
    asked: bool
    is_quantity: bool = False
    value: Decimal | None = None
    seen: int = 0
    unit: str = ""
    state: str = ""
    reason: str = ""
    last_month: float | None = None
    last_year: float | None = None
    by: str = ""
    note: str = ""
    may_confirm: bool = False
    typed: str | None = None

    @property
    def text(self) -> str:
        return "" if self.value is None else number_text(self.value)

    @property
    def shown(self) -> str:
        return "" if self.value is None else shown(float(self.value))

    @property
    def classes(self) -> str:
        """What the cell looks like."""
        names = ["grid-cell", f"is-{self.state}" if self.state else "", "has-note" if self.note else ""]
        names.append("is-missing" if self.is_quantity and self.value is None and self.typed is None else "")
        return " ".join(name for name in names if name)


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    head: str
    unit: str


@dataclass(frozen=True, slots=True)
class GridRow:
    stream: SourceStream
    cells: tuple[Cell, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A block of rows with the same columns: a sheet of the workbook."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class Grid:
    sections: tuple[Section, ...]
    newest: int

    @property
    def cells(self) -> Iterable[Cell]:
        return (cell for section in self.sections for row in section.rows for cell in row.cells if cell.asked)

    @property
    def missing(self) -> int:
        """Empty cells of quantities."""
        return sum(cell.is_quantity and cell.value is None for cell in self.cells)

    @property
    def warned(self) -> int:
        """Cells that look implausible and that nobody has verified."""
        return sum(cell.state == "warn" for cell in self.cells)

    @property
    def refused(self) -> int:
        """Cells of which something was typed that could not be taken."""
        return sum(cell.typed is not None for cell in self.cells)

    def data(self) -> dict[str, dict]:
        """What the script needs of each cell."""
        return {cell.id: cell_json(cell) for cell in self.cells}


def number_text(value: Decimal) -> str:
    """A number for editing: plain digits, no trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell_json(cell: Cell) -> dict[str, object]:
    """One cell for the script."""
    more = {} if cell.typed is None else {"typed": cell.typed}
    return {
        **more,
        "note": cell.note,
        "confirmable": cell.may_confirm,
        "value": cell.text,
        "shown": cell.shown,
        "seen": cell.seen,
        "state": cell.state,
        "reason": cell.reason,
        "by": cell.by,
        "unit": cell.unit,
        "lastMonth": "" if cell.last_month is None else shown(cell.last_month),
        "lastYear": "" if cell.last_year is None else shown(cell.last_year),
    }


def past_of(
    known: Mapping[tuple[str, str], Mapping[Month, float]], stream: SourceStream, key: str, month: Month
) -> Past:
    """The twelve months before, oldest first."""
    months = known.get((stream.code, key), {})
    line = tuple(months.get(earlier, math.nan) for earlier in _year_before(month))
    return Past(line, known.get((stream.code, "closing_stock"), {}).get(month.shift(months=-1)))


@lru_cache(maxsize=64)
def _year_before(month: Month) -> tuple[Month, ...]:
    return tuple(month.shift(months=back) for back in range(-12, 0))


def grid_of(organisation, month: Month, report: MonthReport | None, *, person=None) -> Grid:
    """The grid of a version of a month; with what `person` typed there and could not be taken."""
    known = selectors.history(organisation, month.shift(months=-12), month.shift(months=-1))
    current = _current(report)
    streams = [stream for stream in selectors.streams_of(organisation) if stream.active_in(month)]
    refused = selectors.refused_of(organisation, month, person) if person and (not report or report.is_editable) else {}
    sections = []
    for sheet, title in SHEETS.items():
        members = [stream for stream in streams if sheet_of(stream.role, bool(stream.process_id)) == sheet]
        if members:
            sections.append(_section(sheet, title, members, (current, refused, known), month))
    return Grid(tuple(sections), max((row.pk for row in current.values()), default=0))


def _current(report: MonthReport | None) -> dict[tuple[int, str], ActivityValue]:
    if report is None:
        return {}
    # A thousand values and a handful of people: fetched once each, not with every value.
    rows = list(ActivityValue.objects.filter(report=report, is_current=True))
    people = User.objects.in_bulk({row.entered_by_id for row in rows})
    for row in rows:
        row.entered_by = people[row.entered_by_id]
    return {(row.stream_id, row.key): row for row in rows}


def _section(sheet: str, title: str, streams: list[SourceStream], there: tuple, month: Month) -> Section:
    current, refused, known = there
    keys = [key for key in (*words.QUANTITY_KEYS, *words.VALUE_KEYS) if any(key in stream.keys for stream in streams)]
    columns = tuple(Column(key, words.key_zh(key), _head_unit(key, streams)) for key in keys)
    if sheet == "processes":
        streams = sorted(streams, key=lambda stream: stream.process_path)
    rows, before = [], None
    for stream in streams:
        places = [(key, (stream.pk, key)) for key in keys]
        cells = tuple(_cell(stream, key, current.get(place), refused.get(place), known, month) for key, place in places)
        group = stream.process_path if stream.process_path != before else ""
        before = stream.process_path
        rows.append(GridRow(stream, cells, group))
    return Section(sheet, title, columns, tuple(rows))


def _head_unit(key: str, streams: list[SourceStream]) -> str:
    if key in words.QUANTITY_KEYS:
        return ""
    units = dict.fromkeys(words.unit_label(stream.key_unit(key)) for stream in streams if key in stream.keys)
    return " 或 ".join(units)


def _cell(
    stream: SourceStream, key: str, row: ActivityValue | None, refused: RefusedEntry | None, known, month: Month
) -> Cell:
    identity = f"{stream.pk}:{key}"
    if key not in stream.keys:
        return Cell(identity, False)
    past = past_of(known, stream, key, month)
    value = row.value if row else None
    note = row.note if row else ""
    judged = verdict(stream, key, None if value is None else float(value), past, note)
    if refused is not None:
        judged = Verdict("bad", refused.reason, refused.may_confirm)
    return Cell(
        identity,
        True,
        key in words.QUANTITY_KEYS,
        value,
        row.pk if row else 0,
        words.unit_label(stream.key_unit(key)),
        judged.state,
        judged.text,
        past.last_month,
        past.last_year,
        _by(row),
        note,
        judged.may_confirm,
        None if refused is None else refused.text,
    )


def _by(row: ActivityValue | None) -> str:
    if row is None:
        return ""
    at = timezone.localtime(row.entered_at).strftime("%m-%d %H:%M")
    return f"{row.entered_by} {at}" + (f" · {row.sheet} {row.cell}" if row.cell else "")


def number_typed(text: str, unit: str) -> Decimal | None:
    """A number as it is typed into the grid, in `unit`; empty is None. ``1200 kg`` is converted, ``93%`` is 0.93."""
    text = text.strip()
    if not text:
        return None
    try:
        return parse_number(text)
    except InputError as error:
        if error.code != "number.not_a_number":
            raise
    try:
        given = parse_quantity(text)
    except (InputError, InvalidOperation):
        raise InputError("cell.not_a_number", text=text[:40]) from None
    if not compatible(given.unit, unit):
        raise InputError("cell.unit_inside_refused", text=text[:40], expected=words.unit_label(unit) or "小数")
    return Decimal(f"{convert(float(given.value), given.unit, unit):.15g}")
