"""The ETS packages against the figures of the reference, typed here once more; nothing is surer than its evidence."""

import csv
from fractions import Fraction

import pytest

from tanheng.kernel.catalogue import find_material, materials
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard

STEEL, ALUMINIUM = "cets_ag_03_01_v01_2024", "cets_ag_04_01_v01_2024"
BOTH = (STEEL, ALUMINIUM)
# ncv, cc, tCO2 per unit with oxidation 1
FUELS = {
    "anthracite": ("22.867", "0.02749", "2.304917"), "bituminous_coal": ("23.076", "0.02618", "2.215142"),
    "lignite": ("14.759", "0.02797", "1.513634"), "washed_coal": ("26.344", "0.02541", "2.454470"),
    "gangue": ("8.374", "0.02541", "0.780206"), "coal_slurry": ("12.545", "0.02541", "1.168818"),
    "coke": ("28.435", "0.02942", "3.067378"), "petroleum_coke": ("32.500", "0.02750", "3.277083"),
    "crude_oil": ("41.816", "0.02008", "3.078773"), "fuel_oil": ("41.816", "0.02110", "3.235165"),
    "gasoline": ("43.070", "0.01890", "2.984751"), "diesel": ("42.652", "0.02020", "3.159091"),
    "kerosene": ("43.070", "0.01960", "3.095297"), "lng": ("51.498", "0.01720", "3.247807"),
    "lpg": ("50.179", "0.01720", "3.164622"), "coal_tar": ("33.453", "0.02200", "2.698542"),
    "refinery_gas": ("45.998", "0.01820", "3.069600"), "natural_gas": ("389.310", "0.01532", "21.868840"),
    "cog": ("173.854", "0.01210", "7.713322"), "bfg": ("33.000", "0.07080", "8.566800"),
    "ldg": ("84.000", "0.04960", "15.276800"),
}  # fmt: skip
PROCESS = {
    "limestone": "0.440", "dolomite": "0.471", "electrode": "3.663", "pig_iron": "0.172", "dri": "0.073",
    "ferronickel": "0.037", "ferrosilicon": "0.007", "ferromolybdenum": "0.018", "silicomanganese": "0.092",
    "low_carbon_silicomanganese": "0.011", "bf_ferromanganese": "0.275", "eaf_hc_ferromanganese": "0.275",
    "micro_carbon_ferromanganese": "0.004", "hc_ferrochrome": "0.348", "scrap": "0.037",
}  # fmt: skip
PRODUCTS = {"pig_iron": "0.172", "crude_steel": "0.037", "coal_tar": "2.699", "crude_benzol": "3.382"}
CARBONATES = {
    "limestone": "0.4397", "magnesite": "0.5220", "dolomite": "0.4773", "soda_ash": "0.4149",
    "sodium_bicarbonate": "0.5237", "siderite": "0.3799", "rhodochrosite": "0.3829", "barium_carbonate": "0.2230",
    "lithium_carbonate": "0.5955", "potassium_carbonate": "0.3184", "strontium_carbonate": "0.2980",
}  # fmt: skip
ROLES = {"limestone": "flux", "dolomite": "flux", "electrode": "electrode"}


def _rows(standard):
    for path in sorted((data_dir() / "standards" / standard / "parameters").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _value(standard, quantity, material, role=""):
    found = [r for r in _rows(standard) if (r["quantity"], r["material"], r["role"]) == (quantity, material, role)]
    assert len(found) == 1, (quantity, material, role, len(found))
    return Fraction(found[0]["value"])


@pytest.mark.parametrize("standard", BOTH)
def test_every_value_is_cited_dated_and_unchecked(standard):
    rows = list(_rows(standard))
    keys = [(r["quantity"], r["material"], r["role"]) for r in rows]
    assert len(keys) == len(set(keys)) > 60
    for row in rows:
        assert row["document"] and row["note"] and row["valid_from"] == "2024-01-01"
        assert row["checked"] == "false" and row["clause"] == "" and row["evidence"] != "primary"
    assert load_standard(standard).status != "verified"


@pytest.mark.parametrize("standard", BOTH)
def test_what_was_not_seen_is_named(standard):
    loaded = load_standard(standard)
    assert "惩罚性" in (loaded.note or "") and "未编造" in (loaded.note or "")
    assert any("惩罚性" in text for text in loaded.report["missing"])
    assert all(source.source.clause is None and not source.source.checked for source in loaded.sources.values())


def test_steel_fuels_give_the_factors_of_the_reference():
    for fuel, (ncv, cc, factor) in FUELS.items():
        heat, carbon = (_value(STEEL, quantity, fuel) for quantity in ("net_calorific_value", "carbon_content"))
        assert (heat, carbon) == (Fraction(ncv), Fraction(cc))
        assert abs(heat * carbon * Fraction(44, 12) - Fraction(factor)) <= Fraction(1, 2_000_000)
    assert _value(STEEL, "oxidation_factor", "") == 1
    assert {r["material"] for r in _rows(STEEL) if r["quantity"] == "net_calorific_value"} == set(FUELS)


def test_steel_materials_and_products():
    for material, factor in PROCESS.items():
        role = ROLES.get(material, "carbon_raw_material")
        assert _value(STEEL, "emission_factor", material, role) == Fraction(factor)
    for material, factor in PRODUCTS.items():
        role = "by_product" if material in ("coal_tar", "crude_benzol") else "product"
        assert _value(STEEL, "emission_factor", material, role) == Fraction(factor)


def test_aluminium_takes_the_table_with_its_slip_mended():
    assert _value(ALUMINIUM, "carbon_content", "bituminous_coal") == Fraction("0.02618"), "0.02308 is a slip of 23.08"
    for fuel, (ncv, _, _) in (item for item in FUELS.items() if item[0] != "washed_coal"):  # no such row
        assert _value(ALUMINIUM, "net_calorific_value", fuel) == Fraction(ncv)
        gas = fuel in ("natural_gas", "cog", "bfg", "ldg")
        assert _value(ALUMINIUM, "oxidation_factor", fuel) == Fraction("0.99" if gas else "0.98")
    anode = {"anode_loss_rate": "0.1518", "anode_sulphur": "0.02", "anode_ash": "0.004"}
    for quantity, value in anode.items():
        assert _value(ALUMINIUM, quantity, "anode", "anode") == Fraction(value)
    assert _value(ALUMINIUM, "cf4_emission_factor", "aluminium", "product") == Fraction("0.020")
    assert _value(ALUMINIUM, "c2f6_emission_factor", "aluminium", "product") == Fraction("0.0011")
    for material, factor in CARBONATES.items():
        assert _value(ALUMINIUM, "emission_factor", material, "carbonate") == Fraction(factor)
    assert load_standard(ALUMINIUM).gwp.values == {"CO2": 1, "CF4": 6630, "C2F6": 11100}


@pytest.mark.parametrize("standard", BOTH)
def test_every_stream_of_the_plant_template_is_counted_or_excused(standard):
    loaded = load_standard(standard)
    for stream in [*loaded.boundary_streams, *(s for p in loaded.processes for s in p.streams)]:
        who = (stream.material, stream.role, stream.direction)
        taken = any(rule.matches(*who) for source in loaded.sources.values() for rule in source.take)
        assert taken or any(rule.matches(*who) for rule in loaded.not_counted), who


def test_tar_and_benzol_are_taken_by_one_source_alone():
    loaded = load_standard(STEEL)
    for material in ("coal_tar", "crude_benzol"):
        for role in ("by_product", "product", "co_product"):
            takers = [n for n, s in loaded.sources.items() if any(r.matches(material, role, "out") for r in s.take)]
            assert takers == ["carbon_in_products"], (material, role)


def test_the_kinds_of_the_process_level_are_those_of_the_platform():
    accounts = load_standard(STEEL).accounts
    assert set(accounts["process"].kinds) == {"coking", "sintering", "pelletizing", "ironmaking", "dri", "bof", "eaf"}
    assert accounts["process"].sources == accounts["power"].sources == ("fuel_combustion",)
    kinds = {process.kind for process in load_standard(STEEL).processes}
    assert {*accounts["process"].kinds, *accounts["power"].kinds} <= kinds


def test_grades_of_carbon_are_materials_of_their_own():
    assert find_material("高碳铬铁").id == "hc_ferrochrome" and find_material("铬铁").id == "ferrochrome"
    assert find_material("高碳锰铁").id == "eaf_hc_ferromanganese" and find_material("煤泥").id == "coal_slurry"
    assert {"gangue", "micro_carbon_ferromanganese", "low_carbon_silicomanganese"} <= set(materials())


def test_a_borrowed_value_has_the_day_of_its_own_document():
    days = {(row["document"][:10], row["published_on"]) for row in _rows("iso_14064_1_2018")}
    assert {day for document, day in days if document == "GB/T 32151"} == {"2015-11-19"}
    assert {day for _, day in days} <= {"", "2015-07-06", "2015-11-19"}  # unknown stays empty
