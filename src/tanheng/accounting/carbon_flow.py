"""Where the carbon comes from and where it goes, as nodes and links of a Sankey picture: acyclic and balanced."""

from collections.abc import Iterator
from dataclasses import dataclass

from tanheng.accounting.processes import OTHER
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.rounding import exact_sum

__all__ = ["CarbonFlow", "FlowLink", "FlowNode", "carbon_flow"]

_HUB = "hub"
_BALANCE = "process:balance"
_SMALL = 1e-9


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A box: ``level`` 1 material, 2 source, 3 the works, 4 where it goes; ``address`` opens its figure."""

    id: str
    label: str
    level: int
    value: float
    address: str | None


@dataclass(frozen=True, slots=True)
class FlowLink:
    """A band [tCO2e], always positive."""

    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True)
class CarbonFlow:
    """The picture, and in words what cannot be drawn because it is negative."""

    nodes: tuple[FlowNode, ...]
    links: tuple[FlowLink, ...]
    notes: tuple[str, ...]


def carbon_flow(doc: ResultDocument) -> CarbonFlow:
    """Return the flow of a result [tCO2e]: materials → sources → works → processes, products, exports, 其他.

    What enters the works equals what leaves it. A process with a negative value (it hands gas on to others) cannot be a
    band: it is taken out of 其他 and named in ``notes``; where 其他 is too small for that, the rest is drawn as a
    transfer between processes on the left.
    """
    entering = list(_entering(doc))
    nodes: dict[str, FlowNode] = {}
    links: list[FlowLink] = []
    for material, source, value in entering:
        links.append(FlowLink(f"material:{material}", f"source:{source}", value))
    names = doc.data["labels"]
    for material in dict.fromkeys(m for m, _, _ in entering):
        value = exact_sum(v for m, _, v in entering if m == material)
        nodes[f"material:{material}"] = FlowNode(f"material:{material}", names["materials"][material], 1, value, None)
    for source in dict.fromkeys(s for _, s, _ in entering):
        value = exact_sum(v for _, s, v in entering if s == source)
        nodes[f"source:{source}"] = FlowNode(f"source:{source}", names["sources"][source], 2, value, f"source:{source}")
        links.append(FlowLink(f"source:{source}", _HUB, value))
    leaving, notes = _leaving(doc, exact_sum(v for _, _, v in entering))
    for node in leaving:
        nodes[node.id] = node
        links.append(FlowLink(_HUB, node.id, node.value) if node.level == 4 else FlowLink(node.id, _HUB, node.value))
    if links:
        through = exact_sum(link.value for link in links if link.target == _HUB)
        nodes[_HUB] = FlowNode(_HUB, "全厂", 3, through, "total")
    return CarbonFlow(tuple(nodes.values()), tuple(links), tuple(notes))


def _cells(doc: ResultDocument) -> dict[tuple[str, str], float]:
    """Return (material, source) → value [tCO2e] of the enterprise account, net."""
    lines = doc.data["lines"]
    found: dict[tuple[str, str], list[float]] = {}
    for n, value in enumerate(lines["value"]):
        if value is not None and lines["account"][n] == "enterprise":
            found.setdefault((lines["material"][n], lines["source"][n]), []).append(value)
    return {key: exact_sum(values) for key, values in found.items()}


def _entering(doc: ResultDocument) -> Iterator[tuple[str, str, float]]:
    for (material, source), value in _cells(doc).items():
        if value > _SMALL:
            yield material, source, value


def _leaving(doc: ResultDocument, entered: float) -> tuple[list[FlowNode], list[str]]:
    nodes = [*_deducted(doc), *_processes(doc)]
    notes = [
        f"{name} 为负（{_said(figure['value'])} tCO₂e，转给其他工序的煤气等多于自身排放），不能画成流，已从其他中扣除"
        for name, figure in _top(doc)
        if figure["value"] is not None and figure["value"] < -_SMALL
    ]
    rest = exact_sum([entered, *(-node.value for node in nodes)])
    if rest > _SMALL:
        # with a negative process taken out it is another number than the figure 其他, so it does not open as that
        pure = not notes
        label = OTHER if pure else f"{OTHER}（已扣除为负的工序）"
        nodes.append(FlowNode(f"process:{OTHER}", label, 4, rest, f"process:{OTHER}" if pure else None))
    elif rest < -_SMALL:
        notes.append(f"各工序之和比企业层级多 {_said(-rest)} tCO₂e，画作工序间转移")
        nodes.append(FlowNode(_BALANCE, "工序间转移", 2, -rest, f"process:{OTHER}"))
    return nodes, notes


def _deducted(doc: ResultDocument) -> Iterator[FlowNode]:
    """Carbon in products, exports and fuels sold: negative in the result, bands that leave in the picture."""
    names = doc.data["labels"]["sources"]
    sums: dict[str, list[float]] = {}
    for (_, source), value in _cells(doc).items():
        if value < -_SMALL:
            sums.setdefault(source, []).append(-value)
    for source, values in sums.items():
        sold = "外供" if doc.data["sources"][source]["value"] > 0 else ""
        label = f"{names[source]}（外供）" if sold else names[source]
        yield FlowNode(f"out:{source}", label, 4, exact_sum(values), f"source:{source}")


def _processes(doc: ResultDocument) -> Iterator[FlowNode]:
    for name, figure in _top(doc):
        if figure["value"] is not None and figure["value"] > _SMALL:
            yield FlowNode(f"process:{name}", name, 4, figure["value"], f"process:{name}")


def _top(doc: ResultDocument) -> list[tuple[str, dict[str, float | None]]]:
    return [(name, figure) for name, figure in doc.data["processes"].items() if "/" not in name and name != OTHER]


def _said(value: float | None) -> str:
    return f"{value:,.2f}".replace("-", "−") if value is not None else "—"
