"""What a study is about: the total of a result, or one of its accounts, sources, subtotals or processes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.uncertainty.parts import ACCOUNT

__all__ = ["TOTAL", "Subject", "whole"]

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Subject:
    """A figure of a result: its address and name, its value [tCO2e], and the lines that add up to it."""

    address: str
    label: str
    value: float | None
    lines: tuple[int, ...]

    @property
    def is_total(self) -> bool:
        """Whether it is the total of the result."""
        return self.address == TOTAL


def whole(data: Mapping[str, Any]) -> Subject:
    """Return the total of a result document as what is studied."""
    lines = tuple(n for n, account in enumerate(data["lines"]["account"]) if account == ACCOUNT)
    return Subject(TOTAL, "排放总量", data["total"]["value"], lines)
