"""Processes and sub-processes: what each contributes, per tonne of what its process makes, and how it moves by month.

Sums hold at every level: sub-processes with 未分配 make the process, processes with 其他 make the enterprise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tanheng.accounting.figures import add
from tanheng.accounting.processes import OTHER, UNALLOCATED, process_accounts, process_view
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.rounding import exact_sum
from tanheng.kernel.units import compatible, convert
from tanheng.rules.matching import OUTWARD_ROLES

__all__ = ["OtherPart", "ProcessAnalysis", "ProcessPart", "Product", "other_parts", "process_analysis"]


@dataclass(frozen=True, slots=True)
class Product:
    """What a process makes [``unit``]; ``months`` where it is known month by month."""

    material: str
    label: str
    amount: float
    unit: str
    months: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcessPart:
    """A process, a sub-process, 未分配 or 其他 with its value [tCO2e] and its share of the enterprise total.

    ``intensity`` is per unit of what the whole process makes, so that sub-processes add up to their process;
    ``own_intensity`` per unit of what the part itself hands on (a furnace), where it does.
    """

    path: str
    name: str
    depth: int
    value: float | None
    share: float | None
    product: Product | None
    intensity: float | None
    own: Product | None
    own_intensity: float | None
    months: Mapping[str, float | None]

    def month_intensity(self, month: str) -> float | None:
        """The intensity of a month by the product of the process; None where either is unknown."""
        value, made = self.months.get(month), self.product.months.get(month) if self.product else None
        return value / made if value is not None and made else None


@dataclass(frozen=True, slots=True)
class ProcessAnalysis:
    """All parts in the order of the tree, processes by size, 未分配 and 其他 last."""

    total: float | None
    months: tuple[str, ...]
    parts: tuple[ProcessPart, ...]

    def tops(self) -> tuple[ProcessPart, ...]:
        """The processes and 其他."""
        return tuple(part for part in self.parts if not part.depth)


@dataclass(frozen=True, slots=True)
class OtherPart:
    """What of a material the enterprise counts and no process explains [tCO2e]; together they are 其他."""

    material: str
    label: str
    enterprise: float
    processes: float

    @property
    def value(self) -> float:
        """The part of 其他."""
        return self.enterprise - self.processes


def process_analysis(doc: ResultDocument, products: Mapping[str, str]) -> ProcessAnalysis:
    """Return contribution and intensity of every process and sub-process.

    Parameters
    ----------
    doc
        A result document.
    products
        Process name or kind → id of the material that it makes (the plant template of the standard).
    """
    view, total = doc.data["processes"], doc.data["total"]["value"]
    months = tuple(doc.data["months"])
    by_month = {month: _month(doc, month) for month in months}
    kinds = doc.data["site"]["options"].get("process_kinds") or {}
    tops = [path for path in view if "/" not in path]
    wanted = {top: products.get(kinds.get(top, top)) or products.get(top) for top in tops}
    made = {top: _product(doc, top, wanted[top]) for top in tops}
    own = {path: _product(doc, path, wanted[path.split("/")[0]]) for path in view if "/" in path}
    parts = [_part(path, view, total, made, own, by_month) for path in _ordered(view)]
    return ProcessAnalysis(total, months, tuple(parts))


def _part(
    path: str, view: Mapping[str, Any], total: float | None, made: Mapping[str, Product | None],
    own: Mapping[str, Product | None], by_month: Mapping[str, Mapping[str, float | None]],
) -> ProcessPart:  # fmt: skip
    value, depth = view[path]["value"], path.count("/")
    product = made.get(path.split("/")[0])
    itself = own.get(path) if depth else None
    return ProcessPart(
        path,
        path.rpartition("/")[2],
        depth,
        value,
        value / total if value is not None and total else None,
        product,
        _ratio(value, product),
        itself,
        _ratio(value, itself),
        {month: values.get(path, 0.0) for month, values in by_month.items()},
    )


def _ratio(value: float | None, product: Product | None) -> float | None:
    return value / product.amount if value is not None and product is not None and product.amount > 0 else None


def _ordered(view: Mapping[str, Any]) -> Iterator[str]:
    """Processes by size with their sub-processes below them by size; 未分配 and 其他 last."""

    def size(path: str) -> tuple[bool, float]:
        return path.rpartition("/")[2] in (OTHER, UNALLOCATED), -(view[path]["value"] or 0.0)

    def below(parent: str) -> Iterator[str]:
        for path in sorted((path for path in view if path.rpartition("/")[0] == parent), key=size):
            yield path
            yield from below(path)

    yield from below("")


def _month(doc: ResultDocument, month: str) -> Mapping[str, float | None]:
    lines = doc.data["lines"]
    of_processes = process_accounts(doc.data)
    inside = [n for n, its in enumerate(lines["account"]) if its in of_processes and lines["month"][n] == month]
    paths, values = [lines["process"][n] for n in inside], [lines["value"][n] for n in inside]
    view = process_view(paths, values, doc.data["months"][month]["value"], doc.data["shares"])
    return {path: figure["value"] for path, figure in view.items()}


def _product(doc: ResultDocument, path: str, material: str | None) -> Product | None:
    """What a process hands on of its product: the flows out of it, counted or not."""
    if material is None:
        return None
    label, unit = doc.data["labels"]["materials"].get(material, material), ""
    months: dict[str, list[float]] = {}
    amounts: list[float] = []
    for flow in _outputs(doc):
        unit = unit or flow.unit
        inside = (flow.process + "/").startswith(path + "/")
        if flow.material != material or not inside or not compatible(flow.unit, unit):
            continue
        amounts.append(float(convert(flow.amount, flow.unit, unit)))
        for month, value in flow.months.items():
            months.setdefault(month, []).append(float(convert(value, flow.unit, unit)))
    if not amounts:
        return None
    return Product(material, str(label), exact_sum(amounts), unit, {m: exact_sum(v) for m, v in months.items()})


@dataclass(frozen=True, slots=True)
class _Output:
    """A flow out of a process."""

    process: str
    material: str
    amount: float
    unit: str
    months: Mapping[str, float]


def _outputs(doc: ResultDocument) -> tuple[_Output, ...]:
    """What leaves processes, counted (from the lines) or not counted; made once for a document."""
    if "outputs" not in doc.index:
        counted = {flow[0]: flow[1] for flow in _counted(doc)}
        doc.index["outputs"] = (*counted.values(), *_left_out(doc, counted))
    found: tuple[_Output, ...] = doc.index["outputs"]
    return found


def _counted(doc: ResultDocument) -> Iterator[tuple[str, _Output]]:
    lines, inside = doc.data["lines"], process_accounts(doc.data)
    months: dict[str, dict[str, float]] = {}
    about: dict[str, tuple[str, str, str]] = {}
    for block in doc.data["trace"]:
        for at, n in enumerate(block["lines"] if block["account"] in inside else ()):
            amount = block["symbols"]["quantity"]["value"][at]
            if amount is not None and (lines["direction"][n] == "out" or lines["role"][n] in OUTWARD_ROLES):
                stream = lines["stream"][n]
                about[stream] = (lines["process"][n], lines["material"][n], block["symbols"]["quantity"]["unit"])
                months.setdefault(stream, {})[lines["month"][n]] = abs(amount)
    for stream, (process, material, unit) in about.items():
        yield stream, _Output(process, material, exact_sum(months[stream].values()), unit, months[stream])


def _left_out(doc: ResultDocument, counted: Mapping[str, _Output]) -> Iterator[_Output]:
    outward = {
        entry["id"] for entry in doc.data["declared"] if entry["direction"] == "out" or entry["role"] in OUTWARD_ROLES
    }
    for entry in doc.data["not_counted"]:
        stream = entry["stream"]
        if entry["process"] and stream in outward and stream not in counted and entry["value"] is not None:
            yield _Output(entry["process"], entry["material"], entry["value"], entry["unit"], entry.get("months") or {})


def other_parts(doc: ResultDocument) -> tuple[OtherPart, ...]:
    """Return what 其他 is made of by material, largest first: counted by the enterprise, explained by no process."""
    lines = doc.data["lines"]
    inside = process_accounts(doc.data)
    sums: dict[str, dict[str, list[float | None]]] = {}
    for account, material, value in zip(lines["account"], lines["material"], lines["value"], strict=True):
        if account == "enterprise" or account in inside:
            side = "process" if account in inside else "enterprise"
            sums.setdefault(material, {}).setdefault(side, []).append(value)
    names = doc.data["labels"]["materials"]
    parts = [
        OtherPart(m, str(names[m]), add(found.get("enterprise", [])) or 0.0, add(found.get("process", [])) or 0.0)
        for m, found in sums.items()
    ]
    return tuple(sorted((part for part in parts if abs(part.value) > 1e-9), key=lambda part: -abs(part.value)))
