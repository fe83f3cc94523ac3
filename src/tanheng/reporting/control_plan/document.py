"""The plan as a document: the reporting room's blocks, its Word template and its way to PDF."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tanheng.reporting.blocks import Block, Cell, Column, Notice, Paragraph, Row, Section, Table
from tanheng.reporting.content import DEMO, Cover
from tanheng.reporting.control_plan.spec import Field, PlanSpec
from tanheng.reporting.entity import Entity

__all__ = ["PlanDocument", "plan_document", "write_plan_docx", "write_plan_pdf"]

EMPTY = "（未填写）"
_CONFIDENCE = {"seen": "见于公开资料", "recalled-high": "凭记录", "recalled-low": "凭记录，把握不大"}
Answers = Mapping[str, Any]


@dataclass(frozen=True)
class PlanDocument:
    """A version of the plan, ready to be written."""

    cover: Cover
    running_head: str
    preface: str
    chapters: tuple[Section, ...]
    declaration: Section
    entity: Entity
    attached: tuple[Section, ...] = ()
    annexes: tuple[Section, ...] = ()

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every part in reading order."""
        return (*self.chapters, self.declaration)


def plan_document(
    spec: PlanSpec,
    answers: Answers,
    entity: Entity,
    *,
    document: str,
    standard: str,
    year: int,
    version: str,
    state: str,
) -> PlanDocument:
    """Return a version of the plan as a document.

    Parameters
    ----------
    spec, answers
        What is asked, and ``{"sections": …, "parameters": […]}``.
    entity
        Whose plan it is.
    document, standard
        Number and name of the guide.
    year, version, state
        The year it is for, its number as printed, and whether it is a draft or issued.
    """
    facts = (
        ("重点排放单位", entity.name), ("统一社会信用代码", entity.uscc or EMPTY), ("适用年度", f"{year} 年"),
        ("适用指南", document), ("版本号", version), ("状态", state),
    )  # fmt: skip
    notes = [DEMO + "：不是真实企业的方案。"] if entity.is_demo else []
    cover = Cover(spec.title, entity.name, f"{year} 年", f"{document}　{standard}", facts, (*notes, spec.note))
    given = answers.get("sections", {})
    chapters = [
        Section(section.id, f"{_number(n)}、{section.zh}", 1, tuple(_items(section.fields, given.get(section.id, {}))))
        for n, section in enumerate(spec.sections, 1)
    ]
    parameters = _parameters(spec, answers.get("parameters", ()), len(chapters) + 1)
    return PlanDocument(
        cover, f"{entity.name}　{spec.title}　{version}",
        f"本方案依据{document}《{standard}》制定，适用于 {year} 年度。",
        (*chapters, parameters), _approval(spec), entity,
    )  # fmt: skip


def _number(n: int) -> str:
    return "一二三四五六七八九"[n - 1]


def _items(fields: Sequence[Field], given: Mapping[str, Any]) -> Iterator[Block]:
    """Yield plain items as one table of two columns, tables below each other."""
    plain = tuple(Row((Cell(item.zh), Cell(_text(given.get(item.id))))) for item in fields if item.kind != "table")
    if plain:
        yield Table("items", "", (Column("项目", 1.2), Column("内容", 3.2)), plain, head=False)
    for item in fields:
        if item.kind == "table":
            yield from _table(item, given.get(item.id))


def _table(item: Field, rows: Any) -> Iterator[Block]:
    found = [[str(cell) for cell in row] for row in rows or () if any(str(cell).strip() for cell in row)]
    if not found:
        yield Paragraph(f"{item.zh}：{EMPTY}")
        return
    columns = tuple(Column(name, _width(name, [row[n] for row in found])) for n, name in enumerate(item.columns))
    yield Table(item.id, item.zh, columns, tuple(Row(tuple(Cell(cell) for cell in row)) for row in found))


def _width(head: str, cells: Sequence[str]) -> float:
    longest = max((len(cell) for cell in cells), default=0)
    return max(0.8, min(2.6, max(longest / 8, len(head) / 5)))


def _text(value: Any) -> str:
    return str(value).strip() if value and str(value).strip() else EMPTY


def _parameters(spec: PlanSpec, records: Sequence[Mapping[str, Any]], number: int) -> Section:
    sections = tuple(
        Section(
            f"parameter_{n}", f"{number}.{n} {_text(record.get('name'))}", 3,
            tuple(_record(spec.parameter.fields, record)),
        )
        for n, record in enumerate(records, 1)
    )  # fmt: skip
    empty: tuple[Block, ...] = () if sections else (Paragraph(EMPTY),)
    return Section("parameters", f"{_number(number)}、活动数据、排放因子和生产数据的确定方式", 1, empty, sections)


def _record(fields: Sequence[Field], record: Mapping[str, Any]) -> Iterator[Block]:
    """Yield the items of a parameter that were filled, and name the others in one sentence."""
    blank = [item for item in fields if not _is_filled(item, record.get(item.id))]
    yield from _items([item for item in fields if item not in blank], record)
    if blank:
        yield Paragraph(f"未填写：{'、'.join(item.zh for item in blank)}。", style="note")


def _is_filled(item: Field, value: Any) -> bool:
    cells = [cell for row in value or () for cell in row] if item.kind == "table" else [value]
    return any(str(cell or "").strip() for cell in cells)


def _approval(spec: PlanSpec) -> Section:
    rules = [Paragraph(f"{rule.zh}（{_CONFIDENCE[rule.confidence]}）。", style="list") for rule in spec.rules]
    signs = [Paragraph(line, style="sign") for line in ("批准人（签字）：", "（单位公章）", "年　　月　　日")]
    return Section("declaration", "批准与修订规则", 1, (*rules, Notice(spec.note), *signs))


def write_plan_docx(plan: PlanDocument) -> bytes:
    """Write the plan as docx, with the template of reports."""
    from tanheng.reporting.docx import write_sections

    return write_sections(plan.cover, plan.running_head, plan.preface, plan.sections, plan.entity)


def write_plan_pdf(plan: PlanDocument) -> bytes:
    """Write the plan as PDF; raises TanhengError as :func:`tanheng.reporting.pdf.write_pdf`."""
    from tanheng.reporting.pdf import write_pdf

    return write_pdf(plan)
