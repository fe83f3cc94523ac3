"""What a report says of the boundary: units outside and why, the captive plant, what was left out as small."""

from collections.abc import Iterator

from tanheng.accounting.boundary import Unit
from tanheng.accounting.captive_power import CaptivePower, PlantFuel, captive_power
from tanheng.kernel.units import label
from tanheng.reporting.blocks import Block, Cell, Column, Paragraph, Row, Section, Table
from tanheng.reporting.entity import Entity
from tanheng.reporting.figures import Fig, grouped
from tanheng.reporting.reading import Reading
from tanheng.reporting.spec import ReportSpec

__all__ = ["boundary_blocks", "captive_sections", "cut_off_blocks"]


def boundary_blocks(entity: Entity) -> Iterator[Block]:
    """Yield the legal form, the units by system, and each unit outside with its reason."""
    if entity.entity_kind:
        yield Paragraph(f"报告主体为{entity.entity_kind}。")
    inside = [unit for unit in entity.units if unit.is_inside and not unit.level]
    if inside:
        rows = tuple(_unit_row(unit) for unit in inside)
        columns = (Column("单元", 1.2), Column("单位类型", 1.4), Column("系统", 1.3), Column("阶段", 0.7))
        yield Table("boundary_units", "核算边界内的单元", columns, rows)
    outside = [unit for unit in entity.units if not unit.is_inside]
    if outside:
        rows = tuple(Row((Cell(unit.path), Cell(unit.reason))) for unit in outside)
        yield Table("boundary_outside", "核算边界外的单元", (Column("单元", 1.0), Column("原因", 2.6)), rows)
    yield from cut_off_blocks(entity)


def _unit_row(unit: Unit) -> Row:
    kind = unit.unit_type.zh if unit.unit_type else "未分类"
    return Row((Cell(unit.path), Cell(kind), Cell(unit.system_zh), Cell(unit.stage_zh or "—")))


def cut_off_blocks(entity: Entity) -> Iterator[Block]:
    """Yield what was left out as small: material, share, reason, who decided."""
    if not entity.ignored:
        return
    columns = (Column("物料", 1.0), Column("占比（%）", 0.8, "right"), Column("理由", 2.0), Column("决定人", 0.9))
    rows = tuple(Row(tuple(Cell(text) for text in each)) for each in entity.ignored)
    yield Table("cut_off", "按取舍规则忽略的物料（数据保留，不影响上列排放量）", columns, rows)


def captive_sections(reading: Reading, spec: ReportSpec, entity: Entity | None) -> tuple[Section, ...]:
    """Return the section of the captive plant; empty where the works has none."""
    rule = entity.captive_rule if entity else None
    plants = entity.captive_plants if entity else None
    power = captive_power(reading.data, rule=rule, plants=plants, standard=reading.standard)
    if power is None:
        return ()
    return (Section("captive_power", "自备电厂", 2, tuple(_captive(reading, spec, power))),)


def _captive(reading: Reading, spec: ReportSpec, power: CaptivePower) -> Iterator[Block]:
    yield Paragraph(power.sentence)
    yield _amounts(power)
    if not power.is_separate:
        return
    unit = label(spec.gas_unit)
    columns = (
        Column("燃料", 1.8),
        Column("用量", 1.2, "right"),
        Column("单位", 0.7),
        Column(f"排放量（{unit}）", 1.4, "right"),
    )
    rows = [
        Row((
            Cell(fuel.label), Cell(grouped(fuel.quantity, 2)), Cell(label(fuel.unit)),
            Cell.of(_fig(fuel, reading)),
        ))
        for fuel in power.fuels
    ]  # fmt: skip
    total = grouped(power.emission, reading.decimals)
    rows.append(Row((Cell("合计"), Cell(""), Cell(""), Cell(total)), "total"))
    yield Table("captive_fuels", f"范围一：燃煤、燃气发电（{'、'.join(power.plants)}）", columns, tuple(rows))
    yield Paragraph(power.place, style="note")


def _fig(fuel: PlantFuel, reading: Reading) -> Fig:
    """The plant's own account of a fuel, which the figures of the enterprise's account do not hold."""
    unit, text = reading.data["total"]["unit"], grouped(fuel.emission, reading.decimals)
    return Fig(fuel.address, fuel.emission, unit, text, 1.0, reading.decimals, unit, None, "result")


def _amounts(power: CaptivePower) -> Table:
    shown = (
        ("自备电厂发电量", power.generated),
        ("余热余压发电量", power.recovered),
        ("购入电量", power.purchased),
        ("外供电量", power.exported),
        ("自备电厂自用电量", power.own_used),
        ("全部用电量", power.used),
    )
    rows = tuple(Row((Cell(name), Cell(grouped(value, 3)))) for name, value in shown)
    return Table("captive_amounts", "供电自给率的计算", (Column("项目", 1.6), Column("MWh", 1.0, "right")), rows)
