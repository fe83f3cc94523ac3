"""The names and formulas a document needs to be read alone, even when the standard has changed since."""

from collections.abc import Mapping
from typing import Any

from tanheng.accounting.completeness import material_zh, quantity_zh
from tanheng.rules.amounts import BASIS_SIGNS
from tanheng.rules.package import Standard
from tanheng.rules.resolution import source_dict
from tanheng.rules.table import StreamTable

__all__ = ["formulas_used", "labels"]


def formulas_used(standard: Standard, trace: list[dict[str, Any]]) -> dict[str, Any]:
    """Return expression, unit and citation of every formula that the trace names."""
    used = dict.fromkeys(
        name for block in trace for name in (block["formula"], *(d["formula"] for d in block["derived"]))
    )
    found: dict[str, Any] = {}
    for name in used:
        formula = standard.formulas[name]
        found[name] = {
            "zh": formula.zh,
            "expr": formula.expr,
            "units": list(formula.units),
            "terms": {term: list(units) for term, units in formula.terms.items()},
            "source": source_dict(formula.source),
        }
    return found


def labels(
    standard: Standard, table: StreamTable, trace: list[dict[str, Any]], lines: Mapping[str, list[Any]]
) -> dict[str, dict[str, str]]:
    """Return the Chinese names of everything a reader meets, by subject and id."""
    symbols = {
        name for block in trace for name in (*block["symbols"], *(s for d in block["derived"] for s in d["symbols"]))
    }
    quantities = sorted(symbols | set(BASIS_SIGNS["net_consumption"]) | {"quantity", "gwp"})
    return {
        "standard": {
            "zh": standard.zh,
            "short_zh": standard.short_zh,
            "evidence": standard.evidence,
            "status": standard.status,
        },
        "sources": {name: source.zh for name, source in standard.sources.items()},
        "subtotals": {name: subtotal.zh for name, subtotal in standard.subtotals.items()},
        "subtotal_sources": {name: "+".join(subtotal.sources) for name, subtotal in standard.subtotals.items()},
        "indicators": {
            **{name: indicator.zh for name, indicator in standard.indicators.items()},
            **{name: item.zh for name, item in standard.information.items()},
        },
        "accounts": {name: account.zh for name, account in standard.accounts.items()},
        # only the sources that the total does not count
        "source_accounts": {
            name: account for name in standard.sources if (account := standard.account_of(name)) != "enterprise"
        },
        "quantities": {name: quantity_zh(name) for name in quantities},
        "materials": {name: material_zh(name) for name in sorted(set(table.materials))},
        "streams": {decl.id: decl.label or decl.material_zh or material_zh(decl.material) for decl in table.streams},
    }
