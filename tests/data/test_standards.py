"""The two standard packages: every value sourced, none surer than its evidence, equal to the reference."""

import csv
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from tanheng.kernel.catalogue import materials
from tanheng.kernel.quantities import glossary
from tanheng.kernel.resources import data_dir
from tanheng.kernel.units import canonical, compatible
from tanheng.rules.package import load_standard

from .by_hand import rounded
from .reference_page import PAGE, page
from .reference_values import ALUMINIUM, FUELS, GWP, HEAT, PROCESS, PRODUCTS

STANDARDS = ("gbt_32151_5_2015", "gbt_32151_4_2015")
TABLE = {"gbt_32151_5_2015": "NDRC-2013-STEEL", "gbt_32151_4_2015": "NDRC-2013-AL"}
SOURCES = {
    "gbt_32151_5_2015": {
        "fuel_combustion", "flux", "electrode", "carbon_raw_material", "purchased_electricity", "purchased_heat",
        "exported_electricity", "exported_heat", "carbon_in_products",
    },
    "gbt_32151_4_2015": {
        "fuel_combustion", "anode_consumption", "anode_effect", "carbonate_decomposition", "purchased_electricity",
        "purchased_heat", "exported_electricity", "exported_heat",
    },
}  # fmt: skip
Row = Mapping[str, str]


def _rows(standard: str) -> Iterator[tuple[Path, Row]]:
    for path in sorted((data_dir() / "standards" / standard / "parameters").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield path, row


def _value(standard: str, quantity: str, material: str, role: str = "") -> Fraction:
    found = [r for _, r in _rows(standard) if (r["quantity"], r["material"], r["role"]) == (quantity, material, role)]
    assert len(found) == 1, (quantity, material, role)
    top, _, below = found[0]["value"].partition("/")
    return Fraction(top) / Fraction(below or 1)


@pytest.mark.parametrize("standard", STANDARDS)
def test_package_loads_with_its_sources_and_is_not_called_verified(standard: str) -> None:
    loaded = load_standard(standard)
    assert set(loaded.sources) == SOURCES[standard]
    assert loaded.status == "unverified"
    assert str(loaded.in_force.start) == "2016-06-01"


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_parameter_is_sourced_and_no_surer_than_its_evidence(standard: str) -> None:
    seen = set()
    for path, row in _rows(standard):
        key = (row["quantity"], row["material"], row["role"], row["valid_from"])
        assert key not in seen, f"{path.name}: {key} stands twice"
        seen.add(key)
        assert row["material"] in materials(), row
        assert any(compatible(row["unit"], unit) for unit in glossary()[row["quantity"]].all_units), row
        assert row["document"] and row["evidence"] and row["note"] and row["published_on"], row
        assert row["confidence"] in {"seen", "recalled-high"}, row
        assert row["checked"] == "false" and row["evidence"] != "primary", (
            "nothing was compared with a printed original"
        )


@pytest.mark.parametrize("standard", STANDARDS)
def test_fuel_table_is_the_one_of_the_document_and_gives_the_published_factors(standard: str) -> None:
    rows = [row for path, row in _rows(standard) if path.name == "fuels.csv"]
    assert {row["table"] for row in rows} == {TABLE[standard]}
    assert all("GB/T 原文待核" in row["note"] for row in rows)
    assert [row["material"] for row in rows[::3]] == list(FUELS)  # the order of the report table
    for fuel, (unit, ncv, cc, of, factor) in FUELS.items():
        values = [_value(standard, q, fuel) for q in ("net_calorific_value", "carbon_content", "oxidation_factor")]
        assert values == [Fraction(ncv), Fraction(cc), Fraction(of)]
        heat = next(r for r in rows if (r["quantity"], r["material"]) == ("net_calorific_value", fuel))
        assert canonical(heat["unit"]) == f"GJ/{unit}"
        assert str(rounded(values[0] * values[1] * values[2] * Fraction(44, 12), 6)) == factor


def test_refinery_gas_is_per_tonne_and_says_so() -> None:
    rows = [r for _, r in _rows("gbt_32151_5_2015") if r["material"] == "refinery_gas"]
    assert materials()["refinery_gas"].unit == "t"
    assert all("按吨计" in row["note"] for row in rows)


def test_steel_process_and_product_factors() -> None:
    steel = "gbt_32151_5_2015"
    roles = {"limestone": "flux", "dolomite": "flux", "electrode": "electrode"}
    for material, value in PROCESS.items():
        assert _value(steel, "emission_factor", material, roles.get(material, "carbon_raw_material")) == Fraction(value)
    assert _value(steel, "emission_factor", "crude_steel", "product") == Fraction(PRODUCTS["crude_steel"])
    assert _value(steel, "emission_factor", "pig_iron", "product") == Fraction(PRODUCTS["pig_iron"])
    assert _value(steel, "emission_factor", "methanol", "by_product") == Fraction(44, 32)
    assert "emission_factor" not in {
        r["quantity"] for _, r in _rows(steel) if r["material"] in {"scrap", "ferrosilicon"}
    }


def test_aluminium_defaults_and_gwp_set() -> None:
    aluminium = load_standard("gbt_32151_4_2015")
    for quantity in (
        "net_anode_consumption",
        "anode_sulphur",
        "anode_ash",
        "cf4_emission_factor",
        "c2f6_emission_factor",
    ):
        assert _value(aluminium.id, quantity, "aluminium", "product") == Fraction(ALUMINIUM[quantity])
    assert _value(aluminium.id, "emission_factor", "limestone", "carbonate") == Fraction(ALUMINIUM["limestone"])
    assert aluminium.constants["cf4_slope"].fraction == Fraction(ALUMINIUM["cf4_slope"])
    assert (aluminium.gwp.set, aluminium.gwp.values) == ("IPCC-SAR", GWP)


@pytest.mark.parametrize("standard", STANDARDS)
def test_heat_default_and_carbon_ratio(standard: str) -> None:
    for material in ("heat", "steam", "hot_water"):
        assert _value(standard, "emission_factor", material, "heat") == Fraction(HEAT)
    assert load_standard(standard).constants["co2_per_carbon"].fraction == Fraction(44, 12)


@pytest.mark.parametrize("standard", STANDARDS)
def test_clauses_that_were_not_seen_are_empty(standard: str) -> None:
    loaded = load_standard(standard)
    assert all(source.source.clause is None and not source.source.checked for source in loaded.sources.values())
    assert all(not formula.source.checked for formula in loaded.formulas.values())


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_stream_of_the_plant_template_is_counted_or_excused(standard: str) -> None:
    loaded = load_standard(standard)
    proposed = [*loaded.boundary_streams, *(s for p in loaded.processes for s in p.streams)]
    assert proposed
    for stream in proposed:
        who = (stream.material, stream.role, stream.direction)
        taken = any(rule.matches(*who) for source in loaded.sources.values() for rule in source.take)
        assert taken or any(rule.matches(*who) for rule in loaded.not_counted), who


@pytest.mark.parametrize("standard", STANDARDS)
def test_no_stream_of_the_template_has_a_slash_in_a_path_name(standard: str) -> None:
    names = [name.zh for p in load_standard(standard).processes for name in (p, *p.sub_processes)]
    assert not [name for name in names if "/" in name]


def test_reference_page_is_generated_from_the_data() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: PYTHONPATH=src python -m tests.data.reference_page"
