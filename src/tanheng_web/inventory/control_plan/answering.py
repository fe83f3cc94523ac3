"""What a form of the plan sends: bounded texts and rows, never markup; and what a page shows of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tanheng.kernel.errors import InputError
from tanheng.reporting.control_plan.spec import Field

__all__ = ["Item", "filled", "items_of", "read"]

MOST_TEXT, MOST_LONG, MOST_CELL, MOST_ROWS = 200, 4000, 300, 200
BLANK_ROWS = 3  # offered below the rows there are


@dataclass(frozen=True)
class Item:
    """A field with its value, as the template draws it."""

    field: Field
    name: str
    value: Any
    rows: tuple[tuple[tuple[str, str, str], ...], ...] = ()  # (head, name of the input, value)


def items_of(fields: Sequence[Field], given: Mapping[str, Any]) -> list[Item]:
    """Return what a page draws: tables with some blank rows below."""
    return [Item(field, field.id, given.get(field.id) or "", tuple(_rows(field, given))) for field in fields]


def _rows(field: Field, given: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str, str], ...]]:
    if field.kind != "table":
        return
    rows = [list(row) for row in given.get(field.id) or ()]
    blank = min(BLANK_ROWS, MOST_ROWS - len(rows))
    for n, row in enumerate([*rows, *([""] * len(field.columns) for _ in range(blank))]):
        yield tuple((head, f"{field.id}-{n}-{c}", str(row[c])) for c, head in enumerate(field.columns))


def read(fields: Sequence[Field], posted: Mapping[str, str]) -> dict[str, Any]:
    """Return the answers of a form; blank rows fall away.

    Raises
    ------
    InputError
        ``plan.text_long``, ``plan.date``, ``plan.choice`` or ``plan.rows`` with the item.
    """
    return {field.id: _read(field, posted) for field in fields}


def _read(field: Field, posted: Mapping[str, str]) -> Any:
    if field.kind == "table":
        return _table(field, posted)
    value = _clean(str(posted.get(field.id, "")), keep_lines=field.kind == "long")
    most = MOST_LONG if field.kind == "long" else MOST_TEXT
    if len(value) > most:
        raise InputError("plan.text_long", item=field.zh, most=most, given=len(value))
    if field.kind == "choice" and value and value not in field.options:
        raise InputError("plan.choice", item=field.zh, options=list(field.options))
    if field.kind == "date" and value:
        _date(field, value)
    return value


def _date(field: Field, value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise InputError("plan.date", item=field.zh, given=value[:20]) from error


def _table(field: Field, posted: Mapping[str, str]) -> list[list[str]]:
    numbers = {int(n) for key in posted if (n := _row_number(field, key)) is not None}
    if len(numbers) > MOST_ROWS + BLANK_ROWS:
        raise InputError("plan.rows", item=field.zh, most=MOST_ROWS)
    rows = []
    for number in sorted(numbers):
        row = [_clean(str(posted.get(f"{field.id}-{number}-{c}", ""))) for c in range(len(field.columns))]
        long = next((cell for cell in row if len(cell) > MOST_CELL), None)
        if long is not None:
            raise InputError("plan.text_long", item=field.zh, most=MOST_CELL, given=len(long))
        if any(row):
            rows.append(row)
    if len(rows) > MOST_ROWS:
        raise InputError("plan.rows", item=field.zh, most=MOST_ROWS)
    return rows


def _row_number(field: Field, key: str) -> str | None:
    """Return the number of a row from ``facilities-12-3``."""
    parts = key.rsplit("-", 2)
    if len(parts) != 3 or parts[0] != field.id:
        return None
    number = parts[1]
    return number if number.isascii() and number.isdigit() and len(number) < 5 else None


def _clean(text: str, *, keep_lines: bool = False) -> str:
    """Take control characters out, which neither Word nor a database takes."""
    kept = "".join(letter for letter in text if letter.isprintable() or (keep_lines and letter == "\n"))
    return kept.strip()


def filled(fields: Sequence[Field], given: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many items are filled, of how many."""
    return sum(bool(given.get(field.id)) for field in fields), len(fields)
