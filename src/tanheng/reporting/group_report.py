"""The consolidated result of a group as a report: approaches side by side, members, what was taken out, what lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tanheng.accounting.boundary_catalogue import boundary_rules
from tanheng.accounting.consolidation import Consolidated, MemberLine, MemberResult
from tanheng.accounting.consolidation_holdings import ConsolidationRule
from tanheng.accounting.consolidation_transfers import Elimination, Transfer
from tanheng.kernel.periods import Period
from tanheng.kernel.units import label
from tanheng.reporting.blocks import Block, Cell, Column, Notice, Paragraph, Row, Section, Table
from tanheng.reporting.content import Cover
from tanheng.reporting.docx import write_sections
from tanheng.reporting.entity import Entity
from tanheng.reporting.figures import Fig, grouped
from tanheng.reporting.xlsx import write_sheets

__all__ = ["GroupReport", "group_sections", "write_group_docx", "write_group_xlsx"]

UNIT = "tCO2e"
SHEETS = ("合并结果", "各家企业", "内部往来", "未纳入与缺失", "按排放源")


@dataclass(frozen=True)
class GroupReport:
    """What the report is made of: the group, its members' results, and the consolidated result under each approach.

    ``accounted`` says of a member which result was taken (period and standard).
    """

    name: str
    found: tuple[Consolidated, ...]
    results: tuple[MemberResult, ...]
    rule: ConsolidationRule
    accounted: Mapping[str, str]
    is_demo: bool = False

    @property
    def period(self) -> Period:
        """The period that was consolidated."""
        return Period.parse(self.found[0].period)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the totals lack, each sentence once."""
        return tuple(dict.fromkeys(text for each in self.found for text in each.missing))


def group_sections(report: GroupReport) -> tuple[Section, ...]:
    """Return the five parts of the report, in the order in which they are read."""
    parts = (_totals, _members, _transfers, _left_out, _sources)
    heads = ("合并结果", "各家企业", "内部往来抵销", "未纳入合并的企业与缺失", "按排放源")
    return tuple(
        Section(f"group_{n}", f"{'一二三四五'[n]}、{head}", 1, tuple(make(report)))
        for n, (head, make) in enumerate(zip(heads, parts, strict=True))
    )


def _zh(found: Consolidated) -> str:
    zh: str = boundary_rules()["consolidation"]["approaches"][found.approach]["zh"]
    return zh


def _cell(value: float | None, address: str) -> Cell:
    return Cell.of(Fig(address, value, UNIT, grouped(value, 2), 1.0, 2, UNIT))


def _percent(value: Decimal | None) -> str:
    return "—" if value is None else f"{value.normalize():f}%"


def _amount(title: str, width: float = 1.3) -> Column:
    return Column(f"{title}（{label(UNIT)}）", width, "right")


def _totals(report: GroupReport) -> Iterator[Block]:
    limit = f"{'大于' if report.rule.majority.strict else '大于等于'} {report.rule.majority.percent.normalize():f}%"
    below = "按股权比例计入" if report.rule.below == "proportional" else "不纳入"
    yield Paragraph(f"股权比例{limit}的纳入合并；不满足的，在股权比例法下{below}。持股以每月最后一日为准，逐月计入。")
    if report.missing:
        yield Notice(f"合并结果不完整：有 {len(report.missing)} 处缺失，合计只含已知部分，缺失的不按零计；见第四部分。")
    if len(report.found[0].gwp_sets) > 1:
        yield Notice("各家标准的全球变暖潜势取值不同，合计为各自口径之和。")
    columns = (
        Column("合并方法", 1.6), _amount("集团合计"), _amount("直接排放"), _amount("间接排放"), _amount("内部往来抵销"),
        Column("计入家数", 0.8, "right"),
    )  # fmt: skip
    yield Table("approaches", "各方法的合并结果", columns, tuple(_approach(each) for each in report.found))


def _approach(found: Consolidated) -> Row:
    at = f"group:{found.approach}"
    figures = (("total", found.total), ("direct", found.direct), ("indirect", found.indirect))
    cells = [_cell(value, f"{at}/{name}") for name, value in figures]
    count = str(sum(line.position.is_included for line in found.members))
    return Row((Cell(_zh(found)), *cells, _cell(found.eliminated, f"{at}/eliminated"), Cell(count)))


def _members(report: GroupReport) -> Iterator[Block]:
    columns = (
        Column("企业", 1.5), Column("核算结果", 2.0), Column("有效股权", 0.8, "right"),
        Column("计入比例", 0.8, "right"), _amount("本企业排放"), _amount("计入集团"), Column("依据", 2.4),
    )  # fmt: skip
    for found in report.found:
        rows = [_member(report, found, line) for line in found.members]
        empty = (Cell(""), Cell(""), Cell(""), Cell(""))
        total = _cell(found.total, f"group:{found.approach}/total")
        rows += [
            Row(
                (Cell("内部往来抵销"), *empty, _cell(found.eliminated, f"group:{found.approach}/eliminated"), Cell("")),
                "sub",
            ),
            Row((Cell("集团合计"), *empty, total, Cell("")), "total"),
        ]
        yield Table(f"members_{found.approach}", _zh(found), columns, tuple(rows))


def _member(report: GroupReport, found: Consolidated, line: MemberLine) -> Row:
    place, at = line.position, f"member:{line.member}"
    return Row((
        Cell(line.name), Cell(report.accounted.get(line.member, "没有核算结果")), Cell(_percent(place.share)),
        Cell(_percent(place.weight)), _cell(line.own, f"{at}/total"),
        _cell(line.part, f"group:{found.approach}/{at}"), Cell(place.sentence),
    ))  # fmt: skip


def _transfers(report: GroupReport) -> Iterator[Block]:
    taken: dict[Transfer, list[Elimination | None]] = {}
    for n, found in enumerate(report.found):
        for each in found.eliminations:
            taken.setdefault(each.transfer, [None] * len(report.found))[n] = each
    if not taken:
        yield Paragraph("没有申报内部往来，或申报的往来与合并范围无关。")
        return
    columns = (
        Column("供方 → 受方", 1.8), Column("物料、期间", 1.4), Column("供方申报", 1.0, "right"),
        Column("受方申报", 1.0, "right"), *(_amount(f"抵销，{_zh(each)}", 1.2) for each in report.found),
        Column("说明", 2.2),
    )  # fmt: skip
    notes = (
        "供方的扣减和受方的计入一并取消，如同一家工厂；双方因子相同时抵销为 0。双方申报不一致的，按较小的数量抵销。",
    )
    yield Table("transfers", "", columns, tuple(_transfer(*pair) for pair in taken.items()), notes)


def _transfer(transfer: Transfer, taken: list[Elimination | None]) -> Row:
    said = [transfer.sentence, *dict.fromkeys(note for each in taken if each for note in each.notes)]
    declared = [
        Cell("未申报" if value is None else f"{value:,.10g} {label(transfer.unit)}")
        for value in (transfer.supplied, transfer.received)
    ]
    values = [_cell(each.value if each else 0.0, f"transfer:{transfer.supplier}>{transfer.receiver}") for each in taken]
    what = f"{transfer.material_zh}，{Period.parse(transfer.period).label_zh}"
    ends = Cell(" → ".join(transfer.names))
    return Row((ends, Cell(what), *declared, *values, Cell("；".join(said))))


def _left_out(report: GroupReport) -> Iterator[Block]:
    rows = [
        Row(
            (
                Cell(line.name),
                Cell(_zh(found)),
                Cell(line.position.sentence),
                _cell(line.own, f"member:{line.member}/total"),
            )
        )
        for found in report.found
        for line in found.members
        if not line.position.is_included
    ]
    columns = (Column("企业", 1.5), Column("合并方法", 1.3), Column("不纳入的理由", 3.0), _amount("本企业排放"))
    if rows:
        yield Table("left_out", "期末未纳入合并的企业", columns, tuple(rows))
    else:
        yield Paragraph("所有企业在各方法下期末都已纳入合并。")
    lacks = tuple(Row((Cell(text),)) for text in report.missing)
    if lacks:
        yield Table("missing", "缺失（合计只含已知部分）", (Column("缺什么", 6.0),), lacks)
    else:
        yield Paragraph("纳入合并的企业都有核算期的结果，内部往来双方都已申报。")


def _sources(report: GroupReport) -> Iterator[Block]:
    names: dict[str, str] = {}
    for result in report.results:
        known = (result.data or {}).get("labels", {}).get("sources", {})
        names |= {id: known.get(id, id) for found in report.found for id in found.sources if id in known}
    columns = (Column("排放源", 2.6), *(_amount(_zh(each)) for each in report.found))
    rows = [
        Row((Cell(zh), *(_cell(each.sources.get(id), f"group:{each.approach}/source:{id}") for each in report.found)))
        for id, zh in names.items()
        if any(each.sources.get(id) for each in report.found)
    ]
    if rows:
        yield Table("sources", "", columns, tuple(rows), ("已扣除内部往来；总量之外另列的排放源也在表中，不能相加。",))
    else:
        yield Paragraph("没有可以列出的排放源。")


def _cover(report: GroupReport) -> Cover:
    states = ["演示数据：不是真实企业的排放，不得用于申报。"] if report.is_demo else []
    if report.missing:
        states.append(f"合并结果不完整：有 {len(report.missing)} 处缺失。")
    standards = "、".join(dict.fromkeys(report.accounted.values()))
    facts = (
        ("集团", report.name), ("核算期", report.period.label_zh), ("成员企业", f"{len(report.found[0].members)} 家"),
        ("合并方法", "、".join(_zh(each) for each in report.found)), ("成员的核算结果", standards or "—"),
    )  # fmt: skip
    title = f"{report.period.label_zh}温室气体排放集团合并报告"
    return Cover(title, report.name, report.period.label_zh, "各家企业的核算结果", facts, tuple(states))


def _head(report: GroupReport) -> str:
    return f"{report.name}　{report.period.label_zh}集团合并报告" + ("　演示数据" if report.is_demo else "")


def write_group_docx(report: GroupReport) -> bytes:
    """Write the report as docx and return the file."""
    preface = f"本报告把{report.name}各家企业{report.period.label_zh}的核算结果按股权比例和控制权合并，扣除内部往来。"
    entity = Entity(report.name, is_demo=report.is_demo)
    return write_sections(_cover(report), _head(report), preface, group_sections(report), entity)


def write_group_xlsx(report: GroupReport) -> bytes:
    """Write the report as xlsx, a sheet a part, and return the file."""
    return write_sheets(_cover(report), _head(report), dict(zip(SHEETS, group_sections(report), strict=True)))
