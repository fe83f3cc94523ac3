"""Which inputs move and how: a person's choice, else what came with the value, else the cited default, else not at all.

What comes with a value is the distribution that a case file gives, or the uncertainty that a factor of the library
states. No draw of a share (oxidation, purity) is above one: there is no more than all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tanheng.kernel.errors import Faults, InputError, NotFound, TanhengError
from tanheng.kernel.quantities import glossary
from tanheng.uncertainty.defaults import default_for
from tanheng.uncertainty.distributions import Distribution, parse_distribution
from tanheng.uncertainty.factor_spread import factor_citation, factor_spread
from tanheng.uncertainty.inputs import Input, Inputs

__all__ = ["BASES", "Chosen", "choose", "share_bound"]

# why an input moves, or why not
BASES = {
    "chosen": "自行选定",
    "given": "填报时给出",
    "factor": "因子自带的不确定度",
    "default": "引用的缺省分布",
    "fixed": "选定为不变",
    "none": "无不确定度依据",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """An input with its distribution (None: it stays at its value), on what basis, and the citation or note."""

    entry: Input
    basis: str
    distribution: Distribution | None = None
    citation: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)


def choose(
    inputs: Inputs, provenance: list[Mapping[str, Any]], overrides: Mapping[str, Mapping[str, Any] | None] | None = None
) -> tuple[Chosen, ...]:
    """Return what is done with every input.

    ``overrides`` gives a distribution by input id, or None for an input that shall not move.

    Raises
    ------
    Faults
        ``uncertainty.unknown_input`` and the codes of :func:`parse_distribution`, every one with its input.
    """
    own = dict(overrides or {})
    faults: list[TanhengError] = []
    known = {name for entry in inputs.entries for name in (entry.id, entry.shared_id)}
    for name in own:
        if name not in known:
            faults.append(NotFound("uncertainty.unknown_input", id=name))
    found = [_one(entry, provenance, own, faults) for entry in inputs.entries]
    if faults:
        raise Faults(faults)
    return tuple(found)


def _one(
    entry: Input, provenance: list[Mapping[str, Any]], own: Mapping[str, Any], faults: list[TanhengError]
) -> Chosen:
    name = entry.id if entry.id in own else entry.shared_id
    given, basis = own.get(name), "chosen"
    if name in own and given is None:
        return Chosen(entry, "fixed")
    value: float = entry.value
    if given is None and entry.ref >= 0:
        found = provenance[entry.ref]
        given, basis, value = found.get("distribution"), "given", found.get("distribution_of", entry.value)
    if given is not None:
        try:
            return Chosen(entry, basis, _possible(parse_distribution(given, value=value), entry), given=given)
        except InputError as error:
            faults.append(InputError(error.code, **{**error.values, "input": entry.label}))
            return Chosen(entry, "none")
    return _cited(entry, provenance[entry.ref] if entry.ref >= 0 else {})


def _cited(entry: Input, place: Mapping[str, Any]) -> Chosen:
    """Take what the factor's own entry states, else the default that fits."""
    stated = factor_spread(place) if entry.origin == "library" else None
    if stated is not None:
        return Chosen(entry, "factor", _possible(parse_distribution(stated), entry), factor_citation(place), stated)
    default = default_for(entry)
    if default is None:
        return Chosen(entry, "none")
    return Chosen(entry, "default", _possible(default[1], entry), default[0].citation(), dict(default[0].given))


def _possible(found: Distribution, entry: Input) -> Distribution:
    """Bound the distribution of a share at one."""
    most = share_bound(entry)
    return found if most is None else found.below(most)


def share_bound(entry: Input) -> float | None:
    """Return the scale at which a share is one (its largest cell, where months differ); None for what is no share."""
    quantity = glossary().get(entry.symbol)
    if quantity is None or not quantity.share or not 0 < entry.largest <= 1:
        return None
    return 1 / entry.largest
