"""Why a run superseded another: found by comparing what the two were computed from, and stored with the posting."""

from collections.abc import Mapping
from typing import Any

from tanheng.accounting.difference import Delta
from tanheng_web.inventory.models import Run

__all__ = ["factors_of", "reasons_of"]


def reasons_of(before: Run | None, run: Run, summary: Mapping[str, Any], fingerprint: str, found: Delta) -> list[str]:
    """Codes of `REASONS`, every one that applies; `again` where nothing that decides a result has changed."""
    if before is None:
        return ["first"]
    old = before.summary
    reasons = []
    if old.get("standard_digest") != summary.get("standard_digest"):
        reasons.append("standard")
    if factors_of(old) != factors_of(summary):
        reasons.append("factor")
    if old.get("engine") != summary.get("engine"):
        reasons.append("engine")
    if before.period != run.period:
        reasons.append("period")
        if found.superseded and not reasons[:-1]:
            reasons.append("data")  # lines of months that both cover changed, and nothing else explains it
    elif before.approved_fingerprint != fingerprint:
        reasons.append("data")
    return reasons or ["again"]


def factors_of(summary: Mapping[str, Any]) -> set[tuple[str, float]]:
    """Library factors a result used, with the values put in."""
    return {
        (str(each["provenance"].get("factor_id")), float(each["value"]))
        for each in summary.get("defaults", ())
        if each["provenance"].get("kind") == "library" and each["provenance"].get("factor_id") and each["value"]
    }
