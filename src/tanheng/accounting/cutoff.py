"""Cut-off: what may be left out of account because it is small, and whether all that was left out still is.

The streams stay in the data. A national standard names itself what counts; leaving an auxiliary out changes no total of
it, but ends the duty to collect it, and is listed with its reason.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tanheng.accounting.boundary_catalogue import Limit, boundary_rules, percent_of
from tanheng.accounting.boundary_flows import Flow, coal_equivalent, flows
from tanheng.kernel.catalogue import materials
from tanheng.kernel.units import compatible, convert

__all__ = ["CutOff", "CutOffItem", "Measure", "cut_off"]

MEASURES_ZH = {"mass": ("质量", "t"), "energy": ("能量", "tce"), "emission": ("排放", "tCO2e")}


@dataclass(frozen=True, slots=True)
class CutOffItem:
    """A material of a kind that may be left out: all its streams together, so that splitting it changes nothing."""

    key: str
    label: str
    kind: str
    mass: float | None
    energy: float | None
    emission: float | None
    share: Decimal | None
    hazardous: bool
    streams: tuple[str, ...]
    may_be_ignored: bool
    reason: str
    is_ignored: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the three sums: what is ignored, of what, its share [%] and whether it is within the limit."""

    id: str
    zh: str
    unit: str
    ignored: float | None
    total: float | None
    share: Decimal | None
    is_kept: bool
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class CutOff:
    """All items, what is ignored, the three sums, and decisions that no longer hold."""

    items: tuple[CutOffItem, ...]
    measures: tuple[Measure, ...]
    broken: tuple[str, ...]

    @property
    def ignored(self) -> tuple[CutOffItem, ...]:
        """The items that are left out."""
        return tuple(item for item in self.items if item.is_ignored)

    @property
    def is_kept(self) -> bool:
        """Whether every decision is allowed and all three sums are within the limit."""
        return not self.broken and all(measure.is_kept for measure in self.measures)


def cut_off(
    data: Mapping[str, Any], *, ignored: Iterable[str] = (), hazardous: Iterable[str] = (), total: float | None = None
) -> CutOff:
    """Return what may be left out of a result, and whether what was left out is within the limits.

    Parameters
    ----------
    data
        A result document as data.
    ignored
        Keys of the materials somebody decided to leave out.
    hazardous
        Streams that carry toxic or hazardous matter: never left out, at any amount.
    total
        What the emissions are compared with [tCO2e]; default: the total of the result.
    """
    rules = boundary_rules()["cut_off"]
    found = flows(data)
    groups = _grouped(found)
    raw = _mass(flow for flow in _crossing(found) if flow.role in rules["raw_material_roles"] and not flow.is_output)
    waste = _mass(flow for flow in found if flow.role in rules["solid_waste"]["roles"] and _is_solid(flow))
    chosen, dangerous = set(ignored), set(hazardous) | _listed(found, rules)
    items = tuple(
        _item(key, kind, group, raw if kind == "auxiliary" else waste, rules, chosen, dangerous)
        for key, (kind, group) in groups.items()
    )
    left = [item for item in items if item.is_ignored]
    whole = data["total"]["value"] if total is None else total
    measures = tuple(_measure(id, left, _whole(id, found, rules, whole), rules["total"]) for id in MEASURES_ZH)
    broken = [item.label for item in left if not item.may_be_ignored]
    return CutOff(items, measures, (*broken, *(key for key in chosen if key not in groups)))


def _listed(found: Iterable[Flow], rules: Mapping[str, Any]) -> set[str]:
    return {flow.stream for flow in found if flow.material in rules["hazardous_materials"]}


def _key(flow: Flow) -> str:
    """A catalogue material by its id; one of the plant's own (``other_…``) by its stream: two of them are not alike."""
    return f"{flow.material}:{flow.stream}" if flow.material.startswith("other_") else flow.material


def _grouped(found: Iterable[Flow]) -> dict[str, tuple[str, list[Flow]]]:
    """By material: what crosses the boundary, or flows inside of what does not (pig iron of its own is no purchase)."""
    rules = boundary_rules()["cut_off"]
    groups: dict[str, tuple[str, list[Flow]]] = {}
    for flow in _crossing(found):
        for kind in ("auxiliary", "solid_waste"):
            if flow.role in rules[kind]["roles"] and (kind != "solid_waste" or _is_solid(flow)):
                groups.setdefault(_key(flow), (kind, []))[1].append(flow)
    return groups


def _is_solid(flow: Flow) -> bool:
    """Waste gas and waste water are waste that is reported, and no part of the solid waste."""
    return flow.material not in materials() or materials()[flow.material].state not in ("gas", "liquid")


def _crossing(found: Iterable[Flow]) -> list[Flow]:
    """The flows across the boundary; where a material has none, its flows inside."""
    every = list(found)
    outer = {flow.material for flow in every if not flow.process}
    return [flow for flow in every if not flow.process or flow.material not in outer]


def _tonnes(flow: Flow) -> float | None:
    if flow.quantity is None or not flow.unit or not compatible(flow.unit, "t"):
        return None
    return convert(flow.quantity, flow.unit, "t")


def _mass(found: Iterable[Flow]) -> float:
    """What is known [t]: a gas without a density adds nothing, so that the share of others is never made smaller."""
    return math.fsum(mass for flow in found if (mass := _tonnes(flow)) is not None)


def _item(
    key: str,
    kind: str,
    group: list[Flow],
    whole: float,
    rules: Mapping[str, Any],
    chosen: set[str],
    dangerous: set[str],
) -> CutOffItem:
    masses = [None if (mass := _tonnes(flow)) is None else _net(flow, kind, mass) for flow in group]
    mass = None if None in masses else math.fsum(m for m in masses if m is not None)
    part = None if mass is None else percent_of(mass, whole)
    hazard = any(flow.stream in dangerous for flow in group)
    limit = Limit(Decimal(str(rules[kind]["limit"])), bool(rules[kind]["strict"]))
    allowed, why = _verdict(kind, mass, part, hazard, limit)
    return CutOffItem(
        key, _label(key, group), kind, mass, _known(_energy(flow) for flow in group), _known(f.emission for f in group),
        part, hazard, tuple(flow.stream for flow in group), allowed, why, key in chosen,
    )  # fmt: skip


def _net(flow: Flow, kind: str, mass: float) -> float:
    return -mass if kind == "auxiliary" and flow.is_output else mass


def _label(key: str, group: list[Flow]) -> str:
    return materials()[key].zh if key in materials() else group[0].label


def _energy(flow: Flow) -> float | None:
    """What is neither fuel nor an energy-consumed medium of GB/T 2589 carries no energy: a known nought."""
    return 0.0 if flow.energy is None and coal_equivalent(flow.material) is None else flow.energy


def _verdict(kind: str, mass: float | None, part: Decimal | None, hazard: bool, limit: Limit) -> tuple[bool, str]:
    of = "原料总质量" if kind == "auxiliary" else "固体废物总量"
    if hazard:
        return False, "有毒有害物质，任何数量都不得忽略"
    if mass is None:
        return False, "数量不是质量单位或缺数据，不能按质量判断"
    if part is None:
        return False, f"没有{of}，无法判断占比"
    sign = "＜" if limit.strict else "≤"
    if limit.keeps(part):
        return True, f"占{of} {part:.4f}%，{sign}{limit.percent:f}%，可以忽略"
    return False, f"占{of} {part:.4f}%，未满足{sign}{limit.percent:f}%，不得忽略"


def _known(values: Iterable[float | None]) -> float | None:
    every = list(values)
    return None if any(value is None for value in every) else math.fsum(value for value in every if value is not None)


def _whole(id: str, found: tuple[Flow, ...], rules: Mapping[str, Any], emission: float | None) -> float | None:
    if id == "emission":
        return emission
    inputs = [flow for flow in _crossing(found) if not flow.is_output]
    if id == "mass":
        return _mass(flow for flow in inputs if flow.role in rules["input_roles"])
    roles = ("fuel", "electricity", "heat")
    return convert(math.fsum(f.energy for f in inputs if f.role in roles and f.energy is not None), "GJ", "tce")


def _measure(id: str, left: list[CutOffItem], whole: float | None, rule: Mapping[str, Any]) -> Measure:
    zh, unit = MEASURES_ZH[id]
    values = [(item.label, getattr(item, id)) for item in left]
    if id == "energy":
        values = [(label, None if value is None else convert(value, "GJ", "tce")) for label, value in values]
    unknown = tuple(label for label, value in values if value is None)
    ignored = None if unknown else math.fsum(abs(value) for _, value in values)
    part = None if ignored is None or whole is None else percent_of(ignored, whole)
    limit = Limit(Decimal(str(rule["limit"])), bool(rule["strict"]))
    kept = not left or (part is not None and limit.keeps(part))
    return Measure(id, zh, unit, ignored, whole, part, kept, unknown)
