"""The result of a group: results of its members, weighted, less what one member delivers to another.

An internal delivery is taken out on both sides, as if the group were one works: the receiver no longer counts what it
got and the supplier no longer deducts what it gave. Where both reckon with the same factor and the supplier deducts,
nothing changes; where the supplier's standard knows no deduction, or the factors differ, the double count goes.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from tanheng.accounting.consolidation_holdings import ConsolidationRule, Holding, Position, positions
from tanheng.accounting.consolidation_transfers import Elimination, Transfer, elimination, subtotal_sources
from tanheng.kernel.periods import Month, Period

__all__ = ["Consolidated", "MemberLine", "MemberResult", "consolidate"]


@dataclass(frozen=True)
class MemberResult:
    """A member's result document as data (or its summary, where nothing is delivered); None: there is no result."""

    member: str
    name: str
    data: Mapping[str, Any] | None
    is_group: bool = False


@dataclass(frozen=True)
class MemberLine:
    """A member in the consolidated result: its own total, its part of the group's, both [tCO2e]; None: a gap."""

    member: str
    name: str
    position: Position
    own: float | None
    part: float | None
    sources: Mapping[str, float]
    direct: float | None
    indirect: float | None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Consolidated:
    """The group's result under an approach. ``total`` holds what is known; ``missing`` says what it lacks."""

    approach: str
    period: str
    total: float | None
    complete: bool
    members: tuple[MemberLine, ...]
    eliminations: tuple[Elimination, ...]
    sources: Mapping[str, float]
    direct: float | None
    indirect: float | None
    missing: tuple[str, ...]
    standards: tuple[str, ...] = ()
    gwp_sets: tuple[str, ...] = field(default=())

    @property
    def eliminated(self) -> float:
        """What was taken out as internal [tCO2e], signed."""
        return math.fsum(each.value for each in self.eliminations if each.value is not None)


def consolidate(
    group: str,
    results: Sequence[MemberResult],
    holdings: Iterable[Holding],
    transfers: Iterable[Transfer] = (),
    *,
    period: Period,
    approach: str,
    rule: ConsolidationRule,
) -> Consolidated:
    """Return the consolidated result of a group.

    Parameters
    ----------
    group
        The id of the group.
    results
        The members below it; one without a result is a gap, never nought.
    holdings
        Checked by :func:`~tanheng.accounting.consolidation_holdings.check_holdings`.
    transfers
        Deliveries between members, matched by
        :func:`~tanheng.accounting.consolidation_transfers.match`.
    period
        What is consolidated; the position of a member may change from month to month.
    approach, rule
        ``equity_share``, ``operational_control`` or ``financial_control``, and the majority.
    """
    rows, names = tuple(holdings), [each.member for each in results]
    by_month = {month: positions(group, names, rows, month, approach, rule) for month in period.months}
    lines = tuple(_member(each, by_month, period) for each in results if not each.is_group)
    documents = {each.member: each.data for each in results}
    weights = {(month, id): position.weight for month, found in by_month.items() for id, position in found.items()}
    taken = tuple(elimination(each, documents, weights, period) for each in transfers)
    taken = tuple(each for each in taken if each.concerns)
    parts = [line.part for line in lines if line.part is not None]
    missing = [text for line in lines for text in line.missing]
    missing += [each.transfer.sentence for each in taken if each.value is None or each.transfer.is_lone]
    sources = _sources(lines, taken)
    used = [each.data for each in results if each.data is not None]
    return Consolidated(
        approach, period.key,
        math.fsum([*parts, *(each.value for each in taken if each.value is not None)]) if parts else None,
        not missing, lines, taken, sources,
        _plus(lines, "direct", taken), _plus(lines, "indirect", taken),
        tuple(missing), tuple(dict.fromkeys(data["standard"] for data in used)),
        tuple(dict.fromkeys(str(data["gwp"]["set"]) for data in used)),
    )  # fmt: skip


def _member(result: MemberResult, by_month: Mapping[Month, Mapping[str, Position]], period: Period) -> MemberLine:
    course = [by_month[month][result.member] for month in period.months]
    position = _at_the_end(course)
    missing: list[str] = []
    if all(each.share is None for each in course):
        missing.append(f"“{result.name}”没有登记持股与控制关系，未计入合并结果")
    wanted = [month for month in period.months if (by_month[month][result.member].weight or 0) > 0]
    if not wanted:
        nought = None if missing else 0.0  # a member nobody has placed is a gap, not nothing
        return MemberLine(result.member, result.name, position, _total(result), nought, {}, 0.0, 0.0, tuple(missing))
    if result.data is None:
        missing.append(f"“{result.name}”{period.label_zh}没有核算结果，合并结果缺这一部分")
        return MemberLine(result.member, result.name, position, None, None, {}, None, None, tuple(missing))
    missing += _gaps(result, wanted)
    weights = {month: by_month[month][result.member].weight or Decimal(0) for month in wanted}
    return _weighted(result, position, weights, period, missing)


def _at_the_end(course: Sequence[Position]) -> Position:
    """Where a member stands in the last month; one that was there before and is sold has ended, and is no stranger."""
    last = course[-1]
    if last.share is None and any(each.share is not None for each in course):
        return replace(last, share=Decimal(0), weight=Decimal(0), code="ended")
    return last


def _gaps(result: MemberResult, wanted: list[Month]) -> Iterable[str]:
    data = result.data or {}
    if not data["complete"]:
        yield f"“{result.name}”的核算结果有缺口"
    absent = [month for month in wanted if str(month) not in data["months"]]
    if absent and _is_monthly(data):
        yield f"“{result.name}”没有{absent[0].label_zh}等 {len(absent)} 个月的结果"


def _is_monthly(data: Mapping[str, Any]) -> bool:
    """Whether the result knows months; a year reported as one has a single one named like the year."""
    return any("-" in month for month in data["months"])


def _total(result: MemberResult) -> float | None:
    if result.data is None:
        return None
    value: float | None = result.data["total"]["value"]
    return value


def _weighted(
    result: MemberResult, position: Position, weights: Mapping[Month, Decimal], period: Period, missing: list[str]
) -> MemberLine:
    data = result.data or {}
    even = len(set(weights.values())) == 1 and len(weights) == len(period.months)
    if even or not _is_monthly(data):
        value = data["total"]["value"]
        if not even:
            missing.append(
                f"“{result.name}”的结果不分月，而持股在{period.label_zh}内有变动，分不清哪些月份计入，未计入"
            )
            nothing: dict[str, float] = {}
            return MemberLine(result.member, result.name, position, value, None, nothing, None, None, tuple(missing))
        factor = float(list(weights.values())[-1]) / 100
        sources = {id: factor * row["value"] for id, row in data["sources"].items() if row["value"] is not None}
        direct, indirect = (_subtotal(data, id, factor) for id in ("direct", "indirect"))
        part = None if value is None else factor * value
        return MemberLine(
            result.member, result.name, position, value, part, sources, direct, indirect, tuple(missing)
        )  # fmt: skip
    cells = [
        (id, float(weight) / 100 * value)
        for month, weight in weights.items()
        for id, value in data["month_sources"].get(str(month), {}).items()
        if value is not None
    ]
    sources = {id: math.fsum(v for name, v in cells if name == id) for id in dict.fromkeys(name for name, _ in cells)}
    months = [(data["months"].get(str(month)) or {}).get("value") for month in weights]
    known = [float(w) / 100 * v for w, v in zip(weights.values(), months, strict=True) if v is not None]
    parts = subtotal_sources(data)
    direct, indirect = (
        math.fsum(sources.get(id, 0.0) for id in parts[name]) if name in parts else None
        for name in ("direct", "indirect")
    )
    part = math.fsum(known) if known else None
    return MemberLine(
        result.member, result.name, position, _total(result), part, sources, direct, indirect, tuple(missing)
    )  # fmt: skip


def _subtotal(data: Mapping[str, Any], id: str, factor: float) -> float | None:
    row = data["subtotals"].get(id)
    return None if row is None or row["value"] is None else factor * row["value"]


def _sources(lines: Iterable[MemberLine], taken: Iterable[Elimination]) -> dict[str, float]:
    cells = [cell for line in lines for cell in line.sources.items()]
    cells += [cell for each in taken for cell in each.sources.items()]
    return {id: math.fsum(v for name, v in cells if name == id) for id in dict.fromkeys(name for name, _ in cells)}


def _plus(lines: Iterable[MemberLine], name: str, taken: Iterable[Elimination]) -> float | None:
    """The sum of a subtotal over the members; None where a member's standard has none."""
    values = [getattr(line, name) for line in lines if line.part is not None]
    if not values or None in values:
        return None
    return math.fsum([*values, *(getattr(each, name) for each in taken)])
