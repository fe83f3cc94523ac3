"""A result beside values of the industry: where the plant stands. They are magnitudes, no limits and no factors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, model_validator

from tanheng.accounting.process_analysis import process_analysis
from tanheng.accounting.processes import process_accounts
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.resources import data_dir
from tanheng.kernel.rounding import exact_sum
from tanheng.kernel.units import compatible, convert
from tanheng.kernel.yaml_lines import read_yaml
from tanheng.rules.matching import OUTWARD_ROLES

__all__ = ["ReferenceSource", "ReferenceValue", "Standing", "industries", "process_energy", "standings"]

GJ_PER_TCE = 29.3076  # the definition of the tonne of coal equivalent: 7,000 kcal/kg
GJ_PER_MWH = 3.6


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReferenceSource(_Frozen):
    """Where a value was seen."""

    document: str
    address: str = ""
    note: str = ""


class ReferenceValue(_Frozen):
    """A value or range of the industry; ``when`` names process kinds that a plant must have for it to concern it."""

    id: str
    zh: str
    measure: str
    kind: str = ""
    standards: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    low: float
    high: float
    unit: str
    source: str
    confidence: Literal["seen", "recalled-high"]
    checked: bool

    @model_validator(mode="after")
    def _in_order(self) -> "ReferenceValue":
        if self.low > self.high:
            raise ValueError(f"{self.id}: low > high")
        return self


class Industry(_Frozen):
    """The values of one industry, and what was looked for and not found."""

    industry: str
    standards: tuple[str, ...]
    sources: Mapping[str, ReferenceSource]
    values: tuple[ReferenceValue, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A plant beside a reference value; ``place`` is below, within or above, or unknown where it has no such figure."""

    reference: ReferenceValue
    source: ReferenceSource
    label: str
    address: str
    value: float | None
    unit: str

    @property
    def place(self) -> Literal["below", "within", "above", "unknown"]:
        """Where the plant stands."""
        if self.value is None:
            return "unknown"
        if self.value < self.reference.low:
            return "below"
        return "above" if self.value > self.reference.high else "within"


@cache
def industries() -> tuple[Industry, ...]:
    """Return the reference values by industry."""
    folder = data_dir() / "reference_values"
    return tuple(Industry(**read_yaml(folder / f"{name}.yaml").data) for name in ("steel", "nonferrous"))


def standings(
    doc: ResultDocument, products: Mapping[str, str], template: Mapping[str, str] = MappingProxyType({})
) -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    """Return where a result stands beside every value that concerns it, and what no source was found for.

    ``products`` names what a process makes, by kind or name (see :func:`process_analysis`); ``template`` the kind of a
    process by its name, for enterprises that name none of their own.
    """
    kinds = {name: template[name] for name in doc.data["processes"] if name in template}
    kinds |= doc.data["site"]["options"].get("process_kinds") or {}
    found: list[Standing] = []
    missing: list[str] = []
    for industry in industries():
        if doc.data["standard"] in industry.standards:
            found += [
                standing for value in industry.values for standing in _standings(doc, products, kinds, industry, value)
            ]
            missing += industry.missing
    return tuple(found), tuple(missing)


def _standings(
    doc: ResultDocument,
    products: Mapping[str, str],
    kinds: Mapping[str, str],
    industry: Industry,
    value: ReferenceValue,
) -> Iterator[Standing]:
    own = set(kinds.values())
    made = {entry["material"] for entry in doc.data["declared"] if entry["role"] == "product"}
    if value.standards and doc.data["standard"] not in value.standards:
        return
    if (value.when and not own & set(value.when)) or (value.materials and not made & set(value.materials)):
        return
    source = industry.sources[value.source]
    if value.measure.startswith("indicator:"):
        name = value.measure.removeprefix("indicator:")
        figure = doc.data["indicators"].get(name)
        if figure is not None and (not value.materials or _per(doc, name) <= set(value.materials)):
            label = doc.data["labels"]["indicators"][name]
            yield Standing(value, source, label, f"indicator:{name}", _in_unit(figure, value.unit), value.unit)
        return
    for process, kind in kinds.items():
        if kind == value.kind and process in doc.data["processes"]:
            yield _of_process(doc, products, value, source, process)


def _per(doc: ResultDocument, indicator: str) -> set[str]:
    """Return the materials that an indicator is per: copper's value is nothing to a tonne of zinc."""
    materials = {entry["id"]: entry["material"] for entry in doc.data["declared"]}
    return {materials[stream] for stream in doc.data["denominators"][indicator]["stream"]}


def _in_unit(figure: Mapping[str, Any], unit: str) -> float | None:
    """Return an indicator in the unit of a reference value (CO2 and CO2e are told apart by neither), None if unlike."""
    own, wanted = (text.replace("CO2e", "CO2") for text in (figure["unit"], unit))
    if figure["value"] is None or not compatible(own, wanted):
        return None
    return float(convert(figure["value"], own, wanted))


def _of_process(
    doc: ResultDocument, products: Mapping[str, str], value: ReferenceValue, source: ReferenceSource, process: str
) -> Standing:
    if value.measure == "process_emission":
        below = next((f["denominator"] for f in doc.data["indicators"].values() if f["numerator"] == "total"), None)
        emitted = doc.data["processes"][process]["value"]
        made = below["value"] if below is not None else None
        share = emitted / made if emitted is not None and made else None
        return Standing(value, source, f"{process}，按企业产量", f"process:{process}", share, "tCO2e/t")
    part = next(p for p in process_analysis(doc, products).parts if p.path == process)
    used = process_energy(doc, process)
    known = used is not None and part.product is not None and part.product.amount > 0
    amount = part.product.amount if known and part.product is not None else 1.0
    per_tonne = used / amount * 1000 if known and used is not None else None
    return Standing(value, source, f"{process}工序能耗", "", per_tonne, "kgce/t")


def process_energy(doc: ResultDocument, process: str) -> float | None:
    """Return the energy a process uses less what it hands on [tce]: fuels by calorific value, electricity, heat.

    None where a fuel's quantity or calorific value is unknown. Electricity at its own heat, 3.6 GJ/MWh.
    """
    lines, inside = doc.data["lines"], process_accounts(doc.data)
    found: list[float] = []
    for block in doc.data["trace"]:
        if block["account"] not in inside or block["gas"] != "CO2":
            continue
        for at, line in enumerate(block["lines"]):
            if lines["process"][line].split("/")[0] != process:
                continue
            heat = _heat(block["symbols"], at, lines["role"][line])
            if heat is None:
                return None
            outward = lines["direction"][line] == "out" or lines["role"][line] in OUTWARD_ROLES
            found.append(-heat if outward else heat)
    return exact_sum(found) / GJ_PER_TCE if found else None


def _heat(symbols: Mapping[str, Any], at: int, role: str) -> float | None:
    """The heat of a line [GJ], without sign; 0 for what is no energy, None where it is unknown."""
    quantity = symbols["quantity"]
    amount = quantity["value"][at]
    if "net_calorific_value" in symbols:
        per_unit = symbols["net_calorific_value"]["value"][at]
        return None if amount is None or per_unit is None else abs(amount) * per_unit
    if role not in ("electricity", "heat"):
        return 0.0
    if amount is None:
        return None
    if compatible(quantity["unit"], "MWh") and role == "electricity":
        return abs(float(convert(amount, quantity["unit"], "MWh"))) * GJ_PER_MWH
    return abs(float(convert(amount, quantity["unit"], "GJ")))
