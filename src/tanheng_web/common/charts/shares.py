"""Shares of a whole (a pie of at most five slices) and a table of months as heat."""

from collections.abc import Sequence

from tanheng_web.common.charts.base import (
    GRID,
    Chart,
    Option,
    Row,
    Slice,
    base_option,
    category_axis,
    colour,
    datum,
    scale_for,
    tooltip,
)
from tanheng_web.common.figures import Figure, unit_text

__all__ = ["SLICES", "heat", "share_pie"]

SLICES = 5
EDGE: Option = {"borderColor": "token:surface", "borderWidth": 2}


def share_pie(
    id: str, title: str, slices: Sequence[Slice], *, head: str, rest: Figure | None = None, note: str = ""
) -> Chart:
    """A pie of positive parts, at most five: beyond that the smallest become 其余, which ``rest`` is the figure of.

    A part that is negative or unknown cannot be a slice; it stays in the table, and the note says so.
    """
    known = sorted((s for s in slices if s.figure.value), key=lambda s: -(s.figure.value or 0.0))
    drawn = [s for s in known if (s.figure.value or 0.0) > 0]
    kept = drawn if len(drawn) <= SLICES else drawn[: SLICES - 1]
    unit = slices[0].figure.unit if slices else ""
    scale = scale_for([s.figure.value for s in kept])
    data = [datum(s.figure, scale, color=colour(s.token)) | {"name": s.label} for s in kept]
    left = sum(s.figure.value or 0.0 for s in drawn[len(kept) :])
    if left:
        data.append(datum(rest or Figure(left, unit), scale, color=colour("flow-air")) | {"name": "其余"})
    if len(drawn) < len(known):
        note = f"{note}扣减项为负，不能画成扇形，见表格。"
    option = base_option(title) | {
        "tooltip": tooltip("item"),
        "series": [
            {
                "type": "pie",
                "radius": ["36%", "60%"],
                "data": data,
                "cursor": "pointer",
                "label": {"formatter": "fn:slice", "color": "token:text", "fontSize": 12, "bleedMargin": 2},
                "itemStyle": EDGE,
            }
        ],
    }
    rows = tuple(Row(s.label, (s.figure,)) for s in known)
    return Chart(id, title, unit, option, (head, unit_text(unit)), rows, 280, note)


def heat(
    id: str,
    title: str,
    columns: Sequence[str],
    lines: Sequence[tuple[str, Sequence[Figure | None]]],
    *,
    head: str,
    note: str = "",
) -> Chart:
    """A cell a row and column, from less than nothing over nothing to more; an unknown cell stays empty."""
    values = [figure.value for _, row in lines for figure in row if figure is not None and figure.value is not None]
    top = max((abs(value) for value in values), default=1.0) or 1.0
    unit = next((f.unit for _, row in lines for f in row if f is not None), "")
    data: list[Option] = []
    for y, (label, row) in enumerate(lines):
        for x, figure in enumerate(row):
            if figure is not None and figure.value is not None:
                point = datum(figure, "")
                data.append(point | {"value": [x, y, point["value"]], "row": f"{label} {columns[x]}"})
    option = base_option(title) | {
        "grid": GRID | {"top": 4, "bottom": 40},
        "tooltip": {"trigger": "item", "confine": True, "formatter": "fn:cell"},
        "xAxis": category_axis(list(columns)),
        "yAxis": category_axis([label for label, _ in lines]) | {"inverse": True},
        "visualMap": {
            "min": -top, "max": top, "orient": "horizontal", "left": "center", "bottom": 0, "itemHeight": 90,
            "itemWidth": 10, "calculable": False, "textStyle": {"color": "token:muted"}, "formatter": "fn:number",
            "inRange": {"color": ["token:better", "token:subtle", "token:worse"]},
        },
        "series": [{"type": "heatmap", "data": data, "cursor": "pointer", "itemStyle": EDGE}],
    }  # fmt: skip
    rows = tuple(Row(label, tuple(row)) for label, row in lines)
    return Chart(id, title, unit, option, (head, *columns), rows, max(150, 30 * len(lines) + 80), note)
