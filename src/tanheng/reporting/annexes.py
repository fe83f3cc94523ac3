"""Our annexes behind the standard's tables: trace, data quality, defaults, process analysis, months."""

from collections.abc import Iterator, Sequence

from tanheng.kernel.quantities import glossary
from tanheng.kernel.units import label
from tanheng.reporting.balance_table import balance_blocks
from tanheng.reporting.blocks import PARTIAL, Block, Cell, Column, FormulaBlock, Notice, Paragraph, Row, Section, Table
from tanheng.reporting.chapters import gas_zh
from tanheng.reporting.figures import UNKNOWN, Fig
from tanheng.reporting.graphs import process_chart, short_zh
from tanheng.reporting.lines import Line
from tanheng.reporting.quality import default_blocks, quality_blocks
from tanheng.reporting.reading import Reading
from tanheng.reporting.spec import ReportSpec

__all__ = ["annex_sections"]

CHINESE = "一二三四五六"


def annex_sections(reading: Reading, spec: ReportSpec) -> tuple[Section, ...]:
    """Return the annexes in their order, numbered; those with nothing to say are left out."""
    found = [
        ("annex_trace", "数从何来：排放量的计算过程", tuple(_trace(reading, spec))),
        ("annex_quality", "数据质量说明", tuple(quality_blocks(reading))),
        ("annex_defaults", "采用缺省值与未核对原文的数值清单", tuple(default_blocks(reading))),
    ]
    if len(reading.data["processes"]) > 1:
        title = "工序层级、发电设施与其他" if reading.prescribes_processes else "工序排放分析（平台分析口径）"
        found.append(("annex_processes", title, (*_processes(reading, spec), *balance_blocks(reading))))
    if len(reading.data["months"]) > 1:
        found.append(("annex_months", "逐月排放量", (_months(reading, spec),)))
    return tuple(Section(id, f"附件{CHINESE[n]}　{title}", 1, blocks) for n, (id, title, blocks) in enumerate(found))


# 数从何来


def _trace(reading: Reading, spec: ReportSpec) -> Iterator[Block]:
    yield Paragraph(
        "每一排放源的公式、代入数值的一例，以及各源流全期的数量、参数（按数量加权）与结果。"
        "逐月逐项的数值、出处和地址见随附的 Excel 文件“计算过程”工作表。扣减的排放源以负数计。",
        style="note",
    )
    for name in reading.standard.sources:
        of_source = reading.of_source(name)
        for gas, formula in dict.fromkeys((line.gas, line.formula) for line in of_source):
            lines = [line for line in of_source if line.gas == gas and line.formula == formula]
            yield from _source_trace(reading, spec, name, lines)


def _source_trace(reading: Reading, spec: ReportSpec, source: str, lines: Sequence[Line]) -> Iterator[Block]:
    formula = reading.standard.formulas[lines[0].formula]
    example = _example(lines)
    title = reading.standard.sources[source].zh
    gas = lines[0].gas
    if gas != "CO2":
        title += f"：{gas_zh(gas)}（公式给出气体质量，乘 GWP {reading.standard.gwp.values[gas]:,g} 得二氧化碳当量）"
    yield FormulaBlock(formula, None, title)
    if example is not None:
        figures = tuple(reading.entered(example, symbol) for symbol in example.symbols)
        put_in = zip(example.symbols, figures, strict=True)
        values = {symbol: _put_in(fig) for symbol, fig in put_in if symbol not in formula.shown}  # ratios stay
        place = f"{reading.stream_zh(example.stream)}（{example.month}）"
        yield FormulaBlock(formula, values, f"代入一例：{place}", figures)
    yield _trace_table(reading, spec, source, lines)


def _example(lines: Sequence[Line]) -> Line | None:
    """Return the weightiest line of which every input is known."""
    known = [line for line in lines if line.value and all(value.value is not None for value in line.symbols.values())]
    return max(known, key=lambda line: abs(line.value or 0.0), default=None)


def _put_in(fig: Fig) -> str:
    return f"{fig.text} {label(fig.unit)}".strip()


def _trace_table(reading: Reading, spec: ReportSpec, source: str, lines: Sequence[Line]) -> Table:
    symbols = [name for name, value in lines[0].symbols.items() if name != "quantity" and value.origin != "constant"]
    unit = label(spec.gas_unit if lines[0].gas == "CO2" else "tCO2e")
    heads = [_head(reading, symbol) for symbol in symbols]
    columns = (
        Column("源流", 1.6), Column("数量", 1.2, "right"), Column("单位", 0.7, "center"),
        *(Column(head, 1.3, "right") for head in heads), Column(f"排放量（{unit}）", 1.3, "right"),
    )  # fmt: skip
    rows = tuple(_trace_row(reading, source, symbols, group) for group in _by_stream(lines))
    crossed = (
        f"source:{source}"
        if len(reading.standard.sources[source].lines) == 1
        else f"source:{source}+gas:{lines[0].gas}"
    )
    whole = reading.at(crossed)
    total = Row(
        (Cell("合计"), *(Cell("") for _ in columns[2:]), Cell.of(whole, partial=reading.partial(crossed))), "total"
    )
    alone = sum(line.gas == lines[0].gas for line in reading.of_source(source)) == len(lines)
    id = f"trace_{source}_{lines[0].gas}" + ("" if alone else f"_{lines[0].formula}")
    return Table(id, "", columns, (*rows, total) if len(rows) > 1 and alone else rows)


def _head(reading: Reading, symbol: str) -> str:
    found = glossary().get(symbol)
    plain = found is not None and "_" not in found.symbol  # a subscript would need a typeset formula
    return reading.quantity_zh(symbol) + (f"（{found.symbol}）" if found is not None and plain else "")


def _trace_row(reading: Reading, source: str, symbols: Sequence[str], group: Sequence[Line]) -> Row:
    quantity = reading.total(group)
    partial = reading.incomplete(group)
    gas = f"+gas:{group[0].gas}" if len(reading.standard.sources[source].lines) > 1 else ""
    address = f"source:{source}{gas}+stream:{group[0].stream}"
    cells = [Cell(reading.stream_zh(group[0].stream)), Cell.of(quantity, partial=partial), Cell(label(quantity.unit))]
    for symbol in symbols:
        fig = reading.mean(group, symbol)
        unit = label(fig.unit)
        cells.append(Cell(f"{fig.text} {unit}".strip() if fig.value is not None else UNKNOWN, fig))
    return Row((*cells, Cell.of(reading.at(address), partial=partial)))


def _by_stream(lines: Sequence[Line]) -> Iterator[list[Line]]:
    for stream in dict.fromkeys(line.stream for line in lines):
        yield [line for line in lines if line.stream == stream]


# 工序


def _processes(reading: Reading, spec: ReportSpec) -> Iterator[Block]:
    if reading.prescribes_processes:
        for account in reading.standard.accounts.values():
            if account.flows == "process" and not account.beside and account.note:
                yield Paragraph(f"{account.zh}：{account.note}。", style="note")
        yield Notice("“其他”＝企业层级−所列各工序，是差额，不是实测值，可以为负。")
    else:
        yield Notice(
            "平台分析口径，不是标准规定的报告内容：工序排放＝该工序带入的碳−带出的碳，电力、热力按同一因子；各工序与“其他”之和等于企业排放总量。"
        )
    chart = process_chart(reading, spec)
    if not chart.is_empty:
        yield chart
    columns = [
        Column("工序", 2.4),
        Column(f"排放量（{label(spec.gas_unit)}）", 1.4, "right"),
        Column("占总量（%）", 1.0, "right"),
    ]
    if reading.previous is not None:
        columns.append(Column("比上年同期（%）", 1.0, "right"))
    rows = [_process_row(reading, path) for path in _in_tree_order(list(reading.data["processes"]))]
    total = [
        Cell("企业排放总量"),
        Cell.of(reading.at("total"), partial=reading.partial("total")),
        Cell.of(reading.share("total")),
    ]
    if reading.previous is not None:
        total.append(Cell.of(reading.change("total")))
    yield Table("processes_emissions", "按工序、子工序的排放量", tuple(columns), (*rows, Row(tuple(total), "total")))


def _in_tree_order(paths: Sequence[str]) -> list[str]:
    """Return every process followed by its sub-processes; 其他 stands last."""
    tops = [path for path in paths if "/" not in path]
    tops = [top for top in tops if top != "其他"] + [top for top in tops if top == "其他"]

    def below(parent: str) -> Iterator[str]:
        yield parent
        for path in paths:
            if path.rpartition("/")[0] == parent:
                yield from below(path)

    return [path for top in tops for path in below(top)]


def _process_row(reading: Reading, path: str) -> Row:
    address, depth = f"process:{path}", path.count("/")
    cells = [Cell(path.rpartition("/")[2], indent=depth), Cell.of(reading.at(address)), Cell.of(reading.share(address))]
    if reading.previous is not None:
        cells.append(Cell.of(reading.change(address)))
    return Row(tuple(cells), "sub" if depth else "body")


# 逐月


def _months(reading: Reading, spec: ReportSpec) -> Table:
    sources = {
        name: source for name, source in reading.standard.sources.items() if reading.at(f"source:{name}").value != 0
    }
    columns = [Column("月份", 0.9), Column("合计", 1.2, "right")]
    for source in sources.values():
        columns.append(Column(short_zh(source.zh, deducted=source.sign < 0), 1.2, "right"))
    rows = []
    for month, found in reading.data["months"].items():
        cells = [Cell(month + ("" if found["complete"] else PARTIAL)), Cell.of(reading.at(f"month:{month}"))]
        cells += [_month_cell(reading, name, month) for name in sources]
        rows.append(Row(tuple(cells)))
    total = [Cell("合计"), Cell.of(reading.at("total"), partial=reading.partial("total"))]
    total += [
        Cell.of(reading.at(f"source:{name}", deduct=source.sign < 0), partial=reading.partial(f"source:{name}"))
        for name, source in sources.items()
    ]
    notes = (f"单位：{label(spec.gas_unit)}。标“扣减”的列以正数列示，计入合计时减去。“＊”表示有缺口，只含已知部分。",)
    return Table("months", "逐月排放量", tuple(columns), (*rows, Row(tuple(total), "total")), notes)


def _month_cell(reading: Reading, source: str, month: str) -> Cell:
    address = f"source:{source}+month:{month}"
    fig = reading.at(address, deduct=reading.standard.sources[source].sign < 0)
    return Cell.of(fig, partial=reading.month_gap(source, month))
