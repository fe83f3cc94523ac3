"""From the summary of a run to the figures, tables and charts of its pages. Pure: no query, no request."""

from dataclasses import replace
from functools import cached_property

from tanheng_web.common.charts import (
    Chart,
    Link,
    Slice,
    contribution_bars,
    month_line,
    month_stack,
    sankey,
    source_token,
)
from tanheng_web.common.figures import WAN, Figure
from tanheng_web.inventory import findings
from tanheng_web.inventory.earlier import month_numerator
from tanheng_web.inventory.presentation_breakdown import Breakdown
from tanheng_web.inventory.presentation_parts import OTHER, Line, ProcessRow, month_zh

__all__ = ["Drawn", "Line", "ProcessRow", "month_zh"]


class Drawn(Breakdown):
    """The figures of one run with the charts that are drawn of them."""

    def source_chart(self) -> Chart:
        slices = [Slice(line.label, line.figure, line.token) for line in self.sources if line.figure.value]
        return contribution_bars(
            "by-source", findings.largest([(s.label, s.figure.value) for s in slices], "排放源"), slices, head="排放源"
        )

    def process_chart(self, id: str = "by-process") -> Chart:
        rows = [row for row in self.processes if row.depth == 0]
        slices = [Slice(row.label, row.figure, "flow-carbon" if row.label != OTHER else "flow-process") for row in rows]
        title = findings.largest([(s.label, s.figure.value) for s in slices if s.label != OTHER], "工序")
        return contribution_bars(
            id, title, slices, head="工序", order=False, note="各工序与其他之和等于企业总量，负值保留。"
        )

    def month_chart(self, id: str = "by-month") -> Chart:
        figures = [line.figure for line in self.months]
        last = [self._last_year(line) for line in self.months]
        title = findings.months(
            [(line.label, line.figure.value) for line in self.months], [f.value if f else None for f in last]
        )
        return month_line(id, title, [line.label for line in self.months], figures, last)

    def intensity_chart(self, id: str = "by-month-intensity") -> Chart | None:
        """The first intensity by month with the year before behind it; None without products or months."""
        lines = self.month_indicators
        if len([line for line in lines if line.figure.value is not None]) < 2:
            return None
        whole = self.indicators[0]
        against = findings.trend(whole.figure.value, whole.figure.previous, whole.label)
        title = findings.months([(line.label, line.figure.value) for line in lines], [], f"{against}：")
        figures, last = [line.figure for line in lines], [self._last_year(line) for line in lines]
        return month_line(id, title, [line.label for line in lines], figures, last, from_zero=False)

    @cached_property
    def month_indicators(self) -> list[Line]:
        """The first intensity of each month."""
        if not self.indicators:
            return []
        first = self.indicators[0]
        return [self._month_indicator(first, month) for month in self.summary["months"]]

    def _month_indicator(self, of: Line, month: str) -> Line:
        below = self.views.get("by_month", {}).get("denominators", {}).get(month, {}).get(of.id)
        above = month_numerator(self.summary, str((of.extra or {}).get("numerator", "total")), month)
        value = None if above is None or not below else above / below
        label = f"{month_zh(month, True)} {of.label}"
        figure = self.figure(
            f"indicator:{of.id}+month:{month}",
            {"value": value, "unit": of.figure.unit},
            label,
            self._compare("month_indicator", of.id, month),
            decimals=of.figure.decimals,
        )
        return Line(month, month_zh(month, self._many_years), figure)

    def _last_year(self, line: Line) -> Figure | None:
        """The comparison itself as a figure, which opens in the run it is from."""
        now = line.figure
        if now.previous is None:
            return None
        return Figure(
            now.previous,
            now.unit,
            now.decimals,
            now.previous_run,
            now.previous_address,
            label=f"{line.label}上年同期",
            organisation_id=self.organisation_id,
        )

    def month_source_chart(self) -> Chart:
        parts = {
            line.id: (line.label, line.token, self.month_sources(line.id)) for line in self.sources if line.figure.value
        }
        return month_stack("by-month-source", "各月排放由哪些排放源构成", [line.label for line in self.months], parts)

    def flow_chart(self) -> Chart:
        flow = self.views["flow"]
        links = [
            Link(each["source"], each["target"], each["value"], each["address"], each["figure"], each["about"])
            for each in flow["links"]
        ]
        if not links:
            return Chart("flow", "碳从哪里来、到哪里去", empty="还没有排放数据，画不出碳流。")
        nodes = [(node["id"], node["label"], _flow_token(node["id"])) for node in flow["nodes"]]
        note = "；".join(flow["notes"])
        return sankey(
            "flow",
            findings.flow(nodes, links),
            nodes,
            links,
            flow["unit"],
            run=(self.organisation_id, self.run_id),
            note=note,
        )

    def wan(self, figure: Figure) -> Figure:
        """The same figure in 万 where it is a number of which people say 万."""
        large = figure.value is not None and abs(figure.value) >= 100_000
        return replace(figure, scale=WAN) if large else figure


def _flow_token(id: str) -> str:
    """A source keeps its colour; materials, the works and processes are grey."""
    kind, _, name = id.partition(":")
    if kind in ("source", "out"):
        return source_token(name)
    return {"material": "flow-carbon", "hub": "flow-air"}.get(kind, "flow-process")
