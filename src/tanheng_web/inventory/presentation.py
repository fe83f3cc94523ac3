"""From the summary of a run to the figures, tables and charts of its pages. Pure: no query, no request."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tanheng.kernel.periods import Month
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
from tanheng_web.inventory.earlier import Earlier, Then, month_numerator

__all__ = ["Drawn", "Line", "ProcessRow"]

OTHER = "其他"
UNASSIGNED = "未分配"
HEAD_SUBTOTALS = ("direct", "indirect")


@dataclass(frozen=True)
class Line:
    """A named figure of a table, with the token of its colour."""

    id: str
    label: str
    figure: Figure
    token: str = ""
    extra: Mapping[str, Any] | None = None

    @property
    def bare(self) -> Figure:
        """Without its unit, which stands in the head of the column."""
        return replace(self.figure, show_unit=False)


@dataclass(frozen=True)
class ProcessRow:
    """A row of the process tree."""

    path: str
    label: str
    figure: Figure
    depth: int


class Drawn:
    """The figures of one run. `summary` and `views` are the stored JSON of the run, `earlier` the comparison."""

    def __init__(
        self,
        *,
        organisation_id: int,
        run_id: int,
        summary: Mapping[str, Any],
        views: Mapping[str, Any],
        earlier: Earlier | None = None,
        states: tuple[str, ...] = (),
    ) -> None:
        self.organisation_id = organisation_id
        self.run_id = run_id
        self.summary = summary
        self.views = views
        self.earlier = earlier
        self.labels: Mapping[str, Any] = views["labels"]
        self.decimals: int = views["decimals"]
        self._states = states

    def figure(
        self, address: str, part: Mapping[str, Any] | None, label: str, then: Then | None = None, **more: Any
    ) -> Figure:
        """A figure of this run from `{"value", "unit"}`; `then` is the same a year before."""
        part = part or {"value": None, "unit": ""}
        states = more.pop("states", ())
        return Figure(
            value=part["value"],
            unit=part["unit"],
            decimals=more.pop("decimals", self.decimals),
            run_id=self.run_id,
            address=address,
            previous=then.value if then else None,
            previous_run=then.run_id if then else None,
            previous_address=then.address if then else "",
            states=(*states, *self._states),
            label=label,
            organisation_id=self.organisation_id,
            **more,
        )

    def _compare(self, what: str, *args: str) -> Then | None:
        return getattr(self.earlier, what)(*args) if self.earlier else None

    # key figures

    @cached_property
    def total(self) -> Figure:
        gap = () if self.summary["complete"] else ("gap",)
        return self.figure("total", self.summary["total"], "排放总量", self._compare("total"), states=gap)

    @property
    def total_bare(self) -> Figure:
        return replace(self.total, show_unit=False, previous=None)

    @cached_property
    def subtotals(self) -> list[Line]:
        names = self.labels["subtotals"]
        return [
            Line(
                id,
                names.get(id, id),
                self.figure(f"subtotal:{id}", part, names.get(id, id), self._compare("subtotal", id)),
            )
            for id, part in self.summary["subtotals"].items()
        ]

    @property
    def key_lines(self) -> list[Line]:
        """Direct, indirect and the intensities: what stands at the head of the page."""
        return [line for line in self.subtotals if line.id in HEAD_SUBTOTALS] + self.indicators

    @property
    def other_subtotals(self) -> list[Line]:
        return [line for line in self.subtotals if line.id not in HEAD_SUBTOTALS]

    def subtotal(self, id: str) -> Line | None:
        return next((line for line in self.subtotals if line.id == id), None)

    @cached_property
    def indicators(self) -> list[Line]:
        names = self.labels["indicators"]
        return [
            Line(
                id,
                names.get(id, id),
                self.figure(
                    f"indicator:{id}",
                    part,
                    names.get(id, id),
                    self._compare("indicator", id),
                    decimals=max(3, self.decimals),
                ),
                extra=part,
            )
            for id, part in self.summary["indicators"].items()
        ]

    # breakdowns

    @cached_property
    def sources(self) -> list[Line]:
        names = self.labels["sources"]
        lines = [
            Line(
                id,
                names.get(id, id),
                self.figure(
                    f"source:{id}", part, names.get(id, id), self._compare("source", id), states=self._source_states(id)
                ),
                source_token(id),
            )
            for id, part in self.summary["sources"].items()
            if id not in self.labels.get("source_accounts", {})  # beside the total: with their account
        ]
        return sorted(lines, key=lambda line: -(line.figure.value or 0.0))

    @property
    def used_sources(self) -> list[Line]:
        """The sources that some stream feeds, or that are not nothing."""
        fed = {each["source"] for each in self.summary["streams"]}
        return [line for line in self.sources if line.figure.value or line.id in fed]

    @property
    def unused_sources(self) -> list[Line]:
        """The sources of the standard that the enterprise has no stream for."""
        used = {line.id for line in self.used_sources}
        return [line for line in self.sources if line.id not in used]

    @cached_property
    def accounts(self) -> list[Line]:
        """The views beside the total: market-based scope 2, scope 3, the processes and the power unit of the ETS."""
        names = self.labels.get("accounts", {})
        shown = {id: part for id, part in self.summary.get("accounts", {}).items() if id != "enterprise"}
        if set(shown) == {"process"}:
            return []
        return [
            Line(id, names.get(id, id), self.figure(f"account:{id}", part, names.get(id, id)), extra=part)
            for id, part in shown.items()
            if part["value"] is not None
        ]

    @cached_property
    def gases(self) -> list[Line]:
        return [
            Line(gas, gas, self.figure(f"gas:{gas}", part, gas, self._compare("gas", gas)), extra=part)
            for gas, part in self.summary["gases"].items()
        ]

    @cached_property
    def processes(self) -> list[ProcessRow]:
        """The tree in order of contribution, 其他 last; a process stands before its sub-processes."""
        parts = self.summary["processes"]
        children: dict[str, list[str]] = {}
        for path in parts:
            children.setdefault(path.rpartition("/")[0], []).append(path)
        rows: list[ProcessRow] = []

        def add(parent: str, depth: int) -> None:
            for path in sorted(children.get(parent, []), key=lambda path: self._process_order(path, parts)):
                name = path.rpartition("/")[2]
                rows.append(ProcessRow(path, name, self._process(path, name, parts[path]), depth))
                add(path, depth + 1)

        add("", 0)
        return rows

    @staticmethod
    def _process_order(path: str, parts: Mapping[str, Any]) -> tuple[bool, float]:
        return path.rpartition("/")[2] in (OTHER, UNASSIGNED), -(parts[path]["value"] or 0.0)

    def _process(self, path: str, name: str, part: Mapping[str, Any]) -> Figure:
        return self.figure(f"process:{path}", part, name, self._compare("process", path), show_unit=False)

    @cached_property
    def months(self) -> list[Line]:
        return [
            Line(
                month,
                month_zh(month, self._many_years),
                self.figure(
                    f"month:{month}",
                    part,
                    month_zh(month, True),
                    self._compare("month", month),
                    states=() if part.get("complete", True) else ("gap",),
                ),
            )
            for month, part in self.summary["months"].items()
        ]

    @cached_property
    def _many_years(self) -> bool:
        return len({month[:4] for month in self.summary["months"]}) > 1

    def month_sources(self, source: str) -> list[Figure]:
        name, rows = self.labels["sources"].get(source, source), self.summary["month_sources"]
        unit = self.summary["total"]["unit"]
        return [
            self.figure(
                f"source:{source}+month:{month}",
                {"value": rows.get(month, {}).get(source), "unit": unit},
                f"{month_zh(month, True)} {name}",
                show_unit=False,
            )
            for month in self.summary["months"]
        ]

    @cached_property
    def streams(self) -> list[Line]:
        """The lines of the enterprise account by stream, largest first."""
        lines = [
            Line(
                stream["id"],
                self.stream_label(stream["id"]),
                self.figure(
                    f"stream:{stream['id']}",
                    stream,
                    stream["id"],
                    states=self._stream_states.get(stream["id"], ()),
                    show_unit=False,
                ),
                source_token(stream["source"]),
                extra=stream | {"source_zh": self.labels["sources"].get(stream["source"], stream["source"])},
            )
            for stream in self.summary["streams"]
            if stream.get("account", "enterprise") == "enterprise"
        ]
        return sorted(lines, key=lambda line: -abs(line.figure.value or 0.0))

    def chosen_streams(self, source: str, text: str, order: str) -> list[Line]:
        """The streams of a source whose name holds `text`, by value, name or source."""
        rows = [line for line in self.streams if source in ("", line.extra["source"]) and text in line.label]
        keys = {"label": lambda line: line.label, "source": lambda line: line.extra["source_zh"]}
        return sorted(rows, key=keys[order]) if order in keys else rows

    def stream_label(self, id: str) -> str:
        """The name people gave the stream, with the process it belongs to."""
        name = str(self.summary["labels"]["streams"].get(id, id))
        process = self._process_of.get(id, "")
        return f"{name}（{process}）" if process else name

    @cached_property
    def _process_of(self) -> dict[str, str]:
        return {each["id"]: each.get("process") or "" for each in self.summary["declared"]}

    # states

    @cached_property
    def _stream_states(self) -> dict[str, tuple[str, ...]]:
        gaps = {gap.get("stream") for gap in self.summary["gaps"]}
        unchecked = {(each["quantity"], each["material"]) for each in self.summary["unchecked"]}
        states: dict[str, tuple[str, ...]] = {}
        for stream in self.summary["streams"]:
            inputs = stream.get("inputs", {})
            found = ["gap"] if stream["id"] in gaps else []
            if any("default" in str(each.get("origin")) for each in inputs.values()):
                found.append("default")
            if any((symbol, stream.get("material")) in unchecked for symbol in inputs):
                found.append("unchecked")
            states[stream["id"]] = tuple(dict.fromkeys((*states.get(stream["id"], ()), *found)))
        return states

    def _source_states(self, source: str) -> tuple[str, ...]:
        found = {
            state
            for stream in self.summary["streams"]
            if stream["source"] == source
            for state in self._stream_states[stream["id"]]
        }
        return tuple(state for state in ("gap", "default", "unchecked") if state in found)

    # charts

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
            id, title, slices, head="工序", order=False, note="平台分析口径：各工序与其他之和等于企业总量，负值保留。"
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


def month_zh(month: str, with_year: bool = False) -> str:
    """`2025-07` -> 7 月, or 2025 年 7 月; a year stays a year."""
    if "-" not in month:
        return f"{month} 年"
    parsed = Month.parse(month)
    return parsed.label_zh if with_year else f"{parsed.month} 月"
