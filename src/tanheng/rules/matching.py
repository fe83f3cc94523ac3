"""Which stream belongs to which source: the take rules of a standard, on codes.

For every gas the first matching rule of any source wins, so no stream gives the same gas twice; one product may still
give carbon dioxide to one source and perfluorocarbons to another (aluminium).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tanheng.rules.models import TakeRule
from tanheng.rules.package import Standard
from tanheng.rules.table import StreamTable
from tanheng.rules.trace import Finding, NotCounted

__all__ = ["NAMED_FACTORS", "OUTWARD_ROLES", "Taken", "match"]

# what a stream may take from the library by naming a factor
NAMED_FACTORS = frozenset({"emission_factor", "life_cycle_factor"})

# leave the works by nature, whatever direction is declared
OUTWARD_ROLES = frozenset({"product", "co_product", "by_product"})
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows that one rule of one source takes for one gas."""

    source: str
    sign: int
    gas: str
    formula: str
    basis: str
    directed: bool
    rows: Rows


@dataclass(frozen=True, slots=True)
class _Kind:
    """Rows of one role, material and direction."""

    role: str
    material: str
    outward: bool
    rows: Rows


def match(
    standard: Standard, table: StreamTable, rows: Rows, account: str, chosen: Sequence[str]
) -> tuple[list[Taken], list[NotCounted], list[Finding]]:
    """Share ``rows`` of one account out to chosen sources; what nothing names is the gap ``stream.not_covered``.

    What only a source outside the account would take is left to the accounts that count it.
    """
    taken: dict[tuple[str, int, int], list[Rows]] = {}
    left: list[NotCounted] = []
    gaps: list[Finding] = []
    for kind in _kinds(table, rows):
        rest = kind.rows
        for place, use in _uses(standard, table, kind, chosen):
            taken.setdefault(place, []).append(use)
            rest = np.setdiff1d(rest, use, assume_unique=True)
        rest = _left_by_others(standard, table, kind, rest, chosen)
        if not rest.size:
            continue
        reason = next((entry.reason for entry in standard.not_counted if _names(entry, kind)), None)
        if reason is None:
            gaps += [Finding("stream.not_covered", int(row), None, _who(standard, kind)) for row in rest]
        else:
            left.append(NotCounted(account, reason, rest))
    return [_taken(standard, place, parts) for place, parts in sorted(taken.items(), key=_order(standard))], left, gaps


def _kinds(table: StreamTable, rows: Rows) -> Iterator[_Kind]:
    wide = len(table.materials)
    key = (table.role[rows].astype(np.int64) * wide + table.material[rows]) * 2 + table.outward[rows]
    present = np.flatnonzero(np.bincount(key, minlength=1)) if key.size else key
    small = np.zeros(int(key.max()) + 1 if key.size else 1, np.int16)
    small[present] = np.arange(len(present))
    codes = small[key]
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(present)))
    for number, parts in enumerate(np.split(rows[order], ends[:-1]) if key.size else []):
        code, outward = divmod(int(present[number]), 2)
        role = table.roles[code // wide]
        yield _Kind(role, table.materials[code % wide], bool(outward) or role in OUTWARD_ROLES, parts)


def _left_by_others(standard: Standard, table: StreamTable, kind: _Kind, rows: Rows, chosen: Sequence[str]) -> Rows:
    """Return the rows that no source outside the account takes either: what it asks for may be missing there too."""
    for name, source in standard.sources.items():
        if name in chosen or source.kinds:
            continue
        for rule in source.take:
            if rows.size and _fits(rule, kind):
                rows = rows[~_meets(table, rows, rule)]
    return rows


def _uses(
    standard: Standard, table: StreamTable, kind: _Kind, chosen: Sequence[str]
) -> Iterator[tuple[tuple[str, int, int], Rows]]:
    """Yield (source, rule number, line number) with the rows that it takes, at most one a gas for every row."""
    free: dict[str, Rows] = {}
    for source_id, source in standard.sources.items():
        for number, rule in enumerate(source.take if source_id in chosen else ()):
            if not _fits(rule, kind):
                continue
            fit = kind.rows[_meets(table, kind.rows, rule)]
            for line_number, line in enumerate(source.lines):
                open_rows = free.setdefault(line.gas, kind.rows)
                use = fit if open_rows is kind.rows else np.intersect1d(fit, open_rows, assume_unique=True)
                if use.size:
                    free[line.gas] = np.setdiff1d(open_rows, use, assume_unique=True)
                    yield (source_id, number, line_number), use


def _fits(rule: Any, kind: _Kind) -> bool:
    return _names(rule, kind) and (rule.direction is None or (rule.direction == "out") == kind.outward)


def _names(rule: Any, kind: _Kind) -> bool:
    return bool(rule.role == kind.role and (rule.materials == "*" or kind.material in rule.materials))


def _meets(table: StreamTable, rows: Rows, rule: TakeRule) -> NDArray[np.bool_]:
    """Whether each row carries what a rule requires of it."""
    fit = table.factor[rows] >= 0 if rule.names_factor else np.ones(len(rows), np.bool_)
    for quantity in rule.requires:
        column = table.values.get(quantity)
        fit &= ~np.isnan(column.value[rows]) if column is not None else False
    return fit


def _taken(standard: Standard, place: tuple[str, int, int], parts: list[Rows]) -> Taken:
    source = standard.sources[place[0]]
    rule, line = source.take[place[1]], source.lines[place[2]]
    rows = np.sort(np.concatenate(parts)) if len(parts) > 1 else parts[0]
    return Taken(place[0], source.sign, line.gas, rule.formula or line.formula, rule.basis, bool(rule.direction), rows)


def _order(standard: Standard) -> Any:
    position = {source: n for n, source in enumerate(standard.sources)}
    return lambda item: (position[item[0][0]], item[0][1], item[0][2])


def _who(standard: Standard, kind: _Kind) -> dict[str, object]:
    return {"role": kind.role, "material": kind.material, "standard": standard.short_zh}
