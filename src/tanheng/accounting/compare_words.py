"""The reasons of a difference in Chinese sentences, with the values and documents that stand in the two results."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from tanheng.accounting.compare_lines import Cell, Side, amount_symbol
from tanheng.kernel.periods import Period
from tanheng.kernel.quantities import glossary
from tanheng.kernel.units import convert, label
from tanheng.rules.expression import Binary, Call, Compare, Name, Negative, Node, Number, Power, parse
from tanheng.rules.printing_text import plain_text

__all__ = [
    "Shown",
    "activity",
    "factor_text",
    "formula",
    "gwp",
    "looks_same",
    "mixed",
    "names_of",
    "parameter",
    "place",
    "said",
    "short_names",
]

_ORIGINS = {
    "measured": "实测",
    "contracted": "合同约定",
    "derived": "由实测值推算",
    "enterprise_default": "企业缺省",
    "standard_default": "缺省值",
    "library": "因子库",
    "constant": "常数",
}
_INNER = re.compile(r"[A-Z]+(-[A-Z0-9]+)+$")  # names of our own transcriptions, which no reader knows
_BASES = {"net_consumption": "净消耗量", "output": "产量", "minus_output": "外供量（负）", "quantity": "填报量"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A value of one result as a sentence says it, with where it comes from."""

    value: float | None
    unit: str
    origin: str
    averaged: bool = False

    def __str__(self) -> str:
        if self.value is None:
            return "未知"
        digits = number(self.value) if self.unit == "1" else f"{number(self.value)} {label(self.unit)}"
        about = "，".join(part for part in ("加权平均" if self.averaged else "", self.origin) if part)
        return f"{digits}（{about}）" if about else digits


def number(value: float) -> str:
    """Write a number with at most seven significant digits and a true minus sign."""
    text = f"{value:,.7g}" if abs(value) < 1e7 else f"{value:,.0f}"
    return text.replace("-", "−")


def said(name: str) -> str:
    """A name before a verb: a Latin one is set off by a space."""
    return f"{name} " if name[-1:].isascii() else name


def names_of(a: Side, b: Side) -> tuple[str, str]:
    """What sentences call the two results: by what differs between them."""
    one, two = a.doc.data, b.doc.data
    parts: list[tuple[str, str]] = []
    if one["site"]["name"] != two["site"]["name"]:
        parts.append((one["site"]["name"], two["site"]["name"]))
    if a.scope.process != b.scope.process:
        parts.append((a.scope.process or "企业", b.scope.process or "企业"))
    if one["period"] != two["period"]:
        parts.append((Period.parse(one["period"]).label_zh, Period.parse(two["period"]).label_zh))
    if one["standard"] != two["standard"]:
        parts.append(_apart(one["labels"]["standard"]["short_zh"], two["labels"]["standard"]["short_zh"]))
    if not parts or any(not name for pair in parts for name in pair):
        return ("甲", "乙") if not parts else ("甲" + parts[-1][0], "乙" + parts[-1][1])
    return " ".join(pair[0] for pair in parts), " ".join(pair[1] for pair in parts)


def short_names(a: Side, b: Side, names: tuple[str, str]) -> tuple[str, str]:
    """What a sentence calls two plants or two processes: by that alone, the head of the page says the rest."""
    sites = (a.doc.data["site"]["name"], b.doc.data["site"]["name"])
    if all(sites) and sites[0] != sites[1]:
        return sites
    if a.scope.process != b.scope.process:
        return a.scope.process or "企业", b.scope.process or "企业"
    return names


def _apart(one: str, two: str) -> tuple[str, str]:
    """Two names without the words with which both begin (钢铁 …)."""
    first, second = one.split(), two.split()
    while len(first) > 1 and len(second) > 1 and first[0] == second[0]:
        first, second = first[1:], second[1:]
    return " ".join(first), " ".join(second)


def shown(side: Side, lines: Sequence[int], symbol: str) -> Shown:
    """A symbol over lines: the value where it is one, the sum of quantities, else the weighted mean."""
    first = side.at(lines[0])[0]
    unit = first["symbols"][symbol]["unit"]
    values, weights, origins = [], [], dict[str, None]()
    for line in lines:
        block, at = side.at(line)
        column, amount = block["symbols"][symbol], block["symbols"][amount_symbol(block)]
        if column["value"][at] is None:
            return Shown(None, unit, "")
        values.append(float(convert(column["value"][at], column["unit"], unit)))
        weights.append(abs(amount["value"][at] or 0.0))
        if symbol != amount_symbol(first):
            origins[_origin(side, column, at)] = None
    if symbol == amount_symbol(first):
        return Shown(fsum(values), unit, "")
    same = len(set(values)) == 1
    whole = fsum(weights)
    mean = fsum(v * w for v, w in zip(values, weights, strict=True)) / whole if whole else fsum(values) / len(values)
    return Shown(values[0] if same else mean, unit, "；".join(text for text in list(origins)[:2] if text), not same)


def _origin(side: Side, column: Mapping[str, Any], at: int) -> str:
    code, ref = column["origin"][at], column["ref"][at]
    kind = side.doc.data["origins"][code] if code >= 0 else ""
    found = side.doc.data["provenance"][ref] if ref >= 0 else {}
    return f"{document(found)} {_ORIGINS.get(kind, '')}".strip()


def document(found: Mapping[str, Any]) -> str:
    """Name the document of a value and its table; entered cells have none."""
    if found.get("kind") not in ("standard", "library", "constant"):
        return ""
    name = str(found.get("document") or found.get("doc") or "")
    if found.get("document_no"):
        name = f"{name}（{found['document_no']}）"
    table = str(found.get("table") or "")
    if not table or "表" in name or _INNER.match(table):
        return name
    return f"{name} {table if table.startswith(('表', '附')) else f'表 {table}'}".strip()


def activity(a: Side, b: Side, cell: Cell, symbol: str) -> str:
    """Other quantities, or the same on another basis."""
    one, two = (shown(side, lines, symbol) for side, lines in zip((a, b), cell.lines, strict=True))
    bases = [side.at(lines[0])[0]["amount"]["basis"] for side, lines in zip((a, b), cell.lines, strict=True)]
    if bases[0] != bases[1]:
        first, second = (_BASES.get(base, base) for base in bases)
        return f"活动数据口径不同：{said(a.name)}取{first} {one}，{said(b.name)}取{second} {two}"
    return f"活动数据不同：{a.name} {one}，{b.name} {two}"


def parameter(a: Side, b: Side, cell: Cell, symbol: str, *, rounded: bool = False) -> str:
    """Another value of a parameter, or the same value rounded by one of the standards."""
    known = glossary().get(symbol)
    name = known.zh if known else symbol
    one, two = (shown(side, lines, symbol) for side, lines in zip((a, b), cell.lines, strict=True))
    if rounded:
        return f"{name}按标准修约：{said(a.name)}取 {one}，{said(b.name)}取 {two}"
    return f"{name}不同：{said(a.name)}取 {one}，{said(b.name)}取 {two}"


def looks_same(a: Side, b: Side, cell: Cell, symbol: str) -> bool:
    """Whether two values read alike: only a later digit differs."""
    one, two = (shown(side, lines, symbol) for side, lines in zip((a, b), cell.lines, strict=True))
    return (str(one), one.unit) == (str(two), two.unit)


def factor_text(a: Side, b: Side, one: float, two: float, unit: str) -> str:
    """Another emission per unit where the formulas or months cannot be put side by side."""
    per = f"{label('tCO2e')}/{label(unit)}"
    return f"单位排放不同：{a.name} {number(one)} {per}，{b.name} {number(two)} {per}"


def formula(a: Side, b: Side, cell: Cell) -> str:
    """Another formula, both in words and with where they are printed."""
    one, two = (_formula(side, lines[0]) for side, lines in zip((a, b), cell.lines, strict=True))
    return f"公式不同：{said(a.name)}用 {one}，{said(b.name)}用 {two}"


def _formula(side: Side, line: int) -> str:
    block = side.at(line)[0]
    entry = side.doc.data["formulas"][block["formula"]]
    cited = " ".join(str(entry["source"].get(key) or "") for key in ("doc", "equation")).strip()
    return f"“{plain_text(_in_words(parse(entry['expr'])))}”" + (f"（{cited}）" if cited else "")


def _in_words(node: Node) -> Node:
    """The same expression with the Chinese names of its symbols."""
    match node:
        case Name(id=name):
            known = glossary().get(name)
            return Name(known.zh if known else name)
        case Negative(of=part):
            return Negative(_in_words(part))
        case Power(base=base, exponent=exponent):
            return Power(_in_words(base), exponent)
        case Binary(op=op, left=left, right=right):
            return Binary(op, _in_words(left), _in_words(right))
        case Compare(op=op, left=left, right=right):
            return Compare(op, _in_words(left), _in_words(right))
        case Call(function=function, args=args):
            return Call(function, tuple(_in_words(arg) for arg in args))
        case Number():
            return node
    return node


def gwp(a: Side, b: Side, cell: Cell) -> str:
    """Another global warming potential, with the sets they are from."""
    one, two = (
        f"{said(side.name)}取 {number(side.at(lines[0])[0]['gwp'])}（{side.doc.data['gwp']['set']}）"
        for side, lines in zip((a, b), cell.lines, strict=True)
    )
    return f"{cell.gas} 的 GWP 不同：{one}，{two}"


def place(a: Side, b: Side, cell: Cell) -> str:
    """The same carbon under another source."""
    names = [side.doc.data["labels"]["sources"][s] for side, s in zip((a, b), cell.sources, strict=True)]
    return f"归属不同：{said(a.name)}计入“{names[0]}”，{said(b.name)}计入“{names[1]}”"


def mixed(a: Side, b: Side) -> str:
    """What weighting leaves over when lines cannot be put side by side one by one."""
    return f"{said(a.name)}与 {said(b.name)}的月份或源流不能逐一对应，按数量加权后的余量"
