"""What the charts of a report show: figures, labels and a title that says the finding. Drawing is in ``drawing.py``."""

from collections.abc import Sequence

from tanheng.kernel.periods import Month
from tanheng.kernel.units import label
from tanheng.reporting.blocks import ChartBlock
from tanheng.reporting.figures import Fig
from tanheng.reporting.reading import Reading
from tanheng.reporting.spec import ReportSpec

__all__ = ["month_chart", "process_chart", "short_zh", "source_chart"]

OTHER = "其他"


def short_zh(source: str, *, deducted: bool) -> str:
    """Return the name of a source for the head of a column or the label of a bar."""
    if source.endswith("）"):
        source = source.removesuffix("）").rpartition("（")[2]
    for tail in ("产生的排放", "隐含的排放", "排放"):
        source = source.removesuffix(tail)
    return source.replace("全氟化碳", " PFC") + ("（扣减）" if deducted else "")


def source_chart(reading: Reading, spec: ReportSpec) -> ChartBlock:
    """Return sorted bars by emission source; deductions go to the left."""
    sources = reading.standard.sources.items()
    found = [(short_zh(source.zh, deducted=source.sign < 0), reading.at(f"source:{name}")) for name, source in sources]
    labels, figures = _sorted([(zh, fig) for zh, fig in found if fig.value])
    title = _largest(labels, figures, "排放源")
    return ChartBlock("by_source", "bars", title, f"排放量（{label(spec.gas_unit)}）", labels, figures)


def process_chart(reading: Reading, spec: ReportSpec) -> ChartBlock:
    """Return sorted bars by process, 其他 last."""
    found = [(path, reading.at(f"process:{path}")) for path in reading.data["processes"] if "/" not in path]
    rest = [each for each in found if each[0] == OTHER]
    labels, figures = _sorted([each for each in found if each[0] != OTHER and each[1].value])
    title = _largest(labels, figures, "工序")
    labels, figures = (*labels, *(zh for zh, _ in rest)), (*figures, *(fig for _, fig in rest))
    whose = "" if reading.prescribes_processes else "平台分析口径："
    note = f"{whose}各工序与“其他”之和等于企业排放总量，负值保留。"
    return ChartBlock("by_process", "bars", title, f"排放量（{label(spec.gas_unit)}）", labels, figures, note=note)


def month_chart(reading: Reading, spec: ReportSpec) -> ChartBlock:
    """Return the course of the months, the year before thin behind."""
    months = list(reading.data["months"])
    years = len({month[:4] for month in months}) > 1
    labels = tuple(month if years else f"{int(month[5:])} 月" for month in months)
    figures = tuple(reading.at(f"month:{month}") for month in months)
    previous: tuple[Fig | None, ...] = ()
    if reading.previous is not None:
        before = [str(Month.parse(month).shift(years=-1)) for month in months]
        known = reading.previous["months"]
        previous = tuple(reading.at(f"month:{month}", previous=True) if month in known else None for month in before)
    return ChartBlock(
        "by_month", "line", _course(labels, figures), f"排放量（{label(spec.gas_unit)}）", labels, figures, previous
    )


def _sorted(found: Sequence[tuple[str, Fig]]) -> tuple[tuple[str, ...], tuple[Fig, ...]]:
    ordered = sorted(found, key=lambda each: -(each[1].value or 0.0))
    return tuple(zh for zh, _ in ordered), tuple(fig for _, fig in ordered)


def _largest(labels: Sequence[str], figures: Sequence[Fig], what: str) -> str:
    positive = [zh for zh, fig in zip(labels, figures, strict=True) if (fig.value or 0) > 0]
    negative = [zh for zh, fig in zip(labels, figures, strict=True) if (fig.value or 0) < 0]
    if not positive:
        return f"各{what}的排放量"
    text = f"{positive[0]}排放最多" + (f"，其次是{positive[1]}" if len(positive) > 1 else "")
    return text + (f"；{negative[-1].removesuffix('（扣减）')}抵减最多" if negative else "")


def _course(labels: Sequence[str], figures: Sequence[Fig]) -> str:
    known = [(fig.value, zh) for zh, fig in zip(labels, figures, strict=True) if fig.value is not None]
    if not known:
        return "各月排放量未知"
    return f"{max(known)[1]}排放最多，{min(known)[1]}最少"
