"""What the enterprise reports of a material against what its processes meter: the two should tell the same."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from tanheng.accounting.completeness import entry
from tanheng.accounting.double_count import totals_of
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable

__all__ = ["two_meters"]


def two_meters(standard: Standard, table: StreamTable, kinds: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a warning where the streams of a role at the boundary and in processes of some kinds are far apart.

    ``checks.two_meters`` of the standard names role, materials, process kinds and the share that is tolerated. Anodes
    are the case: a smelter that bakes its own and reports only those it bought leaves most of its carbon out.
    """
    checks = standard.checks.get("two_meters") or ()
    totals = totals_of(table) if checks else {}
    for check in checks:
        chosen = [(d, q) for d, q in totals.values() if d.role == check["role"] and d.material in check["materials"]]
        reported = [(d, q) for d, q in chosen if not d.process]
        metered = [q for d, q in chosen if kinds.get(d.process.split("/")[0]) in check["process_kinds"]]
        if not reported or not metered:
            continue
        above, below = math.fsum(q for _, q in reported), math.fsum(metered)
        if not math.isclose(above, below, rel_tol=float(check["tolerance"])):
            said = {"reported": above, "metered": below, "text": check["zh"]}
            yield entry("account.two_meters", reported[0][0], None, "quantity", said)
