"""A result for people and for programs."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from tanheng.accounting.explain import explain
from tanheng.accounting.result import ResultDocument, sentence
from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import label

__all__ = ["public_json", "tables", "tree_json", "width"]

_PUBLIC = (
    "standard", "period", "complete", "gaps", "total", "sources", "subtotals", "processes", "months", "not_counted",
    "indicators", "warnings", "accounts", "information", "balances",
)  # fmt: skip


def public_json(doc: ResultDocument) -> dict[str, Any]:
    """Return the stable form of ``tanheng calculate --json``: keys are only ever added."""
    shown = {key: doc.data[key] for key in _PUBLIC}
    shown["streams"] = [
        {key: entry[key] for key in ("id", "source", "value", "unit", "formula", "inputs")} for entry in _once(doc)
    ]
    return shown


def _once(doc: ResultDocument) -> Iterator[Mapping[str, Any]]:
    """Yield every stream once: flows inside that stand in for the boundary are in both accounts with the same value."""
    seen: set[tuple[str, str, str]] = set()
    for entry in doc.data["streams"]:
        key = (entry["id"], entry["source"], entry["gas"])
        if key not in seen:
            seen.add(key)
            yield entry


def tree_json(doc: ResultDocument, address: str, *, depth: int = 12) -> dict[str, Any]:
    """Return what a figure opens into, down to its inputs: the form of ``tanheng explain --json``."""
    node = explain(doc, address)
    inside = {
        key: getattr(node, key)
        for key in ("address", "label", "value", "unit", "kind", "expr", "origin", "note")
        if getattr(node, key) not in (None, "")
    }
    children = [
        {"symbol": child.symbol, "sign": child.sign, **tree_json(doc, child.address, depth=depth - 1)}
        for child in node.children
        if depth
    ]
    more = {"children": children} if children else {}
    return {**inside, **more, "provenance": dict(node.provenance), "flags": list(node.flags)}


def tables(doc: ResultDocument) -> str:
    """Return totals, sources, processes, streams and what is missing as text."""
    data, names = doc.data, doc.data["labels"]
    lines = [f"{data['title']}  {data['period']}  {names['standard']['short_zh']}"]
    if names["standard"]["evidence"] == "secondary":
        lines.append("标准依据：二手来源，待核原文")
    lines.append(f"因子截至 {data['as_of']}；{'完整' if data['complete'] else '不完整'}")
    lines += _listed("缺口（未补齐前，以下合计都不完整）", data["gaps"])
    lines += ["", _row("总量" if data["complete"] else "总量（不完整，只是已知部分之和）", data["total"])]
    lines += ["", "按排放源"] + [_row(f"  {names['sources'][key]}", figure) for key, figure in data["sources"].items()]
    lines += ["", "小计"] + [_row(f"  {names['subtotals'][key]}", figure) for key, figure in data["subtotals"].items()]
    beside = {key: figure for key, figure in data["accounts"].items() if key != "enterprise"}
    lines += ["", "核算层级"] + [_row(f"  {names['accounts'][key]}", f) for key, f in beside.items()] if beside else []
    lines += ["", "按工序"] + [_row(f"  {path}", figure) for path, figure in data["processes"].items()]
    if data["months"]:
        lines += ["", "按月"] + [_row(f"  {month}", figure) for month, figure in data["months"].items()]
    lines += ["", "指标"] + [_row(f"  {names['indicators'][key]}", f, 4) for key, f in data["indicators"].items()]
    lines += ["", "按源流"] + [_row(f"  {e['id']} · {names['sources'][e['source']]}", e) for e in _once(doc)]
    items = data["information"].values()
    lines += ["", "辅助参数（只报数量，不计排放）"] + [_row(f"  {item['zh']}", item) for item in items] if items else []
    if data["balances"]:
        shown = [(f"  {f['zh']}", {"value": f["difference"], "unit": f["unit"]}) for f in data["balances"].values()]
        lines += ["", "平衡差（产出 + 净购入 − 使用）"] + [_row(*pair) for pair in shown]
    if data["not_counted"]:
        lines += ["", "不计入"] + [f"  {entry['stream']}：{entry['reason']}" for entry in data["not_counted"]]
    return "\n".join(lines + _listed("提示", data["warnings"]))


def _listed(title: str, entries: list[dict[str, Any]]) -> list[str]:
    return ["", title, *(f"  {sentence(entry)}" for entry in entries)] if entries else []


def _row(name: str, figure: Mapping[str, Any], decimals: int = 2) -> str:
    value = figure["value"]
    text = "—" if value is None else f"{round_half_up(float(value), decimals):,}"
    return f"{name}{' ' * max(1, 44 - width(name))}{text:>20} {label(figure['unit'])}"


def width(text: str) -> int:
    """Return the columns a text takes in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
