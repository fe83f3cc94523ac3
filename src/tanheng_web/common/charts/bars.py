"""Bars: contributions, months stacked by source, groups side by side, and the bridge from one total to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, log10

from tanheng_web.common.charts.base import (
    GRID,
    GROUPS,
    Chart,
    Option,
    Row,
    Slice,
    base_option,
    category_axis,
    colour,
    datum,
    legend,
    scale_for,
    tooltip,
    value_axis,
)
from tanheng_web.common.figures import Figure, unit_text

__all__ = ["Step", "contribution_bars", "grouped_bars", "month_stack", "waterfall"]

LYING: Option = {"color": "token:text", "interval": 0, "width": 120, "overflow": "truncate"}
WRAPPED: Option = {"color": "token:text", "interval": 0, "width": 62, "overflow": "break", "fontSize": 11}
SIGNED: Option = {"show": True, "position": "top", "formatter": "fn:signed", "color": "token:text", "fontSize": 11}


def contribution_bars(
    id: str, title: str, slices: Sequence[Slice], *, head: str, order: bool = True, note: str = ""
) -> Chart:
    """Sorted horizontal bars of signed contributions; negatives stay, below the others."""
    slices = sorted(slices, key=lambda slice_: -(slice_.figure.value or 0.0)) if order else list(slices)
    scale = scale_for([slice_.figure.value for slice_ in slices])
    unit = slices[0].figure.unit if slices else ""
    data = [datum(slice_.figure, scale, color=colour(slice_.token)) for slice_ in slices]
    option = base_option(title) | {
        "grid": GRID | {"top": 4, "bottom": 4},
        "tooltip": tooltip("item"),
        "xAxis": value_axis(unit_text(unit, scale), lies=True),
        "yAxis": category_axis([slice_.label for slice_ in slices]) | {"inverse": True, "axisLine": {"show": False}},
        "series": [{"type": "bar", "data": data, "barMaxWidth": 18, "name": head, "cursor": "pointer"}],
    }
    rows = tuple(Row(slice_.label, (slice_.figure,)) for slice_ in slices)
    height = max(130, 32 * len(slices) + 58)
    return Chart(id, title, unit, option, (head, unit_text(unit)), rows, height, note)


def month_stack(
    id: str, title: str, months: Sequence[str], parts: Mapping[str, tuple[str, str, Sequence[Figure]]]
) -> Chart:
    """Stacked bars by month; `parts` maps a source to (label, token, figures). Deductions stack below zero."""
    figures = [figure for _, _, row in parts.values() for figure in row]
    scale = scale_for([figure.value for figure in figures])
    unit = figures[0].unit if figures else ""
    series = [
        {
            "name": label,
            "type": "bar",
            "stack": "total",
            "barMaxWidth": 34,
            "itemStyle": {"color": colour(token)},
            "data": [datum(figure, scale) for figure in row],
            "cursor": "pointer",
        }
        for label, token, row in parts.values()
    ]
    option = base_option(title) | {
        "grid": GRID | {"bottom": 44},
        "tooltip": tooltip("axis") | {"axisPointer": {"type": "shadow"}},
        "legend": {"bottom": 0, "type": "scroll", "icon": "roundRect", "itemWidth": 10, "itemHeight": 10},
        "xAxis": category_axis(list(months)),
        "yAxis": value_axis(unit_text(unit, scale)),
        "series": series,
    }
    head = ("月份", *(label for label, _, _ in parts.values()))
    rows = tuple(Row(month, tuple(row[i] for _, _, row in parts.values())) for i, month in enumerate(months))
    return Chart(id, title, unit, option, head, rows, 320)


def grouped_bars(
    id: str,
    title: str,
    labels: Sequence[str],
    groups: Mapping[str, Sequence[Figure | None]],
    *,
    head: str,
    note: str = "",
) -> Chart:
    """Bars side by side, lying: a group a label, a colour a name; what a name does not have is a hole, not a zero."""
    figures = [figure for row in groups.values() for figure in row if figure is not None]
    scale = scale_for([figure.value for figure in figures])
    unit = figures[0].unit if figures else ""
    series = [
        {
            "name": name,
            "type": "bar",
            "barMaxWidth": 12,
            "itemStyle": {"color": f"token:group-{n % GROUPS + 1}"},
            "data": [datum(figure, scale) for figure in row],
            "cursor": "pointer",
        }
        for n, (name, row) in enumerate(groups.items())
    ]
    option = base_option(title) | {
        "grid": GRID | {"top": 4, "bottom": 34},
        "tooltip": tooltip("axis") | {"axisPointer": {"type": "shadow"}},
        "legend": legend(),
        "xAxis": value_axis(unit_text(unit, scale), lies=True),
        "yAxis": category_axis(list(labels)) | {"inverse": True, "axisLabel": LYING},
        "series": series,
    }
    rows = tuple(Row(label, tuple(row[n] for row in groups.values())) for n, label in enumerate(labels))
    height = max(180, len(labels) * (14 * len(groups) + 14) + 96)
    return Chart(id, title, unit, option, (head, *groups), rows, height, note)


@dataclass(frozen=True)
class Step:
    """A bar of a bridge: a whole (``change`` False) or what leads from one whole to the next."""

    label: str
    figure: Figure
    change: bool = True


def waterfall(id: str, title: str, steps: Sequence[Step], *, head: str, note: str = "") -> Chart:
    """The bridge from the first whole to the last; a bar hangs between the level before and the level after it."""
    scale = scale_for([step.figure.value for step in steps if not step.change])
    unit = steps[0].figure.unit if steps else ""
    factor = 1e-4 if scale else 1.0
    spans = _spans([(step.change, (step.figure.value or 0.0) * factor) for step in steps])
    lowest = _floor([level for span in spans for level in span])
    foot, up, down = ([_segment(step, span, kind, scale) for step, span in zip(steps, spans, strict=True)]
                      for kind in ("foot", "up", "down"))  # fmt: skip
    bars = {"type": "bar", "stack": "bridge", "barMaxWidth": 46}
    option = base_option(title) | {
        "grid": GRID,
        "tooltip": tooltip("item"),
        "xAxis": category_axis([step.label for step in steps]) | {"axisLabel": WRAPPED},
        "yAxis": value_axis(unit_text(unit, scale)) | ({"min": lowest} if lowest else {}),
        "series": [
            bars | {"name": "", "data": foot, "silent": True, "itemStyle": {"color": "transparent"}},
            bars | {"name": head, "data": up, "cursor": "pointer", "label": SIGNED},
            bars | {"name": head, "data": down, "cursor": "pointer"},
        ],
    }
    if lowest:
        note = f"{note}纵轴不从零开始。"
    rows = tuple(Row(step.label, (step.figure,)) for step in steps)
    return Chart(id, title, unit, option, (head, unit_text(unit)), rows, 320, note)


def _spans(steps: Sequence[tuple[bool, float]]) -> list[tuple[float, float]]:
    """The level before and after every bar."""
    level, found = 0.0, []
    for is_change, value in steps:
        before = level if is_change else 0.0
        level = before + value
        found.append((before, level))
    return found


def _floor(levels: Sequence[float]) -> float:
    """Where the axis begins so that small steps between large wholes can be seen; 0 where they can anyway."""
    standing = [level for level in levels if level]
    if not standing or min(standing) <= 0:
        return 0.0
    low, high = min(standing), max(standing)
    if high - low > 0.4 * high:
        return 0.0
    wanted = low - max(0.6 * (high - low), 0.01 * high)
    step = 10.0 ** floor(log10(max(high - low, 0.01 * high)))
    return max(0.0, floor(wanted / step) * step)


def _segment(step: Step, span: tuple[float, float], kind: str, scale: str) -> Option:
    low, high = min(span), max(span)
    foot = low if low > 0 else high if high < 0 else 0.0
    value = {"foot": foot, "up": max(high, 0.0) - max(foot, 0.0), "down": min(low, 0.0) - min(foot, 0.0)}[kind]
    colour_of = "flow-carbon" if not step.change else "worse" if span[1] >= span[0] else "better"
    short = replace(step.figure, scale=scale, decimals=2).shown
    found = datum(step.figure, scale, color=colour(colour_of)) | {"value": value, "short": short}
    return found if kind != "foot" else {"value": value, "text": ""}
