"""What is missing: a month, a stream, a part of a balance. A gap stops a total from being called complete."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from tanheng.kernel.catalogue import materials
from tanheng.kernel.periods import Month, Period
from tanheng.kernel.quantities import glossary
from tanheng.kernel.roles import role_zh
from tanheng.kernel.units import compatible, convert, label
from tanheng.rules.matching import OUTWARD_ROLES
from tanheng.rules.package import Standard
from tanheng.rules.streams import StreamDecl, StreamRecord, StreamSet

__all__ = [
    "Chosen",
    "choose",
    "entry",
    "idle_parameters",
    "is_counted",
    "material_zh",
    "missing_months",
    "odd_records",
    "outlets",
    "quantity_zh",
]  # fmt: skip
_SAME_STOCK = 1e-6  # a stock that was typed twice with another number of digits is the same


@dataclass(frozen=True)
class Chosen:
    """The records of a period, in a fixed order, and what does not fit into it."""

    records: tuple[StreamRecord, ...]
    gaps: tuple[dict[str, Any], ...]


def choose(streams: StreamSet, period: Period) -> Chosen:
    """Return the records whose period lies within the accounted one; a wider one cannot be split and is a gap."""
    order = {decl.id: n for n, decl in enumerate(streams.declared)}
    decls = {decl.id: decl for decl in streams.declared}
    kept: list[StreamRecord] = []
    gaps: list[dict[str, Any]] = []
    for record in streams.records:
        span = Period.parse(record.period)
        if span.first in period and span.last in period:
            kept.append(record)
        elif span.first <= period.last and period.first <= span.last:
            said = {"record_period": span.label_zh, "period": period.label_zh}
            gaps.append(entry("record.period_wider", decls.get(record.stream), record.period, None, said))
    kept.sort(key=lambda record: (order.get(record.stream, -1), Period.parse(record.period).first, record.period))
    return Chosen(tuple(kept), tuple(gaps))


def missing_months(
    standard: Standard, streams: StreamSet, chosen: Chosen, period: Period
) -> Iterator[tuple[bool, dict[str, Any]]]:
    """Yield (is it counted, entry) for every month without a record in which a stream is declared active."""
    covered: dict[str, set[Month]] = {}
    for record in chosen.records:
        covered.setdefault(record.stream, set()).update(Period.parse(record.period).months)
    for decl in streams.declared:
        expected = [month for month in period.months if _active(decl, month)]
        lost = [month for month in expected if month not in covered.get(decl.id, set())]
        counted = is_counted(standard, decl) or divides(standard, decl)
        if lost and len(lost) == len(expected) and len(lost) > 1:
            yield (
                counted,
                entry("stream.missing", decl, None, "quantity", {"period": period.label_zh, "months": len(lost)}),
            )
        else:
            for month in lost:
                yield counted, entry("stream.month_missing", decl, str(month), "quantity", {"month_zh": month.label_zh})


def odd_records(streams: StreamSet, chosen: Chosen) -> Iterator[dict[str, Any]]:
    """Yield warnings, one a stream: a record in a month in which it is not declared active, a stock that jumps.

    Both are accounted as given; whether the record or the declaration is wrong, a person has to say.
    """
    own: dict[str, list[StreamRecord]] = {}
    for record in chosen.records:
        own.setdefault(record.stream, []).append(record)
    for decl in streams.declared:
        records = own.get(decl.id, [])
        outside = [record.period for record in records if not all(map(partial(_active, decl), _span(record).months))]
        if outside:
            yield entry("record.outside_active", decl, outside[0], None, {"count": len(outside)})
        breaks = [(one, two) for one, two in pairwise(records) if _is_next(one, two) and _jumps(one, two)]
        if breaks:
            one, two = breaks[0]
            said = {"closing": _stock(one, "closing_stock"), "opening": _stock(two, "opening_stock")}
            yield entry("balance.stock_chain", decl, two.period, "opening_stock", {**said, "count": len(breaks)})


def _span(record: StreamRecord) -> Period:
    return Period.parse(record.period)


def _is_next(one: StreamRecord, two: StreamRecord) -> bool:
    return _span(one).last.shift(months=1) == _span(two).first


def _jumps(one: StreamRecord, two: StreamRecord) -> bool:
    closing, opening = one.quantity.get("closing_stock"), two.quantity.get("opening_stock")
    if closing is None or opening is None or not compatible(closing.unit, opening.unit):
        return False
    before = float(convert(closing.value, closing.unit, opening.unit))
    return not math.isclose(before, opening.value, rel_tol=_SAME_STOCK, abs_tol=_SAME_STOCK)


def _stock(record: StreamRecord, part: str) -> str:
    given = record.quantity[part]
    return f"{given.value:.10g} {label(given.unit)}"


def idle_parameters(streams: StreamSet, chosen: Chosen, period: Period) -> Iterator[dict[str, Any]]:
    """Yield a warning for every shared measured value of the period that reaches no record at all."""
    decls = {decl.id: decl for decl in streams.declared}
    places = {(decls[r.stream].material, decls[r.stream].process, r.period) for r in chosen.records}
    for shared in streams.parameters:
        span = Period.parse(shared.period) if shared.period else period
        meant = shared.rank == "measured" and span.first <= period.last and period.first <= span.last
        if meant and not any(shared.fit(*place) >= 0 for place in places):
            yield entry("parameter.not_used", None, None, shared.quantity, {"material": shared.material})


def _active(decl: StreamDecl, month: Month) -> bool:
    after = decl.first_month is None or decl.first_month <= month
    return after and (decl.last_month is None or month <= decl.last_month)


def outlets(standard: Standard, decl: StreamDecl) -> list[tuple[str, str]]:
    """Return the (source, gas) that a stream of the boundary would feed: they are unknown while it is missing."""
    if decl.process:
        return []
    direction = "out" if decl.role in OUTWARD_ROLES else decl.direction
    return [
        (name, line.gas)
        for name, source in standard.sources.items()
        if not source.kinds and any(rule.matches(decl.material, decl.role, direction) for rule in source.take)
        for line in source.lines
    ]


def is_counted(standard: Standard, decl: StreamDecl) -> bool:
    """Whether a source of the standard may take the stream."""
    direction = "out" if decl.role in OUTWARD_ROLES else decl.direction
    rules = (rule for source in standard.sources.values() for rule in source.take)
    return any(rule.matches(decl.material, decl.role, direction) for rule in rules)


def divides(standard: Standard, decl: StreamDecl) -> bool:
    """Whether an optional indicator is divided by the stream: whoever reports it wants that figure to be whole."""
    optional = (indicator.denominator for indicator in standard.indicators.values() if indicator.optional)
    return not decl.process and any(below.matches(decl.material, decl.role) for below in optional)


def entry(
    code: str, decl: StreamDecl | None, month: str | None, quantity: str | None, values: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a gap or warning as the result document keeps it; names in Chinese stand in ``values``."""
    said: dict[str, Any] = {key: _plain(value) for key, value in (values or {}).items()}
    if decl is not None:
        said["stream_zh"] = decl.label or decl.material_zh or material_zh(decl.material)
        said["material_zh"] = decl.material_zh or material_zh(decl.material)
        said["place_zh"] = decl.process or "企业边界"
    elif "material" in said:
        said["material_zh"] = material_zh(said["material"])
    if "role" in said:
        said["role_zh"] = role_zh(said["role"])
    if "roles" in said:
        said["roles_zh"] = [role_zh(role) for role in said["roles"]]
    if quantity is not None:
        said["quantity_zh"] = quantity_zh(quantity)
    for key in ("instead", "by"):
        if key in said:
            said[f"{key}_zh"] = "、".join(quantity_zh(name) for name in said[key])
    if month is not None:
        said["month_zh"] = Period.parse(month).label_zh
    return {
        "code": code, "stream": decl.id if decl else None, "material": decl.material if decl else said.get("material"),
        "month": month, "quantity": quantity, "values": said,
    }  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def material_zh(material: str) -> str:
    """Return the Chinese name of a material, or its id where the catalogue has none."""
    found = materials().get(material)
    return found.zh if found else material


def quantity_zh(quantity: str) -> str:
    """Return the Chinese name of a quantity."""
    found = glossary().get(quantity)
    return found.zh if found else quantity
