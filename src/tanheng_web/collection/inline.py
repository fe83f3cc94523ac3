"""What the monthly grid says about a number: red when impossible, amber when implausible, with the reason."""

import math
from dataclasses import dataclass

import numpy as np

from tanheng.accounting.plausibility import ranges_for
from tanheng.kernel.errors import InputError
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.plausibility import factor_of, jump_limit, times_text
from tanheng_web.collection.workbook.cells import shown
from tanheng_web.collection.workbook.comparing import NO_SLIP, STOCK_TOLERANCE, reference_of

__all__ = ["Past", "Verdict", "verdict", "verdict_alone"]


@dataclass(frozen=True, slots=True)
class Past:
    """Numbers of the twelve months before, oldest first (NaN unknown), and last month's closing stock."""

    line: tuple[float, ...]
    closing: float | None = None

    @property
    def last_month(self) -> float | None:
        return _known(self.line[-1])

    @property
    def last_year(self) -> float | None:
        return _known(self.line[0])


@dataclass(frozen=True, slots=True)
class Verdict:
    """`state` is empty, ``warn``, ``bad`` or, when a person has checked it, ``verified``; `text` says why."""

    state: str = ""
    text: str = ""
    may_confirm: bool = False


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def verdict(stream: SourceStream, key: str, value: float | None, past: Past, note: str = "") -> Verdict:
    """Judge one number in the unit of the stream's key. What is ``bad`` is not saved.

    A `note` that says it was verified, and why, stands against everything that is not impossible by definition.
    """
    judged = _judged(stream, key, value, past)
    if judged.may_confirm and words.is_verified(note):
        return Verdict("verified", judged.text, True)
    return judged


def _judged(stream: SourceStream, key: str, value: float | None, past: Past) -> Verdict:
    if value is None:
        return Verdict()
    alone = verdict_alone(stream.material, stream.material_zh, key, stream.key_unit(key), value)
    return alone if alone.state else _against_past(stream, key, value, past) or Verdict()


def verdict_alone(material: str, material_zh: str, key: str, unit: str, value: float) -> Verdict:
    """Judge one number of a material in `unit` without its past: its sign and its range."""
    if value < 0 and key not in ("quantity", "temperature"):
        code = "cell.negative" if key in words.BALANCE else "cell.negative_value"
        return Verdict("bad", _zh(code, key=words.key_zh(key), value=shown(value)))
    for range_ in ranges_for(key, material, unit):
        if range_.holds(value):
            continue
        facts = {"material": material_zh, "key": words.key_zh(key), "value": shown(value)}
        if range_.is_block and key in words.SHARES and 1 < value <= 100:
            return Verdict("bad", _zh("cell.share_percent", right=shown(value / 100), **facts))
        low, high = range_.ends
        facts |= {"unit": words.unit_label(unit), "low": low, "high": high}
        if not range_.is_block:
            return _doubted("cell.implausible", **facts)
        if range_.may_confirm:
            return Verdict("bad", _zh("cell.blocked_confirmable", **facts), True)
        return Verdict("bad", _zh("cell.blocked", **facts))
    return Verdict()


def _against_past(stream: SourceStream, key: str, value: float, past: Past) -> Verdict | None:
    unit = words.unit_label(stream.key_unit(key))
    if key == "opening_stock" and past.closing is not None:
        if abs(value - past.closing) > STOCK_TOLERANCE * max(abs(value), abs(past.closing), 1e-9):
            difference = shown(float(f"{value - past.closing:.10g}"))
            facts = {"value": shown(value), "expected": shown(past.closing), "unit": unit, "difference": difference}
            return _doubted("cell.stock_gap", **facts)
        return None
    limit = jump_limit(key in words.QUANTITY_KEYS)
    if key in NO_SLIP or value <= 0 or _is_within(past.line, value, limit):
        return None
    reference, name, _certain = reference_of(np.array(past.line), len(past.line))
    if reference is None:
        return None
    ratio = value / reference
    facts = {
        "key": words.key_zh(key),
        "value": shown(value),
        "unit": unit,
        "reference": name,
        "expected": shown(float(f"{reference:.4g}")),
    }
    facts["ratio"] = times_text(ratio)
    if times := factor_of(ratio):
        right = shown(float(f"{value / times if ratio > 1 else value * times:.10g}"))
        return _doubted("cell.thousand_here", times=times, right=right, **facts)
    return None if 1 / limit <= ratio <= limit else _doubted("cell.jump", **facts)


def _doubted(code: str, **values: object) -> Verdict:
    return Verdict("warn", _zh(code, **values), True)


def _is_within(line: tuple[float, ...], value: float, limit: float) -> bool:
    """Whether a number is near every known month, hence near their median: most are, and a page has a thousand."""
    known = [month for month in line if month > 0]
    return not known or (value <= limit * min(known) and max(known) <= limit * value)


def _zh(code: str, **values: object) -> str:
    return InputError(code, **values).zh()
