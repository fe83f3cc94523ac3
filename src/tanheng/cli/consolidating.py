"""``tanheng consolidate``: a group of case files under every approach, with the tables of the group's report."""

import argparse
from collections.abc import Iterator
from typing import Any

from tanheng.accounting.consolidation import Consolidated, MemberResult, consolidate
from tanheng.accounting.consolidation_holdings import APPROACHES
from tanheng.accounting.consolidation_transfers import match
from tanheng.accounting.group_case import GROUP, GroupCase, GroupMember, load_group
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.cli.printing import width
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import InputError
from tanheng.reporting.blocks import Notice, Paragraph, Section, Table
from tanheng.reporting.group_report import GroupReport, group_sections
from tanheng.rules.package import load_standard

__all__ = ["add_consolidate"]


def add_consolidate(several: "argparse._SubParsersAction[Any]") -> None:
    """Add the command to the parser."""
    one = several.add_parser(
        "consolidate",
        help="集团合并 consolidate a group",
        description="按股权比例、运营控制、财务控制三种方法合并一个集团的算例，扣除内部往来；有缺失时退出码为 1。"
        " Consolidate the case files of a group; exits 1 when something is missing.",
    )
    one.add_argument("group", metavar="GROUP.yaml", help="集团文件 group file")
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    one.set_defaults(run=consolidation)


def consolidation(options: argparse.Namespace) -> int:
    """Print what the page and the report of a group show; the exit code is 1 when the totals lack something."""
    group = load_group(options.group)
    documents = {id: _document(member, group) for id, member in group.members.items()}
    results = tuple(
        MemberResult(id, member.name, doc.data if (doc := documents[id]) else None)
        for id, member in group.members.items()
    )
    transfers = match(group.declarations, {id: member.name for id, member in group.members.items()})
    found = tuple(
        consolidate(GROUP, results, group.holdings, transfers, period=group.period, approach=approach, rule=group.rule)
        for approach in APPROACHES
    )
    accounted = {
        id: f"{group.period.label_zh} · {doc.data['labels']['standard']['short_zh']}"
        for id, doc in documents.items() if doc
    }  # fmt: skip
    report = GroupReport(group.title, found, results, group.rule, accounted)
    if options.json:
        print(dumps({each.approach: _json(each) for each in found}).decode())
    else:
        print("\n".join(line for section in group_sections(report) for line in _text(section)).strip())
    return int(bool(report.missing))


def _document(member: GroupMember, group: GroupCase) -> ResultDocument | None:
    case = member.case
    if case is None:
        return None
    standard = member.standard or next(iter(case.standards), "")
    if not standard:
        raise InputError("case.no_standard", file=case.document.file)
    return run(load_standard(standard), case.stream_set, period=group.period, as_of=case.as_of, title=case.title)


def _json(found: Consolidated) -> dict[str, Any]:
    return {
        "total": found.total, "direct": found.direct, "indirect": found.indirect, "eliminated": found.eliminated,
        "complete": found.complete, "missing": list(found.missing), "sources": dict(found.sources),
        "members": [
            {
                "member": line.member, "name": line.name, "included": line.position.is_included,
                "share": None if line.position.share is None else float(line.position.share),
                "weight": None if line.position.weight is None else float(line.position.weight),
                "reason": line.position.sentence, "own": line.own, "part": line.part,
            }
            for line in found.members
        ],
        "transfers": [
            {
                "supplier": each.transfer.supplier, "receiver": each.transfer.receiver,
                "material": each.transfer.material, "value": each.value, "text": each.transfer.sentence,
            }
            for each in found.eliminations
        ],
    }  # fmt: skip


def _text(section: Section) -> Iterator[str]:
    yield from ("", section.title)
    for block in section.blocks:
        if isinstance(block, Paragraph | Notice):
            yield f"  {block.text}"
        elif isinstance(block, Table):
            yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    rows = [[column.title for column in table.columns], *([cell.text for cell in row.cells] for row in table.rows)]
    wide = [max(width(row[n]) for row in rows) for n in range(len(table.columns))]
    if table.title:
        yield from ("", f"  {table.title}")
    for row in rows:
        cells = [
            " " * (room - width(text)) + text if column.align == "right" else text + " " * (room - width(text))
            for text, room, column in zip(row, wide, table.columns, strict=True)
        ]
        yield ("  " + "  ".join(cells)).rstrip()
    yield from (f"  {note}" for note in table.notes)
