"""The carbon balance of a works: what carries carbon into and out of every process, and how far it does not close.

Carbon here is physical: quantity × calorific value × carbon per heat, without the oxidation factor of a standard, so
that the difference of the two is to be seen. A flow whose carbon content nobody knows is a named gap, not a zero.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from tanheng.accounting.processes import process_accounts
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.resources import data_dir
from tanheng.kernel.rounding import exact_sum
from tanheng.kernel.units import compatible, convert
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.rules.matching import OUTWARD_ROLES

__all__ = ["CarbonBalance", "CarbonFlowLine", "ProcessBalance", "UnknownCarbon", "carbon_balance"]

CO2_PER_CARBON = float(Fraction(44, 12))


@dataclass(frozen=True, slots=True)
class CarbonFlowLine:
    """A flow into or out of a process [tC]; ``basis`` says where its carbon content is from."""

    stream: str
    label: str
    material: str
    process: str
    outward: bool
    carbon: float
    basis: str
    checked: bool


@dataclass(frozen=True, slots=True)
class UnknownCarbon:
    """A flow that may hold carbon, of which no content is known."""

    stream: str
    label: str
    process: str
    quantity: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class ProcessBalance:
    """A process [tC]: carbon in, out, and the emission that the standard accounts, as carbon.

    ``difference`` = in − out is what goes into the air or is not metered; ``closing`` is how much of it the accounted
    emission does not explain, and ``percent`` that as a share of what goes in.
    """

    process: str
    entered: float
    left: float
    accounted: float | None
    unknown: int

    @property
    def difference(self) -> float:
        """Carbon in less carbon out [tC]."""
        return self.entered - self.left

    @property
    def closing(self) -> float | None:
        """What the accounted emission leaves open of the difference [tC]."""
        return None if self.accounted is None else self.difference - self.accounted

    @property
    def percent(self) -> float | None:
        """The closing error [%] of the carbon that goes in; None where nothing does."""
        return None if self.closing is None or not self.entered else self.closing / self.entered * 100


@dataclass(frozen=True, slots=True)
class CarbonBalance:
    """All processes of a works with their flows; ``unknown`` are the visible gaps."""

    processes: tuple[ProcessBalance, ...]
    flows: tuple[CarbonFlowLine, ...]
    unknown: tuple[UnknownCarbon, ...]

    @property
    def whole(self) -> ProcessBalance:
        """The sum over processes; gas and coke that one hands to another stand on both sides."""
        accounted = [p.accounted for p in self.processes if p.accounted is not None]
        return ProcessBalance(
            "全部工序",
            exact_sum(p.entered for p in self.processes),
            exact_sum(p.left for p in self.processes),
            exact_sum(accounted) if accounted else None,
            sum(p.unknown for p in self.processes),
        )


def carbon_balance(doc: ResultDocument) -> CarbonBalance:
    """Return the carbon balance of every process that has metered flows, in the order of the result."""
    flows, unknown = [*_counted(doc)], list[UnknownCarbon]()
    for found in _not_counted(doc):
        if isinstance(found, CarbonFlowLine):
            flows.append(found)
        else:
            unknown.append(found)
    tops = dict.fromkeys(_top(path) for path in doc.data["processes"] if path != "其他")
    processes = [_process(doc, name, flows, unknown) for name in tops]
    shown = [process for process in processes if process.entered or process.left or process.unknown]
    return CarbonBalance(tuple(shown), tuple(flows), tuple(unknown))


def _process(
    doc: ResultDocument, name: str, flows: list[CarbonFlowLine], unknown: list[UnknownCarbon]
) -> ProcessBalance:
    own = [flow for flow in flows if _top(flow.process) == name]
    return ProcessBalance(
        name,
        exact_sum(flow.carbon for flow in own if not flow.outward),
        exact_sum(flow.carbon for flow in own if flow.outward),
        _accounted(doc, name),
        sum(1 for flow in unknown if _top(flow.process) == name),
    )


def _accounted(doc: ResultDocument, name: str) -> float | None:
    """What the standard accounts of the carbon of a process [tC]: its lines without electricity and heat."""
    lines, inside = doc.data["lines"], process_accounts(doc.data)
    values = [
        value
        for account, path, role, gas, value in zip(
            lines["account"], lines["process"], lines["role"], lines["gas"], lines["value"], strict=True
        )
        if account in inside and _top(path) == name and role not in ("electricity", "heat") and gas == "CO2"
    ]
    known = [value for value in values if value is not None]
    return exact_sum(known) / CO2_PER_CARBON if known else None


def _top(path: str) -> str:
    return path.split("/")[0]


def _counted(doc: ResultDocument) -> Iterator[CarbonFlowLine]:
    """Yield the flows of processes that have lines, added over the months."""
    found: dict[str, tuple[list[float], dict[str, Any]]] = {}
    inside = process_accounts(doc.data)
    for block in doc.data["trace"]:
        if block["account"] not in inside or block["gas"] != "CO2":
            continue
        for at, line in enumerate(block["lines"]):
            carbon = _carbon(block["symbols"], at)
            if carbon is not None and doc.data["lines"]["role"][line] not in ("electricity", "heat"):
                about = {"line": line, "basis": _basis(doc, block["symbols"], at)}
                found.setdefault(doc.data["lines"]["stream"][line], ([], about))[0].append(carbon)
    columns = doc.data["lines"]
    for stream, (carbons, about) in found.items():
        line = about["line"]
        outward = columns["direction"][line] == "out" or columns["role"][line] in OUTWARD_ROLES
        label, material = doc.data["labels"]["streams"][stream], columns["material"][line]
        basis, checked = about["basis"]
        yield CarbonFlowLine(
            stream, label, material, columns["process"][line], outward, exact_sum(carbons), basis, checked
        )


def _carbon(symbols: Mapping[str, Any], at: int) -> float | None:
    """The carbon of a line [tC] from the symbols of its formula; None where it is no carbon or unknown."""
    amount = symbols["quantity"]["value"][at]
    for names, scale in _WAYS:
        if all(name in symbols for name in names):
            values = [symbols[name]["value"][at] for name in names]
            if amount is None or None in values:
                return None
            product: float = abs(amount) / scale
            for value in values:
                product *= value
            return product
    return None


# which symbols make carbon of a quantity, and what the product is divided by
_WAYS: tuple[tuple[tuple[str, ...], float], ...] = (
    (("net_calorific_value", "carbon_content"), 1.0),
    (("carbon_content_mass",), 1.0),
    (("emission_factor",), CO2_PER_CARBON),
)


def _basis(doc: ResultDocument, symbols: Mapping[str, Any], at: int) -> tuple[str, bool]:
    names = next(names for names, _ in _WAYS if all(name in symbols for name in names))
    origins, checked = dict[str, None](), True
    for name in names:
        code, ref = symbols[name]["origin"][at], symbols[name]["ref"][at]
        origins[doc.data["origins"][code] if code >= 0 else ""] = None
        checked &= ref < 0 or doc.data["provenance"][ref].get("checked") is not False
    measured = set(origins) <= {"measured", "contracted", "derived"}
    return ("实测值" if measured else "标准缺省值" if "standard_default" in origins else "企业设定值"), checked


def _not_counted(doc: ResultDocument) -> Iterator[CarbonFlowLine | UnknownCarbon]:
    """Yield the flows of processes that the standard does not count, with a reference content or as unknown."""
    known = _reference()
    directions = {entry["id"]: entry["direction"] for entry in doc.data["declared"]}
    for entry in doc.data["not_counted"]:
        material, role, stream = entry["material"], entry["role"], entry["stream"]
        without = known["without_carbon"]
        if not entry["process"] or role in without["roles"] or material in without["materials"]:
            continue
        label = doc.data["labels"]["streams"][stream]
        outward = directions.get(stream) == "out" or role in OUTWARD_ROLES
        content, amount, unit = known["values"].get(material), entry["value"], entry["unit"] or ""
        if content is None or amount is None or not compatible(unit, "t"):
            yield UnknownCarbon(stream, label, entry["process"], amount, unit)
            continue
        carbon = abs(float(convert(amount, unit, "t"))) * content
        yield CarbonFlowLine(stream, label, material, entry["process"], outward, carbon, known["source"]["doc"], False)


@cache
def _reference() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_yaml(data_dir() / "reference_values" / "carbon_contents.yaml").data
    return found
