"""Which proposed processes lead to a product: from what leaves a process back through what it takes in."""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from tanheng.rules.package import Standard

__all__ = ["chains_of", "leading_to"]


def chains_of(standard: Standard) -> dict[str, frozenset[str]]:
    """Main products that the plant template can make → the processes on their way; empty where there is no choice."""
    makers: dict[str, set[str]] = {}
    takes: dict[str, set[str]] = {}
    for process in standard.processes:
        for stream in process.streams:
            if stream.direction == "out" and stream.role in ("product", "co_product"):
                makers.setdefault(stream.material, set()).add(process.id)
            elif stream.role == "raw_material":
                takes.setdefault(process.id, set()).add(stream.material)
    found = {product: _way([product], makers, takes) for product in standard.main_products if product in makers}
    _attach(standard, found, makers, takes)
    chains = {product: frozenset(way) for product, way in found.items()}
    return chains if len(set(chains.values())) > 1 else {}


def _attach(
    standard: Standard, found: dict[str, set[str]], makers: Mapping[str, set[str]], takes: Mapping[str, set[str]]
) -> None:
    """A process that takes raw material and hands on nothing that is listed belongs with the process listed after it.

    Templates list processes in the order of the flow, and not every flow between them is a material (a leach solution).
    """
    processes = list(standard.processes)
    for here, after in reversed(list(pairwise(processes))):
        if here.id in takes and not any(here.id in way for way in found.values()):
            for way in found.values():
                if after.id in way:
                    way |= {here.id, *_way(takes[here.id], makers, takes)}


def _way(materials: Iterable[str], makers: Mapping[str, set[str]], takes: Mapping[str, set[str]]) -> set[str]:
    """The processes that make the materials, those that make what these take, and so on."""
    way: set[str] = set()
    wanted = list(materials)
    seen = set(wanted)
    while wanted:
        for process in makers.get(wanted.pop(), ()):
            way.add(process)
            new = takes.get(process, set()) - seen
            seen |= new
            wanted += sorted(new)
    return way


def leading_to(chains: Mapping[str, frozenset[str]], products: Iterable[str], processes: Iterable[str]) -> set[str]:
    """The processes on the way to the products, and those that belong to no product at all."""
    some: set[str] = set().union(*chains.values()) if chains else set()
    chosen: set[str] = set().union(*(chains.get(product, frozenset()) for product in products))
    return {process for process in processes if process in chosen or process not in some}
