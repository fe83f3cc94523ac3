"""Deliveries between the members of a group: both declare, both must agree, and neither counts twice."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tanheng.kernel.catalogue import materials
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.units import compatible, convert
from tanheng.rules.matching import OUTWARD_ROLES

__all__ = ["Declaration", "Elimination", "Transfer", "elimination", "match", "subtotal_sources"]

_SAME = 1e-9  # two declarations that differ by less than this share are one number typed twice


@dataclass(frozen=True, slots=True)
class Declaration:
    """What one member says: it ``supplies`` (or got) ``quantity`` [``unit``] of a material in a month or year.

    ``stream`` is the member's own stream in whose quantity the delivery is contained.
    """

    member: str
    counterparty: str
    supplies: bool
    material: str
    period: str
    quantity: float
    unit: str
    stream: str = ""

    @property
    def pair(self) -> tuple[str, str, str, str]:
        """Supplier, receiver, material, period: what both declarations share."""
        ends = (self.member, self.counterparty) if self.supplies else (self.counterparty, self.member)
        return (*ends, self.material, self.period)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A delivery with what each side declared; ``agreed`` is the smaller: no more than both confirm."""

    supplier: str
    receiver: str
    material: str
    period: str
    unit: str
    supplied: float | None
    received: float | None
    supplier_stream: str = ""
    receiver_stream: str = ""
    names: tuple[str, str] = ("", "")

    @property
    def is_lone(self) -> bool:
        """Whether only one side declared."""
        return self.supplied is None or self.received is None

    @property
    def agreed(self) -> float | None:
        """The quantity both confirm."""
        if self.supplied is None or self.received is None:
            return None
        return min(self.supplied, self.received)

    @property
    def difference(self) -> float | None:
        """Supplied less received, 0 when they are the same; None when one is missing."""
        if self.supplied is None or self.received is None:
            return None
        gap = self.supplied - self.received
        return 0.0 if abs(gap) <= _SAME * max(abs(self.supplied), abs(self.received), 1.0) else gap

    @property
    def material_zh(self) -> str:
        """The Chinese name of what is delivered."""
        return materials()[self.material].zh if self.material in materials() else self.material

    @property
    def sentence(self) -> str:
        """What is wrong with the pair, or that nothing is."""
        supplier, receiver = (name or id for name, id in zip(self.names, (self.supplier, self.receiver), strict=True))
        what = f"“{supplier}”向“{receiver}”供应{self.material_zh}（{Period.parse(self.period).label_zh}）"
        if self.received is None:
            return f"{what}：只有供方申报，受方没有申报，未抵销"
        if self.supplied is None:
            return f"{what}：只有受方申报，供方没有申报，未抵销"
        if self.difference:
            return f"{what}：双方申报不一致，按较小的数量抵销"
        return f"{what}：双方一致"


@dataclass(frozen=True)
class Elimination:
    """What a delivery takes out of the group's total [tCO2e, signed]; None: it cannot be known."""

    transfer: Transfer
    value: float | None
    quantity: float
    sources: Mapping[str, float]
    direct: float
    indirect: float
    notes: tuple[str, ...] = field(default=())
    concerns: bool = True


def match(declarations: Iterable[Declaration], names: Mapping[str, str]) -> tuple[Transfer, ...]:
    """Return the deliveries, each with both declarations where both exist; a pair in two units is converted."""
    pairs: dict[tuple[str, str, str, str], list[Declaration]] = {}
    for each in declarations:
        pairs.setdefault(each.pair, []).append(each)
    return tuple(_transfer(pair, found, names) for pair, found in sorted(pairs.items()))


def _transfer(pair: tuple[str, str, str, str], found: list[Declaration], names: Mapping[str, str]) -> Transfer:
    supplier, receiver, material, period = pair
    unit = found[0].unit
    sides = [[each for each in found if each.supplies is supplies] for supplies in (True, False)]
    amounts = [_amount(side, unit) for side in sides]
    streams = [side[0].stream if side else "" for side in sides]
    shown = (names.get(supplier, supplier), names.get(receiver, receiver))
    return Transfer(
        supplier, receiver, material, period, unit, amounts[0], amounts[1], streams[0], streams[1], shown
    )  # fmt: skip


def _amount(side: list[Declaration], unit: str) -> float | None:
    if not side or not all(compatible(each.unit, unit) for each in side):
        return None
    return math.fsum(convert(each.quantity, each.unit, unit) for each in side)


def elimination(
    transfer: Transfer,
    documents: Mapping[str, Mapping[str, Any] | None],
    weights: Mapping[tuple[Month, str], Decimal | None],
    period: Period,
) -> Elimination:
    """Return what a delivery takes out: both sides' lines for the agreed quantity, at the smaller of both weights.

    What exceeds the smaller weight is delivered to, or by, the other owners of the member, and so no internal affair.
    """
    span = Period.parse(transfer.period)
    months = [month for month in span.months if month in period]
    weight = _weight(transfer, weights, months)
    if not months or weight is None or weight == 0:
        return Elimination(transfer, 0.0, 0.0, {}, 0.0, 0.0, concerns=False)
    agreed = transfer.agreed
    if agreed is None:
        return Elimination(transfer, 0.0, 0.0, {}, 0.0, 0.0, (transfer.sentence,))
    quantity = agreed * float(weight) / 100 * len(months) / len(span.months)
    cells: list[tuple[str, float]] = []
    notes: list[str] = []
    direct = indirect = 0.0
    for member, stream, supplies in (
        (transfer.supplier, transfer.supplier_stream, True),
        (transfer.receiver, transfer.receiver_stream, False),
    ):
        effect = _effect(documents.get(member), stream, supplies, months, transfer.unit)
        if isinstance(effect, str):
            return Elimination(transfer, None, quantity, {}, 0.0, 0.0, (*notes, effect))
        if not effect:
            notes.append(f"“{transfer.names[0 if supplies else 1]}”的标准不计入这条源流，此侧无需抵销")
        for source, unit_value in effect.items():
            cells.append((source, -unit_value * quantity))
            parts = subtotal_sources(documents[member] or {})
            direct += -unit_value * quantity if source in parts.get("direct", ()) else 0.0
            indirect += -unit_value * quantity if source in parts.get("indirect", ()) else 0.0
    sources = {id: math.fsum(v for name, v in cells if name == id) for id in dict.fromkeys(name for name, _ in cells)}
    return Elimination(
        transfer, math.fsum(v for _, v in cells), quantity, sources, direct, indirect, tuple(notes)
    )  # fmt: skip


def subtotal_sources(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return which sources a subtotal of a result adds, by the subtotal's id."""
    named: Mapping[str, str] = data["labels"].get("subtotal_sources", {})
    return {id: tuple(text.split("+")) for id, text in named.items()}


def _weight(
    transfer: Transfer, weights: Mapping[tuple[Month, str], Decimal | None], months: list[Month]
) -> Decimal | None:
    found = [
        min(
            weights.get((month, transfer.supplier)) or Decimal(0), weights.get((month, transfer.receiver)) or Decimal(0)
        )
        for month in months
    ]
    return sum(found, Decimal(0)) / len(found) if found else None


def _effect(
    data: Mapping[str, Any] | None, stream: str, supplies: bool, months: list[Month], unit: str
) -> dict[str, float] | str:
    """Return, by source, the member's emission [tCO2e] for one unit delivered or got; a sentence where unknown."""
    if data is None:
        return "没有核算结果，抵销量算不出"
    known = {decl["id"] for decl in data["declared"]}
    if stream not in known:
        return "申报没有指明本企业的源流，抵销量算不出"
    if "trace" not in data or "lines" not in data:
        return "缺少结果文件的计算过程，抵销量算不出"
    wanted = {str(month) for month in months}
    lines = data["lines"]
    sums: dict[str, list[tuple[float, float]]] = {}
    for block in data["trace"]:
        if block["account"] != "enterprise" or not compatible(block["amount"]["unit"], unit):
            continue
        for n, line in enumerate(block["lines"]):
            if lines["stream"][line] != stream or (lines["month"][line] not in wanted and "-" in lines["month"][line]):
                continue
            outward = lines["direction"][line] == "out" or lines["role"][line] in OUTWARD_ROLES
            turned = -1.0 if supplies and not outward else 1.0
            cell = _line(block, n, lines["value"][line], supplies, unit)
            sums.setdefault(block["source"], []).append((cell[0] * (turned if cell[2] else 1.0), cell[1]))
    return {source: _per_unit(cells) for source, cells in sums.items() if any(amount for _, amount in cells)}


def _line(
    block: Mapping[str, Any], n: int, value: float | None, supplies: bool, unit: str
) -> tuple[float, float, bool]:
    """Return (emission, amount, given directly), signed so that their ratio is the effect of one unit.

    A net consumption that was entered directly falls by what is supplied: the caller turns its sign.
    """
    used = block["symbols"]["quantity"]
    amount = used["value"][n]
    if amount is None or value is None:
        return 0.0, 0.0, False
    part = next((p for p in (("sold",) if supplies else ("purchased",)) if _given(block, p, n)), "quantity")
    sign = block["amount"]["parts"][part]["sign"][n] if _given(block, part, n) else 1
    size = convert(abs(amount), used["unit"], unit) if compatible(used["unit"], unit) else abs(amount)
    return value * math.copysign(1.0, amount) * sign, size, part == "quantity"


def _given(block: Mapping[str, Any], part: str, n: int) -> bool:
    parts = block["amount"]["parts"]
    return part in parts and parts[part]["value"][n] is not None


def _per_unit(cells: list[tuple[float, float]]) -> float:
    return math.fsum(value for value, _ in cells) / math.fsum(size for _, size in cells)
