"""Charts of a study: pure functions from its document to whole ECharts options."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from tanheng_web.common.charts import Chart, Row, Slice, contribution_bars
from tanheng_web.common.charts.base import (
    GRID,
    Option,
    base_option,
    category_axis,
    colour,
    datum,
    legend,
    scale_for,
    tooltip,
    value_axis,
)
from tanheng_web.common.figures import WAN, Figure, format_number, unit_text

__all__ = ["charts_of"]

UNIT = "tCO2e"
MOST_BARS = 15


def charts_of(study: Mapping[str, Any]) -> list[Chart]:
    """The charts of a study, in the order in which they are read."""
    if study["method"] == "monte_carlo":
        return [_histogram(study), _drivers(study), _by_source(study)]
    return [{"tornado": _tornado, "morris": _morris, "sobol": _sobol}[study["method"]](study)]


def _figure(value: float | None) -> Figure:
    """An emission with no more digits than the six that a study keeps."""
    size = abs(value or 0.0)
    return Figure(value, UNIT, 0 if size >= 1e5 else 1 if size >= 1e4 else 2, show_unit=False)


def _percent(value: float | None) -> Figure:
    return Figure(None if value is None else value * 100, "%", 2, show_unit=False)


def _histogram(study: Mapping[str, Any]) -> Chart:
    edges, counts = study["histogram"]["edges"], study["histogram"]["counts"]
    scale = scale_for(edges)
    factor, digits = (1e-4, 2) if scale else (1.0, 0)
    low, high, central = (study["summary"][key] for key in ("low", "high", "central"))
    mids = [(a + b) / 2 for a, b in pairwise(edges)]
    labels = [format_number(mid * factor, digits) for mid in mids]
    data = [
        {
            "value": count,
            "text": f"{count:,} 次",
            "itemStyle": {"color": colour("accent") if low <= mid <= high else colour("muted")},
        }
        for count, mid in zip(counts, mids, strict=True)
    ]
    marks = [_place(value, edges) for value in (low, central, high)]
    title = f"有 95% 的把握在 {_amount(low, scale)} 与 {_amount(high, scale)} {unit_text(UNIT, scale)}之间"
    option = base_option(title) | {
        "grid": GRID | {"top": 34},
        "tooltip": tooltip("item"),
        "xAxis": category_axis(labels) | _under(unit_text(UNIT, scale)),
        "yAxis": value_axis("次数"),
        "series": [
            {
                "type": "bar",
                "name": "抽样次数",
                "data": data,
                "barCategoryGap": "8%",
                "markLine": _lines(marks, ("下限", "核算值", "上限")),
            }
        ],
    }
    rows = tuple(
        Row(f"{_amount(a, scale)}～{_amount(b, scale)}", (Figure(float(count), "", 0, show_unit=False),))
        for (a, b), count in zip(pairwise(edges), counts, strict=True)
    )
    note = "蓝色部分是 95% 区间，灰色是区间外的 5%。柱子越高，结果落在那里的可能性越大。"
    return Chart("histogram", title, UNIT, option, (f"排放量（{unit_text(UNIT, scale)}）", "次数"), rows, 300, note)


def _under(name: str) -> Option:
    """The name of an axis, below it."""
    return {"name": name, "nameLocation": "middle", "nameGap": 26, "nameTextStyle": {"color": "token:muted"}}


def _amount(value: float, scale: str) -> str:
    return format_number(value * 1e-4, 2) if scale == WAN else format_number(value, 0)


def _place(value: float, edges: Sequence[float]) -> int:
    """The bar in which a value lies."""
    inside = [n for n, edge in enumerate(edges[:-1]) if edge <= value]
    return inside[-1] if inside else 0


def _lines(places: Sequence[int], names: Sequence[str]) -> Option:
    styles = ("dashed", "solid", "dashed")
    return {
        "symbol": "none",
        "silent": True,
        "label": {"color": "token:text", "fontSize": 11, "formatter": "{b}"},
        "data": [
            {"xAxis": place, "name": name, "lineStyle": {"type": style, "color": "token:text", "width": 1.2}}
            for place, name, style in zip(places, names, styles, strict=True)
        ],
    }


def _drivers(study: Mapping[str, Any]) -> Chart:
    listed = [entry for entry in study["drivers"]["listed"] if entry["share"] > 0.0005][:MOST_BARS]
    first = study["drivers"]["listed"][0]
    title = f"最影响结果的是“{first['label']}”，占 {format_number(first['share'] * 100, 1)}%"
    slices = [Slice(entry["label"], _percent(entry["share"]), "accent") for entry in listed]
    note = "某个变量与总量同涨同落的程度（相关系数的平方）。占比大的，最值得先测准。"
    return contribution_bars("drivers", title, slices, head="对不确定度的贡献", note=note)


def _by_source(study: Mapping[str, Any]) -> Chart:
    """Every source with its 95 % interval, as far as it moves."""
    found = [(name, each) for name, each in study["sources"].items() if each["high"] != each["low"]]
    found.sort(key=lambda pair: pair[1]["low"] - pair[1]["high"])
    slices = [Slice(each["zh"], _figure((each["high"] - each["low"]) / 2), f"source-{name}") for name, each in found]
    widest = found[0][1]["zh"] if found else ""
    title = f"“{widest}”的区间最宽" if widest else "各排放源"
    note = "各排放源 95% 区间的半宽。没有列出的排放源，所有变量都按不变处理。"
    return contribution_bars("by-source", title, slices, head="95% 区间半宽", note=note)


def _tornado(study: Mapping[str, Any]) -> Chart:
    listed = study["ranked"][:MOST_BARS]
    central = study["central"]
    lows = [_figure(min(entry["low"], entry["high"]) - central) for entry in listed]
    highs = [_figure(max(entry["low"], entry["high"]) - central) for entry in listed]
    scale = scale_for([figure.value for figure in (*lows, *highs)])
    bar = {"type": "bar", "stack": "swing", "barMaxWidth": 18}
    title = f"只变动一个变量时，“{listed[0]['label']}”影响最大"
    option = base_option(title) | {
        "grid": GRID | {"top": 4, "bottom": 40},
        "tooltip": tooltip("axis") | {"axisPointer": {"type": "shadow"}},
        "legend": legend(),
        "xAxis": value_axis(f"总量的变动（{unit_text(UNIT, scale)}）", lies=True),
        "yAxis": category_axis(_names(listed))
        | {
            "inverse": True,
            "axisLine": {"show": False},
            "axisLabel": {"color": "token:text", "width": 150, "overflow": "break", "lineHeight": 14},
        },
        "series": [
            bar | {"name": "减少", "itemStyle": {"color": colour("better")}, "data": [datum(f, scale) for f in lows]},
            bar | {"name": "增加", "itemStyle": {"color": colour("worse")}, "data": [datum(f, scale) for f in highs]},
        ],
    }
    rows = tuple(
        Row(_ranged(entry), (_figure(entry["low"]), _figure(entry["high"]), Figure(entry["elasticity"], "", 3)))
        for entry in study["ranked"]
    )
    head = ("变量及范围", "取下限时的总量（tCO₂e）", "取上限时的总量（tCO₂e）", "弹性")
    note = _all_alike(study) + "每次只变动一个变量，其他不变。弹性：这个变量变动 1%，总量变动百分之几。"
    return Chart("tornado", title, UNIT, option, head, rows, max(200, 36 * len(listed) + 80), note)


def _ranged(entry: Mapping[str, Any]) -> str:
    return f"{entry['label']}（{_span(entry)}）"


def _span(entry: Mapping[str, Any]) -> str:
    return "～".join(f"{share * 100:+.4g}%".replace("-", "−") for share in entry["range"])


def _all_alike(study: Mapping[str, Any]) -> str:
    """Say the range once where all variables share it."""
    spans = {_span(entry) for entry in study["ranked"]}
    return f"各变量的范围都是 {spans.pop()}。" if len(spans) == 1 else ""


def _beside(place: int, is_right: bool) -> Option:
    """The name of a point on the side where there is room; only the first few are named."""
    side = "left" if is_right else "right"
    return {"show": place < 6, "position": side, "formatter": "{b}", "color": "token:text", "fontSize": 11}


def _names(listed: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of bars; the range stands there only where it differs from bar to bar."""
    if len({tuple(entry["range"]) for entry in listed}) == 1:
        return [entry["label"] for entry in listed]
    return [f"{entry['label']}\n{_span(entry)}" for entry in listed]


def _morris(study: Mapping[str, Any]) -> Chart:
    scale = scale_for([entry["mu_star"] for entry in study["ranked"]])
    factor, unit = 1e-4 if scale else 1.0, unit_text(UNIT, scale)
    points = [
        {
            "name": entry["label"],
            "value": [entry["mu_star"] * factor, entry["sigma"] * factor],
            "text": f"μ* {_amount(entry['mu_star'], scale)}，σ {_amount(entry['sigma'], scale)} {unit}",
            "label": _beside(place, entry["mu_star"] > study["ranked"][0]["mu_star"] / 2),
        }
        for place, entry in enumerate(study["ranked"])
    ]
    title = f"“{study['ranked'][0]['label']}”影响最大"
    option = base_option(title) | {
        "grid": GRID | {"right": 24, "top": 34},
        "tooltip": tooltip("item"),
        "xAxis": value_axis(f"μ*：影响大小（{unit_text(UNIT, scale)}）", lies=True),
        "yAxis": value_axis(f"σ：随其他变量而变的程度（{unit_text(UNIT, scale)}）"),
        "series": [
            {"type": "scatter", "name": "变量", "symbolSize": 12, "itemStyle": {"color": colour("accent")},
             "data": points, "labelLayout": {"hideOverlap": True}}
        ],
    }  # fmt: skip
    rows = tuple(
        Row(_ranged(e), (_figure(e["mu_star"]), _figure(e["sigma"]), _figure(e["mu"]))) for e in study["ranked"]
    )
    head = ("变量及范围", "μ*（tCO₂e）", "σ（tCO₂e）", "μ（tCO₂e）")
    note = _all_alike(study) + "越靠右，影响越大；越靠上，它的影响越取决于其他变量，或越不成比例。"
    return Chart("morris", title, UNIT, option, head, rows, 380, note)


def _sobol(study: Mapping[str, Any]) -> Chart:
    listed = study["ranked"][:MOST_BARS]
    first = [_percent(entry["first"]) for entry in listed]
    total = [_percent(entry["total"]) for entry in listed]
    bar = {"type": "bar", "barMaxWidth": 12}
    title = f"总量的波动有 {format_number(listed[0]['total'] * 100, 1)}% 与“{listed[0]['label']}”有关"
    option = base_option(title) | {
        "grid": GRID | {"top": 4, "bottom": 40},
        "tooltip": tooltip("axis") | {"axisPointer": {"type": "shadow"}},
        "legend": legend(),
        "xAxis": value_axis("占总量波动的份额（%）", lies=True),
        "yAxis": category_axis(_names(listed))
        | {
            "inverse": True,
            "axisLine": {"show": False},
            "axisLabel": {"color": "token:text", "width": 150, "overflow": "break", "lineHeight": 14},
        },
        "series": [
            bar
            | {"name": "一阶（单独）", "itemStyle": {"color": "token:group-1"}, "data": [datum(f, "") for f in first]},
            bar
            | {
                "name": "总效应（含共同）",
                "itemStyle": {"color": "token:group-2"},
                "data": [datum(f, "") for f in total],
            },
        ],
    }
    rows = tuple(Row(_ranged(e), (_percent(e["first"]), _percent(e["total"]))) for e in study["ranked"])
    note = (
        _all_alike(study)
        + "一阶：这个变量单独造成的波动；总效应：连同它与其他变量共同造成的。两者相近，说明变量各管各的。"
    )
    return Chart(
        "sobol",
        title,
        "%",
        option,
        ("变量及范围", "一阶（%）", "总效应（%）"),
        rows,
        max(200, 44 * len(listed) + 80),
        note,
    )
