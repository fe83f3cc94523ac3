"""The uncertainty that a factor of the library states in its own entry, as a distribution with its citation.

People write ``±5 %（95 %）`` or ``5%``: a half width at 95 %. What says anything else (words, one side only, another
level of confidence) is not guessed at: the factor then has no basis and the page shows what was written.
"""

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["factor_citation", "factor_spread"]

_STATED = re.compile(r"±?(\d+(?:\.\d+)?)[%％](?:[（(]95[%％](?:置信(?:水平|区间|度))?[)）])?")
_WIDEST = 100.0  # per cent; from here a normal distribution is below zero, and the entry does not say another


def factor_spread(place: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the distribution of a factor's provenance, as people write it; None where none can be read.

    >>> factor_spread({"uncertainty": "±5 %（95 %）"})
    {'normal': '5 %'}
    >>> factor_spread({"uncertainty": "中等"})
    """
    found = _STATED.fullmatch("".join(str(place.get("uncertainty") or "").split()))
    if found is None or not 0 < float(found[1]) < _WIDEST:
        return None
    return {"normal": f"{found[1]} %"}


def factor_citation(place: Mapping[str, Any]) -> dict[str, Any]:
    """Return where it stands, as a default's citation does; ``checked`` is that of the factor."""
    document = str(place.get("document") or "")
    return {
        "id": f"factor:{place.get('factor_id')}",
        "zh": f"因子自带的不确定度 {place.get('uncertainty')}",
        "document": document,
        "title": document,
        "clause": str(place.get("document_no") or ""),
        "confidence": str(place.get("confidence") or ""),
        "checked": place.get("checked") is True,
        "note": "取自因子条目的“不确定度”栏，按 95% 的正态分布",
    }
