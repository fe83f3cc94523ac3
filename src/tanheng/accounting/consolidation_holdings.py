"""Who holds and controls whom, month by month: shares along chains, cycles and shares above the whole refused."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tanheng.accounting.boundary_catalogue import Limit, boundary_rules
from tanheng.kernel.errors import InputError, TanhengError, raise_faults
from tanheng.kernel.periods import Month

__all__ = [
    "APPROACHES",
    "ConsolidationRule",
    "Holding",
    "Position",
    "check_holdings",
    "check_tree",
    "consolidation_rule",
    "positions",
]

WHOLE = Decimal(100)
NOTHING = Decimal(0)
APPROACHES = ("equity_share", "operational_control", "financial_control")


@dataclass(frozen=True, slots=True)
class Holding:
    """What ``owner`` has of ``member``: equity ``share`` [%], and whether it controls; None: not said.

    Valid from the first to the last day given, both inclusive; None: always.
    """

    owner: str
    member: str
    share: Decimal
    operational_control: bool | None = None
    financial_control: bool | None = None
    kind: str = "subsidiary"
    valid_from: date | None = None
    valid_to: date | None = None
    document: str = ""

    def holds_in(self, month: Month) -> bool:
        """Whether the holding stands on the last day of a month: who owns at the end answers for the month."""
        last = _last_day(month)
        return (self.valid_from is None or self.valid_from <= last) and (self.valid_to is None or last <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ConsolidationRule:
    """The majority (≥ 50 % by default) and what the equity view does below it: ``exclude`` or ``proportional``."""

    majority: Limit
    below: str = "exclude"


@dataclass(frozen=True, slots=True)
class Position:
    """How a member stands to the group in a month: effective share and weight [%], included or not, and why."""

    member: str
    share: Decimal | None
    weight: Decimal | None
    is_included: bool
    code: str
    values: Mapping[str, object]

    @property
    def sentence(self) -> str:
        """The reason in Chinese."""
        return InputError(f"consolidation.{self.code}", **self.values).zh()


def consolidation_rule(**changed: Any) -> ConsolidationRule:
    """Return the rule of the data, with what a group chose otherwise: ``threshold`` [%], ``strict``, ``below``."""
    row = boundary_rules()["consolidation"]
    limit = Limit(
        Decimal(str(changed.get("threshold", row["majority"]["threshold"]))),
        bool(changed.get("strict", row["majority"]["strict"])),
    )
    return ConsolidationRule(limit, str(changed.get("below", row["below_majority"])))


def check_tree(parents: Mapping[str, str | None], names: Mapping[str, str]) -> None:
    """Refuse a tree of organisations that runs in a circle (``consolidation.tree_cycle``)."""
    for start in parents:
        seen, at = [start], parents.get(start)
        while at is not None:
            if at in seen:
                raise InputError("consolidation.tree_cycle", members=[names.get(id, id) for id in (*seen, at)])
            seen.append(at)
            at = parents.get(at)


def check_holdings(holdings: Iterable[Holding], names: Mapping[str, str]) -> None:
    """Refuse holdings that cannot be.

    Raises
    ------
    Faults
        ``consolidation.share_range`` (not 0–100 %), ``consolidation.dates``, ``consolidation.self``,
        ``consolidation.overlap`` (two holdings of one pair at a time), ``consolidation.above_whole`` (the owners of a
        member have more than 100 % on a day), ``consolidation.cycle``.
    """
    rows = list(holdings)
    raise_faults(_faults(rows, names))


def _faults(rows: list[Holding], names: Mapping[str, str]) -> Iterable[TanhengError]:
    for row in rows:
        said = {"owner": names.get(row.owner, row.owner), "member": names.get(row.member, row.member)}
        if not NOTHING <= row.share <= WHOLE:
            yield InputError("consolidation.share_range", share=f"{row.share:f}", **said)
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            yield InputError("consolidation.dates", start=row.valid_from, end=row.valid_to, **said)
        if row.owner == row.member:
            yield InputError("consolidation.self", **said)
    for n, row in enumerate(rows):
        for other in rows[n + 1 :]:
            if (row.owner, row.member) == (other.owner, other.member) and _meet(row, other):
                said = {"owner": names.get(row.owner, row.owner), "member": names.get(row.member, row.member)}
                yield InputError("consolidation.overlap", **said)
    yield from _above_whole(rows, names)
    yield from _cycles(rows, names)


def _meet(one: Holding, other: Holding) -> bool:
    starts = max(one.valid_from or date.min, other.valid_from or date.min)
    return starts <= min(one.valid_to or date.max, other.valid_to or date.max)


def _days(rows: Sequence[Holding]) -> list[date]:
    """The days on which the picture changes: within a stretch between them it stands still."""
    return sorted({row.valid_from or date.min for row in rows})


def _on(rows: Iterable[Holding], day: date) -> list[Holding]:
    return [row for row in rows if (row.valid_from or date.min) <= day <= (row.valid_to or date.max)]


def _above_whole(rows: list[Holding], names: Mapping[str, str]) -> Iterable[TanhengError]:
    for member in dict.fromkeys(row.member for row in rows):
        own = [row for row in rows if row.member == member]
        worst = max(sum((row.share for row in _on(own, day)), NOTHING) for day in _days(own))
        if worst > WHOLE:
            yield InputError("consolidation.above_whole", member=names.get(member, member), share=f"{worst:f}")


def _cycles(rows: list[Holding], names: Mapping[str, str]) -> Iterable[TanhengError]:
    said: set[frozenset[str]] = set()
    for day in _days(rows):
        found = _cycle(_on(rows, day))
        if found and frozenset(found) not in said:
            said.add(frozenset(found))
            yield InputError("consolidation.cycle", members=[names.get(id, id) for id in found])


def _cycle(rows: list[Holding]) -> list[str]:
    """Return one circle of owners; a holding in oneself has its own fault."""
    below: dict[str, list[str]] = {}
    for row in rows:
        if row.owner != row.member:
            below.setdefault(row.owner, []).append(row.member)
    done: set[str] = set()
    for start in below:
        path: list[str] = [start]
        branches = [iter(below[start])]
        while branches:
            step = next(branches[-1], None)
            if step is None:
                done.add(path.pop())
                branches.pop()
            elif step in path:
                return [*path[path.index(step) :], step]
            elif step not in done:
                path.append(step)
                branches.append(iter(below.get(step, ())))
    return []


def positions(
    group: str,
    members: Iterable[str],
    holdings: Iterable[Holding],
    month: Month,
    approach: str,
    rule: ConsolidationRule,
) -> dict[str, Position]:
    """Return how every member stands to the group in a month under an approach.

    Equity shares multiply along a chain and add over several chains. Control runs down a chain of controlled owners:
    what a controlled company holds counts whole, whoever else has a part in that company.
    """
    if approach not in APPROACHES:
        raise InputError("consolidation.approach", approach=approach, known=list(APPROACHES))
    rows = [row for row in holdings if row.holds_in(month)]
    order = _downwards(group, rows)
    shares = _shares(group, rows, order)
    if approach == "equity_share":
        return {member: _by_share(member, shares.get(member), rule) for member in members}
    held = _controlled(group, rows, order, approach, rule)
    return {member: held.get(member) or _stranger(member) for member in members}


def _downwards(group: str, rows: list[Holding]) -> list[str]:
    """Members below the group, owners before what they own: cycles were refused before."""
    waiting = {row.member for row in rows} | {row.owner for row in rows}
    order: list[str] = []
    while waiting:
        free = [id for id in sorted(waiting) if not any(row.member == id and row.owner in waiting for row in rows)]
        if not free:
            raise InputError("consolidation.cycle", members=sorted(waiting))
        order += free
        waiting -= set(free)
    return [id for id in order if id != group]


def _shares(group: str, rows: list[Holding], order: list[str]) -> dict[str, Decimal]:
    shares = {group: WHOLE}
    for member in order:
        parts = [shares[row.owner] * row.share / WHOLE for row in rows if row.member == member and row.owner in shares]
        if parts:
            shares[member] = sum(parts, NOTHING)
    return shares


def _by_share(member: str, share: Decimal | None, rule: ConsolidationRule) -> Position:
    if share is None:
        return _stranger(member)
    said = {"share": _percent(share), "limit": _limit(rule)}
    if rule.majority.reached_by(share):
        return Position(member, share, share, True, "by_share", said)
    if rule.below == "proportional" and share > 0:
        return Position(member, share, share, True, "by_small_share", said)
    return Position(member, share, NOTHING, False, "below_majority", said)


def _controlled(
    group: str, rows: list[Holding], order: list[str], approach: str, rule: ConsolidationRule
) -> dict[str, Position]:
    inside, found = {group}, dict[str, Position]()
    for member in order:
        own = [row for row in rows if row.member == member and row.owner in inside]
        every = [row for row in rows if row.member == member]
        if own or every:
            found[member] = _by_control(member, own, approach, rule)
        if member in found and found[member].is_included:
            inside.add(member)
    return found


def _by_control(member: str, own: list[Holding], approach: str, rule: ConsolidationRule) -> Position:
    share = sum((row.share for row in own), NOTHING)
    said = {"share": _percent(share), "limit": _limit(rule)}
    stated = [getattr(row, approach) for row in own]
    if any(stated):
        return Position(member, share, WHOLE, True, "controls", said)
    if own and any(answer is False for answer in stated):
        return Position(member, share, NOTHING, False, "controls_not", said)
    if rule.majority.reached_by(share):
        return Position(member, share, WHOLE, True, "presumed", said)
    return Position(member, share, NOTHING, False, "presumed_not", said)


def _stranger(member: str) -> Position:
    return Position(member, None, None, False, "unknown", {})


def _percent(share: Decimal) -> str:
    return f"{share.normalize():f}%"


def _limit(rule: ConsolidationRule) -> str:
    return f"{'＞' if rule.majority.strict else '≥'}{rule.majority.percent:f}%"


def _last_day(month: Month) -> date:
    return date.fromordinal(month.shift(months=1).first_day.toordinal() - 1)
