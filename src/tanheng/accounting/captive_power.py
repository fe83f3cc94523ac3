"""The captive power plant: how much of its electricity a works makes itself, and what the plant burns for it.

Own supply above half makes the plant's coal and gas a scope 1 line of its own (N-5.2.1-3a). The line is a part of the
direct emissions that are in the total already, never an addition.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tanheng.accounting.boundary_catalogue import Limit, boundary_rules, percent_of
from tanheng.accounting.boundary_flows import Flow, flows
from tanheng.kernel.units import convert
from tanheng.rules.package import Standard

__all__ = ["CaptivePower", "CaptiveRule", "PlantFuel", "captive_power", "captive_rule"]

UNIT = "MWh"
CERTIFICATE = "green_certificate"  # a right, no power: it flows nowhere


@dataclass(frozen=True, slots=True)
class CaptiveRule:
    """From which rate on the plant is shown apart, what counts as its fuel, which power an export is taken from."""

    limit: Limit
    process_kinds: tuple[str, ...]
    fuel_roles: tuple[str, ...]
    exported_from: str = "generation"


@dataclass(frozen=True, slots=True)
class PlantFuel:
    """What a plant burns: quantity [unit] and emission [tCO2e]; ``address`` opens it in the result.

    ``is_deducted``: the standard takes it out of the enterprise's total (the ETS leaves power to the power sector).
    """

    stream: str
    label: str
    quantity: float | None
    unit: str
    emission: float | None
    address: str
    is_deducted: bool = False


@dataclass(frozen=True)
class CaptivePower:
    """Electricity [MWh] of the works and the rate of own supply [%]; None where it cannot be known."""

    plants: tuple[str, ...]
    generated: float | None
    recovered: float | None
    purchased: float | None
    exported: float | None
    own_used: float | None
    used: float | None
    rate: Decimal | None
    limit: Limit
    is_separate: bool
    emission: float | None
    fuels: tuple[PlantFuel, ...]
    missing: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """Where the plant's emission stands in the total, in Chinese."""
        if any(fuel.is_deducted for fuel in self.fuels):
            return "本标准把自备电厂从企业层级中扣除，上表不在排放总量中。"
        return "上表已包含在直接排放中，此处单列，不另行相加。"

    @property
    def sentence(self) -> str:
        """The rate and what follows from it, in Chinese."""
        sign = "＞" if self.limit.strict else "≥"
        rule = f"供电自给率{sign}{self.limit.percent:f}%"
        if self.rate is None:
            if self.used is not None:
                whole = f"全部用电量（购入＋自发＋余能−外供）为 {self.used:,.10g} MWh"
                return f"供电自给率算不出：{whole}，应大于零。请核对电量。"
            return f"供电自给率算不出：缺少{'、'.join(self.missing) or '电量数据'}。单独列示的条件是{rule}。"
        shown = f"供电自给率 {self.rate:.2f}% = 自备电厂自用电量 ÷ 全部用电量"
        return f"{shown}；{rule}，{'已达到，燃煤、燃气发电' if self.is_separate else '未达到，不'}单独列示。"


def captive_rule(**changed: Any) -> CaptiveRule:
    """Return the rule of the data, with what an enterprise chose otherwise: ``threshold`` [%], ``strict``, …"""
    row = boundary_rules()["captive_power"]
    limit = Limit(
        Decimal(str(changed.get("threshold", row["threshold"]["value"]))),
        bool(changed.get("strict", row["threshold"]["strict"])),
    )
    exported = str(changed.get("exported_from", row["exported_from"]))
    return CaptiveRule(limit, tuple(row["process_kinds"]), tuple(row["fuel_roles"]), exported)


def captive_power(
    data: Mapping[str, Any],
    *,
    rule: CaptiveRule | None = None,
    plants: Collection[str] | None = None,
    standard: Standard | None = None,
) -> CaptivePower | None:
    """Return the own supply of a result; None where the works has no captive plant.

    Parameters
    ----------
    data
        A result document as data.
    rule
        Default: that of ``data/boundary_rules.yaml``, own supply above 50 %.
    plants
        Paths of the processes that are captive plants; default: those whose kind is one.
    standard
        Gives the kinds of processes that keep the names of its template; the site's own kinds go before.

    Power recovered elsewhere (TRT, dry quenching, waste heat) is used by the works and so in all use, but it is not the
    plant's: it burns nothing.
    """
    rule = rule or captive_rule()
    named = tuple(plants) if plants is not None else _plants(data, rule, standard)
    if not named:
        return None
    found = flows(data)
    power = [flow for flow in found if flow.role == "electricity" and flow.material != CERTIFICATE]
    made = [flow for flow in power if flow.process and flow.is_output]
    own = [flow for flow in made if _within(flow.process, named)]
    generated = _total(own) if own else None  # a plant that reports no generation is unknown, not idle
    recovered = _total(flow for flow in made if flow not in own)
    purchased = _total(flow for flow in power if not flow.process and not flow.is_output)
    exported = _total(flow for flow in power if not flow.process and flow.is_output)
    own_used, used = _uses(rule, generated, recovered, purchased, exported)
    rate = None if own_used is None or used is None else percent_of(own_used, used)
    fuels = tuple(_fuel(flow) for flow in found if _is_fuel(flow, named, rule))
    return CaptivePower(
        named, generated, recovered, purchased, exported, own_used, used, rate, rule.limit,
        rate is not None and rule.limit.reached_by(rate), _emission(fuels), fuels,
        tuple(_missing(own, generated, recovered, purchased, exported)),
    )  # fmt: skip


def _plants(data: Mapping[str, Any], rule: CaptiveRule, standard: Standard | None) -> tuple[str, ...]:
    kinds = {process.zh: process.kind for process in standard.processes} if standard else {}
    kinds |= data["site"]["options"].get("process_kinds") or {}
    present = dict.fromkeys(decl["process"].split("/")[0] for decl in data["declared"])
    return tuple(name for name in present if kinds.get(name) in rule.process_kinds)


def _within(process: str, paths: Iterable[str]) -> bool:
    return any(f"{process}/".startswith(f"{path}/") for path in paths)


def _total(power: Iterable[Flow]) -> float | None:
    values = [None if flow.quantity is None else convert(flow.quantity, flow.unit, UNIT) for flow in power]
    return None if any(value is None for value in values) else math.fsum(v for v in values if v is not None)


def _uses(
    rule: CaptiveRule, generated: float | None, recovered: float | None, purchased: float | None, exported: float | None
) -> tuple[float | None, float | None]:
    if generated is None or recovered is None or purchased is None or exported is None:
        return None, None
    own_used = generated - exported if rule.exported_from == "generation" else generated
    return max(own_used, 0.0), math.fsum([purchased, generated, recovered, -exported])


def _is_fuel(flow: Flow, plants: Iterable[str], rule: CaptiveRule) -> bool:
    return flow.role in rule.fuel_roles and not flow.is_output and bool(flow.process) and _within(flow.process, plants)


def _fuel(flow: Flow) -> PlantFuel:
    deducted = "enterprise" in flow.accounts[1:]
    address = f"account:{flow.accounts[0]}+stream:{flow.stream}" if deducted else f"stream:{flow.stream}"
    return PlantFuel(flow.stream, flow.label, flow.quantity, flow.unit, flow.emission, address, deducted)


def _emission(fuels: Iterable[PlantFuel]) -> float | None:
    values = [fuel.emission for fuel in fuels]
    return None if any(v is None for v in values) or not values else math.fsum(v for v in values if v is not None)


def _missing(
    own: list[Flow], generated: float | None, recovered: float | None, purchased: float | None, exported: float | None
) -> Iterable[str]:
    if not own or generated is None:
        yield "自备电厂发电量"
    if recovered is None:
        yield "余能发电量"
    if purchased is None:
        yield "购入电量"
    if exported is None:
        yield "外供电量"
