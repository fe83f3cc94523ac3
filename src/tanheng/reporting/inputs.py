"""The last two chapters of the standard: which activity data, which factors, each with its source."""

from collections.abc import Iterator, Sequence

from tanheng.kernel.units import label
from tanheng.reporting.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from tanheng.reporting.lines import Line
from tanheng.reporting.origins import References, origin_text
from tanheng.reporting.reading import Reading
from tanheng.reporting.spec import ReportSpec

__all__ = ["activity_chapter", "factors_chapter"]

# 活动水平数据及来源说明


def activity_chapter(reading: Reading, spec: ReportSpec) -> tuple[Section, ...]:
    """Return every stream with its quantity and where it comes from, and what was reported but not counted."""
    sections = [Section("quantities", "活动水平数据", 2, (_quantities(reading),))]
    parameters = [symbol for symbol in spec.activity_symbols if symbol != "quantity"]
    references = References()
    rows = tuple(_parameter_rows(reading, references, parameters))
    if rows:
        table = Table(
            "activity_parameters", "低位发热量等随活动水平填报的参数", PARAMETER_COLUMNS, rows, references.notes
        )
        sections.append(Section("activity_parameters", "随活动水平填报的参数", 2, (table,)))
    if reading.data["not_counted"]:
        sections.append(Section("not_counted", "已填报、本标准不计的源流", 2, (_not_counted(reading),)))
    return tuple(sections)


def _quantities(reading: Reading) -> Table:
    columns = (
        Column("源流", 1.2),
        Column("排放源", 1.5),
        Column("数据", 1.3, "right"),
        Column("单位", 0.7, "center"),
        Column("数据来源", 3.4),
    )
    rows = []
    for source, group in _groups(reading):
        fig = reading.total(group)
        amount = Cell.of(fig, partial=reading.incomplete(group))
        cells = (
            Cell(reading.stream_zh(group[0].stream)),
            Cell(source),
            amount,
            Cell(label(fig.unit)),
            Cell(origin_text(group, "quantity", References())),
        )
        rows.append(Row(cells))
    notes = (
        "消耗量为净消耗量：购入 ＋ 期初库存 − 期末库存 − 外销 − 主营业务外使用，外供的为负；"
        "产量为外销 ＋ 期末库存 − 期初库存。",
    )
    return Table("quantities", "各源流的活动水平", columns, tuple(rows), notes)


def _groups(reading: Reading) -> Iterator[tuple[str, Sequence[Line]]]:
    """Yield the lines of each stream under each source once, in the order of the standard's sources."""
    for name, source in reading.standard.sources.items():
        lines = reading.of_source(name)
        gas = lines[0].gas if lines else ""
        for stream in dict.fromkeys(line.stream for line in lines):
            yield source.zh, [line for line in lines if line.stream == stream and line.gas == gas]


PARAMETER_COLUMNS = (
    Column("源流", 1.4),
    Column("参数", 1.7),
    Column("数据", 0.9, "right"),
    Column("单位", 1.0, "center"),
    Column("数据来源", 2.4),
)


def _parameter_rows(
    reading: Reading, references: References, symbols: Sequence[str] | None, besides: Sequence[str] = ()
) -> Iterator[Row]:
    """Yield parameter rows; streams that share value and source of a material share a row."""
    found: dict[tuple[str, str], list[Line]] = {}
    for line in reading.of_enterprise:
        names = [*line.symbols, *line.derived] if symbols is None else symbols
        for symbol in names:
            value = line.find(symbol)
            if symbol not in besides and value is not None and value.origin not in ("constant", "computed", ""):
                found.setdefault((line.stream, symbol), []).append(line)
    seen: set[tuple[str, ...]] = set()
    for (stream, symbol), lines in found.items():
        fig = reading.mean(lines, symbol)
        cells = (
            reading.stream_zh(stream),
            reading.quantity_zh(symbol),
            fig.text,
            label(fig.unit) or "—",
            origin_text(lines, symbol, references),
        )
        if cells not in seen:
            seen.add(cells)
            yield Row(tuple(Cell(text, fig if n == 2 else None) for n, text in enumerate(cells)))


def _not_counted(reading: Reading) -> Table:
    columns = (
        Column("源流", 1.4),
        Column("用途", 0.9),
        Column("数据", 1.2, "right"),
        Column("单位", 0.7, "center"),
        Column("不计的理由", 3.0),
    )
    rows = []
    for entry in reading.data["not_counted"]:
        cells = (
            Cell(reading.stream_zh(entry["stream"])), Cell(reading.role_zh(entry["role"])),
            Cell(reading.number(entry["value"])), Cell(label(entry["unit"]) if entry["unit"] else "—"),
            Cell(entry["reason"]),
        )  # fmt: skip
        rows.append(Row(cells))
    return Table("not_counted", "已填报、本标准不计的源流", columns, tuple(rows))


# 排放因子数据及来源说明


def factors_chapter(reading: Reading, spec: ReportSpec) -> tuple[Section, ...]:
    """Return every factor and coefficient with its source."""
    references = References()
    rows = tuple(_parameter_rows(reading, references, None, ("quantity", *spec.activity_symbols)))
    table = Table("factors", "各源流的排放因子和计算系数", PARAMETER_COLUMNS, rows, references.notes)
    blocks: list[Block] = [table]
    rule = reading.standard.electricity_factor
    if rule is not None and any("electricity" in line.source for line in reading.of_enterprise):
        level = {"regional": "区域电网", "national": "全国电网", "provincial": "省级电网"}.get(rule.level, rule.level)
        blocks.append(
            Paragraph(
                f"未填报电力排放因子的，采用 {reading.data['as_of']} 前最近公布的{level}平均排放因子，"
                f"按企业所在省份（{reading.data['site']['province']}）取用。",
                style="note",
            )
        )
    return (Section("factors_table", "排放因子和计算系数", 2, tuple(blocks)),)
