"""Whole random inventories against a second, naive calculation in fractions that shares no code with the engine."""

import csv
import math
from collections import defaultdict
from fractions import Fraction
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanheng.accounting import ResultDocument, addresses, carbon_flow, explain, recompute, run
from tanheng.kernel.periods import Period
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

STEEL, ALUMINIUM = "gbt_32151_5_2015", "gbt_32151_4_2015"
MONTHS = ("2022-01", "2022-02", "2022-03")
PERIOD = Period.parse("2022-01..2022-03")
GRID = Fraction("0.6361")  # 华北 2023, as the factor file prints it; checked below
CARBON = Fraction(44, 12)
FUELS = ("anthracite", "coke", "diesel", "natural_gas", "washed_coal")
PER = {"natural_gas": "1e4Nm3"}


def _defaults(standard: str) -> dict[tuple[str, str], Fraction]:
    found = {}
    for path in sorted((data_dir() / "standards" / standard / "parameters").glob("*.csv")):
        for row in csv.DictReader(path.open(encoding="utf-8", newline="")):
            found[row["quantity"], row["material"]] = Fraction(row["value"])
    return found


def _constants(standard: str) -> dict[str, Fraction]:
    text = (data_dir() / "standards" / standard / "standard.yaml").read_text(encoding="utf-8")
    return {name: Fraction(str(entry["value"])) for name, entry in yaml.safe_load(text)["constants"].items()}


amounts = st.decimals(min_value=0, max_value=10**6, places=2).map(str)
parts = st.fixed_dictionaries(
    {"purchased": amounts, "opening_stock": amounts, "closing_stock": amounts}, optional={"sold": amounts}
)
ncv = st.none() | st.decimals(min_value=5, max_value=400, places=3).map(str)
plants = st.fixed_dictionaries({
    "fuels": st.lists(st.tuples(st.sampled_from(FUELS), ncv, parts, parts, parts), max_size=5),
    "flux": st.lists(st.tuples(st.sampled_from(("limestone", "dolomite")), amounts, amounts, amounts), max_size=2),
    "product": st.tuples(amounts, amounts, amounts),
    "bought": st.tuples(amounts, amounts, amounts), "exported": st.tuples(amounts, amounts, amounts),
    "steam": st.none() | st.tuples(amounts, st.integers(2600, 3400).map(str)),
    "minutes": st.none() | st.decimals(min_value=0, max_value=2, places=2).map(str),
})  # fmt: skip


class _Naive:
    """Adds up loops of fractions; knows the formulas as the reference prints them, not as the package has them."""

    def __init__(self, standard: str) -> None:
        self.standard, self.defaults, self.constants = standard, _defaults(standard), _constants(standard)
        self.sums: dict[tuple[str, str], Fraction] = defaultdict(Fraction)

    def account(self, plant: dict[str, Any]) -> None:
        for fuel, heat, *months in plant["fuels"]:
            for month, cells in zip(MONTHS, months, strict=True):
                net = Fraction(cells["purchased"]) + Fraction(cells["opening_stock"]) - Fraction(cells["closing_stock"])
                net -= Fraction(cells.get("sold", "0"))
                energy = net * (Fraction(heat) if heat else self.defaults["net_calorific_value", fuel])
                carbon = energy * self.defaults["carbon_content", fuel] * self.defaults["oxidation_factor", fuel]
                self.add("fuel_combustion", month, carbon * CARBON)
        for n, month in enumerate(MONTHS):
            self.add("purchased_electricity", month, Fraction(plant["bought"][n]) * GRID)
            self.add("exported_electricity", month, -Fraction(plant["exported"][n]) * GRID)
            if plant["steam"]:
                mass, enthalpy = map(Fraction, plant["steam"])
                self.add("purchased_heat", month, mass * (enthalpy - Fraction("83.74")) / 1000 * Fraction("0.11"))
            (self.steel if self.standard == STEEL else self.aluminium)(plant, n, month)

    def steel(self, plant: dict[str, Any], n: int, month: str) -> None:
        for material, *amounts in plant["flux"]:
            self.add("flux", month, Fraction(amounts[n]) * self.defaults["emission_factor", material])
        made = Fraction(plant["product"][n])
        self.add("carbon_in_products", month, -made * self.defaults["emission_factor", "crude_steel"])

    def aluminium(self, plant: dict[str, Any], n: int, month: str) -> None:
        d, made = self.defaults, Fraction(plant["product"][n])
        anode = d["net_anode_consumption", "aluminium"]
        anode *= 1 - d["anode_sulphur", "aluminium"] - d["anode_ash", "aluminium"]
        self.add("anode_consumption", month, made * anode * CARBON)
        cf4, c2f6 = d["cf4_emission_factor", "aluminium"], d["c2f6_emission_factor", "aluminium"]
        if plant["minutes"]:
            cf4 = Fraction("0.143") * Fraction(plant["minutes"])
            c2f6 = cf4 / 10
        self.add("anode_effect", month, made * (6500 * cf4 + 9200 * c2f6) / 1000)
        for material, *amounts in plant["flux"]:
            if material == "limestone":
                self.add("carbonate_decomposition", month, Fraction(amounts[n]) * d["emission_factor", "limestone"])

    def add(self, source: str, month: str, value: Fraction) -> None:
        self.sums[source, month] += value


def _streams(standard: str, plant: dict[str, Any]) -> StreamSet:
    declared, records = [], []

    def put(name: str, material: str, role: str, months: list[Any], values: dict[str, str], **more: str) -> None:
        declared.append(StreamDecl(name, material, role, **more))
        units = {"electricity": "MWh"}
        unit = units.get(role, PER.get(material, "t"))
        for month, cells in zip(MONTHS, months, strict=True):
            given = {key: Given(float(cell), unit) for key, cell in cells.items()}
            own = {key: Given(float(cell.split()[0]), cell.split()[1]) for key, cell in values.items()}
            records.append(StreamRecord(name, month, given, own))

    def each(cells: Any) -> list[dict[str, str]]:
        return [{"quantity": cell} for cell in cells]

    for n, (fuel, heat, *months) in enumerate(plant["fuels"]):
        whole = {part for cells in months for part in cells}
        months = [{part: cells.get(part, "0") for part in whole} for cells in months]
        put(f"f{n}", fuel, "fuel", months, {"net_calorific_value": f"{heat} GJ/{PER.get(fuel, 't')}"} if heat else {})
    for n, (material, *cells) in enumerate(plant["flux"]):
        if standard == STEEL or material == "limestone":
            put(f"x{n}", material, "flux", each(cells), {})
    minutes = {"anode_effect_minutes": f"{plant['minutes']} min/(cell*day)"} if plant["minutes"] else {}
    product = ("crude_steel", {}) if standard == STEEL else ("aluminium", minutes)
    put("p", product[0], "product", each(plant["product"]), product[1])
    put("in", "electricity", "electricity", each(plant["bought"]), {})
    put("out", "electricity", "electricity", each(plant["exported"]), {}, direction="out")
    if plant["steam"]:
        put("h", "steam", "heat", each([plant["steam"][0]] * 3), {"enthalpy": f"{plant['steam'][1]} kJ/kg"})
    return StreamSet(SiteInfo("河北"), tuple(declared), tuple(records))


def _near(ours: float, theirs: Fraction, size: Fraction) -> bool:
    return math.isclose(ours, float(theirs), rel_tol=1e-9, abs_tol=1e-9 * max(1.0, float(size)))


def _compare(standard: str, plant: dict[str, Any]) -> ResultDocument:
    naive = _Naive(standard)
    naive.account(plant)
    doc = run(load_standard(standard), _streams(standard, plant), period=PERIOD)
    data, size = doc.data, sum(map(abs, naive.sums.values()), Fraction(0))
    assert data["complete"], data["gaps"]
    assert _near(data["total"]["value"], sum(naive.sums.values(), Fraction(0)), size)
    for source in data["sources"]:
        for month in MONTHS:
            found = data["month_sources"][month][source]
            assert _near(found, naive.sums[source, month], size), (source, month)
    made = sum(map(Fraction, plant["product"]))
    intensity = data["indicators"]["intensity"]["value"]
    if made:
        assert math.isclose(
            intensity,
            float(sum(naive.sums.values(), Fraction(0)) / made),
            rel_tol=1e-9,
            abs_tol=1e-9 * float(size / made),
        )
    else:
        assert intensity is None
    return doc


many = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(plant=plants)
def test_a_steel_works_agrees_with_the_naive_calculation(plant: dict[str, Any]) -> None:
    _compare(STEEL, plant)


@many
@given(plant=plants)
def test_a_smelter_agrees_with_the_naive_calculation(plant: dict[str, Any]) -> None:
    _compare(ALUMINIUM, plant)


@settings(many, max_examples=4)
@given(plant=plants, standard=st.sampled_from((STEEL, ALUMINIUM)))
def test_every_address_down_to_the_cells_recomputes(plant: dict[str, Any], standard: str) -> None:
    doc = _compare(standard, plant)
    open_addresses, seen = list(addresses(doc)), set()
    while open_addresses:
        address = open_addresses.pop()
        if address in seen:
            continue
        seen.add(address)
        node = explain(doc, address)
        again = recompute(doc, address)
        size = max((abs(child.value or 0.0) for child in node.children), default=1.0)
        assert (node.value is None) == math.isnan(again), address
        assert node.value is None or math.isclose(again, node.value, rel_tol=1e-9, abs_tol=1e-9 * size), address
        open_addresses += [child.address for child in node.children]
    kept = ResultDocument.from_bytes(doc.json_bytes())
    assert kept.json_bytes() == doc.json_bytes() and kept.digest == doc.digest
    links = carbon_flow(doc).links
    entering = math.fsum(link.value for link in links if link.target == "hub")
    leaving = math.fsum(link.value for link in links if link.source == "hub")
    assert math.isclose(entering, leaving, rel_tol=1e-9, abs_tol=1e-3)
