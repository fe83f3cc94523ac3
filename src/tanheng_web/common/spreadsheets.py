"""Cells of exported tables."""

from tanheng.kernel.text import printable

__all__ = ["as_cell"]

# full width too: a spreadsheet of a Chinese Windows begins a formula with those as well
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def as_cell(value):
    """A text that a spreadsheet would take for a formula is marked as text; everything else stays what it is."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
