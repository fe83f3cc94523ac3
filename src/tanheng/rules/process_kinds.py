"""Which kind of process a process of the works is: an account may count some kinds only."""

from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.package import Standard
from tanheng.rules.streams import SiteInfo
from tanheng.rules.table import StreamTable

__all__ = ["kinds_of", "of_kinds"]


def kinds_of(standard: Standard, site: SiteInfo) -> dict[str, str]:
    """Return kinds by the name of a top-level process.

    The enterprise's own names (site option ``process_kinds``) hold before the names of the standard's template.
    """
    own = site.options.get("process_kinds")
    kinds: dict[str, str] = {process.zh: process.kind for process in standard.processes}
    return kinds | (dict(own) if isinstance(own, Mapping) else {})


def of_kinds(table: StreamTable, kinds: Mapping[str, str], wanted: Collection[str]) -> NDArray[np.bool_]:
    """Return which rows flow into or out of a process of one of the kinds."""
    fit = np.array([kinds.get(path.split("/")[0]) in wanted for path in table.processes], np.bool_)
    chosen: NDArray[np.bool_] = fit[table.process] & table.inside
    return chosen
