"""Whether source and calibre of a figure stayed the same within the period (统计口径); a change is said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.compare_lines import amount_symbol
from tanheng.accounting.origins import origin_zh
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.periods import Month
from tanheng.kernel.quantities import glossary

__all__ = ["CalibreChange", "calibre_changes"]

_NO_CHOICE = ("constant", "computed")
_BY_HAND = ("workbook", "form", "case")


@dataclass(frozen=True, slots=True)
class CalibreChange:
    """A stream and what about it changed; ``spans`` are (first month, last month, how it was), in order."""

    stream: str
    label: str
    what: str
    spans: tuple[tuple[str, str, str], ...]

    @property
    def text(self) -> str:
        """The sentence a person reads."""
        said = "，".join(f"{_span_zh(first, last)}为{how}" for first, last, how in self.spans)
        return f"“{self.label}”的{self.what}在核算期内改变了口径：{said}。"


def calibre_changes(doc: ResultDocument) -> tuple[CalibreChange, ...]:
    """Return every stream of which a parameter, the way its quantity came about or its formula changed between months.

    A quantity once balanced of purchases and stocks and once given directly, a calorific value once measured and once
    a default, another factor, another formula, a meter in place of a form: all of these make months incomparable.
    """
    histories: dict[tuple[str, str], dict[str, str]] = {}
    for block in doc.data["trace"]:
        if block["account"] == "enterprise":
            for at, line in enumerate(block["lines"]):
                stream, month = doc.data["lines"]["stream"][line], doc.data["lines"]["month"][line]
                if "-" in month:
                    for what, how in _states(doc, block, at):
                        histories.setdefault((stream, what), {})[month] = how
    names = doc.data["labels"]["streams"]
    found = []
    for (stream, what), months in histories.items():
        spans = tuple(_spans(months))
        if len({how for _, _, how in spans}) > 1:
            found.append(CalibreChange(stream, str(names[stream]), what, spans))
    return tuple(found)


def _states(doc: ResultDocument, block: Mapping[str, Any], at: int) -> Iterator[tuple[str, str]]:
    """Yield what is to stay the same, and how it is in one line."""
    formula = doc.data["formulas"][block["formula"]]
    yield "公式", f"“{formula['zh']}”"
    amount = amount_symbol(block)
    if block["symbols"][amount]["value"][at] is not None:
        yield "活动数据", _amount(doc, block, at)
    for name, column in block["symbols"].items():
        code, ref = column["origin"][at], column["ref"][at]
        if name == amount or code < 0 or column["value"][at] is None:
            continue
        origin = doc.data["origins"][code]
        if origin not in _NO_CHOICE:
            known = glossary().get(name)
            found = doc.data["provenance"][ref] if ref >= 0 else {}
            yield known.zh if known else name, origin_zh(origin) + _which(found)


def _amount(doc: ResultDocument, block: Mapping[str, Any], at: int) -> str:
    parts = block["amount"]["parts"]
    given = [name for name, entry in parts.items() if entry["value"][at] is not None and entry["sign"][at]]
    how = "直接填报" if block["amount"]["direct"][at] else "购销存平衡推算"
    kinds = dict.fromkeys(_kind(doc, parts[name]["ref"][at]) for name in given)
    return how + "".join(f"（{kind}）" for kind in kinds if kind)


def _kind(doc: ResultDocument, ref: int) -> str:
    kind = str(doc.data["provenance"][ref].get("kind", "")) if ref >= 0 else ""
    return "" if kind in ("", *_BY_HAND) else "计量采集"


def _which(found: Mapping[str, Any]) -> str:
    """The factor or table a value was looked up in."""
    if found.get("kind") == "library":
        return f"（{found.get('factor_id', '')}）"
    return f"（{found['document']}）" if found.get("kind") == "standard" and found.get("document") else ""


def _spans(months: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    open_span: tuple[str, str, str] | None = None
    for month in sorted(months):
        if open_span is not None and open_span[2] == months[month]:
            open_span = (open_span[0], month, months[month])
            continue
        if open_span is not None:
            yield open_span
        open_span = (month, month, months[month])
    if open_span is not None:
        yield open_span


def _span_zh(first: str, last: str) -> str:
    one, two = Month.parse(first), Month.parse(last)
    if one == two:
        return one.label_zh
    end = f"{two.month} 月" if one.year == two.year else two.label_zh
    return f"{one.year} 年 {one.month}–{end}" if one.year == two.year else f"{one.label_zh}–{end}"
