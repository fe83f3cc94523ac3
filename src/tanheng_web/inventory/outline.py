"""What pages need besides the summary, computed once when a run is posted: names, decimals, the carbon flow."""

from typing import Any

from tanheng.accounting.carbon_flow import FlowLink, carbon_flow
from tanheng.accounting.explain import explain
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import NotFound
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
        "flow": _flow(document),
    }


def _flow(document: ResultDocument) -> dict[str, Any]:
    """The carbon flow with the figure behind every band, where one figure is the whole band."""
    flow = carbon_flow(document)
    return {
        "unit": document.data["total"]["unit"],
        "nodes": [{"id": node.id, "label": node.label, "level": node.level} for node in flow.nodes],
        "links": [
            {"source": link.source, "target": link.target, "value": link.value, **_behind(document, link)}
            for link in flow.links
        ],
        "notes": list(flow.notes),
    }


def _behind(document: ResultDocument, link: FlowLink) -> dict[str, Any]:
    """Address and signed value of the figure that a band shows; a deduction is a band of the positive amount."""
    address = _address(link)
    try:
        value = explain(document, address).value
    except NotFound:
        value = None
    same = value is not None and abs(abs(value) - link.value) <= 1e-9 * max(1.0, abs(link.value))
    return {"address": address, "figure": value} if same else {"address": "", "figure": link.value}


def _address(link: FlowLink) -> str:
    kind, _, _rest = link.source.partition(":")
    if kind == "material":
        return f"{link.target}+{link.source}"
    if kind == "source":
        return link.source
    return f"source:{link.target.removeprefix('out:')}" if link.target.startswith("out:") else link.target
