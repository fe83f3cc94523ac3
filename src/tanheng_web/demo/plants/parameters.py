"""The parameters of a plant: every magnitude stands in ``data/demo/`` with its source, none in the code."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from tanheng.kernel.errors import InputError
from tanheng.kernel.resources import data_dir
from tanheng_web.demo.plants.calendar import YEAR_INDEX, YEARS

__all__ = ["SOURCES", "Parameters", "plant_file"]

SOURCES = ("reference", "engineering")
_KEYS = {"value", "unit", "source", "row"}


@dataclass(frozen=True)
class Parameters:
    """Magnitudes by id. ``p["bf.pci"]`` is an array over the months; years step, they do not blend."""

    entries: Mapping[str, Mapping[str, Any]]

    def __post_init__(self) -> None:
        for name, entry in self.entries.items():
            if set(entry) != _KEYS or entry["source"] not in SOURCES:
                raise InputError("demo.parameter", id=name, keys=sorted(entry), known=SOURCES)

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        value = self.entries[name]["value"]
        yearly = np.array(value if isinstance(value, list) else [value] * len(YEARS), dtype=np.float64)
        monthly: NDArray[np.float64] = yearly[YEAR_INDEX]
        return monthly

    def scalar(self, name: str) -> float:
        """Return a magnitude that is the same in every month."""
        return float(self.entries[name]["value"])


@cache
def plant_file(name: str) -> Any:
    """Return ``data/demo/<name>.yaml``."""
    return yaml.safe_load((data_dir() / "demo" / f"{name}.yaml").read_text(encoding="utf-8"))
