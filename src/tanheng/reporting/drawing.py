"""Charts drawn by matplotlib, imported on first use: PNG for Word, SVG for PDF."""

import io
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import yaml

from tanheng.kernel.resources import data_dir
from tanheng.reporting.blocks import ChartBlock
from tanheng.reporting.figures import MINUS, Fig, grouped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["chart_font", "draw"]

# Fonts with Chinese, the first that is installed is used; DejaVu Sans has the ₂ that Noto Sans CJK lacks.
_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "SimHei", "WenQuanYi Zen Hei", "PingFang SC")
_WIDTH = 6.3  # inches: the text width of an A4 page
_BLUE, _ORANGE, _GREY, _INK = "#0072b2", "#d55e00", "#9aa5b1", "#1f2933"
_TEN_THOUSAND = 10_000.0


@cache
def chart_font() -> str | None:
    """Return a font with Chinese that matplotlib can use, or None: then a report has tables, no charts."""
    from matplotlib import font_manager

    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in _FONTS if name in known), None)


def draw(chart: ChartBlock, form: Literal["png", "svg"]) -> bytes | None:
    """Return the picture of a chart; None where nothing is to be drawn or no Chinese font is installed."""
    font = chart_font()
    if chart.is_empty or font is None:
        return None
    import matplotlib
    from matplotlib.figure import Figure

    settings = {
        "font.family": [font, "DejaVu Sans"],
        "font.size": 9,
        "axes.unicode_minus": False,
        "svg.hashsalt": "tanheng",
        "text.parse_math": False,  # a name with two $ is no formula
    }
    with matplotlib.rc_context(settings):
        height = 3.0 if chart.kind == "line" else 0.9 + 0.3 * len(chart.figures)
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        axes = figure.add_subplot()
        _plain(axes)
        figure.suptitle(chart.title, x=0.01, ha="left", fontsize=10.5, fontweight="bold", color=_INK)
        (_line if chart.kind == "line" else _bars)(axes, chart)
        file = io.BytesIO()
        figure.savefig(file, format=form, dpi=200, metadata={"Date": None} if form == "svg" else {"Software": None})
    return file.getvalue()


def _plain(axes: "Axes") -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_GREY)
    axes.tick_params(colors=_INK, length=3)


def _scale(figures: tuple[Fig | None, ...]) -> tuple[float, str]:
    """Show 万 where people say 万."""
    largest = max((abs(fig.value) for fig in figures if fig is not None and fig.value is not None), default=0.0)
    return (_TEN_THOUSAND, "万 ") if largest >= 10 * _TEN_THOUSAND else (1.0, "")


def _bars(axes: "Axes", chart: ChartBlock) -> None:
    scale, wan = _scale(chart.figures)
    values = [(fig.value or 0.0) / scale for fig in chart.figures]
    rows = list(range(len(values)))
    axes.barh(rows, values, color=[_colour(fig) for fig in chart.figures], height=0.62)
    axes.set_yticks(rows, chart.labels)
    axes.invert_yaxis()
    axes.axvline(0, color=_INK, linewidth=0.8)
    span = max(max(values), 0) - min(min(values), 0) or 1.0
    for row, (value, fig) in enumerate(zip(values, chart.figures, strict=True)):
        text = grouped(value, 2) if fig.value is not None else "未知"
        left = value < 0
        axes.text(
            value + (-0.012 if left else 0.012) * span,
            row,
            text,
            va="center",
            ha="right" if left else "left",
            fontsize=8,
            color=_INK,
        )
    low, high = min(min(values), 0), max(max(values), 0)
    axes.set_xlim(low - (0.16 * span if low < 0 else 0), high + 0.16 * span)
    _unit_axis(axes, chart, wan, "x")


def _colour(fig: Fig) -> str:
    """Every emission source has its own colour, everywhere; a process is blue, a negative one orange."""
    found = _colours().get(fig.address.partition(":")[2])
    return found or (_BLUE if (fig.value or 0.0) >= 0 else _ORANGE)


@cache
def _colours() -> Mapping[str, str]:
    colours: dict[str, str] = yaml.safe_load(
        (data_dir() / "report_templates" / "colours.yaml").read_text(encoding="utf-8")
    )
    return colours


def _line(axes: "Axes", chart: ChartBlock) -> None:
    scale, wan = _scale((*chart.figures, *chart.previous))
    places = list(range(len(chart.figures)))
    if any(fig is not None for fig in chart.previous):
        axes.plot(places, _values(chart.previous, scale), color=_GREY, linewidth=1.2, label="上年同期")
    axes.plot(places, _values(chart.figures, scale), color=_BLUE, linewidth=2, marker="o", markersize=4, label="本期")
    axes.set_xticks(places, chart.labels, rotation=0 if len(places) <= 13 else 60, fontsize=8)
    if chart.previous:
        axes.legend(frameon=False, fontsize=8, loc="best")
    axes.grid(axis="y", color="#e4e7eb", linewidth=0.8)
    axes.margins(y=0.15)
    _unit_axis(axes, chart, wan, "y")


def _values(figures: tuple[Fig | None, ...], scale: float) -> list[float]:
    """An unknown month is a break in the line, never zero."""
    return [float("nan") if fig is None or fig.value is None else fig.value / scale for fig in figures]


def _unit_axis(axes: "Axes", chart: ChartBlock, wan: str, which: str) -> None:
    from matplotlib.ticker import FuncFormatter

    def label(value: float, _place: Any) -> str:
        return f"{value:,.10g}".replace("-", MINUS)

    (axes.xaxis if which == "x" else axes.yaxis).set_major_formatter(FuncFormatter(label))
    title = chart.axis.replace("（", f"（{wan}")
    if which == "x":
        axes.set_xlabel(title, fontsize=8.5, color=_INK)
    else:
        axes.set_ylabel(title, fontsize=8.5, color=_INK)
