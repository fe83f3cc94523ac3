"""Two rows for one stream and month: which one is meant cannot be known, unless both say the same."""

from tanheng_web.collection.workbook.checked import Row
from tanheng_web.collection.workbook.faults import ERROR, Fault

__all__ = ["mark_duplicates"]


def mark_duplicates(rows: list[Row], faults: list[Fault]) -> None:
    """Mark rows that repeat a stream and month: all of them when they differ, the later ones when they are the same."""
    groups: dict[tuple[str, object], list[Row]] = {}
    for row in rows:
        # A row on the wrong sheet has its own fault and says nothing about the one on the right sheet.
        if (
            row.stream is not None
            and row.month is not None
            and row.sheet.spec
            and row.stream.sheet == row.sheet.spec.id
        ):
            groups.setdefault((row.stream.code, row.month), []).append(row)
    for members in groups.values():
        if len(members) > 1:
            _mark(members, faults)


def _mark(members: list[Row], faults: list[Fault]) -> None:
    first, *later = members
    differ = any(row.numbers != first.numbers for row in later)
    for row in later:
        row.is_bad = True
        faults.append(_fault(row, "row.duplicate" if differ else "row.duplicate_same", first=first.index + 1))
    if differ:
        first.is_bad = True
        others = "、".join(str(row.index + 1) for row in later[:10])
        faults.append(_fault(first, "row.duplicate_first", others=others))


def _fault(row: Row, code: str, **values: object) -> Fault:
    return Fault(ERROR, row.sheet.name, row.index, row.sheet.columns.get("code", 0), code, values)
