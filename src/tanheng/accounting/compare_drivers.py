"""Two periods or plants: how much of the difference is more production, how much more emission per tonne."""

from collections.abc import Iterator
from dataclasses import dataclass

from tanheng.accounting.result import ResultDocument

__all__ = ["Driver", "Drivers", "drivers"]


@dataclass(frozen=True, slots=True)
class Driver:
    """A source (or the total): the effect of production and the effect of intensity [tCO2e]; together the change."""

    id: str
    label: str
    before: float
    after: float
    activity: float

    @property
    def change(self) -> float:
        """The whole change."""
        return self.after - self.before

    @property
    def intensity(self) -> float:
        """What is left when production is taken out: other emission per unit of product."""
        return self.change - self.activity


@dataclass(frozen=True, slots=True)
class Drivers:
    """The change between two results by an indicator; ``products`` are its denominators [``unit``]."""

    indicator: str
    label: str
    products: tuple[float, float]
    unit: str
    total: Driver
    sources: tuple[Driver, ...]


def drivers(before: ResultDocument, after: ResultDocument) -> Drivers | None:
    """Return activity and intensity effect by the first intensity of the total that both results have, or None.

    Emissions are product × intensity. The activity effect is the change of product at the earlier intensity, the
    intensity effect the change of intensity at the later product, so that nothing is left over.
    """
    old, new = before.data["indicators"], after.data["indicators"]
    for name, figure in old.items():
        there = new.get(name)
        if there is None or figure["numerator"] != "total" or there["unit"] != figure["unit"]:
            continue
        products = (figure["denominator"]["value"], there["denominator"]["value"])
        if not products[0] or not products[1]:
            continue
        ratio = products[1] / products[0]
        total = _driver("total", "排放总量", before.data["total"]["value"], after.data["total"]["value"], ratio)
        if total is None:
            return None
        label = before.data["labels"]["indicators"][name]
        unit = figure["denominator"]["unit"]
        return Drivers(name, label, products, unit, total, tuple(_sources(before, after, ratio)))
    return None


def _sources(before: ResultDocument, after: ResultDocument, ratio: float) -> Iterator[Driver]:
    names = {**before.data["labels"]["sources"], **after.data["labels"]["sources"]}
    for name in dict.fromkeys([*before.data["sources"], *after.data["sources"]]):
        values = [doc.data["sources"].get(name, {"value": 0.0})["value"] for doc in (before, after)]
        found = _driver(name, names[name], values[0], values[1], ratio)
        if found is not None and (found.before or found.after):
            yield found


def _driver(id: str, label: str, before: float | None, after: float | None, ratio: float) -> Driver | None:
    if before is None or after is None:
        return None
    return Driver(id, label, before, after, before * (ratio - 1))
