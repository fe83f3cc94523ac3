"""A comparison as figures, charts and rows of the page. Pure: no query, no request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tanheng.accounting.compare import Change, Comparison, Part, SourceDifference, StreamDifference
from tanheng.accounting.compare_drivers import Driver, Drivers
from tanheng.accounting.compare_model import KINDS
from tanheng_web.common.charts import Chart, Step, grouped_bars, waterfall
from tanheng_web.common.figures import Figure, change_ratio
from tanheng_web.inventory.comparison.choice import Choice

__all__ = ["Compared", "DriverRow", "Reason", "Row", "SourceRow"]

UNIT = "tCO2e"
SHOWN = 0.005  # tCO2e: what two decimals show
LEAST = 0.0005  # a kind below this share of the larger total is no step of the picture; the table has it


@dataclass(frozen=True)
class Reason:
    """One reason with its share of a difference."""

    kind: str
    kind_zh: str
    text: str
    figure: Figure


@dataclass(frozen=True)
class Row:
    """A figure on both sides with the difference; ``reasons`` say why."""

    id: str
    label: str
    before: Figure
    after: Figure
    change: Figure
    percent: float | None
    reasons: tuple[Reason, ...] = ()
    depth: int = 0


@dataclass(frozen=True)
class SourceRow:
    """A source with its streams."""

    row: Row
    streams: tuple[Row, ...]
    same: tuple[str, ...]


@dataclass(frozen=True)
class DriverRow:
    """What production and what intensity did to a source."""

    id: str
    label: str
    activity: Figure
    intensity: Figure
    change: Figure


class Compared:
    """Two results with what a page shows of them."""

    def __init__(self, one: Choice, two: Choice, found: Comparison, causes: Drivers | None) -> None:
        self.one, self.two, self.found, self.causes = one, two, found, causes
        self.names = found.names

    # figures

    def _side(
        self, choice: Choice, value: float | None, address: str, label: str, unit: str, decimals: int = 2
    ) -> Figure:
        states = ("superseded",) if choice.run.superseded_at else ()
        return Figure(value, unit, decimals, choice.run.pk if address else None, address, states=states, label=label,
                      organisation_id=choice.run.organisation_id, show_unit=False)  # fmt: skip

    def _row(self, change: Change, *, depth: int = 0, decimals: int = 2) -> Row:
        one = self._side(
            self.one, change.before, _known(change.before, change.address), change.label, change.unit, decimals
        )
        two = self._side(
            self.two, change.after, _known(change.after, change.address), change.label, change.unit, decimals
        )
        label = change.label.rpartition("/")[2] if depth else change.label
        return Row(change.address.partition(":")[2], label, one, two, _plain(change.change, change.unit, decimals),
                   change.percent, depth=depth)  # fmt: skip

    @cached_property
    def total(self) -> Row:
        change = self.found.total
        sides = []
        for choice, value in ((self.one, change.before), (self.two, change.after)):
            address = f"process:{choice.process}" if choice.process else "total"
            sides.append(self._side(choice, value, address, change.label, change.unit))
        return Row("total", change.label, sides[0], sides[1], _plain(change.change), change.percent)

    @cached_property
    def kinds(self) -> list[Reason]:
        """The reasons of the whole by kind, what two decimals do not show left out."""
        return [_reason(part) for part in self.found.parts if abs(part.value) >= SHOWN]

    @cached_property
    def sources(self) -> list[SourceRow]:
        """Sources by the size of their difference; streams without one are only named."""
        rows = [self._source(source) for source in self.found.differences]
        return sorted(rows, key=lambda row: -abs(row.row.change.value or 0.0))

    def _source(self, source: SourceDifference) -> SourceRow:
        whole = not (self.one.process or self.two.process)
        address = f"source:{source.id}" if whole else ""
        one = self._side(self.one, source.before, _known(source.before, address), source.label, UNIT)
        two = self._side(self.two, source.after, _known(source.after, address), source.label, UNIT)
        row = Row(source.id, source.label, one, two, _plain(float(source.exact)), _percent(source.before, source.after),
                  tuple(_reason(part) for part in source.parts if abs(part.value) >= SHOWN))  # fmt: skip
        differing = [stream for stream in source.streams if abs(stream.exact) >= SHOWN]
        same = [stream.label for stream in source.streams if abs(stream.exact) < SHOWN]
        return SourceRow(row, tuple(self._stream(stream) for stream in differing), tuple(dict.fromkeys(same)))

    def _stream(self, stream: StreamDifference) -> Row:
        one = self._side(self.one, stream.before, stream.addresses[0], stream.label, UNIT)
        two = self._side(self.two, stream.after, stream.addresses[1], stream.label, UNIT)
        reasons = tuple(_reason(part) for part in stream.parts if abs(part.value) >= SHOWN)
        percent = _percent(stream.before, stream.after)
        return Row(stream.key, stream.label, one, two, _plain(float(stream.exact)), percent, reasons)

    @cached_property
    def rest(self) -> list[Reason]:
        """What the totals have beyond their streams."""
        return [_reason(part) for part in self.found.rest if abs(part.value) >= SHOWN]

    @property
    def indicators(self) -> list[Row]:
        return [self._row(change, decimals=4) for change in self.found.indicators]

    @property
    def processes(self) -> list[Row]:
        return [self._row(change, depth=change.label.count("/")) for change in _tree(self.found.processes)]

    @cached_property
    def drivers(self) -> list[DriverRow]:
        """Activity and intensity effect of the total and of every source; nothing across standards or processes."""
        if self.causes is None or self.one.process or self.two.process or not self.found.same_standard:
            return []
        sources = sorted(self.causes.sources, key=lambda driver: -abs(driver.change))
        return [_driver(driver) for driver in (self.causes.total, *sources)]

    # charts

    def bridge(self) -> Chart:
        """From one total to the other by the kinds of reasons."""
        total = self.found.total
        if total.before is None or total.after is None:
            return Chart("bridge", "从一个结果到另一个", empty="其中一个结果没有总量，画不出差异。")
        least = LEAST * max(abs(total.before), abs(total.after), 1.0)
        large = [reason for reason in self.kinds if abs(reason.figure.value or 0.0) >= least] or self.kinds
        small = sum(reason.figure.value or 0.0 for reason in self.kinds if reason not in large)
        steps = [Step(self.names[0], self.total.before, False)]
        steps += [Step(reason.kind_zh, reason.figure) for reason in large]
        if small:
            steps.append(Step("其余原因", _plain(small)))
        steps.append(Step(self.names[1], self.total.after, False))
        return waterfall("bridge", self._finding(), steps, head="原因")

    def _finding(self) -> str:
        change = self.found.total.change or 0.0
        if abs(change) < SHOWN or not self.kinds:
            return "两个结果的总量相同"
        most = max(self.kinds, key=lambda reason: abs(reason.figure.value or 0.0))
        word = "高于" if change > 0 else "低于"
        first = f" {self.names[0]}" if self.names[0][:1].isascii() else self.names[0]
        return f"{self.names[1]}{word}{first}，最大的原因是{most.kind_zh}"

    def source_chart(self) -> Chart:
        rows = [row.row for row in self.sources if row.row.before.value or row.row.after.value]
        rows.sort(key=lambda row: -max(abs(row.before.value or 0.0), abs(row.after.value or 0.0)))
        groups = {self.names[0]: [row.before for row in rows], self.names[1]: [row.after for row in rows]}
        return grouped_bars("by-source", _most(rows, "排放源"), [row.label for row in rows], groups, head="排放源")

    def process_chart(self) -> Chart | None:
        rows = [row for row in self.processes if not row.depth]
        if not rows or self.one.process or self.two.process:
            return None
        rows.sort(key=lambda row: -max(abs(row.before.value or 0.0), abs(row.after.value or 0.0)))
        groups = {self.names[0]: [row.before for row in rows], self.names[1]: [row.after for row in rows]}
        note = "各工序与其他之和等于企业总量，负值保留。"
        return grouped_bars(
            "by-process", _most(rows, "工序"), [row.label for row in rows], groups, head="工序", note=note
        )


def _known(value: float | None, address: str) -> str:
    return "" if value is None else address


def _plain(value: float | None, unit: str = UNIT, decimals: int = 2) -> Figure:
    """A difference: no figure of either result, so it opens nothing; its parts do."""
    none = value is not None and unit == UNIT and abs(value) < SHOWN
    return Figure(0.0 if none else value, unit, decimals, show_unit=False)


def _percent(before: float | None, after: float | None) -> float | None:
    ratio = change_ratio(after, before)
    return None if ratio is None else ratio * 100


def _reason(part: Part) -> Reason:
    return Reason(part.kind, KINDS[part.kind], part.text, _plain(part.value))


def _driver(driver: Driver) -> DriverRow:
    return DriverRow(driver.id, driver.label, _plain(driver.activity), _plain(driver.intensity), _plain(driver.change))


def _most(rows: Sequence[Row], what: str) -> str:
    known = [row for row in rows if row.change.value is not None and abs(row.change.value) >= SHOWN]
    if not known:
        return f"按{what}没有差异"
    most = max(known, key=lambda row: abs(row.change.value or 0.0))
    return f"{what}中{most.label}相差最多"


def _tree(changes: Sequence[Change]) -> Iterator[Change]:
    """Processes with their sub-processes right below them, 其他 last."""
    tops = [change for change in changes if "/" not in change.label]
    for top in sorted(tops, key=lambda change: change.label == "其他"):
        yield top
        yield from (change for change in changes if change.label.startswith(f"{top.label}/"))
