"""The calculation line by line: one row a value that was put in, one row a result."""

from collections.abc import Iterator

from tanheng.accounting.origins import origin_zh
from tanheng.kernel.periods import Period
from tanheng.kernel.units import label
from tanheng.reporting.lines import Line, Value
from tanheng.reporting.provenance import checked_zh, provenance_zh
from tanheng.reporting.reading import Reading

__all__ = ["TRACE_HEADS", "TRACE_WIDTHS", "trace_rows"]

TRACE_HEADS = (
    "月份",
    "账户",
    "源流",
    "排放源",
    "工序",
    "项目",
    "数值",
    "单位",
    "性质",
    "出处、录入与审核",
    "核对",
    "数字地址（数从何来）",
)
TRACE_WIDTHS = (14, 10, 18, 24, 16, 22, 22, 14, 14, 60, 26, 34)
Cells = tuple[str | float | None, ...]


def trace_rows(reading: Reading) -> Iterator[Cells]:
    """Yield, for every line of every account, what was entered, what was put in and what came out."""
    texts: dict[int, tuple[str, str]] = {}
    for line in reading.lines:
        front = _front(reading, line)
        for name, value in _inputs(line):
            shown = reading.quantity_zh(name.rpartition("/")[2])
            place, checked = _provenance(value, texts)
            yield (
                *front,
                shown,
                value.value,
                label(value.unit),
                origin_zh(value.origin),
                place,
                checked,
                f"input:{line.index}/{name}",
            )
        formula = reading.standard.formulas[line.formula]
        yield (
            *front,
            "排放量",
            line.value,
            label("tCO2e"),
            "计算值",
            f"{formula.zh}：{formula.expr}",
            "",
            f"line:{line.index}",
        )


def _front(reading: Reading, line: Line) -> Cells:
    return (
        Period.parse(line.month).label_zh, reading.standard.accounts[line.account].zh, reading.stream_zh(line.stream),
        reading.standard.sources[line.source].zh, line.process,
    )  # fmt: skip


def _inputs(line: Line) -> Iterator[tuple[str, Value]]:
    """Yield entered parts of the quantity, then the terms of the formula, then what a term was derived from."""
    if list(line.parts) != ["quantity"]:
        yield from ((f"quantity/{name}", value) for name, value in line.parts.items())
    for name, value in line.symbols.items():
        entered = line.parts.get("quantity") if name == "quantity" else None
        yield name, entered if entered is not None and entered.value == value.value else value
    yield from ((line.paths[name], value) for name, value in line.derived.items())


def _provenance(value: Value, texts: dict[int, tuple[str, str]]) -> tuple[str, str]:
    """Return place and check of a value; many values share one provenance, which is written once."""
    key = id(value.provenance)
    if key not in texts:
        found = value.provenance
        row = f"（{found['row']}）" if found.get("row") else ""
        texts[key] = (provenance_zh(found) + row, checked_zh(found) if "checked" in found else "")
    return texts[key]
