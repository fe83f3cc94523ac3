"""Is a number believable? Ranges from data/plausibility.yaml, and the comparison with what was reported before."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tanheng.kernel.errors import UnitError
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import compatible, convert
from tanheng.kernel.yaml_lines import read_yaml

__all__ = ["Range", "factor_of", "jump_limit", "ranges_for"]

# How far a value may be from a power of ten of its reference to be called a slip of the unit.
SLIP = 2.0
JUMP_QUANTITY, JUMP_VALUE = 5.0, 1.5


@dataclass(frozen=True, slots=True)
class Range:
    """Low and high in the asked unit; None is open. `may_confirm`: a person who has checked may stand by the number."""

    low: float | None
    high: float | None
    is_block: bool
    may_confirm: bool = True

    def holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    @property
    def ends(self) -> tuple[str, str]:
        return ("—" if self.low is None else f"{self.low:g}", "—" if self.high is None else f"{self.high:g}")


@cache
def _entries() -> tuple[dict, ...]:
    path = data_dir() / "plausibility.yaml"
    return tuple(read_yaml(path).data["ranges"])


@cache
def ranges_for(key: str, material: str, unit: str) -> tuple[Range, ...]:
    """The ranges of a quantity of a material in `unit`, blocking ones first."""
    found = [range_ for entry in _entries() if _concerns(entry, key, material) for range_ in _ranges(entry, unit)]
    return tuple(sorted(found, key=lambda range_: not range_.is_block))


def _concerns(entry: dict, key: str, material: str) -> bool:
    return entry["quantity"] == key and (entry["materials"] == "*" or material in entry["materials"])


def _ranges(entry: dict, unit: str) -> Iterable[Range]:
    try:
        if not compatible(str(entry["unit"]), unit):
            return
    except UnitError:
        return
    for name in ("block", "warn"):
        if entry.get(name):
            low, high = (None if end is None else convert(float(end), str(entry["unit"]), unit) for end in entry[name])
            yield Range(low, high, name == "block", name == "warn" or bool(entry.get("confirmable")))


def factor_of(ratio: float) -> int | None:
    """1000 or 10000 when `ratio` (value/reference, either way up) is near that power of ten."""
    if ratio <= 0:
        return None
    upwards = ratio if ratio >= 1 else 1 / ratio
    return next((times for times in (1_000, 10_000) if times / SLIP <= upwards <= times * SLIP), None)


def jump_limit(is_quantity: bool) -> float:
    """How many times its reference a number may be without a remark."""
    return JUMP_QUANTITY if is_quantity else JUMP_VALUE
