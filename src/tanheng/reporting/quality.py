"""The annexes on data quality and on defaulted or unchecked values."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tanheng.accounting.origins import ORIGINS, origin_zh
from tanheng.accounting.result import sentence
from tanheng.kernel.units import label
from tanheng.reporting.blocks import Block, Cell, Column, Notice, Paragraph, Row, Table
from tanheng.reporting.chapters import gas_zh
from tanheng.reporting.figures import UNKNOWN, Fig, significant
from tanheng.reporting.origins import References
from tanheng.reporting.provenance import checked_zh, provenance_zh
from tanheng.reporting.reading import Reading
from tanheng.rules.models import Citation

__all__ = ["default_blocks", "quality_blocks"]

QUALITY_OF_INPUT = (
    "measured",
    "contracted",
    "derived",
    "enterprise_default",
    "standard_default",
    "library",
    "constant",
)

# 数据质量说明


def quality_blocks(reading: Reading) -> Iterator[Block]:
    """Yield how good the data are: complete or not, origins, gaps, warnings, who entered and approved."""
    data = reading.data
    state = "完整" if data["complete"] else "不完整"
    yield Paragraph(
        f"核算结果{state}：缺口 {len(data['gaps'])} 处，提示 {len(data['warnings'])} 条，"
        f"未核对原文的数值 {len(data['unchecked'])} 个。",
        style="lead",
    )
    if reading.standard.status != "verified":
        yield Notice("本标准包未经与原文核对（二手来源，待核原文），不得据此宣称结果已按标准原文核验。")
    yield _origin_table(reading)
    yield from _findings("缺口：缺少的数据，未作零计", "gaps", data["gaps"])
    yield from _findings("提示：请核对", "warnings", data["warnings"])
    yield Paragraph(_approvals(reading))


def _origin_table(reading: Reading) -> Table:
    counts = Counter(
        value.origin for line in reading.of_enterprise for value in line.symbols.values() if value.value is not None
    )
    unknown = sum(value.value is None for line in reading.of_enterprise for value in line.symbols.values())
    rows = [
        Row((Cell(ORIGINS[name]), Cell(f"{counts[name]:,}"), Cell(MEANING[name])))
        for name in QUALITY_OF_INPUT
        if counts[name]
    ]
    if unknown:
        rows.append(Row((Cell("未知"), Cell(f"{unknown:,}"), Cell("没有数值，记为缺口"))))
    columns = (Column("数值的性质", 1.2), Column("个数", 0.6, "right"), Column("含义", 3.0))
    return Table("origins", "企业层级计算所用数值的性质（逐月逐源流计数）", columns, tuple(rows))


MEANING: Mapping[str, str] = {
    "measured": "企业填报的计量、统计或检测数据",
    "contracted": "合同或结算凭证约定的数值",
    "derived": "由实测数据按标准公式换算",
    "enterprise_default": "企业自行设定的缺省值",
    "standard_default": "标准所列缺省值",
    "library": "主管部门等公布的排放因子",
    "constant": "公式中的常数",
}


def _findings(title: str, id: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    if entries:
        rows = tuple(Row((Cell(str(n)), Cell(sentence(entry)))) for n, entry in enumerate(entries, 1))
        yield Table(id, title, (Column("序号", 0.4, "center"), Column("内容", 6.0)), rows)


def _approvals(reading: Reading) -> str:
    cells = [part.provenance for line in reading.of_enterprise for part in line.parts.values()]
    approved = Counter(str(found["approved_by"]) for found in cells if found.get("approved_by"))
    entered = Counter(str(found["by"]) for found in cells if found.get("by"))
    parts = [f"{name}录入 {count:,} 个数值" for name, count in entered.items()]
    parts += [f"{name}审核 {count:,} 个数值" for name, count in approved.items()]
    open_ones = len(cells) - sum(approved.values())
    if open_ones:
        parts.append(f"{open_ones:,} 个数值没有审核记录")
    return "录入与审核：" + ("；".join(parts) if parts else "没有记录") + "。"


# 缺省值与未核对


def default_blocks(reading: Reading) -> Iterator[Block]:
    """Yield every value that was not measured, and every value or constant nobody compared with the original."""
    columns = (
        Column("参数", 1.3), Column("物料", 1.1), Column("数值", 0.9, "right"), Column("单位", 0.9, "center"),
        Column("性质", 0.9), Column("出处", 0.5, "center"), Column("核对", 1.8),
    )  # fmt: skip
    references = References()
    rows = tuple(_default_row(reading, references, entry) for entry in _listed(reading))
    constants = _constant_rows(reading, references)
    if not rows and not constants:
        yield Paragraph("没有采用缺省值，也没有未核对原文的数值。")
        return
    yield Table(
        "defaults", "采用的缺省值、因子库数值，与未核对原文的数值、常数", columns, (*rows, *constants), references.notes
    )


def _listed(reading: Reading) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = list(reading.data["defaults"])
    return found + [entry for entry in reading.data["unchecked"] if entry not in found]


def _default_row(reading: Reading, references: References, entry: Mapping[str, Any]) -> Row:
    provenance = entry["provenance"]
    fig = _default_fig(reading, entry)
    note = f"（{provenance['note']}）" if provenance.get("note") else ""
    place = references.mark(provenance_zh(provenance).removesuffix("，" + checked_zh(provenance)) + note)
    return Row((
        Cell(reading.quantity_zh(entry["quantity"])), Cell(reading.material_zh(entry["material"])),
        Cell(significant(entry["value"]), fig), Cell(label(entry["unit"]) or UNKNOWN),
        Cell(origin_zh(entry["origin"])), Cell(place),
        Cell(checked_zh(provenance) if "checked" in provenance else UNKNOWN),
    ))  # fmt: skip


def _default_fig(reading: Reading, entry: Mapping[str, Any]) -> Fig | None:
    """Return the first figure of the result in which the value was used."""
    symbol = entry["quantity"]
    for line in reading.lines:
        value = line.symbols.get(symbol)
        if (
            value is not None
            and line.material == entry["material"]
            and value.value == entry["value"]
            and value.origin == entry["origin"]
        ):
            return reading.entered(line, symbol)
    return None


def _constant_rows(reading: Reading, references: References) -> tuple[Row, ...]:
    used = {name for line in reading.of_enterprise for name in (*line.symbols, *line.derived)}
    rows = []
    for name, constant in reading.standard.constants.items():
        if name in used and not constant.source.checked:
            source = constant.source
            rows.append(_constant_row(references, reading.quantity_zh(name), constant.value, constant.unit, source))
    gwp = reading.standard.gwp
    if not gwp.source.checked:
        gases = [gas for gas in dict.fromkeys(line.gas for line in reading.of_enterprise) if gas != "CO2"]
        rows += [
            _constant_row(references, f"{gas_zh(gas)} GWP", f"{gwp.values[gas]:,g}", "1", gwp.source) for gas in gases
        ]
    return tuple(rows)


def _constant_row(references: References, name: str, value: str, unit: str, source: Citation) -> Row:
    place = references.mark("，".join(part for part in (source.doc, source.equation or "", source.note or "") if part))
    return Row((
        Cell(name), Cell(UNKNOWN), Cell(value), Cell(label(unit) or UNKNOWN), Cell("常数"), Cell(place),
        Cell(checked_zh(source.model_dump())),
    ))  # fmt: skip
