"""Ratios of amounts that data/plausibility.yaml holds plausible: hints with the figures used, never a bar."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.completeness import entry as finding
from tanheng.accounting.double_count import totals_of
from tanheng.accounting.plausibility import number, plausible
from tanheng.kernel.catalogue import materials
from tanheng.kernel.units import compatible, convert, label
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable

__all__ = ["Amount", "Hint", "intensity_hints", "intensity_is_judged", "odd_ratios", "ratio_hints"]


@dataclass(frozen=True, slots=True)
class Amount:
    """What a stream moved in a period, in its unit; `value` is None while a part of it is missing.

    ``kind`` is that of its process, ``is_inside`` whether it names one.
    """

    material: str
    role: str
    direction: str
    is_inside: bool
    kind: str
    unit: str
    value: float | None

    def in_unit(self, unit: str) -> float | None:
        """The amount in another unit of the same kind."""
        if self.value is None or not compatible(self.unit, unit):
            return None
        return float(convert(self.value, self.unit, unit))


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


def ratio_hints(standard: str, amounts: list[Amount]) -> Iterator[Hint]:
    """Ratios of a standard that are outside their range, of all that the streams allow to compute."""
    for entry in plausible("ratios"):
        if standard not in entry["standards"]:
            continue
        upper, _slash, lower = entry["unit"].partition("/")
        top = _chosen(amounts, entry, entry["numerator"])
        bottom = _chosen(amounts, entry, entry["denominator"])
        above, below = _sum(top, upper), _sum(bottom, lower)
        if above is not None and below is not None and below > 0:
            used = f"{_names(top)} {number(above)} {label(upper)} ÷ {_names(bottom)} {number(below)} {label(lower)}"
            yield from _hint(entry, above / below, used)


def intensity_hints(
    standard: str, kinds: Iterable[str], now: float | None, before: float | None, *, said: str = "按本月已填数据试算"
) -> Iterator[Hint]:
    """The intensity [tCO2e/t], and its change against the month before, where outside their range."""
    present = set(kinds)
    if now is None:
        return
    for entry in plausible("indicators"):
        if standard in entry["standards"] and _is_for(entry, present):
            yield from _hint(entry, now, said)
    for entry in plausible("changes"):
        if standard in entry["standards"] and before:
            used = f"本月 {now:.4g}，上月 {before:.4g} tCO₂e/t（按已填数据试算）"
            yield from _hint(entry, 100 * (now - before) / before, used)


def intensity_is_judged(standard: str) -> bool:
    """Whether a range of the intensity is known for a standard."""
    return any(standard in entry["standards"] for kind in ("indicators", "changes") for entry in plausible(kind))


def _is_for(entry: dict[str, Any], kinds: set[str]) -> bool:
    # A works with blast furnaces and electric furnaces is judged as a works with blast furnaces.
    if "eaf" in entry["when"]["process_kinds"] and "ironmaking" in kinds:
        return False
    return bool(kinds & set(entry["when"]["process_kinds"]))


def _chosen(amounts: list[Amount], entry: dict[str, Any], side: dict[str, Any]) -> list[Amount]:
    """The streams of one side: in the processes of the kind, else in any process, else across the boundary."""
    names = side.get("materials") or [side["material"]]
    direction = "out" if side["role"] in OUTWARD_ROLES else "in"
    fitting = [
        amount
        for amount in amounts
        if amount.material in names and amount.role == side["role"] and amount.direction == direction
    ]
    if kind := entry.get("process_kind"):
        return [amount for amount in fitting if amount.kind == kind]
    inside = [amount for amount in fitting if amount.is_inside]
    return inside or fitting


def _sum(amounts: list[Amount], unit: str) -> float | None:
    values = [amount.in_unit(unit) for amount in amounts]
    return None if not values or None in values else sum(value for value in values if value is not None)


def _names(amounts: list[Amount]) -> str:
    return "、".join(dict.fromkeys(materials()[amount.material].zh for amount in amounts))


def _hint(entry: dict[str, Any], value: float, used: str) -> Iterator[Hint]:
    low, high = entry["warn"]
    if (low is None or value >= low) and (high is None or value <= high):
        return
    unit = "%" if entry["unit"] == "%" else "/".join(label(part) for part in entry["unit"].split("/"))
    least, most = ("—" if end is None else f"{end:g}".replace("-", "−") for end in (low, high))
    yield Hint(entry["zh"], number(float(f"{value:.4g}")), unit, least, most, used, entry["note"] or "")


def odd_ratios(
    standard: Standard, table: StreamTable, kinds: Mapping[str, str], indicators: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield a warning for every ratio and intensity of a complete result that lies outside its range."""
    amounts = [
        Amount(
            decl.material, decl.role, decl.direction, bool(decl.process), kinds.get(decl.process.split("/")[0], ""),
            materials()[decl.material].unit, total,
        )
        for decl, total in totals_of(table).values()
    ]  # fmt: skip
    intensity = (indicators.get("intensity") or {}).get("value")
    present = {kinds[name] for name in {path.split("/")[0] for path in table.processes} & set(kinds)}
    judged = intensity_hints(standard.id, present, intensity, None, said="总量 ÷ 产量")
    for hint in (*ratio_hints(standard.id, amounts), *judged):
        said = {"ratio_zh": hint.name, "value": f"{hint.value} {hint.unit}", "low": hint.low, "high": hint.high}
        yield finding("ratio.unusual", None, None, None, {**said, "used": hint.used})
