"""All site data per tonne of main product: quantity, energy [tce] and emission [tCO2e], the raw figure kept beside."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tanheng.accounting.boundary_catalogue import source_types
from tanheng.accounting.boundary_flows import Flow, flows
from tanheng.kernel.catalogue import materials
from tanheng.kernel.errors import InputError
from tanheng.kernel.units import compatible, convert

__all__ = ["PerProduct", "ProductRow", "SourceCover", "cover", "per_product"]


@dataclass(frozen=True)
class ProductRow:
    """A stream: what was entered, and the same for one tonne of product; ``energy`` in tce, ``emission`` in tCO2e."""

    flow: Flow
    energy: float | None
    quantity_per: float | None
    energy_per: float | None
    emission_per: float | None


@dataclass(frozen=True)
class PerProduct:
    """The table of a result; ``output`` [``output_unit``] of ``product`` divides everything."""

    product: str
    product_zh: str
    output: float | None
    output_unit: str
    rows: tuple[ProductRow, ...]
    energy: float | None
    unknown_energy: tuple[str, ...]

    @property
    def energy_per(self) -> float | None:
        """Energy bought less energy sold [tce] for one unit of product."""
        return _ratio(self.energy, self.output)


@dataclass(frozen=True, slots=True)
class SourceCover:
    """A kind of data and the streams that cover it; none: it is uncovered."""

    id: str
    zh: str
    clause: str
    streams: tuple[str, ...]


def per_product(data: Mapping[str, Any], product: str = "") -> PerProduct:
    """Return every stream of a result per unit of main product.

    Parameters
    ----------
    data
        A result document as data.
    product
        Material id; default: the main product of the site.

    Raises
    ------
    InputError
        ``per_product.no_product`` when no main product is named.
    """
    main = product or data["site"]["main_product"]
    if not main:
        raise InputError("per_product.no_product")
    found = flows(data)
    output, unit = _output(found, main)
    rows = tuple(_row(flow, output) for flow in found)
    crossing = [row for row in rows if not row.flow.process and _carries_energy(row.flow)]
    unknown = tuple(row.flow.label for row in crossing if row.energy is None)
    known = [(-row.energy if row.flow.is_output else row.energy) for row in crossing if row.energy is not None]
    zh = materials()[main].zh if main in materials() else main
    return PerProduct(main, zh, output, unit, rows, math.fsum(known) if known else None, unknown)


def _carries_energy(flow: Flow) -> bool:
    return flow.role in ("fuel", "electricity", "heat") or (flow.role == "by_product" and flow.energy is not None)


def _output(found: Iterable[Flow], material: str) -> tuple[float | None, str]:
    made = [flow for flow in found if flow.material == material and flow.role == "product"]
    made = [flow for flow in made if not flow.process] or made
    if not made or any(flow.quantity is None for flow in made):
        return None, materials()[material].unit if material in materials() else "t"
    unit = made[0].unit
    same = [convert(flow.quantity or 0.0, flow.unit, unit) for flow in made if compatible(flow.unit, unit)]
    total = math.fsum(same)
    return (total if total > 0 else None), unit


def _row(flow: Flow, output: float | None) -> ProductRow:
    energy = None if flow.energy is None else convert(flow.energy, "GJ", "tce")
    return ProductRow(
        flow, energy, _ratio(flow.quantity, output), _ratio(energy, output), _ratio(flow.emission, output)
    )  # fmt: skip


def _ratio(value: float | None, below: float | None) -> float | None:
    return None if value is None or below is None else value / below


def cover(streams: Iterable[Mapping[str, str]], kinds: Mapping[str, str]) -> tuple[SourceCover, ...]:
    """Return, kind by kind of N-7.2.2, which streams cover it.

    ``streams`` name ``label``, ``role``, ``material``, ``process``; ``kinds`` gives the kind of each top process.
    """
    rows = list(streams)
    return tuple(
        SourceCover(each.id, each.zh, each.clause, tuple(row["label"] for row in rows if _covers(each, row, kinds)))
        for each in source_types()
    )


def _covers(each: Any, row: Mapping[str, str], kinds: Mapping[str, str]) -> bool:
    kind = kinds.get(row["process"].split("/")[0], "") if row["process"] else ""
    if each.process_kinds and kind in each.process_kinds:
        return True
    if each.in_process and not row["process"]:
        return False
    return row["role"] in each.roles and (not each.materials or row["material"] in each.materials)
