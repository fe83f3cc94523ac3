"""Open a figure of a result document: what it is made of, down to the cells; recompute it from there."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from tanheng.accounting.address import Selection, months_of, select, split_address, with_filter
from tanheng.accounting.figures import add
from tanheng.accounting.leaves import denominator_node, input_node, line_node
from tanheng.accounting.nodes import Child, Node
from tanheng.accounting.processes import OTHER, UNALLOCATED
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import NotFound
from tanheng.kernel.periods import Period
from tanheng.kernel.rounding import exact_sum, round_half_up
from tanheng.kernel.units import convert
from tanheng.rules.exact import evaluate_exact, exact, round_exact
from tanheng.rules.expression import parse

__all__ = ["addresses", "explain", "recompute"]


def addresses(doc: ResultDocument) -> Iterator[str]:
    """Yield the address of every top-level figure of a result."""
    data = doc.data
    yield "total"
    yield from (f"source:{name}" for name in data["sources"])
    yield from (f"subtotal:{name}" for name in data["subtotals"])
    yield from (f"gas:{name}" for name in data["gases"])
    for month in data["months"]:
        yield f"month:{month}"
        yield from (f"source:{source}+month:{month}" for source in data["month_sources"][month])
    yield from (f"process:{path}" for path in data["processes"])
    yield from (f"account:{name}" for name in data.get("accounts", {}))
    yield from (f"indicator:{name}" for name in data["indicators"])
    yield from dict.fromkeys(f"stream:{name}" for name in data["lines"]["stream"])


def explain(doc: ResultDocument, address: str) -> Node:
    """Open the figure at an address.

    Raises
    ------
    NotFound
        ``address.unreadable`` or ``address.unknown``.
    """
    head = address.partition(":")[0]
    if head == "line":
        return line_node(doc, address)
    if head == "input":
        return input_node(doc, address)
    if head == "denominator":
        return denominator_node(doc, address)
    if head == "indicator":
        return _ratio(doc, address)
    if head == "numerator":
        return _numerator_node(doc, address)
    if head in ("share", "shareof"):
        return _share(doc, address) if head == "share" else _share_input(doc, address)
    return _sum(doc, select(doc, address))


def recompute(doc: ResultDocument, address: str) -> float:
    """Compute a figure anew from its leaves alone; NaN where a leaf that it cannot do without is unknown.

    Raises
    ------
    NotFound
        As :func:`explain`.
    """
    node = explain(doc, address)
    if node.children:
        result = _combine(node, {child.address: recompute(doc, child.address) for child in node.children})
    else:
        result = _leaf(node)
    if node.decimals is not None and result == result:
        return float(round_half_up(result, node.decimals))
    return result


def _leaf(node: Node) -> float:
    if node.kind in ("sum", "balance") and node.value is not None:
        return 0.0
    if node.value is None:
        return float("nan")
    return node.value if node.entered is None else convert(node.entered[0], node.entered[1], node.unit)


def _combine(node: Node, values: dict[str, float]) -> float:
    parts = [(child, values[child.address]) for child in node.children]
    unknown = any(value != value for _, value in parts)
    if node.kind == "sum":
        known = [child.sign * value for child, value in parts if value == value]
        return exact_sum(known) if known else float("nan")
    if unknown or node.kind == "gap":  # an indicator over nothing produced
        return float("nan")
    if node.kind == "balance":
        return exact_sum(child.sign * value for child, value in parts)
    if node.kind == "ratio":
        return parts[0][1] / parts[1][1]
    exact_values: dict[str, Fraction] = {child.symbol: exact(value) for child, value in parts}
    result = evaluate_exact(parse(node.expr or ""), exact_values)
    return float(result) if node.decimals is None else round_exact(result, node.decimals)


def _sum(doc: ResultDocument, chosen: Selection) -> Node:
    children = tuple(_children(doc, chosen))
    flags = ("gap",) if _has_gap(doc, chosen) else ()
    return Node(
        chosen.address, _label(doc, chosen), _value(doc, chosen), "tCO2e", "sum", children=children, flags=flags
    )


def _brief(doc: ResultDocument, address: str, sign: int, symbol: str) -> Child:
    """Return a sum as a child: its value, not yet what it is made of."""
    chosen = select(doc, address)
    return Child(symbol, sign, address, _label(doc, chosen), _value(doc, chosen), "tCO2e")


def _line_children(doc: ResultDocument, chosen: Selection) -> Iterator[Child]:
    lines, names = doc.data["lines"], doc.data["labels"]["streams"]
    for n in chosen.lines:
        label = f"{names[lines['stream'][n]]}，{Period.parse(lines['month'][n]).label_zh}"
        yield Child(f"line:{n}", 1, f"line:{n}", label, lines["value"][n], "tCO2e")


def _value(doc: ResultDocument, chosen: Selection) -> float | None:
    path, rest = chosen.filters.get("process", ""), chosen.without("process")
    if path == OTHER or path.endswith(f"/{UNALLOCATED}"):
        return _difference(tuple(_process_children(doc, chosen)))
    if not chosen.lines and not _is_shared(doc, path) and _is_unknown(doc, chosen):
        return None
    values, rounding = doc.data["lines"]["value"], doc.data["rounding"]
    shared = [_share(doc, _share_address(f"{path}", rest)).value] if _is_shared(doc, path) else []
    decimals = rounding["decimals"] if rounding["level"] == "line" and not shared else None
    return add([*(values[n] for n in chosen.lines), *shared], decimals)


def _is_unknown(doc: ResultDocument, chosen: Selection) -> bool:
    """Whether there is no line because a stream that would give one is missing: unknown, not zero."""
    data, filters = doc.data, chosen.filters
    months = months_of(filters.get("month", ""))
    if len(months) > 1:
        return all(_is_unknown(doc, replace(chosen, filters={**filters, "month": month})) for month in months)
    match sorted(filters):
        case []:
            return data["total"]["value"] is None
        case ["month", "source"]:
            months = data["month_sources"].get(filters["month"], {})
            return months.get(filters["source"], 0.0) is None
        case [name] if f"{name}s" in data and isinstance(data[f"{name}s"], dict):
            return data[f"{name}s"].get(filters[name], {"value": 0.0})["value"] is None
        case _:
            return not data["complete"] and any(gap["stream"] == filters.get("stream") for gap in data["gaps"])


def _is_shared(doc: ResultDocument, path: str) -> bool:
    base, _, name = path.rpartition("/")
    return name in doc.data["shares"].get(base, {})


def _difference(children: tuple[Child, ...]) -> float | None:
    known = [child.sign * child.value for child in children if child.value is not None]
    return exact_sum(known) if known else None


def _has_gap(doc: ResultDocument, chosen: Selection) -> bool:
    return any(doc.data["lines"]["value"][n] is None for n in chosen.lines) or _value(doc, chosen) is None


def _children(doc: ResultDocument, chosen: Selection) -> Iterator[Child]:
    filters = chosen.filters
    if "process" in filters:
        yield from _process_children(doc, chosen)
    elif "subtotal" in filters and "source" not in filters:
        yield from _open(doc, chosen, "source", _present(doc, chosen, "source"), drop=("subtotal",))
    elif "source" not in filters and "stream" not in filters and "own" not in filters:
        yield from _open(doc, chosen, "source", _present(doc, chosen, "source"))
    elif "stream" not in filters and len(_present(doc, chosen, "stream")) > 1:
        yield from _open(doc, chosen, "stream", _present(doc, chosen, "stream"))
    elif "source" not in filters and len(_present(doc, chosen, "source")) > 1:
        yield from _open(doc, chosen, "source", _present(doc, chosen, "source"))
    else:
        yield from _line_children(doc, chosen)


def _open(
    doc: ResultDocument, chosen: Selection, name: str, values: list[str], drop: tuple[str, ...] = ()
) -> Iterator[Child]:
    for value in values:
        yield _brief(doc, with_filter(chosen.without(*drop), **{name: value}), 1, value)


def _present(doc: ResultDocument, chosen: Selection, column: str) -> list[str]:
    return list(dict.fromkeys(doc.data["lines"][column][n] for n in chosen.lines))


def _process_children(doc: ResultDocument, chosen: Selection) -> Iterator[Child]:
    path, rest = chosen.filters["process"], chosen.without("process")
    if path == OTHER:
        yield _brief(doc, with_filter(rest), 1, "total")
        for name in doc.data["processes"]:
            if "/" not in name and name != OTHER:
                yield _brief(doc, with_filter(rest, process=name), -1, name)
    elif path.endswith(f"/{UNALLOCATED}"):
        base = path.removesuffix(f"/{UNALLOCATED}")
        yield _brief(doc, with_filter(rest, own=base), 1, "own")
        for name in doc.data["shares"].get(base, {}):
            yield _child(_share(doc, _share_address(f"{base}/{name}", rest)), -1, name)
    else:
        yield from _part_children(doc, chosen, path, rest)


def _part_children(doc: ResultDocument, chosen: Selection, path: str, rest: dict[str, str]) -> Iterator[Child]:
    below = [name for name in doc.data["processes"] if name.rpartition("/")[0] == path]
    if below:
        for name in below:
            yield _brief(doc, with_filter(rest, process=name), 1, name)
        return
    if _is_shared(doc, path):
        yield _child(_share(doc, _share_address(path, rest)), 1, "share")
    streams = _present(doc, chosen, "stream")
    if len(streams) > 1:
        yield from _open(doc, chosen, "stream", streams)
    else:
        yield from _line_children(doc, chosen)


def _share_address(path: str, rest: dict[str, str]) -> str:
    return "+".join([f"share:{path}", *([with_filter(rest)] if rest else [])])


def _share(doc: ResultDocument, address: str) -> Node:
    """A sub-process without meters takes its share of what the process has for itself."""
    first, rest = _head(address)
    path = first.removeprefix("share:")
    if not _is_shared(doc, path):
        raise NotFound("address.unknown", address=address)
    base = path.rpartition("/")[0]
    filters = dict(select(doc, rest).filters) if rest else {}
    whole = _brief(doc, with_filter(filters, own=base), 1, "unmetered")
    share = _share_input(doc, f"shareof:{path}")
    value = None if whole.value is None or share.value is None else whole.value * share.value
    children = (whole, _child(share, 1, "share"))
    return Node(address, f"{path} 分摊", value, "tCO2e", "formula", expr="unmetered * share", children=children)


def _head(address: str) -> tuple[str, str]:
    """Return the first part of an address and the filters behind it."""
    first, *rest = split_address(address)
    return first, "+".join(rest)


def _share_input(doc: ResultDocument, address: str) -> Node:
    path = address.removeprefix("shareof:")
    base, _, name = path.rpartition("/")
    if name not in doc.data["shares"].get(base, {}):
        raise NotFound("address.unknown", address=address)
    said = {"kind": "enterprise", "note": "企业设置的分配比例"}
    return Node(
        address,
        f"{path} 分配比例",
        doc.data["shares"][base][name],
        "1",
        "input",
        origin="enterprise_default",
        provenance=said,
    )


def _ratio(doc: ResultDocument, address: str) -> Node:
    first, rest = _head(address)
    name = first.removeprefix("indicator:")
    if name not in doc.data["indicators"]:
        raise NotFound("address.unknown", address=address)
    indicator = doc.data["indicators"][name]
    filters = dict(select(doc, rest).filters) if rest else {}
    above = _above(doc, name, filters, rest)
    below = denominator_node(doc, f"denominator:{name}" + (f"+{rest}" if rest else ""))
    made = below.value if below.value is not None and below.value > 0 else None
    value = above.value / made if above.value is not None and made is not None else None
    children = (above, _child(below, 1, "denominator"))
    label = doc.data["labels"]["indicators"][name] + (f"，{_label(doc, select(doc, rest))}" if rest else "")
    flags = () if value is not None else ("gap",)
    kind = "ratio" if value is not None else "gap"
    return Node(
        address, label, value, indicator["unit"], kind, expr="numerator / denominator", children=children, flags=flags
    )


def _above(doc: ResultDocument, name: str, filters: dict[str, str], rest: str) -> Child:
    """Return what an indicator divides: the total, one figure, or some processes together."""
    given = doc.data["indicators"][name]["numerator"]
    if isinstance(given, dict):
        return _child(_numerator_node(doc, f"numerator:{name}" + (f"+{rest}" if rest else "")), 1, "numerator")
    groups = {"source": "sources", "subtotal": "subtotals", "account": "accounts"}
    kind = next((kind for kind, group in groups.items() if given in doc.data.get(group, {})), None)
    return _brief(doc, with_filter(filters if kind is None else {**filters, kind: given}), 1, "numerator")


def _numerator_node(doc: ResultDocument, address: str) -> Node:
    """Open the processes that an indicator adds up: ``numerator:key_intensity+month:2025-01``."""
    first, rest = _head(address)
    name = first.removeprefix("numerator:")
    given = doc.data["indicators"].get(name, {}).get("numerator")
    if not isinstance(given, dict):
        raise NotFound("address.unknown", address=address)
    filters = dict(select(doc, rest).filters) if rest else {}
    children = tuple(_brief(doc, with_filter({**filters, "process": p}), 1, p) for p in given["processes"])
    value = _difference(children)
    label = f"{doc.data['labels']['indicators'][name]}的分子"
    flags = () if value is not None else ("gap",)
    return Node(address, label, value, "tCO2e", "sum", children=children, flags=flags)


def _child(node: Node, sign: int, symbol: str = "") -> Child:
    return Child(symbol or node.address, sign, node.address, node.label, node.value, node.unit)


def _label(doc: ResultDocument, chosen: Selection) -> str:
    """Name a selection in Chinese: ``化石燃料燃烧排放，2025 年 1 月``."""
    names = doc.data["labels"]

    def say(name: str, value: str) -> str:
        match name:
            case "source" | "subtotal" | "stream" | "material" | "account":
                return str(names[f"{name}s"][value])
            case "month":
                return Period.parse(value).label_zh
            case "own":
                return f"{value}（未分到子工序）"
            case _:
                return value

    return "，".join(say(name, value) for name, value in chosen.filters.items()) or "温室气体排放总量"
