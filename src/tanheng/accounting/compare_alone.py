"""What only one of two results has: why the other has it not, from what its document says of the stream and month."""

from collections.abc import Iterable, Mapping, Sequence

from tanheng.accounting.compare_lines import Cell, Side
from tanheng.accounting.compare_words import said
from tanheng.kernel.periods import Period

__all__ = ["alone", "month_alone", "months_alone", "replaced"]


def alone(side: Side, other: Side, cell: Cell, *, instead: str = "", deducted: bool = False) -> tuple[str, str]:
    """Return kind and sentence of lines that only ``side`` has, from what the other document says of the stream.

    ``instead`` is what the other counts in their place; ``deducted`` that they take away from the total.
    """
    streams = dict.fromkeys(side.doc.data["lines"]["stream"][n] for n in (*cell.lines[0], *cell.lines[1]))
    like = _like(side, other, streams)
    reason = next((other.left_out[s] for s in like if s in other.left_out), None)
    if instead:
        own = side.label_of([*cell.lines[0], *cell.lines[1]])
        text = f"算法不同：{said(side.name)}按“{own}”计，{said(other.name)}按“{instead}”计"
        return "formula", text + (f"（{reason}）" if reason else "")
    if reason is not None:
        return "boundary", f"边界不同：{said(other.name)}不计入，理由：{reason}"
    if any(s in other.wanting for s in like):
        return "gap", f"{said(other.name)}缺少这条源流的数据，未计入"
    auxiliary = _information(side, other, streams)
    if auxiliary:
        return "boundary", auxiliary
    if other.doc.data["standard"] != side.doc.data["standard"] and deducted and like:
        source = side.doc.data["labels"]["sources"][cell.sources[0] or cell.sources[1]]
        return "boundary", f"边界不同：{said(side.name)}在“{source}”里扣除这一项，{said(other.name)}不扣除"
    if other.doc.data["standard"] != side.doc.data["standard"] and like:
        return "boundary", f"边界不同：{said(other.name)}的核算范围没有这一项"
    return "absent", f"只有{said(side.name)}有这一项"


def replaced(a: Side, b: Side, found: Iterable[Cell]) -> Mapping[tuple[str, str, int], str]:
    """Return what the other result counts instead of lines that only one has: (source, gas, side) → its name.

    Two standards may account one source by different streams of a plant (anodes by the metal made, or by their own
    mass): where they have not one in common though both know all of them, no boundary lies between the two.
    """
    if a.doc.data["standard"] == b.doc.data["standard"]:
        return {}
    groups: dict[tuple[str, str], list[Cell]] = {}
    for cell in found:
        for source in {*cell.sources} - {""}:
            groups.setdefault((source, cell.gas), []).append(cell)
    instead: dict[tuple[str, str, int], str] = {}
    for (source, gas), members in groups.items():
        lines = ([n for cell in members for n in cell.lines[0]], [n for cell in members for n in cell.lines[1]])
        apart = all(lines) and not any(all(cell.lines) for cell in members)
        if apart and _all_known(a, b, lines[0]) and _all_known(b, a, lines[1]):
            instead[source, gas, 0], instead[source, gas, 1] = b.label_of(lines[1]), a.label_of(lines[0])
    return instead


def _all_known(side: Side, other: Side, lines: Iterable[int]) -> bool:
    """Whether the other result declares every stream of some lines, or one that is physically the same."""
    streams = dict.fromkeys(side.doc.data["lines"]["stream"][n] for n in lines)
    return all(_like(side, other, (stream,)) for stream in streams)


def month_alone(side: Side, other: Side, line: int, places: Mapping[str, str]) -> tuple[str, str]:
    """Return why the other result has nothing in the month of a line: kind, and the stream it is about."""
    stream, month = (side.doc.data["lines"][name][line] for name in ("stream", "month"))
    there = _there(side, other, month, places)
    if there is None:
        return "months", ""
    return ("gap" if (stream, there) in other.wanting_months else "absent"), stream


def months_alone(side: Side, other: Side, kind: str, lines: Sequence[int], places: Mapping[str, str]) -> str:
    """Say in which months only ``side`` has anything; a gap is told by the other's own months."""
    own = list(dict.fromkeys(side.doc.data["lines"]["month"][n] for n in lines))
    if kind == "months":
        return f"{said(side.name)}多 {len(own)} 个月（{_listed(own)}），{said(other.name)}的核算期里没有"
    months = _listed([_there(side, other, month, places) or month for month in own])
    if kind == "gap":
        return f"{said(other.name)}缺 {months}的数据，未计入"
    return f"{said(other.name)}在 {months}没有这一项"


def _there(side: Side, other: Side, month: str, places: Mapping[str, str]) -> str | None:
    """Return the month of the other result that stands beside one of ``side``; ``places`` leads to the first result."""
    if month in places and places[month] in other.months:
        return places[month]
    return next((second for second, first in places.items() if first == month and second in other.months), None)


def _listed(months: Sequence[str]) -> str:
    said_in = [Period.parse(text).label_zh for text in months]
    return "、".join(said_in[:3]) + (f"等 {len(months)} 个月" if len(months) > 3 else "")


def _like(side: Side, other: Side, streams: Iterable[str]) -> list[str]:
    """The streams of the other result that are physically the same."""
    streams = set(streams)
    kinds = {side.kind_of(stream) for stream in streams}
    inside = bool(side.scope.process)
    return [
        s
        for s, entry in other.declared.items()
        if (s in streams or other.kind_of(s) in kinds) and (bool(entry["process"]) == inside or s in streams)
    ]


def _information(side: Side, other: Side, streams: Mapping[str, None]) -> str:
    """Whether the other standard takes the stream as an auxiliary item, quantity only."""
    for entry in other.doc.data.get("information", {}).values():
        for stream in streams:
            if stream in entry.get("streams", ()) or side.kind_of(stream)[1] == entry.get("role"):
                return f"边界不同：{said(other.name)}把“{entry.get('zh', '')}”作为辅助信息，只填数量，不计排放"
    return ""
