"""Whole ECharts options, built from summary data by pure functions; one script (`charts.js`) only draws them."""

from tanheng_web.common.charts.bars import Step, contribution_bars, grouped_bars, month_stack, waterfall
from tanheng_web.common.charts.base import Chart, Row, Slice, scale_for, source_token
from tanheng_web.common.charts.flow import Link, sankey
from tanheng_web.common.charts.lines import month_line, several_lines
from tanheng_web.common.charts.shares import heat, share_pie

__all__ = [
    "Chart",
    "Link",
    "Row",
    "Slice",
    "Step",
    "contribution_bars",
    "grouped_bars",
    "heat",
    "month_line",
    "month_stack",
    "sankey",
    "scale_for",
    "several_lines",
    "share_pie",
    "source_token",
    "waterfall",
]
