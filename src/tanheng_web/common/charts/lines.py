"""Lines by month."""

from collections.abc import Mapping, Sequence

from tanheng_web.common.charts.base import (
    GRID,
    GROUPS,
    Chart,
    Option,
    Row,
    base_option,
    category_axis,
    datum,
    legend,
    scale_for,
    tooltip,
    value_axis,
)
from tanheng_web.common.figures import Figure, unit_text

__all__ = ["month_line", "several_lines"]


def month_line(
    id: str,
    title: str,
    months: Sequence[str],
    this: Sequence[Figure],
    last: Sequence[Figure | None] = (),
    *,
    names: tuple[str, str] = ("本期", "上年同期"),
    from_zero: bool = True,
) -> Chart:
    """A line by month with the year before thin behind it; a month that is unknown is a hole, not a zero."""
    scale = scale_for([figure.value for figure in this])
    unit = this[0].unit if this else ""
    front = {
        "name": names[0],
        "type": "line",
        "data": [datum(figure, scale) for figure in this],
        "symbolSize": 7,
        "lineStyle": {"width": 2.5},
        "itemStyle": {"color": "token:accent"},
        "z": 3,
        "cursor": "pointer",
    }
    series = [front]
    if any(figure is not None and figure.value is not None for figure in last):
        series.insert(0, _thin(names[1], [datum(figure, scale) for figure in last]))
    option = base_option(title) | {
        "grid": GRID | {"bottom": 26 if len(series) > 1 else 8},
        "tooltip": tooltip("axis"),
        "legend": {"show": len(series) > 1, "bottom": 0, "icon": "roundRect", "itemWidth": 14, "itemHeight": 3},
        "xAxis": category_axis(list(months)) | {"boundaryGap": False},
        "yAxis": value_axis(unit_text(unit, scale)) | {"scale": not from_zero},
        "series": series,
    }
    padded = list(last) + [None] * (len(this) - len(last))
    head = ("月份", *names) if len(series) > 1 else ("月份", names[0])
    rows = tuple(
        Row(month, (now, then) if len(series) > 1 else (now,))
        for month, now, then in zip(months, this, padded, strict=False)
    )
    return Chart(id, title, unit, option, head, rows)


def _thin(name: str, data: list[Option]) -> Option:
    return {
        "name": name,
        "type": "line",
        "data": data,
        "symbolSize": 5,
        "lineStyle": {"width": 1.25, "type": "dashed"},
        "itemStyle": {"color": "token:muted"},
        "z": 2,
        "cursor": "pointer",
    }


def several_lines(
    id: str, title: str, months: Sequence[str], lines: Mapping[str, Sequence[Figure | None]], *, note: str = ""
) -> Chart:
    """Lines of several things by month, one colour each; an unknown month is a hole."""
    figures = [figure for row in lines.values() for figure in row if figure is not None]
    scale = scale_for([figure.value for figure in figures])
    unit = figures[0].unit if figures else ""
    series = [
        {
            "name": name,
            "type": "line",
            "data": [datum(figure, scale) for figure in row],
            "symbolSize": 6,
            "itemStyle": {"color": f"token:group-{n % GROUPS + 1}"},
            "cursor": "pointer",
        }
        for n, (name, row) in enumerate(lines.items())
    ]
    option = base_option(title) | {
        "grid": GRID | {"bottom": 44},
        "tooltip": tooltip("axis"),
        "legend": legend(),
        "xAxis": category_axis(list(months)) | {"boundaryGap": False},
        "yAxis": value_axis(unit_text(unit, scale)),
        "series": series,
    }
    rows = tuple(Row(month, tuple(row[n] for row in lines.values())) for n, month in enumerate(months))
    return Chart(id, title, unit, option, ("月份", *lines), rows, 320, note)
