"""Up to six results, or processes of one result, side by side. Pure: no query, no request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tanheng_web.common.charts import Chart, grouped_bars, several_lines
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.comparison.choice import Choice
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.presentation import month_zh

__all__ = ["BY", "Beside", "Line", "ProcessesBeside", "labels_of"]

BY = (("source", "按排放源"), ("process", "按工序"), ("indicator", "指标"))


@dataclass(frozen=True)
class Line:
    """A row of the table: one figure for every result."""

    label: str
    figures: tuple[Figure, ...]
    is_head: bool = False


def labels_of(choices: Sequence[Choice]) -> list[str]:
    """Names of results by what differs among them."""
    parts: list[list[str]] = [
        [choice.run.organisation.label for choice in choices],
        [choice.run.period_zh for choice in choices],
        [choice.run.standard_zh for choice in choices],
    ]
    differing = [part for part in parts if len(set(part)) > 1] or [parts[1]]
    names = [" ".join(part[n] for part in differing) for n in range(len(choices))]
    return [f"{name} ({n + 1})" if names.count(name) > 1 else name for n, name in enumerate(names)]


class Beside:
    """Results side by side."""

    def __init__(self, choices: Sequence[Choice], by: str) -> None:
        self.choices, self.by, self.names = choices, by, labels_of(choices)

    def _figure(self, run: Run, address: str, part: Mapping[str, Any] | None, label: str, decimals: int = 2) -> Figure:
        if part is None:
            return Figure(None, "", decimals, show_unit=False)
        states = () if run.is_complete else ("gap",)
        return Figure(part["value"], part["unit"], decimals, run.pk, address,
                      states=states if address == "total" else (), label=label,
                      organisation_id=run.organisation_id, show_unit=False)  # fmt: skip

    def _lines(self, table: str, kind: str, *, decimals: int = 2, only: Callable[[str], bool] = bool) -> list[Line]:
        names: dict[tuple[str, str], str] = {}
        for choice in self.choices:
            known = choice.run.views["labels"].get(table, {})
            names |= {
                (key, self._of(choice, kind)): known.get(key, key) for key in choice.run.summary[table] if only(key)
            }
        return [
            Line(label, tuple(self._cell(choice, table, kind, name, label, decimals) for choice in self.choices))
            for name, label in names.items()
        ]

    def _cell(self, choice: Choice, table: str, kind: str, name: tuple[str, str], label: str, decimals: int) -> Figure:
        key, product = name
        part = choice.run.summary[table].get(key) if product == self._of(choice, kind) else None
        return self._figure(choice.run, f"{kind}:{key}", part, label, decimals)

    @staticmethod
    def _of(choice: Choice, kind: str) -> str:
        """What an intensity is per: the same name means another thing for steel than for aluminium."""
        return str(choice.run.summary["site"].get("main_product", "")) if kind == "indicator" else ""

    @cached_property
    def total(self) -> Line:
        figures = (self._figure(c.run, "total", c.run.summary["total"], "排放总量") for c in self.choices)
        return Line("排放总量", tuple(figures), True)

    @cached_property
    def subtotals(self) -> list[Line]:
        return self._lines("subtotals", "subtotal")

    @cached_property
    def sources(self) -> list[Line]:
        return [line for line in self._lines("sources", "source") if any(figure.value for figure in line.figures)]

    @cached_property
    def indicators(self) -> list[Line]:
        return self._lines("indicators", "indicator", decimals=4)

    @cached_property
    def processes(self) -> list[Line]:
        return self._lines("processes", "process", only=lambda path: "/" not in path)

    def chart(self) -> Chart:
        what = dict(BY)[self.by]
        lines = {"source": self.sources, "process": self.processes, "indicator": self.indicators}[self.by]
        if not lines:
            return Chart("beside", what, empty="这些结果里没有可以并列的数。")
        if self.by == "indicator":
            unit = next((f.unit for f in lines[0].figures if f.unit), "")
            lines = [line for line in lines if all(figure.unit in ("", unit) for figure in line.figures)]
        lines = sorted(lines, key=lambda line: -max(abs(figure.value or 0.0) for figure in line.figures))
        groups = {name: [line.figures[n] for line in lines] for n, name in enumerate(self.names)}
        title = f"{self._highest()}，{what}"
        return grouped_bars("beside", title, [line.label for line in lines], groups, head=what.removeprefix("按"))

    def _highest(self) -> str:
        line = self.indicators[0] if self.by == "indicator" and self.indicators else self.total
        known = [(f.value, name) for f, name in zip(line.figures, self.names, strict=True) if f.value is not None]
        return f"{max(known)[1]}的{line.label}最高" if known else "并列"


class ProcessesBeside:
    """Processes, furnaces or sub-processes of one result, month by month."""

    def __init__(self, run: Run, paths: Sequence[str]) -> None:
        self.run, self.paths = run, paths

    @property
    def months(self) -> list[str]:
        return list(self.run.views.get("by_month", {}).get("processes", {}))

    def chart(self) -> Chart:
        months = self.months
        if len(months) < 2 or not self.paths:
            return Chart("beside", "各月排放", empty="这个结果没有分月的工序数据，或还没有选择工序。")
        lines = {path: [self._month(path, month) for month in months] for path in self.paths}
        whole = {path: self.run.summary["processes"][path]["value"] or 0.0 for path in self.paths}
        title = f"{max(whole, key=lambda path: whole[path])}的排放最多，各月如下"
        return several_lines("beside", title, [month_zh(month) for month in months], lines)

    def _month(self, path: str, month: str) -> Figure:
        value = self.run.views["by_month"]["processes"][month].get(path)
        label, address = f"{month_zh(month)} {path}", f"process:{path}+month:{month}"
        return Figure(value, "tCO2e", 2, self.run.pk, address, label=label,
                      organisation_id=self.run.organisation_id, show_unit=False)  # fmt: skip
