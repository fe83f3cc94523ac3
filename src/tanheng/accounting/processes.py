"""The process view (平台分析口径): a process is its inputs less its outputs; 其他 is what no process explains."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from tanheng.kernel.errors import InputError, OutOfRange
from tanheng.kernel.rounding import exact_sum

__all__ = ["OTHER", "UNALLOCATED", "ancestors", "check_paths", "process_accounts", "process_view", "shares_of"]

OTHER = "其他"
UNALLOCATED = "未分配"


def shares_of(options: Mapping[str, object]) -> dict[str, dict[str, float]]:
    """Return the shares that split what no sub-process meters (site option ``process_shares``).

    Raises
    ------
    OutOfRange
        ``process.shares`` when a share is negative or the shares of a process exceed one.
    InputError
        ``process.shares_unreadable`` when they are not sub-processes and numbers.
    """
    given = options.get("process_shares") or {}
    if not isinstance(given, Mapping):
        raise InputError("process.shares_unreadable", process="process_shares", given=str(given)[:40])
    return {str(process): _shares(str(process), parts) for process, parts in given.items()}


def _shares(process: str, parts: object) -> dict[str, float]:
    numbers = isinstance(parts, Mapping) and all(
        isinstance(share, int | float) and not isinstance(share, bool) and isfinite(share) for share in parts.values()
    )
    if not isinstance(parts, Mapping) or not numbers or any("/" in str(name) for name in parts):
        raise InputError("process.shares_unreadable", process=process, given=str(parts)[:40])
    total = exact_sum(parts.values())
    if total > 1 + 1e-9 or any(share < 0 for share in parts.values()):
        raise OutOfRange("process.shares", process=process, total=total)
    return {str(name): float(share) for name, share in parts.items()}


def check_paths(paths: Iterable[str]) -> None:
    """Refuse process paths that the process view cannot keep apart.

    Raises
    ------
    InputError
        ``process.path`` for an empty part and for the names 其他 and 未分配, which are figures of the view itself.
    """
    for path in paths:
        parts = path.split("/")
        if path and (not all(part.strip() for part in parts) or parts[0] == OTHER or UNALLOCATED in parts):
            raise InputError("process.path", process=path)


def process_accounts(data: Mapping[str, Any]) -> frozenset[str]:
    """Return the accounts of a result document's data whose lines make the process view."""
    accounts = data.get("accounts", {"process": {"flows": "process"}})
    return frozenset(n for n, entry in accounts.items() if entry["flows"] == "process" and not entry.get("beside"))


def ancestors(path: str) -> list[str]:
    """Return a path and everything above it: ``炼铁/1号高炉`` → ``炼铁``, ``炼铁/1号高炉``."""
    parts = path.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def process_view(
    paths: Sequence[str], values: Sequence[float | None], total: float | None, shares: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, Any]]:
    """Return value [tCO2e] by process path; top-level processes and 其他 add up to the total, negatives stay.

    What a process has beyond its sub-processes is ``未分配``: flows metered for the process alone that no share splits.
    """
    own: dict[str, list[float | None]] = {}
    for path, value in zip(paths, values, strict=True):
        own.setdefault(path, []).append(value)
    sums = {path: _known(found) for path, found in own.items()}
    parts: dict[str, list[float | None]] = {}
    for path, value in sums.items():
        for above in ancestors(path):
            parts.setdefault(above, []).append(value)
    for path, split in shares.items():
        _share(path, split, sums, parts)
    view = {path: _known(found) for path, found in parts.items()}
    for path in [path for path in view if any(other.startswith(path + "/") for other in view)]:
        view[f"{path}/{UNALLOCATED}"] = _rest(path, sums, shares)
    top = [value for path, value in view.items() if "/" not in path and value is not None]
    view[OTHER] = None if total is None else exact_sum([total, *(-value for value in top)])
    return {path: {"value": value, "unit": "tCO2e"} for path, value in view.items()}


def _share(
    path: str, split: Mapping[str, float], sums: Mapping[str, float | None], parts: dict[str, list[float | None]]
) -> None:
    whole = sums.get(path)
    if whole is None:
        return
    for name, share in split.items():
        parts.setdefault(f"{path}/{name}", []).append(whole * share)


def _rest(path: str, sums: Mapping[str, float | None], shares: Mapping[str, Mapping[str, float]]) -> float | None:
    if path not in sums:
        return 0.0
    whole = sums[path]
    return None if whole is None else exact_sum([whole, *(-whole * share for share in shares.get(path, {}).values())])


def _known(values: Sequence[float | None]) -> float | None:
    """Return the sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return exact_sum(known) if known or not values else None
