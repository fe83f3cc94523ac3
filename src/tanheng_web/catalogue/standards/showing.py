"""What the pages say about a standard: sources with typeset formulas, default tables, rules in words, citations."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import mark_safe

from tanheng.kernel.catalogue import materials
from tanheng.kernel.quantities import glossary
from tanheng.kernel.roles import role_zh
from tanheng.kernel.units import label
from tanheng.rules.formula import Formula
from tanheng.rules.package import Standard
from tanheng.rules.package_copy_diff import rule_zh
from tanheng.rules.printers import mathml

__all__ = ["content", "formula_view", "typeset"]


@dataclass(frozen=True)
class FormulaView:
    """A formula on a page."""

    id: str
    zh: str
    math: str
    unit: str
    gives: str
    terms: tuple[tuple[str, str, str], ...]
    source: "CitationView"


@dataclass(frozen=True)
class CitationView:
    """Where something stands, and whether somebody compared it with the original."""

    text: str
    checked: bool
    is_own: bool = False
    note: str = ""


def typeset(formula: Formula) -> str:
    """MathML of a formula; the printer escapes every text."""
    return mark_safe(mathml(formula))


def formula_view(formula: Formula) -> FormulaView:
    """A formula with its terms explained."""
    known = glossary()
    terms = tuple(
        (known[name].symbol if name in known else name, known[name].zh if name in known else name, _units(units))
        for name, units in formula.terms.items()
    )
    gives = known[formula.gives].zh if formula.gives in known else formula.gives or ""
    return FormulaView(
        formula.id, formula.zh, typeset(formula), _units(formula.units), gives, terms, citation(formula.source)
    )


def _units(units: Iterable[str]) -> str:
    return " 或 ".join(dict.fromkeys(label(unit) or "无量纲" for unit in units))


def citation(source: Any) -> CitationView:
    """A citation as one line."""
    parts = [
        source.doc,
        source.clause and f"第 {source.clause} 条",
        source.table and f"表 {source.table}",
        source.equation,
    ]
    is_own = source.evidence == "enterprise"
    text = "，".join(str(part) for part in parts if part)
    return CitationView(text, bool(source.checked), is_own, (source.note or "") if is_own else "")


def content(standard: Standard) -> dict[str, Any]:
    """Everything a standard's page shows of its content."""
    formulas = standard.formulas
    used = {line.formula for source in standard.sources.values() for line in source.lines}
    return {
        "sources": [_source(id, source, formulas) for id, source in standard.sources.items()],
        "derived": [formula_view(each) for name, each in formulas.items() if name not in used],
        "not_counted": [
            {"words": rule_zh(rule.model_dump(exclude_none=True)), "reason": rule.reason}
            for rule in standard.not_counted
        ],
        "tables": _tables(standard),
        "constants": [_constant(name, each) for name, each in standard.constants.items()],
        "gwp": standard.gwp,
        "gwp_source": citation(standard.gwp.source),
    }


def _source(id: str, source: Any, formulas: Any) -> dict[str, Any]:
    return {
        "id": id,
        "zh": source.zh,
        "sign": source.sign,
        "lines": [(line.gas, formula_view(formulas[line.formula])) for line in source.lines],
        "take": [
            {"words": rule_zh(rule.model_dump(exclude_none=True)), "reason": rule.reason or ""} for rule in source.take
        ],
        "source": citation(source.source),
    }


def _constant(name: str, constant: Any) -> dict[str, Any]:
    known = glossary().get(name)
    return {
        "zh": known.zh if known else name,
        "value": constant.value,
        "unit": label(constant.unit),
        "source": citation(constant.source),
    }


def _tables(standard: Standard) -> list[tuple[str, list[dict[str, Any]]]]:
    """Default values by quantity."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in standard.parameters:
        found.setdefault(row.quantity, []).append(
            {
                "what": materials()[row.material].zh if row.material in materials() else "任何物料",
                "role": role_zh(row.role) if row.role not in ("", "*") else "",
                "value": row.text,
                "unit": label(row.unit),
                "valid": f"{row.valid_from} 起" + (f"，至 {row.valid_to}" if row.valid_to else ""),
                "document": "，".join(part for part in (row.document, row.table, row.clause) if part),
                "checked": row.checked,
            }
        )
    known = glossary()
    return [(known[quantity].zh if quantity in known else quantity, rows) for quantity, rows in found.items()]
