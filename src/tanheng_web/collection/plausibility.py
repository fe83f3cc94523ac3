"""Is a number near those reported before? Slips of the unit by a power of ten, and jumps."""

__all__ = ["JUMP_QUANTITY", "JUMP_VALUE", "factor_of", "jump_limit", "times_text"]

# How far a value may be from a power of ten of its reference to be called a slip of the unit.
SLIP = 2.0
JUMP_QUANTITY, JUMP_VALUE = 5.0, 1.5


def factor_of(ratio: float) -> int | None:
    """1000 or 10000 when `ratio` (value/reference, either way up) is near that power of ten."""
    if ratio <= 0:
        return None
    upwards = ratio if ratio >= 1 else 1 / ratio
    return next((times for times in (1_000, 10_000) if times / SLIP <= upwards <= times * SLIP), None)


def jump_limit(is_quantity: bool) -> float:
    """How many times its reference a number may be without a remark."""
    return JUMP_QUANTITY if is_quantity else JUMP_VALUE


def times_text(ratio: float) -> str:
    """A ratio for a sentence: 10,600 倍, 1/1,000; four digits, never with an exponent."""
    upwards = float(f"{ratio if ratio >= 1 else 1 / ratio:.4g}")
    text = f"{upwards:,.15g}"
    return f"{text} 倍" if ratio >= 1 else f"1/{text}"
