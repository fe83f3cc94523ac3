"""Whole numbers in a query or a request."""

__all__ = ["whole"]

MOST_DIGITS = 18  # what the key of a row may have


def whole(text: str) -> int | None:
    """The number that a text of digits is; None for anything else (``²`` and 5,000 nines among it)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
