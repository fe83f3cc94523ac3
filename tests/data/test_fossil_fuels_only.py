"""Fuel of the steel standards and of both ETS guidelines is fossil: biomass and hydrogen are listed, not counted."""

import pytest

from tanheng.accounting.run import run
from tanheng.kernel.catalogue import materials
from tanheng.kernel.periods import Period
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

STANDARDS = ("gbt_32151_5_2015", "cets_ag_03_01_v01_2024", "cets_ag_04_01_v01_2024")
NO_CARBON_OF_FOSSILS = {"biomass_fuel", "hydrogen"}
MEASURED = {
    "net_calorific_value": Given(15.0, "GJ/t"),
    "carbon_content": Given(0.03, "tC/GJ"),
    "oxidation_factor": Given(1.0, "1"),
    "carbon_content_mass": Given(0.45, "tC/t"),
}


@pytest.mark.parametrize("standard", STANDARDS)
def test_every_fuel_of_the_catalogue_is_counted_or_excused(standard: str) -> None:
    loaded = load_standard(standard)
    fuels = {name for name, material in materials().items() if "fuel" in material.roles} | NO_CARBON_OF_FOSSILS
    taken = {
        name
        for name in fuels
        if any(rule.matches(name, "fuel", "in") for source in loaded.sources.values() for rule in source.take)
    }
    assert fuels - taken == NO_CARBON_OF_FOSSILS
    for name in NO_CARBON_OF_FOSSILS:
        assert any(rule.matches(name, "fuel", "in") for rule in loaded.not_counted)


def test_the_general_view_shows_biogenic_carbon_apart() -> None:
    loaded = load_standard("iso_14064_1_2018")
    for role in ("fuel", "reductant"):
        takers = {n for n, s in loaded.sources.items() if any(r.matches("biomass_fuel", role, "in") for r in s.take)}
        assert "biogenic_combustion" in takers
        assert not takers & {"fuel_combustion", "reductant"}, role
        assert any(rule.matches("hydrogen", role, "in") for rule in loaded.not_counted)
    fuels = {name for name, material in materials().items() if "fuel" in material.roles} - {"biomass_fuel"}
    assert all(
        any(rule.matches(name, "fuel", "in") for rule in loaded.sources["fuel_combustion"].take) for name in fuels
    )


@pytest.mark.parametrize("standard", STANDARDS)
@pytest.mark.parametrize("values", [{}, MEASURED])
def test_biomass_is_neither_fossil_carbon_nor_a_gap(standard: str, values: dict[str, Given]) -> None:
    decl = StreamDecl("bio", "biomass_fuel", "fuel", "in", "")
    record = StreamRecord("bio", "2025-03", {"quantity": Given(100.0, "t")}, values)
    streams = StreamSet(SiteInfo("河北"), (decl,), (record,))
    found = run(load_standard(standard), streams, period=Period.parse("2025-03")).data
    assert (found["complete"], found["total"]["value"]) == (True, 0.0)
    assert [(entry["stream"], "生物源" in entry["reason"]) for entry in found["not_counted"]] == [("bio", True)]
