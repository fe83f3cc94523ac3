"""The balance of gases and coke inside the works: what was made and not used explains 其他."""

from collections.abc import Iterator

from tanheng.kernel.units import label
from tanheng.reporting.blocks import Block, Cell, Column, Paragraph, Row, Table
from tanheng.reporting.figures import grouped
from tanheng.reporting.reading import Reading

__all__ = ["balance_blocks"]

_SHARE_DECIMALS = 2


def balance_blocks(reading: Reading) -> Iterator[Block]:
    """Yield the balances of the period, and nothing where the standard or the works has none."""
    balances = reading.data.get("balances") or {}
    if not balances:
        return
    columns = (
        Column("物料", 1.2), Column("单位", 0.7, "center"), Column("各工序产出", 1.2, "right"),
        Column("净购入", 1.0, "right"), Column("各工序使用", 1.2, "right"), Column("差额", 1.0, "right"),
        Column("差额占产出（%）", 1.0, "right"),
    )  # fmt: skip
    rows = []
    for found in balances.values():
        made, difference = found["made"], found["difference"]
        share = None if difference is None or not made else 100 * difference / made
        numbers = (made, found["net"], found["used"], difference)
        cells = [Cell(grouped(value, reading.decimals)) for value in numbers]
        rows.append(Row((Cell(found["zh"]), Cell(label(found["unit"])), *cells, Cell(grouped(share, _SHARE_DECIMALS)))))
    yield Table("balances", "煤气与焦炭平衡", columns, tuple(rows))
    yield Paragraph(
        "差额＝各工序产出＋净购入−各工序使用：放散、柜存、损失或计量误差，按缺省碳量计入“其他”。", style="note"
    )
