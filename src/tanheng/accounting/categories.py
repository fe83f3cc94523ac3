"""Categories that a standard lists in full: what one with data still lacks is said, so that it is no silent zero."""

from collections.abc import Iterator
from typing import Any

from tanheng.accounting.completeness import entry, material_zh
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable
from tanheng.rules.trace import Evaluation

__all__ = ["partial_categories"]

_NAMED = 5


def partial_categories(standard: Standard, table: StreamTable, evaluation: Evaluation) -> Iterator[dict[str, Any]]:
    """Yield a warning for every category that some stream feeds while others of its kind lack a factor."""
    for name, source in standard.sources.items():
        if not source.no_data:
            continue
        fed = {int(code) for block in evaluation.blocks if block.source == name for code in table.stream[block.rows]}
        lacking = [
            decl.label or decl.material_zh or material_zh(decl.material)
            for code, decl in enumerate(table.streams)
            if code not in fed
            and not decl.process
            and any(rule.matches(decl.material, decl.role, decl.direction) for rule in source.take)
        ]
        if fed and lacking:
            shown = "、".join(lacking[:_NAMED]) + (f"等 {len(lacking)} 条" if len(lacking) > _NAMED else "")
            yield entry("category.partial", None, None, None, {"category": source.zh, "streams_zh": shown})
