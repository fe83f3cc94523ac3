"""What the library has of each metal at each stage of its life, and where it has nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tanheng.rules.factors.model import LibraryFactor, vocabulary

__all__ = ["Cell", "coverage", "covered_stages"]

_SHARED = ("energy",)  # fuels, power and heat are the same for every metal
_REFERENCE = "upstream_literature"


@dataclass(frozen=True, slots=True)
class Cell:
    """Entries of a metal at a stage: for inventories, of products' lives, and such as may only be compared with."""

    inventory: int = 0
    life_cycle: int = 0
    reference: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.inventory + self.life_cycle + self.reference


def covered_stages() -> tuple[str, ...]:
    """Return the stages of a metal's life, from the mine to recycling, in the order of the vocabulary."""
    return tuple(stage for stage in vocabulary()["stage"] if stage not in _SHARED)


def coverage(factors: Iterable[LibraryFactor]) -> Mapping[str, Mapping[str, Cell]]:
    """Return metal → stage → how many entries there are; a metal or stage without any is there, with zeros."""
    counts = {metal: {stage: [0, 0, 0] for stage in covered_stages()} for metal in vocabulary()["metal"]}
    for factor in factors:
        if factor.metal and factor.stage not in _SHARED:
            for metal in factor.metal.split():
                if factor.stage in counts[metal]:
                    counts[metal][factor.stage][_kind(factor)] += 1
    return {metal: {stage: Cell(*each) for stage, each in row.items()} for metal, row in counts.items()}


def _kind(factor: LibraryFactor) -> int:
    if factor.klass == "benchmark" or factor.indicator == _REFERENCE:
        return 2
    return 0 if factor.family == "inventory" else 1
