"""Figures of a study to six significant digits: what chance and another processor's last bit decide is not shown."""

from typing import Any

import numpy as np

__all__ = ["DIGITS", "rounded", "significant"]

DIGITS = 6


def significant(value: float, digits: int = DIGITS) -> float:
    """Return a number to some significant digits; negative zero is zero."""
    return float(f"{value:.{digits - 1}e}") + 0.0


def rounded(data: Any) -> Any:
    """Return plain data whose numbers with a fraction have six significant digits; whole numbers and texts stay."""
    if isinstance(data, dict):
        return {key: rounded(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [rounded(value) for value in data]
    if isinstance(data, bool | int | str) or data is None:
        return data
    if isinstance(data, np.generic):
        return rounded(data.item())
    return significant(float(data))
