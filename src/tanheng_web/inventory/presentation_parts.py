"""What tables of results are made of: named figures, rows of the process tree, names of months."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tanheng.kernel.periods import Month
from tanheng_web.common.figures import Figure

__all__ = ["OTHER", "UNASSIGNED", "Line", "ProcessRow", "month_zh"]

OTHER = "其他"
UNASSIGNED = "未分配"


@dataclass(frozen=True)
class Line:
    """A named figure of a table, with the token of its colour."""

    id: str
    label: str
    figure: Figure
    token: str = ""
    extra: Mapping[str, Any] | None = None

    @property
    def bare(self) -> Figure:
        """Without its unit, which stands in the head of the column."""
        return replace(self.figure, show_unit=False)


@dataclass(frozen=True)
class ProcessRow:
    """A row of the process tree."""

    path: str
    label: str
    figure: Figure
    depth: int


def month_zh(month: str, with_year: bool = False) -> str:
    """`2025-07` -> 7 月, or 2025 年 7 月; a year stays a year."""
    if "-" not in month:
        return f"{month} 年"
    parsed = Month.parse(month)
    return parsed.label_zh if with_year else f"{parsed.month} 月"
