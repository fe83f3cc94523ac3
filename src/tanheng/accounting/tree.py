"""A figure's tree as text, for the command line and for failing tests."""

from collections.abc import Iterator

from tanheng.accounting.explain import explain
from tanheng.accounting.nodes import Node
from tanheng.accounting.origins import origin_zh
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.units import label

__all__ = ["format_tree", "source_zh"]

_FLAGS = {"gap": "缺口", "unchecked": "待核原文", "expired": "已过有效期", "converted": "已换算单位", "default": ""}


def format_tree(doc: ResultDocument, address: str, *, depth: int = 12) -> str:
    """Return a figure and everything it is made of, one line each, down to the cells.

    Raises
    ------
    NotFound
        ``address.unreadable`` or ``address.unknown``.
    """
    return "\n".join(_lines(doc, explain(doc, address), "", "", "", depth))


def _lines(doc: ResultDocument, node: Node, lead: str, branch: str, sign: str, depth: int) -> Iterator[str]:
    yield f"{lead}{branch}{sign}{_text(node)}"
    inner = lead + {"": "", "├─ ": "│  ", "└─ ": "   "}[branch]
    if node.expr and node.kind == "formula":
        yield f"{inner}{'│' if node.children and depth else ' '}  = {node.expr}"
    if not depth:
        return
    for n, child in enumerate(node.children):
        last = n == len(node.children) - 1
        below = explain(doc, child.address)
        minus = "− " if child.sign < 0 else ""
        yield from _lines(doc, below, inner, "└─ " if last else "├─ ", minus, depth - 1)


def _text(node: Node) -> str:
    value = "未知" if node.value is None else f"{node.value:.10g}"
    unit = label(node.unit)
    parts = [f"{node.label}  {value}{' ' + unit if unit else ''}"]
    if node.entered is not None:
        parts.append(f"填报 {node.entered[0]:.10g} {label(node.entered[1])}")
    if node.kind in ("input", "gap") and node.origin:
        parts.append(origin_zh(node.origin))
    where = source_zh(node.provenance) if node.kind in ("input", "gap") else ""
    if where:
        parts.append(where)
    parts += [_FLAGS[flag] for flag in node.flags if _FLAGS[flag]]
    return " · ".join(parts)


def source_zh(provenance: object) -> str:
    """Return in one phrase where a value comes from."""
    said = dict(provenance) if isinstance(provenance, dict) else {}
    match said.get("kind"):
        case "workbook":
            return f"{said.get('file')} {said.get('sheet')}!{said.get('cell')}"
        case "form":
            return f"表单 {said.get('by')} {said.get('at')}"
        case "case":
            return f"{said.get('file')}:{said.get('line')} {said.get('path')}"
        case "standard":
            return " ".join(str(said[key]) for key in ("document", "table", "row") if said.get(key))
        case "library":
            return " ".join(str(said[key]) for key in ("factor_id", "document_no", "published_on") if said.get(key))
        case "enterprise":
            return str(said.get("note") or "企业设置")
        case "table":
            return f"{said.get('document')} 第 {'、'.join(str(line) for line in said.get('lines', ()))} 行"
        case "constant":
            return str(said.get("document") or "")
        case _:
            return ""
