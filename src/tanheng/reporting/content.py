"""The whole of a report as a frozen tree, made from a result document; no file format is known here."""

from collections.abc import Iterator
from dataclasses import dataclass

from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import StandardError
from tanheng.kernel.periods import Period
from tanheng.kernel.units import label
from tanheng.reporting.annexes import annex_sections
from tanheng.reporting.attached import attached_tables
from tanheng.reporting.blocks import Block, Notice, Paragraph, Section, Table
from tanheng.reporting.chapters import basic_chapter, emissions_chapter
from tanheng.reporting.entity import Entity
from tanheng.reporting.figures import Fig
from tanheng.reporting.inputs import activity_chapter, factors_chapter
from tanheng.reporting.reading import Reading
from tanheng.reporting.records import record_sections
from tanheng.reporting.spec import ReportSpec, report_spec
from tanheng.rules.package import Standard

__all__ = ["Cover", "Entity", "ReportContent"]

DEMO = "演示数据"
SECONDARY = "二手来源，待核原文"
INCOMPLETE = "结果不完整"
NUMBERS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Cover:
    """What the first page says. ``states`` are the sentences that must not be overlooked."""

    title: str
    entity: str
    period: str
    basis: str
    facts: tuple[tuple[str, str], ...]
    states: tuple[str, ...]

    @property
    def notices(self) -> tuple[Notice, ...]:
        """The states as blocks."""
        return tuple(Notice(state) for state in self.states)


@dataclass(frozen=True)
class ReportContent:
    """A report: cover, preface, chapters, declaration, the standard's attached tables, our annexes.

    ``records`` are the monthly record sheets, which only a spreadsheet has room for. ``reading`` keeps the result with
    its lines for the sheets that list everything; ``figures()`` yields every number with its address.
    """

    cover: Cover
    running_head: str
    preface: str
    chapters: tuple[Section, ...]
    declaration: Section
    attached: tuple[Section, ...]
    annexes: tuple[Section, ...]
    unit: str
    entity: Entity
    reading: Reading
    records: tuple[Section, ...] = ()

    @classmethod
    def build(
        cls, result: ResultDocument, standard: Standard, entity: Entity, previous: ResultDocument | None = None
    ) -> "ReportContent":
        """Build the report of a result under its standard.

        Parameters
        ----------
        result
            The result document; ``previous`` is that of the same months a year before, for comparison.
        standard
            The standard the result was computed with; its ``report.yaml`` says chapters, tables and wording.
        entity
            Who reports.

        Raises
        ------
        StandardError
            ``report.none``, ``report.spec``; ``report.other_standard`` when the result is of another standard.
        """
        spec = report_spec(standard)
        if result.data["standard"] != standard.id:
            raise StandardError("report.other_standard", found=result.data["standard"], standard=standard.id)
        reading = Reading(result, standard, previous)
        period = Period.parse(result.data["period"]).label_zh
        marks = [DEMO] if entity.is_demo else []
        return cls(
            cover=_cover(reading, spec, entity, period),
            running_head="　".join([f"{entity.name}　{period}{spec.title}", *marks]),
            preface=spec.preface.format(document=standard.document, standard=standard.zh, period=period),
            chapters=_chapters(reading, spec, entity),
            declaration=_declaration(spec),
            attached=_attached(reading, spec),
            annexes=annex_sections(reading, spec),
            unit=label(spec.gas_unit),
            entity=entity,
            reading=reading,
            records=record_sections(reading, spec.record_sheets),
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        """Every part in reading order."""
        return (*self.chapters, self.declaration, *self.attached, *self.annexes)

    def figures(self) -> Iterator[Fig]:
        """Yield every figure of the report."""
        for section in self.sections:
            yield from section.figures()

    def tables(self) -> Iterator[Table]:
        """Yield every table of the report."""
        for section in self.sections:
            for part in section.walk():
                yield from (block for block in part.blocks if isinstance(block, Table))


def _cover(reading: Reading, spec: ReportSpec, entity: Entity, period: str) -> Cover:
    standard, data = reading.standard, reading.data
    states = [DEMO + "：不是真实企业的排放，不得用于申报。"] if entity.is_demo else []
    if not data["complete"]:
        states.append(f"{INCOMPLETE}：有 {len(data['gaps'])} 处缺口，总量只含已知部分。")
    if standard.status != "verified":
        states.append(SECONDARY + "：公式、缺省值和表式未与标准原文核对。")
    facts = (
        ("报告主体", entity.name),
        ("统一社会信用代码", entity.uscc or "（未填写）"),
        ("报告年度", period),
        ("核算依据", standard.document),
        ("排放因子截止日", data["as_of"]),
        ("编制日期", "　　　　年　　月　　日"),
        ("结果指纹", reading.result.digest[:16]),
    )
    return Cover(
        f"{period}{spec.title}", entity.name, period, f"{standard.document}　{standard.zh}", facts, tuple(states)
    )


def _chapters(reading: Reading, spec: ReportSpec, entity: Entity) -> tuple[Section, ...]:
    parts = {
        "basic": basic_chapter(reading, spec, entity),
        "emissions": emissions_chapter(reading, spec, entity),
        "activity": activity_chapter(reading, spec),
        "factors": factors_chapter(reading, spec),
    }
    return tuple(
        Section(chapter.id, f"{NUMBERS[n]}、{chapter.zh}", 1, (), _numbered(n + 1, parts[chapter.id]))
        for n, chapter in enumerate(spec.chapters)
    )


def _numbered(chapter: int, sections: tuple[Section, ...]) -> tuple[Section, ...]:
    return tuple(
        Section(section.id, f"{chapter}.{n} {section.title}", section.level, section.blocks, section.sections)
        for n, section in enumerate(sections, 1)
    )


def _declaration(spec: ReportSpec) -> Section:
    declaration = spec.declaration
    blocks: list[Block] = [
        Paragraph(declaration.text, style="declare"),
        *(Paragraph(line, style="sign") for line in declaration.sign),
    ]
    if declaration.note and not declaration.checked:
        blocks.append(Paragraph(declaration.note, style="note"))
    return Section("declaration", "真实性声明", 1, tuple(blocks))


def _attached(reading: Reading, spec: ReportSpec) -> tuple[Section, ...]:
    made = attached_tables(reading, spec.attached)
    return tuple(Section(table.id, table.zh, 1, blocks) for table, blocks in zip(spec.attached, made, strict=True))
