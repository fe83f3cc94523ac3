"""Single cells: months, numbers and units as people type them; the value, or a fault code with its values."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from tanheng.kernel.errors import InputError, PeriodError, UnitError
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.quantities import parse_number, parse_quantity
from tanheng.kernel.units import compatible, convert
from tanheng_web.collection import vocabulary as words

__all__ = ["Problem", "month_of", "number_of", "shown"]

EPOCH = date(1899, 12, 30)
LARGEST = 1e15
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*\d{1,2}\s*日?(\s+[\d:.]+)?\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?\Z")
_ALONE = re.compile(r"(\d{1,2})\s*月?\Z")


class Problem(Exception):
    """A cell that cannot be used: code of the fault and its values."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def month_of(cell: object, period: Period) -> Month:
    """Read a month: Excel date, serial number, 2025-07, 2025/7, 2025年7月, 202507, or 7月 in a template of one year."""
    if cell == "" or cell is None:
        raise Problem("row.month_empty")
    if isinstance(cell, date):
        return _month(cell.year, cell.month, cell)
    if isinstance(cell, bool | time | timedelta):
        raise Problem("row.month_unreadable", text=shown(cell))
    if isinstance(cell, int | float):
        return _month_of_number(float(cell), period)
    text = unicodedata.normalize("NFKC", str(cell)).strip().removesuffix("份").strip()
    if not text:
        raise Problem("row.month_empty")
    for pattern in (_DAY, _COMPACT):
        if found := pattern.match(text):
            return _month(int(found[1]), int(found[2]), text)
    if (found := _ALONE.match(text)) and period.first.year == period.last.year:
        return _month(period.first.year, int(found[1]), text)
    try:
        return Month.parse(text)
    except PeriodError:
        raise Problem("row.month_unreadable", text=text) from None


def _month_of_number(number: float, period: Period) -> Month:
    if number != int(number):
        if 1900 < number < 3000:
            raise Problem("row.month_ambiguous", text=shown(number))
        if not 30_000 < number < 70_000:
            raise Problem("row.month_unreadable", text=shown(number))
    whole = int(number)
    if 190_001 <= whole <= 299_912:
        return _month(whole // 100, whole % 100, whole)
    if 30_000 < whole < 70_000:
        return Month.of(EPOCH + timedelta(days=whole))
    if 1 <= whole <= 12 and period.first.year == period.last.year:
        return Month(period.first.year, whole)
    raise Problem("row.month_unreadable", text=whole)


def _month(year: int, month: int, text: object) -> Month:
    try:
        return Month(year, month)
    except PeriodError:
        raise Problem("row.month_unreadable", text=shown(text)) from None


def number_of(cell: object, key: str, unit: str) -> tuple[float, str, dict[str, object]]:
    """Read a number in `unit`: value, then the code and values of a remark when the cell was not a plain number."""
    if isinstance(cell, bool):
        raise Problem("cell.not_a_number", text="是" if cell else "否")
    if isinstance(cell, int | float):
        return _in_bounds(float(cell), cell), "", {}
    if isinstance(cell, datetime | date | time | timedelta):
        raise Problem("cell.is_date", text=shown(cell))
    text = str(cell).strip()
    try:
        value = _in_bounds(float(parse_number(text)), text)
    except InputError as error:
        return _with_unit(text, key, unit, error)
    return value, "cell.read_as", {"text": text, "value": shown(value)}


def _with_unit(text: str, key: str, unit: str, first: InputError) -> tuple[float, str, dict[str, object]]:
    if first.code == "number.separators":
        raise Problem("cell.separators", text=text)
    if first.code == "number.too_large":
        raise Problem("cell.too_large", text=text)
    try:
        given = parse_quantity(text)
    except UnitError:
        raise Problem("cell.unit_inside_refused", text=text[:60], expected=words.unit_label(unit) or "小数") from None
    except InputError:
        raise Problem("cell.not_a_number", text=text[:60]) from None
    if not compatible(given.unit, unit):
        raise Problem("cell.unit_inside_refused", text=text, expected=words.unit_label(unit) or "小数")
    value = _in_bounds(float(convert(float(given.value), given.unit, unit)), text)
    return value, "cell.unit_inside", {"text": text, "value": shown(value), "unit": words.unit_label(unit)}


def _in_bounds(value: float, text: object) -> float:
    if not -LARGEST < value < LARGEST:  # also false for NaN
        raise Problem("cell.too_large", text=shown(text))
    return value


def shown(value: object) -> str:
    """A cell as a sentence shows it: 1,234.5 with at most ten digits, dates as dates."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float | int):
        text = f"{value:,.10g}" if abs(value) < LARGEST else f"{value:.4g}"
        return text.replace("-", "−", 1) if text.startswith("-") else text
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
    return str(value)
