"""Checks by columns: plausible ranges, slips of the unit by 1000, jumps, stocks that do not meet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tanheng.accounting.plausibility import Range, ranges_for
from tanheng.kernel.periods import Month
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.plausibility import JUMP_QUANTITY, JUMP_VALUE, factor_of, times_text
from tanheng_web.collection.workbook.cells import shown
from tanheng_web.collection.workbook.checked import Context, Row
from tanheng_web.collection.workbook.faults import ERROR, WARNING, Fault
from tanheng_web.collection.workbook.spec import StreamSpec, TemplateSpec, key_at

__all__ = ["NO_SLIP", "STOCK_TOLERANCE", "compare", "reference_of"]

MONTHS_BACK = 12
STABLE = 5.0  # the largest of the known values over the smallest, for a slip of the unit to be certain
STOCK_TOLERANCE = 0.005
NO_SLIP = frozenset({"opening_stock", "closing_stock", "temperature"})


@dataclass
class _Grid:
    """All numbers of one key: (streams, months) in the unit of the stream, months starting a year before the period."""

    key: str
    values: np.ndarray
    owners: dict[tuple[int, int], Row]


def compare(spec: TemplateSpec, rows: list[Row], context: Context, faults: list[Fault]) -> None:
    """Add the faults that show only when numbers are laid beside each other."""
    streams = {stream.code: index for index, stream in enumerate(spec.streams)}
    first = spec.period.first.shift(months=-MONTHS_BACK)
    width = spec.period.last.index - first.index + 1
    grids = {}
    for key in dict.fromkeys(key for stream in spec.streams for key in stream.keys):
        grid = _grid(key, rows, streams, context.history, first, width)
        if grid.owners:
            grids[key] = grid
            faults.extend(_ranges(spec, grid))
            if key not in NO_SLIP:
                faults.extend(_slips(spec, grid))
    if "opening_stock" in grids:
        faults.extend(_stocks(spec, grids, rows, streams, context.history, first, width))


def _grid(
    key: str,
    rows: list[Row],
    streams: Mapping[str, int],
    history: Mapping[tuple[str, str], Mapping[Month, float]],
    first: Month,
    width: int,
) -> _Grid:
    values = np.full((len(streams), width), np.nan)
    for (code, known), months in history.items():
        if known == key and code in streams:
            for month, value in months.items():
                if 0 <= month.index - first.index < width:
                    values[streams[code], month.index - first.index] = value
    owners = {}
    for row in rows:
        if row.stream is not None and row.month is not None and key in row.numbers:
            place = (streams[row.stream.code], row.month.index - first.index)
            values[place] = row.numbers[key]
            owners[place] = row
    return _Grid(key, values, owners)


def _ranges(spec: TemplateSpec, grid: _Grid) -> Iterator[Fault]:
    for index in {place[0] for place in grid.owners}:
        stream = spec.streams[index]
        ranges = ranges_for(grid.key, stream.material, key_at(stream, grid.key))
        if not ranges:
            continue
        line = grid.values[index]
        outside = np.zeros(line.shape, dtype=bool)
        for range_ in ranges:
            low, high = (
                (-np.inf if range_.low is None else range_.low),
                (np.inf if range_.high is None else range_.high),
            )
            outside |= (line < low) | (line > high)
        for column in np.flatnonzero(outside):
            if row := grid.owners.get((index, int(column))):
                yield _range_fault(stream, grid.key, row, float(line[column]), ranges)


def _range_fault(stream: StreamSpec, key: str, row: Row, value: float, ranges: tuple[Range, ...]) -> Fault:
    broken = next(range_ for range_ in ranges if not range_.holds(value))
    values: dict[str, object] = {"material": stream.material_zh, "key": words.key_zh(key), "value": shown(value)}
    if broken.is_block and key in words.SHARES and 1 < value <= 100:
        return _fault(row, key, ERROR, "cell.share_percent", {**values, "right": shown(value / 100)})
    low, high = broken.ends
    values |= {"unit": words.unit_label(key_at(stream, key)), "low": low, "high": high}
    if broken.is_block and broken.may_confirm:
        severity = WARNING if row.is_confirmed else ERROR
        return _fault(row, key, severity, "cell.blocked_confirmable", values)
    if broken.is_block:
        return _fault(row, key, ERROR, "cell.blocked", values)
    return _fault(row, key, WARNING, "cell.implausible", values)


def _slips(spec: TemplateSpec, grid: _Grid) -> Iterator[Fault]:
    """Compare with the median of the year before, or of the other months; a line within the limit holds no slip."""
    limit = JUMP_QUANTITY if grid.key in words.QUANTITY_KEYS else JUMP_VALUE
    positive = np.where(grid.values > 0, grid.values, np.nan)
    highest = np.max(positive, axis=1, where=positive > 0, initial=0.0)
    lowest = np.min(positive, axis=1, where=positive > 0, initial=np.inf)
    wide = highest > limit * lowest
    for (index, column), row in grid.owners.items():
        if wide[index] and grid.values[index, column] > 0:
            fault = _slip(spec.streams[index], grid, index, column, row)
            if fault:
                yield fault


def _slip(stream: StreamSpec, grid: _Grid, index: int, column: int, row: Row) -> Fault | None:
    line = grid.values[index]
    value = float(line[column])
    reference, name, is_certain = reference_of(line, column)
    if reference is None:
        return None
    ratio = value / reference
    unit = words.unit_label(key_at(stream, grid.key))
    values: dict[str, object] = {
        "key": words.key_zh(grid.key),
        "value": shown(value),
        "unit": unit,
        "reference": name,
        "expected": shown(float(f"{reference:.4g}")),
        "ratio": times_text(ratio),
    }
    if times := factor_of(ratio):
        values |= {"times": times, "right": shown(float(f"{value / times if ratio > 1 else value * times:.10g}"))}
        return _fault(row, grid.key, ERROR if is_certain and not row.is_confirmed else WARNING, "cell.thousand", values)
    limit = JUMP_QUANTITY if grid.key in words.QUANTITY_KEYS else JUMP_VALUE
    if not 1 / limit <= ratio <= limit and not row.is_confirmed:
        return _fault(row, grid.key, WARNING, "cell.jump", values)
    return None


def reference_of(line: np.ndarray, column: int) -> tuple[float | None, str, bool]:
    """The number to compare with, its name, and whether it is steady enough to be certain."""
    before = line[:MONTHS_BACK]
    others = before[before > 0]
    name = "过去 12 个月的中位数"
    if others.size == 0:
        rest = np.delete(line, column) if column < line.size else line
        others, name = rest[rest > 0], "本表其他月份的中位数"
    if others.size == 0:
        return None, "", False
    if others.size == 1:
        name = "已有的一个月"
    elif others.size == 2:
        name = "已有两个月的中位数"
    return (
        float(np.median(others)),
        name,
        bool(others.size >= 3 and np.percentile(others, 80) <= STABLE * np.percentile(others, 20)),
    )


def _stocks(spec, grids, rows, streams, history, first: Month, width: int) -> Iterator[Fault]:
    """Opening stock against the closing stock of the month before, from the file or from what is already known."""
    opening = grids["opening_stock"]
    closing = grids.get("closing_stock") or _grid("closing_stock", rows, streams, history, first, width)
    before = closing.values[:, :-1]
    after = opening.values[:, 1:]
    scale = np.maximum(np.maximum(np.abs(before), np.abs(after)), 1e-9)
    with np.errstate(invalid="ignore"):
        apart = np.abs(after - before) > STOCK_TOLERANCE * scale
    for index, column in zip(*np.nonzero(apart), strict=True):
        if row := opening.owners.get((int(index), int(column) + 1)):
            value, expected = float(after[index, column]), float(before[index, column])
            values = {
                "value": shown(value),
                "expected": shown(expected),
                "unit": words.unit_label(spec.streams[index].unit),
                "difference": shown(float(f"{value - expected:.10g}")),
            }
            yield _fault(row, "opening_stock", WARNING, "cell.stock_gap", values)


def _fault(row: Row, key: str, severity: str, code: str, values: Mapping[str, object]) -> Fault:
    row.is_bad = row.is_bad or severity == ERROR
    return Fault(severity, row.sheet.name, row.index, row.sheet.columns[key], code, values)
