"""A corrected edition of a report: what it corrects, why, and the difference to the original, source by source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tanheng.accounting.result import ResultDocument
from tanheng.reporting.blocks import Block, Cell, Column, Notice, Paragraph, Row, Section, Table
from tanheng.reporting.content import ReportContent
from tanheng.reporting.reading import Reading

__all__ = ["Corrected", "restated"]

CHAPTER = "emissions"
COLUMNS = (Column("项目", 2.0), *(Column(title, 1.1, "right") for title in ("原报告", "更正后", "差异")))


@dataclass(frozen=True, slots=True)
class Corrected:
    """The edition that is corrected: its number, day of publication, file digest and result; and the reason."""

    number: int
    published_on: str
    sha256: str
    reason: str
    result: ResultDocument


def restated(content: ReportContent, original: Corrected) -> ReportContent:
    """Return a report as the corrected edition of another.

    The cover names the edition it corrects; the chapter on emissions ends with reason and difference table. Own
    templates print chapters whole, so that the table stands in every format.
    """
    state = f"第 {original.number + 1} 版（更正版）：更正 {original.published_on} 发布的第 {original.number} 版。"
    state += f"更正原因：{original.reason}"
    section = Section("restatement", "更正说明", 2, tuple(_blocks(content, original)))
    chapters = tuple(
        replace(chapter, sections=(*chapter.sections, _numbered(chapter, section)))
        if chapter.id == CHAPTER
        else chapter
        for chapter in content.chapters
    )
    return replace(content, cover=replace(content.cover, states=(state, *content.cover.states)), chapters=chapters)


def _numbered(chapter: Section, section: Section) -> Section:
    """Number the section as its neighbours are."""
    last = chapter.sections[-1].title.split(" ")[0] if chapter.sections else ""
    number, dot, place = last.partition(".")
    title = f"{number}.{int(place) + 1} {section.title}" if dot and place.isdecimal() else section.title
    return replace(section, title=title)


def _blocks(content: ReportContent, original: Corrected) -> Iterator[Block]:
    yield Notice(f"本报告更正 {original.published_on} 发布的第 {original.number} 版，原版保留，不再作为依据。")
    yield Paragraph(f"更正原因：{original.reason}")
    yield Paragraph(
        f"原报告文件 SHA-256：{original.sha256}；原结果指纹：{original.result.digest[:16]}，"
        f"更正后结果指纹：{content.reading.result.digest[:16]}。",
        style="note",
    )
    rows = tuple(_rows(content.reading, original.result.data))
    yield Table("restatement", f"更正前后对照（{content.unit}）", COLUMNS, rows)


def _rows(reading: Reading, old: Mapping[str, Any]) -> Iterator[Row]:
    new = reading.data
    for name in dict.fromkeys((*new["sources"], *old["sources"])):
        before, after = (data["sources"].get(name, {"value": 0.0})["value"] for data in (old, new))
        if before == after == 0.0:
            continue
        label = new["labels"]["sources"].get(name) or old["labels"]["sources"].get(name, name)
        yield _row(reading, label, before, after, f"source:{name}" if name in new["sources"] else "")
    yield replace(_row(reading, "排放总量", old["total"]["value"], new["total"]["value"], "total"), kind="total")
    for month in dict.fromkeys((*old["months"], *new["months"])):
        before, after = (data["months"].get(month, {"value": None})["value"] for data in (old, new))
        if before != after:
            yield _row(reading, month, before, after, f"month:{month}" if month in new["months"] else "")


def _row(reading: Reading, label: str, before: float | None, after: float | None, address: str) -> Row:
    change = None if before is None or after is None else after - before
    corrected = Cell.of(reading.at(address)) if address else Cell(reading.number(after))
    return Row((Cell(label), Cell(reading.number(before)), corrected, Cell(reading.number(change))))
