"""Whole ECharts options, built from summary data by pure functions; one script (`charts.js`) only draws them.

The title states the finding in words (its numbers are figures, in the table beside), the axis states the unit. A
colour is a token (`token:source-fuel_combustion`) that the script reads from the style sheet, so light, dark and print
share one list of colours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tanheng_web.common.figures import WAN, Figure, figure_url, unit_text

__all__ = [
    "Chart",
    "Link",
    "Row",
    "Slice",
    "contribution_bars",
    "month_line",
    "month_stack",
    "sankey",
    "scale_for",
    "source_token",
]

Option = dict[str, Any]
WAN_FROM = 100_000  # people say 万 t from here on
FONT = 12
# the outer bounds keep labels and names of axes inside the picture
GRID = {"left": 8, "right": 16, "top": 26, "bottom": 8, "outerBoundsMode": "same", "outerBoundsContain": "all"}


@dataclass(frozen=True)
class Slice:
    """One bar: a label, its figure and the token of its colour."""

    label: str
    figure: Figure
    token: str = "accent"


@dataclass(frozen=True)
class Row:
    """One row of the table that a chart can be turned into."""

    label: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Link:
    """One band of a Sankey diagram: its width, and the signed figure behind it (a deduction is negative)."""

    source: str
    target: str
    value: float
    address: str = ""
    figure: float | None = None
    about: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart with its title (the finding), its option and its table; `empty` replaces it by a sentence with a link."""

    id: str
    title: str
    unit: str = ""
    option: Option = field(default_factory=dict)
    head: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    height: int = 280
    note: str = ""
    empty: str = ""
    empty_url: str = ""
    empty_action: str = ""

    @property
    def option_id(self) -> str:
        return f"{self.id}-option"


def source_token(source: str) -> str:
    """The colour of an emission source, the same on every page."""
    return f"token:source-{source}"


def scale_for(values: Sequence[float | None]) -> str:
    """`wan` where the largest number is one of which people say 万."""
    return WAN if any(value is not None and abs(value) >= WAN_FROM for value in values) else ""


def contribution_bars(
    id: str, title: str, slices: Sequence[Slice], *, head: str, order: bool = True, note: str = ""
) -> Chart:
    """Sorted horizontal bars of signed contributions; negatives stay, below the others."""
    slices = sorted(slices, key=lambda slice_: -(slice_.figure.value or 0.0)) if order else list(slices)
    scale = scale_for([slice_.figure.value for slice_ in slices])
    unit = slices[0].figure.unit if slices else ""
    data = [_datum(slice_.figure, scale, color=_colour(slice_.token)) for slice_ in slices]
    option = _base(title) | {
        "grid": GRID | {"top": 4, "bottom": 4},
        "tooltip": _tooltip("item"),
        "xAxis": _value_axis(unit_text(unit, scale), lies=True),
        "yAxis": _category_axis([slice_.label for slice_ in slices]) | {"inverse": True, "axisLine": {"show": False}},
        "series": [{"type": "bar", "data": data, "barMaxWidth": 18, "name": head, "cursor": "pointer"}],
    }
    rows = tuple(Row(slice_.label, (slice_.figure,)) for slice_ in slices)
    height = max(130, 32 * len(slices) + 58)
    return Chart(id, title, unit, option, (head, unit_text(unit)), rows, height, note)


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
        "data": [_datum(figure, scale) for figure in this],
        "symbolSize": 7,
        "lineStyle": {"width": 2.5},
        "itemStyle": {"color": "token:accent"},
        "z": 3,
        "cursor": "pointer",
    }
    series = [front]
    if any(figure is not None and figure.value is not None for figure in last):
        series.insert(0, _thin(names[1], [_datum(figure, scale) for figure in last]))
    option = _base(title) | {
        "grid": GRID | {"bottom": 26 if len(series) > 1 else 8},
        "tooltip": _tooltip("axis"),
        "legend": {"show": len(series) > 1, "bottom": 0, "icon": "roundRect", "itemWidth": 14, "itemHeight": 3},
        "xAxis": _category_axis(list(months)) | {"boundaryGap": False},
        "yAxis": _value_axis(unit_text(unit, scale)) | {"scale": not from_zero},
        "series": series,
    }
    padded = list(last) + [None] * (len(this) - len(last))
    head = ("月份", *names) if len(series) > 1 else ("月份", names[0])
    rows = tuple(
        Row(month, (now, then) if len(series) > 1 else (now,))
        for month, now, then in zip(months, this, padded, strict=False)
    )
    return Chart(id, title, unit, option, head, rows)


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
            "itemStyle": {"color": _colour(token)},
            "data": [_datum(figure, scale) for figure in row],
            "cursor": "pointer",
        }
        for label, token, row in parts.values()
    ]
    option = _base(title) | {
        "grid": GRID | {"bottom": 44},
        "tooltip": _tooltip("axis") | {"axisPointer": {"type": "shadow"}},
        "legend": {"bottom": 0, "type": "scroll", "icon": "roundRect", "itemWidth": 10, "itemHeight": 10},
        "xAxis": _category_axis(list(months)),
        "yAxis": _value_axis(unit_text(unit, scale)),
        "series": series,
    }
    head = ("月份", *(label for label, _, _ in parts.values()))
    rows = tuple(Row(month, tuple(row[i] for _, _, row in parts.values())) for i, month in enumerate(months))
    return Chart(id, title, unit, option, head, rows, 320)


def sankey(
    id: str,
    title: str,
    nodes: Sequence[tuple[str, str, str]],
    links: Sequence[Link],
    unit: str,
    *,
    run: tuple[int, int] | None = None,
    note: str = "",
) -> Chart:
    """Where the carbon comes from and goes: nodes are (id, label, token); `run` is (organisation, run)."""
    scale = scale_for([link.value for link in links])
    factor = 1e-4 if scale == WAN else 1.0
    labels = {node: label for node, label, _ in nodes}
    data = [
        {"name": node, "value_label": label, "itemStyle": {"color": _colour(token)}} for node, label, token in nodes
    ]
    flows = []
    for link in links:
        figure = _link_figure(link, unit, run, scale)
        flows.append(
            {
                "source": link.source,
                "target": link.target,
                "value": link.value * factor,
                "text": f"{figure.shown} {unit_text(unit, scale)}",
                "route": _route(link, labels),
                "url": figure_url(*run, link.address) if run and link.address else "",
            }
        )
    option = _base(title) | {
        "tooltip": {"trigger": "item", "confine": True, "formatter": "fn:flow"},
        "series": [
            {
                "type": "sankey",
                "data": data,
                "links": flows,
                "left": 4,
                "right": 150,
                "top": 12,
                "bottom": 12,
                "nodeGap": 9,
                "labelLayout": {"hideOverlap": True},
                "nodeWidth": 10,
                "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"color": "source", "opacity": 0.28, "curveness": 0.5},
                "label": {
                    "formatter": "fn:node",
                    "color": "token:text",
                    "fontSize": FONT,
                    "width": 140,
                    "overflow": "truncate",
                },
            }
        ],
    }
    rows = tuple(Row(_route(link, labels), (_link_figure(link, unit, run, ""),)) for link in links)
    height = max(300, min(640, 26 * len(nodes) + 60))
    return Chart(id, title, unit, option, ("流向", unit_text(unit)), rows, height, note)


def _route(link: Link, labels: Mapping[str, str]) -> str:
    route = f"{labels[link.source]} → {labels[link.target]}"
    return f"{route}：{link.about}" if link.about else route


def _link_figure(link: Link, unit: str, run: tuple[int, int] | None, scale: str) -> Figure:
    organisation_id, run_id = run or (None, None)
    value = link.value if link.figure is None else link.figure
    about = {"run_id": run_id, "address": link.address, "organisation_id": organisation_id}
    return Figure(value, unit, 2, scale=scale, show_unit=False, **about)


def _base(title: str) -> Option:
    return {
        "animationDuration": 300,
        "textStyle": {"fontFamily": "token:font", "fontSize": FONT},
        "aria": {
            "enabled": True,
            "label": {"general": {"withTitle": f"图：{title}。", "withoutTitle": f"图：{title}。"}},
        },
        "title": {"show": False, "text": title},
    }


def _datum(figure: Figure | None, scale: str, **style: str) -> Option:
    """One point: its value in the scale of the axis, the text a person reads, and where it explains itself."""
    if figure is None or figure.value is None:
        return {"value": None, "text": "—"}
    value = figure.value * (1e-4 if scale == WAN else 1.0)
    url = ""
    if figure.address and figure.run_id is not None and figure.organisation_id is not None:
        url = figure_url(figure.organisation_id, figure.run_id, figure.address)
    datum: Option = {
        "value": value,
        "text": f"{figure.shown} {unit_text(figure.unit, figure.scale)}".strip(),
        "url": url,
    }
    return datum | ({"itemStyle": style} if style else {})


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


def _tooltip(trigger: str) -> Option:
    return {"trigger": trigger, "confine": True, "formatter": f"fn:{trigger}"}


def _value_axis(name: str, *, lies: bool = False) -> Option:
    """A value axis with its unit: above an upright axis, below one that lies."""
    place = {"nameLocation": "middle", "nameGap": 26} if lies else {"nameLocation": "end", "nameGap": 12}
    return {
        "type": "value",
        "name": name,
        **place,
        "nameTextStyle": {"color": "token:muted", "align": "center" if lies else "left"},
        "axisLabel": {"color": "token:muted", "formatter": "fn:number", "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": "token:line"}},
    }


def _category_axis(labels: list[str]) -> Option:
    return {
        "type": "category",
        "data": labels,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": "token:line"}},
        "axisLabel": {"color": "token:text", "hideOverlap": True},
    }


def _colour(token: str) -> str:
    return token if token.startswith("token:") else f"token:{token}"
