"""What pages need besides the summary, computed once when a run is posted: names, decimals, the carbon flow."""

from typing import Any

from tanheng.accounting.carbon_flow import FlowLink, carbon_flow
from tanheng.accounting.compare_calibre import calibre_changes
from tanheng.accounting.explain import explain
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.errors import NotFound
from tanheng.rules.package import Standard
from tanheng_web.inventory.by_month import by_month

__all__ = ["outline", "process_note"]


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
            "process_note": process_note(standard),
        },
        "labels": {
            "sources": {id: source.zh for id, source in standard.sources.items()},
            "subtotals": {id: subtotal.zh for id, subtotal in standard.subtotals.items()},
            "indicators": {id: indicator.zh for id, indicator in standard.indicators.items()},
            "accounts": {id: account.zh for id, account in standard.accounts.items()},
            "source_accounts": document.data["labels"].get("source_accounts", {}),
            "no_data": [id for id, source in standard.sources.items() if source.no_data],
        },
        "decimals": standard.rounding.decimals,
        "flow": _flow(document),
        "by_month": by_month(document),
        "calibre": [change.text for change in calibre_changes(document)],
    }


def process_note(standard: Standard) -> str:
    """What the process accounts of a standard count, and whether they are the standard's or an analysis of ours."""
    notes = [account.note for account in standard.accounts.values() if account.flows == "process" and account.note]
    return "；".join(dict.fromkeys(notes))


def _flow(document: ResultDocument) -> dict[str, Any]:
    """The carbon flow with the figure behind every band, where one figure is the whole band."""
    flow = carbon_flow(document)
    return {
        "unit": document.data["total"]["unit"],
        "nodes": [{"id": node.id, "label": node.label, "level": node.level} for node in flow.nodes],
        "links": [band for link in flow.links for band in _bands(document, link)],
        "notes": list(flow.notes),
    }


def _bands(document: ResultDocument, link: FlowLink) -> list[dict[str, Any]]:
    """A link as the figure it shows; where it is none (fuel burnt, with fuel sold apart), one band a material."""
    whole = _band(link, _address(link), _value(document, _address(link)))
    if _same(whole["value"], link.value):
        return [whole]
    source = link.source if link.source.startswith("source:") else f"source:{link.target.removeprefix('out:')}"
    sign = 1 if link.source.startswith("source:") else -1
    materials = document.data["labels"]["materials"]
    named = {f"{source}+material:{material}": name for material, name in materials.items()}
    parts = [_band(link, address, _value(document, address), name) for address, name in named.items()]
    parts = [part for part in parts if part["figure"] * sign > 0]
    if _same(sum(part["value"] for part in parts), link.value):
        return parts
    return [_band(link, "", link.value)]


def _band(link: FlowLink, address: str, figure: float | None, about: str = "") -> dict[str, Any]:
    """A band of the positive amount of a signed figure: a deduction is negative in the result."""
    figure = figure or 0.0
    ends = {"source": link.source, "target": link.target, "about": about}
    return {**ends, "value": abs(figure), "address": address, "figure": figure}


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1.0, abs(b))


def _value(document: ResultDocument, address: str) -> float | None:
    try:
        return explain(document, address).value
    except NotFound:
        return None


def _address(link: FlowLink) -> str:
    kind, _, _rest = link.source.partition(":")
    if kind == "material":
        return f"{link.target}+{link.source}"
    if kind == "source":
        return link.source
    return f"source:{link.target.removeprefix('out:')}" if link.target.startswith("out:") else link.target
