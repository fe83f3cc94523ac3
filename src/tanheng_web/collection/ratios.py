"""Ratios of a month that data/plausibility.yaml holds plausible: hints with the figures used, never a bar."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from tanheng.kernel.catalogue import materials
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import compatible, convert, label
from tanheng.kernel.yaml_lines import read_yaml
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.workbook.cells import shown

__all__ = ["Amount", "Hint", "amounts_of", "intensity_hints", "intensity_is_judged", "plausible", "ratio_hints"]

OUTWARD = frozenset({"product", "co_product", "by_product"})


@dataclass(frozen=True, slots=True)
class Amount:
    """What a stream moved in a month, in its unit; `value` is None while a part of it is missing."""

    stream: SourceStream
    kind: str
    value: float | None

    def in_unit(self, unit: str) -> float | None:
        """The amount in another unit of the same kind."""
        if self.value is None or not compatible(self.stream.unit, unit):
            return None
        return float(convert(self.value, self.stream.unit, unit))


@dataclass(frozen=True, slots=True)
class Hint:
    """A ratio outside its range: what it is, its value, the range, and the figures it was computed from."""

    name: str
    value: str
    unit: str
    low: str
    high: str
    used: str
    note: str = ""


@cache
def plausible(kind: str) -> tuple[dict, ...]:
    """Entries of ``ratios``, ``indicators`` or ``changes``."""
    return tuple(read_yaml(data_dir() / "plausibility.yaml").data[kind])


def amounts_of(
    streams: Iterable[SourceStream], numbers: Mapping[tuple[int, str], float], kinds: Mapping[int, str]
) -> list[Amount]:
    """What each stream moved: inside a process as given, across the boundary net; `kinds` of processes by id."""
    return [Amount(stream, kinds.get(stream.process_id or 0, ""), _moved(stream, numbers)) for stream in streams]


def _moved(stream: SourceStream, numbers: Mapping[tuple[int, str], float]) -> float | None:
    if "quantity" in stream.components:
        return numbers.get((stream.pk, "quantity"))
    parts = [numbers.get((stream.pk, part)) for part in stream.components]
    if None in parts:
        return None
    known = dict(zip(stream.components, parts, strict=True))
    part = lambda name: known.get(name) or 0.0  # noqa: E731  a part that the stream does not have
    if stream.role in OUTWARD:
        return part("sold") + part("closing_stock") - part("opening_stock")
    bought = part("purchased") + part("opening_stock") - part("closing_stock")
    return bought - part("sold") - part("used_outside")


def ratio_hints(standard: str, amounts: list[Amount]) -> Iterator[Hint]:
    """Ratios of a standard that are outside their range, of all that the streams allow to compute."""
    for entry in plausible("ratios"):
        if entry["standard"] != standard:
            continue
        upper, _slash, lower = entry["unit"].partition("/")
        top = _chosen(amounts, entry, entry["numerator"])
        bottom = _chosen(amounts, entry, entry["denominator"])
        above, below = _sum(top, upper), _sum(bottom, lower)
        if above is not None and below is not None and below > 0:
            used = f"{_names(top)} {shown(above)} {label(upper)} ÷ {_names(bottom)} {shown(below)} {label(lower)}"
            yield from _hint(entry, above / below, used)


def intensity_hints(standard: str, kinds: Iterable[str], now: float | None, before: float | None) -> Iterator[Hint]:
    """The intensity of the month [tCO2e/t], and its change against the month before, where outside their range."""
    present = set(kinds)
    if now is None:
        return
    for entry in plausible("indicators"):
        if entry["standard"] == standard and _is_for(entry, present):
            yield from _hint(entry, now, "按本月已填数据试算")
    for entry in plausible("changes"):
        if entry["standard"] == standard and before:
            used = f"本月 {now:.4g}，上月 {before:.4g} tCO₂e/t（按已填数据试算）"
            yield from _hint(entry, 100 * (now - before) / before, used)


def intensity_is_judged(standard: str) -> bool:
    """Whether a range of the intensity is known for a standard."""
    return any(entry["standard"] == standard for kind in ("indicators", "changes") for entry in plausible(kind))


def _is_for(entry: dict, kinds: set[str]) -> bool:
    # A works with blast furnaces and electric furnaces is judged as a works with blast furnaces.
    if "eaf" in entry["when"]["process_kinds"] and "ironmaking" in kinds:
        return False
    return bool(kinds & set(entry["when"]["process_kinds"]))


def _chosen(amounts: list[Amount], entry: dict, side: dict) -> list[Amount]:
    """The streams of one side: in the processes of the kind, else in any process, else across the boundary."""
    names = side.get("materials") or [side["material"]]
    direction = "out" if side["role"] in OUTWARD else "in"
    fitting = [
        amount
        for amount in amounts
        if amount.stream.material in names
        and amount.stream.role == side["role"]
        and amount.stream.direction == direction
    ]
    if kind := entry.get("process_kind"):
        return [amount for amount in fitting if amount.kind == kind]
    inside = [amount for amount in fitting if amount.stream.process_id]
    return inside or fitting


def _sum(amounts: list[Amount], unit: str) -> float | None:
    values = [amount.in_unit(unit) for amount in amounts]
    return None if not values or None in values else sum(value for value in values if value is not None)


def _names(amounts: list[Amount]) -> str:
    return "、".join(dict.fromkeys(materials()[amount.stream.material].zh for amount in amounts))


def _hint(entry: dict, value: float, used: str) -> Iterator[Hint]:
    low, high = entry["warn"]
    if (low is None or value >= low) and (high is None or value <= high):
        return
    unit = "%" if entry["unit"] == "%" else "/".join(label(part) for part in entry["unit"].split("/"))
    ends = ("—" if end is None else f"{end:g}".replace("-", "−") for end in (low, high))
    yield Hint(entry["zh"], shown(float(f"{value:.4g}")), unit, *ends, used, entry["note"] or "")
