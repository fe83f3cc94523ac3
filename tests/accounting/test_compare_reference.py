"""Values of the industry: sourced, unchecked, never used in an account; where a plant stands beside them."""

from typing import Any

import pytest

from tanheng.accounting import ResultDocument, run
from tanheng.accounting.compare_reference import GJ_PER_TCE, industries, process_energy, standings
from tanheng.kernel.catalogue import materials
from tanheng.kernel.periods import Period
from tanheng.kernel.units import canonical
from tanheng.rules.package import load_standard

PRODUCTS = {"coking": "coke"}


def works(account: Any) -> Any:
    month = {"2022": {"quantity": "1400 t"}}
    return account({
        "coal": ("washed_coal", "fuel", month),
        "ck-coal": ("washed_coal", "fuel", month, {"process": "焦化"}),
        "ck-coke": ("coke", "fuel", {"2022": {"quantity": "1000 t"}}, {"process": "焦化", "direction": "out"}),
        "ck-el": ("electricity", "electricity", {"2022": {"quantity": "50 MWh"}},
                  {"process": "焦化", "values": {"emission_factor": "0.57 tCO2/MWh"}}),
        "steel": ("crude_steel", "product", {"2022": {"quantity": "5000 t"}}),
    }, options={"process_kinds": {"焦化": "coking", "炼铁": "ironmaking"}})  # fmt: skip


def test_every_value_has_a_source_and_none_claims_to_be_checked() -> None:
    for industry in industries():
        for value in industry.values:
            assert value.source in industry.sources and not value.checked
            assert canonical(value.unit) and set(value.materials) <= set(materials())
        assert len({value.id for value in industry.values}) == len(industry.values)


def test_the_energy_of_a_process_is_what_goes_in_less_what_it_hands_on(account: Any) -> None:
    doc = works(account)
    expected = (1400 * 26.344 - 1000 * 28.447 + 50 * 3.6) / GJ_PER_TCE
    assert process_energy(doc, "焦化") == pytest.approx(expected)
    assert process_energy(doc, "没有的") is None


def test_a_plant_stands_below_within_or_above(account: Any) -> None:
    doc = works(account)
    found, missing = standings(doc, PRODUCTS)
    energy = next(each for each in found if each.reference.id == "coking_energy")
    assert energy.value == pytest.approx((process_energy(doc, "焦化") or 0) / 1000 * 1000)
    assert energy.place == ("above" if (energy.value or 0) > 140 else "within")
    assert any("电炉" in text for text in missing)


def test_what_the_plant_does_not_have_is_unknown_and_other_standards_are_left_out(account: Any) -> None:
    doc = works(account)
    found, _ = standings(doc, {})
    energy = next(each for each in found if each.reference.id == "coking_energy")
    assert energy.value is None and energy.place == "unknown"
    assert not any(each.reference.id == "bf_bof_direct" for each in found)


def test_an_intensity_in_another_unit_is_converted_or_not_compared(account: Any) -> None:
    doc = works(account)
    plain = next(each for each in standings(doc, PRODUCTS)[0] if each.reference.id == "bf_bof_total")
    assert plain.value == pytest.approx(doc.data["indicators"]["intensity"]["value"]) and plain.unit == "tCO2/t"
    data = doc.data
    data["indicators"]["intensity"] |= {"unit": "tCO2e/1e4CNY"}
    money = next(each for each in standings(ResultDocument(data), PRODUCTS)[0] if each.reference.id == "bf_bof_total")
    assert (money.value, money.place) == (None, "unknown")
    data["indicators"]["intensity"] |= {"unit": "kgCO2e/t", "value": 1850.0}
    small = next(each for each in standings(ResultDocument(data), PRODUCTS)[0] if each.reference.id == "bf_bof_total")
    assert (small.value, small.place) == (pytest.approx(1.85), "within")
    assert plain.place != "unknown"


def test_a_value_per_tonne_of_copper_is_nothing_to_a_tonne_of_zinc(plant: Any) -> None:
    month = {"2022": {"quantity": "100 t"}}
    coal = {"values": {"net_calorific_value": "20 GJ/t", "carbon_content": "0.026 tC/GJ", "oxidation_factor": "0.94"}}
    for product, named in (("copper", True), ("zinc", False)):
        streams = plant({"coal": ("anthracite", "fuel", month, coal), "m": (product, "product", month)})
        doc = run(load_standard("ndrc_2015_other_nonferrous"), streams, period=Period.parse("2022"))
        ids = {each.reference.id for each in standings(doc, {})[0]}
        assert ("copper_samples" in ids) is named
