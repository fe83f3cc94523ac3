"""Two results side by side: what differs, by source and stream, and why, in parts that add up to the difference."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import fsum

from tanheng.accounting import compare_words as words
from tanheng.accounting.compare_alone import replaced
from tanheng.accounting.compare_lines import Cell, Key, Side, aligned, cells, pairs
from tanheng.accounting.compare_model import Change, Comparison, Part, Scope, SourceDifference, StreamDifference
from tanheng.accounting.compare_parts import cell_parts, exact_sum_of
from tanheng.accounting.processes import OTHER
from tanheng.accounting.result import ResultDocument
from tanheng.rules.exact import exact

__all__ = ["Change", "Comparison", "Part", "Scope", "SourceDifference", "StreamDifference", "compare"]

_ENTERPRISE = Scope()
_LEFT_OF_SHARES = "工序分摊：按企业设定的比例分给子工序的部分，不在逐条源流中"
_LEFT_OF_OTHER = "“其他”是企业总量减去各工序之后的差额，没有自己的源流；它由哪些物料构成，见工序分析里的展开"


def compare(
    before: ResultDocument,
    after: ResultDocument,
    *,
    before_scope: Scope = _ENTERPRISE,
    after_scope: Scope = _ENTERPRISE,
    names: tuple[str, str] | None = None,
) -> Comparison:
    """Compare two results of two standards, periods, plants or processes.

    Parameters
    ----------
    before, after
        The two result documents; differences are ``after`` − ``before`` [tCO2e].
    before_scope, after_scope
        A process path to compare instead of the enterprise.
    names
        What sentences call the two; default: by what differs (standard, period, plant, process).

    Returns
    -------
    Comparison
        What only one of them has is unknown in the other, not zero. The parts of all differences and of ``rest`` add
        up to the difference of the totals, taken as the decimals that are printed, exactly.

    Raises
    ------
    NotFound
        ``compare.process_unknown`` when a result has no such process.
    """
    a, b = Side(before, before_scope, ""), Side(after, after_scope, "")
    named = names or words.names_of(a, b)
    called = names or words.short_names(a, b, named)
    a, b = Side(before, before_scope, called[0]), Side(after, after_scope, called[1])
    total = Change("total", _total_label(a, b), a.total, b.total, "tCO2e")
    differences = tuple(_sources(a, b))
    old, new = before.data, after.data
    sources = {**old["labels"]["sources"], **new["labels"]["sources"]}
    subtotals = {**old["labels"]["subtotals"], **new["labels"]["subtotals"]}
    return Comparison(
        total=total,
        sources=_changes(before, after, "sources", "source", sources),
        processes=_changes(before, after, "processes", "process", {}),
        indicators=tuple(_indicators(before, after)),
        same_standard=old["standard"] == new["standard"],
        names=named,
        differences=differences,
        rest=tuple(_rest(a, b, total, differences)),
        subtotals=_changes(before, after, "subtotals", "subtotal", subtotals),
    )


def _total_label(a: Side, b: Side) -> str:
    if not (a.scope.process or b.scope.process):
        return "温室气体排放总量"
    paths = dict.fromkeys(side.scope.process or "企业" for side in (a, b))
    return "、".join(paths)


def _changes(
    before: ResultDocument, after: ResultDocument, group: str, kind: str, names: Mapping[str, str]
) -> tuple[Change, ...]:
    old, new = before.data[group], after.data[group]
    found = []
    for key in dict.fromkeys([*new, *old]):
        unit = (new.get(key) or old[key])["unit"]
        values = [figures[key]["value"] if key in figures else None for figures in (old, new)]
        found.append(Change(f"{kind}:{key}", names.get(key, key), values[0], values[1], unit))
    return tuple(found)


def _indicators(before: ResultDocument, after: ResultDocument) -> Iterator[Change]:
    """Yield the indicators of both; one of the same name per another product (steel, aluminium) is another one."""
    old, new = before.data["indicators"], after.data["indicators"]
    for name in dict.fromkeys([*new, *old]):
        both = name in old and name in new
        if both and (old[name]["unit"] != new[name]["unit"] or _products(before, name) != _products(after, name)):
            sides: tuple[tuple[bool, bool], ...] = ((True, False), (False, True))
        else:
            sides = ((name in old, name in new),)
        for in_old, in_new in sides:
            doc = after if in_new else before
            label, unit = doc.data["labels"]["indicators"][name], doc.data["indicators"][name]["unit"]
            values = (old[name]["value"] if in_old else None, new[name]["value"] if in_new else None)
            yield Change(f"indicator:{name}", label, values[0], values[1], unit)


def _products(doc: ResultDocument, name: str) -> frozenset[str]:
    """The materials that an indicator is per."""
    materials = {entry["id"]: entry["material"] for entry in doc.data["declared"]}
    return frozenset(materials[stream] for stream in doc.data["denominators"][name]["stream"])


@dataclass
class _Row:
    """What is gathered for one stream in one source."""

    lines: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    parts: list[Part] = field(default_factory=list)


def _sources(a: Side, b: Side) -> Iterator[SourceDifference]:
    rows: dict[str, dict[Key, _Row]] = {}
    places = aligned(a, b)
    found = cells(a, b)
    instead = replaced(a, b, found)
    for cell in found:
        for source, lines, parts in _placed(a, b, cell, places, instead):
            row = rows.setdefault(source, {}).setdefault(cell.key, _Row())
            for kept, more in zip(row.lines, lines, strict=True):
                kept += more
            row.parts += parts
    order = dict.fromkeys([*a.doc.data["sources"], *b.doc.data["sources"]])
    names = {**a.doc.data["labels"]["sources"], **b.doc.data["labels"]["sources"]}
    for source in (source for source in order if source in rows):
        streams = [_difference(a, b, source, key, row) for key, row in rows[source].items()]
        streams.sort(key=lambda stream: (-abs(stream.exact), stream.label))
        values = [side.source(source) for side in (a, b)]
        yield SourceDifference(source, names[source], values[0], values[1], tuple(streams))


def _placed(
    a: Side, b: Side, cell: Cell, places: Mapping[str, str], instead: Mapping[tuple[str, str, int], str]
) -> Iterator[tuple[str, tuple[list[int], list[int]], list[Part]]]:
    """Yield source, lines and parts of a cell: one row, or two where the carbon has changed its place."""
    one, two = cell.sources
    other = instead.get((one or two, cell.gas, 0 if one else 1), "")
    parts = cell_parts(a, b, cell, pairs(a, b, cell, places) if one and two else None, places, other)
    if one == two or not (one and two):
        yield one or two, cell.lines, parts
        return
    moved = exact_sum_of(a, cell.lines[0])
    text = words.place(a, b, cell)
    yield one, (cell.lines[0], []), [Part("place", -moved, text)]
    yield two, ([], cell.lines[1]), [Part("place", moved, text), *parts]


def _difference(a: Side, b: Side, source: str, key: Key, row: _Row) -> StreamDifference:
    values = [side.sum_of(lines) if lines else None for side, lines in zip((a, b), row.lines, strict=True)]
    addresses = tuple(side.address(source, lines) for side, lines in zip((a, b), row.lines, strict=True))
    label = a.label_of(row.lines[0]) if row.lines[0] else b.label_of(row.lines[1])
    parts = tuple(part for part in _joined(row.parts) if part.exact)
    return StreamDifference("/".join(key), label, values[0], values[1], parts, (addresses[0], addresses[1]))


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Add up parts of the same reason; the gases of one stream may share it."""
    sums: dict[tuple[str, str, str], list[Fraction]] = {}
    for part in parts:
        sums.setdefault((part.kind, part.symbol, part.text), []).append(part.exact)
    for (kind, symbol, text), shares in sums.items():
        yield Part(kind, sum(shares, Fraction(0)), text, symbol)


def _rest(a: Side, b: Side, total: Change, differences: tuple[SourceDifference, ...]) -> Iterator[Part]:
    """What the totals have beyond their streams: shares of a process that its lines do not hold, and summing."""
    if total.before is None or total.after is None:
        return
    explained = sum((each.exact for each in differences), Fraction(0))
    left = exact(total.after) - exact(total.before) - explained
    if not left:
        return
    size = fsum(abs(value) for value in (total.before, total.after))
    if abs(float(left)) <= 1e-9 * max(1.0, size):
        yield Part("rounding", left, "合计时的舍入")
    else:
        yield Part("mix", left, _LEFT_OF_OTHER if OTHER in (a.scope.process, b.scope.process) else _LEFT_OF_SHARES)
