"""The first two chapters of the standard: who reports, and how much was emitted."""

from collections.abc import Iterator

from tanheng.kernel.periods import Period
from tanheng.kernel.units import label
from tanheng.reporting.blocks import Block, Cell, Column, FormulaBlock, Notice, Paragraph, Row, Section, Table
from tanheng.reporting.boundary_blocks import boundary_blocks, captive_sections
from tanheng.reporting.entity import Entity
from tanheng.reporting.graphs import month_chart, source_chart
from tanheng.reporting.provenance import checked_zh
from tanheng.reporting.reading import Reading
from tanheng.reporting.spec import ReportSpec
from tanheng.rules.model_values import Rounding
from tanheng.rules.models import Subtotal

__all__ = ["basic_chapter", "emissions_chapter", "gas_zh"]

NOT_FILLED = "（未填写）"
GASES = {
    "CO2": "二氧化碳（CO₂）",
    "CH4": "甲烷（CH₄）",
    "N2O": "氧化亚氮（N₂O）",
    "SF6": "六氟化硫（SF₆）",
    "CF4": "四氟化碳（CF₄）",
    "C2F6": "六氟化二碳（C₂F₆）",
    "CO2e": "已折算的混合气体（CO₂e）",
}


def gas_zh(gas: str) -> str:
    """Return name and formula of a gas."""
    return GASES.get(gas) or (f"HFC-{gas[3:]}" if gas.startswith("HFC") else gas)


# 企业基本情况


def basic_chapter(reading: Reading, spec: ReportSpec, entity: Entity) -> tuple[Section, ...]:
    """Return who reports, the boundary and the basis."""
    period = Period.parse(reading.data["period"]).label_zh
    known = {"period": period}
    rows = tuple(
        Row((Cell(row.zh), Cell(known.get(row.field) or str(getattr(entity, row.field, "")) or NOT_FILLED)))
        for row in spec.basic_information
    )
    table = Table("basic", "", (Column("项目", 1.2), Column("内容", 2.4)), rows, head=False)
    return (
        Section("basic_information", "报告主体基本信息", 2, (table,)),
        Section("boundary", "核算边界", 2, tuple(_boundary(reading, spec, entity))),
        Section("basis", "核算依据", 2, tuple(_basis(reading, spec))),
    )


def _boundary(reading: Reading, spec: ReportSpec, entity: Entity) -> Iterator[Block]:
    yield Paragraph(spec.boundary[0])
    for text in spec.boundary[1:]:
        yield Paragraph(text, style="list")
    gases = "、".join(gas_zh(gas) for gas in reading.standard.gwp.values)
    yield Paragraph(f"核算的温室气体：{gases}。核算期：{Period.parse(reading.data['period']).label_zh}。")
    if entity.processes:
        rows = tuple(Row((Cell(name), Cell("、".join(below) or "—"))) for name, below in entity.processes)
        yield Table("processes", "报告主体的工序与子工序", (Column("工序", 1.0), Column("子工序", 3.0)), rows)
    yield from boundary_blocks(entity)


def _basis(reading: Reading, spec: ReportSpec) -> Iterator[Block]:
    standard = reading.standard
    since = spec.basis or f"该标准自 {standard.in_force.start} 起实施。"
    yield Paragraph(f"依据 {standard.document}《{standard.zh}》核算，{since}")
    yield Paragraph(f"采用 {reading.data['as_of']} 及以前公布的排放因子；核算程序版本 {reading.data['engine']}。")
    if standard.status != "verified":
        yield Notice("本报告采用的公式、缺省值和表式为二手来源，待核原文；引用前请与标准文本核对。")
    if standard.superseded_note:
        yield Notice(standard.superseded_note)
    if spec.missing:
        yield Paragraph("下列内容未见原文，本报告没有代拟：")
        for text in spec.missing:
            yield Paragraph(text, style="list")


# 温室气体排放情况


def emissions_chapter(reading: Reading, spec: ReportSpec, entity: Entity | None = None) -> tuple[Section, ...]:
    """Return the result: total, sources, gases, intensity, the course of the year, and the methods."""
    sections = [
        Section("totals", "排放总量", 2, tuple(_totals(reading, spec))),
        Section("by_source", "分排放源", 2, (_source_table(reading, spec), source_chart(reading, spec))),
    ]
    if len(reading.data["gases"]) > 1:
        sections.append(Section("by_gas", "分气体", 2, (_gas_table(reading),)))
    if len(reading.data["months"]) > 1:
        sections.append(Section("by_month", "逐月变化", 2, (month_chart(reading, spec),)))
    sections += captive_sections(reading, spec, entity)
    return (*sections, Section("methods", "核算方法", 2, tuple(_methods(reading, spec))))


def _totals(reading: Reading, spec: ReportSpec) -> Iterator[Block]:
    unit, total = label(spec.gas_unit), reading.at("total")
    parts = [(each.zh, reading.at(f"subtotal:{name}")) for name, each in _direct_indirect(reading)]
    said = "，".join(f"{zh} {fig.text} {unit}" for zh, fig in parts)
    text = f"核算期内温室气体排放总量为 {total.text} {unit}" + (f"，其中{said}。" if said else "。")
    yield Paragraph(text, (total, *(fig for _, fig in parts)), "lead")
    for name in reading.data["indicators"]:
        indicator = reading.standard.indicators[name]
        fig = reading.at(f"indicator:{name}")
        shown = label(indicator.unit).replace(label("tCO2e"), unit)
        yield Paragraph(f"{indicator.zh}为 {fig.text} {shown}。", (fig,))
    if reading.previous is not None:
        change = reading.change("total")
        before = reading.at("total", previous=True)
        whole = reading.data["complete"] and reading.previous["complete"]
        caution = "" if whole else "本期或上年同期有缺口，两者不能直接相比。"
        yield Paragraph(f"上年同期为 {before.text} {unit}，同比变化 {change.text}%。{caution}", (before, change))
    if not reading.data["complete"]:
        count = len(reading.data["gaps"])
        yield Notice(f"结果不完整：有 {count} 处缺口，总量只含已知部分，未知不作零计；逐项见数据质量说明。")


def _direct_indirect(reading: Reading) -> list[tuple[str, Subtotal]]:
    return [
        (name, reading.standard.subtotals[name])
        for name in ("direct", "indirect")
        if name in reading.standard.subtotals
    ]


def _source_table(reading: Reading, spec: ReportSpec) -> Table:
    unit = label(spec.gas_unit)
    columns = [Column("排放源", 2.6), Column(f"排放量（{unit}）", 1.4, "right"), Column("占总量（%）", 0.9, "right")]
    if reading.previous is not None:
        columns.append(Column("比上年同期（%）", 1.0, "right"))
    counted = [name for name in reading.standard.sources if reading.standard.account_of(name) == "enterprise"]
    rows = [_source_row(reading, name) for name in counted]
    total = [
        Cell("合计"),
        Cell.of(reading.at("total"), partial=reading.partial("total")),
        Cell.of(reading.share("total")),
    ]
    if reading.previous is not None:
        total.append(Cell.of(reading.change("total")))
    notes = ["标“扣减”的各行以正数列示，计入合计时减去；其占比为负。"]
    if not reading.data["complete"]:
        notes.append("“＊”表示有缺口，为已知部分之和。")
    beside = [_beside_row(reading, name) for name, account in reading.standard.accounts.items() if account.beside]
    if beside:
        notes.append("“另列”的各行是同一批源流的另一种口径或边界以外的排放，不与合计相加。")
    shown = (*rows, Row(tuple(total), "total"), *beside)
    return Table("sources", "按排放源的排放量", tuple(columns), shown, tuple(notes))


def _beside_row(reading: Reading, name: str) -> Row:
    figure = Cell.of(reading.at(f"account:{name}"))
    empty = [Cell("—")] * (2 if reading.previous is not None else 1)
    return Row((Cell(f"另列：{reading.standard.accounts[name].zh}"), figure, *empty), "sub")


def _source_row(reading: Reading, name: str) -> Row:
    source = reading.standard.sources[name]
    deduct = source.sign < 0
    address = f"source:{name}"
    cells = [
        Cell(source.zh + ("（扣减）" if deduct else "")),
        Cell.of(reading.at(address, deduct=deduct), partial=reading.partial(address)),
        Cell.of(reading.share(address)),
    ]
    if reading.previous is not None:
        cells.append(Cell.of(reading.change(address)))
    return Row(tuple(cells))


def _gas_table(reading: Reading) -> Table:
    columns = (
        Column("气体", 2.0),
        Column("质量（t）", 1.2, "right"),
        Column("GWP", 0.8, "right"),
        Column("二氧化碳当量（tCO₂e）", 1.4, "right"),
    )
    rows = [
        Row((
            Cell(gas_zh(gas)), Cell.of(reading.mass(f"gas:{gas}", gas)), Cell(f"{gwp:,g}"),
            Cell.of(reading.at(f"gas:{gas}")),
        ))
        for gas, gwp in reading.standard.gwp.values.items()
    ]  # fmt: skip
    note = f"全球变暖潜势采用 {reading.standard.gwp.set}，CO₂ 为 1。"
    return Table("gases", "按温室气体的排放量", columns, tuple(rows), (note,))


def _methods(reading: Reading, spec: ReportSpec) -> Iterator[Block]:
    yield Paragraph(spec.total_equation)
    used = {line.formula for line in reading.of_enterprise}
    for source in reading.standard.sources.values():
        named = [*(line.formula for line in source.lines), *(rule.formula for rule in source.take if rule.formula)]
        for name in dict.fromkeys(named):
            if name in used:
                used.remove(name)
                yield _formula(reading, name)
    yield Paragraph(_rounding(reading.standard.rounding), style="note")


def _rounding(rounding: Rounding) -> str:
    places = f"四舍五入到小数点后 {rounding.decimals} 位"
    if rounding.level != "line":
        return f"修约：计算过程不修约，只在列示时{places}；合计由未经列示修约的数相加，可能与各行之和差末位。"
    given = "填报的参数先按规定位数四舍五入；" if rounding.parameters else ""
    return f"修约：{given}每行（源流、月份）的排放量{places}后相加，合计等于各行之和。"


def _formula(reading: Reading, name: str) -> FormulaBlock:
    formula = reading.standard.formulas[name]
    source = formula.source
    place = "，".join(
        part for part in (source.doc, f"{source.clause} 条" if source.clause else "", source.equation or "") if part
    )
    return FormulaBlock(formula, None, f"{formula.zh}：{place}。{checked_zh(source.model_dump())}。")
