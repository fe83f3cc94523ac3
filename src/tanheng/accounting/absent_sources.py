"""Sources without any line at the enterprise's level: those that such works usually have, and those they must have."""

from collections.abc import Iterator
from typing import Any

from tanheng.accounting.completeness import entry
from tanheng.accounting.double_count import totals_of
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable
from tanheng.rules.trace import Evaluation

__all__ = ["expected_sources", "required_sources"]


def expected_sources(standard: Standard, evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield a warning for each source of ``checks.expected_sources`` that has no line."""
    present = _present(evaluation)
    for source in standard.checks.get("expected_sources") or ():
        if source not in present:
            said = {"source": source, "source_zh": standard.sources[source].zh}
            yield entry("source.expected", None, None, None, said)


def required_sources(standard: Standard, table: StreamTable, evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield a gap for each source of ``checks.required_sources`` without a line though a stream tells of it.

    A magnesium works that meters its coke and its ferrosilicon at the furnace only would leave their carbon out: the
    standard counts by the output that the enterprise reports.
    """
    checks = standard.checks.get("required_sources") or ()
    present = _present(evaluation)
    totals = totals_of(table) if checks else {}
    for check in checks:
        named = {(rule["role"], material) for rule in check["when"] for material in rule["materials"]}
        telling = next((decl for decl, total in totals.values() if total and (decl.role, decl.material) in named), None)
        if telling is not None and check["source"] not in present:
            said = {"source": check["source"], "source_zh": standard.sources[check["source"]].zh, "text": check["zh"]}
            yield entry("source.required", telling, None, None, said)


def _present(evaluation: Evaluation) -> set[str]:
    return {block.source for block in evaluation.blocks if block.account == "enterprise"}
