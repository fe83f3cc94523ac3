"""What pages need besides the summary, computed once when a run is posted: names, decimals, the carbon flow."""

from typing import Any

from tanheng.accounting.carbon_flow import carbon_flow

from tanheng.accounting.result import ResultDocument
from tanheng.rules.package import Standard

__all__ = ["outline"]


def outline(document: ResultDocument, standard: Standard) -> dict[str, Any]:
    """JSON for `Run.views`."""
    return {
        "standard": {
            "id": standard.id,
            "zh": standard.zh,
            "short_zh": standard.short_zh,
            "document": standard.document,
            "status": standard.status,
            "evidence": standard.evidence,
            "superseded_note": standard.superseded_note or "",
        },
        "labels": {
            "sources": {id: source.zh for id, source in standard.sources.items()},
            "subtotals": {id: subtotal.zh for id, subtotal in standard.subtotals.items()},
            "indicators": {id: indicator.zh for id, indicator in standard.indicators.items()},
        },
        "decimals": standard.rounding.decimals,
        "flow": carbon_flow(document),
    }
