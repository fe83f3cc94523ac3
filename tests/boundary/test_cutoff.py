"""Cut-off: 0.99 % may be left out, 1.00 % not; hazardous never; 5.00 % in all is kept, 5.01 % is not."""

import pytest

from tanheng.accounting.cutoff import cut_off


def works(made, auxiliaries: dict[str, float], wastes: dict[str, float] | None = None, raw: float = 10_000.0):
    """Alumina and some auxiliaries; nothing but the anode is counted."""
    left = [{"stream": "ore", "material": "alumina", "role": "raw_material", "amount": raw}]
    left += [{"stream": id, "material": id, "role": "auxiliary", "amount": t} for id, t in auxiliaries.items()]
    left += [{"stream": id, "material": id, "role": "waste", "amount": t} for id, t in (wastes or {}).items()]
    anode = {"stream": "anode", "material": "anode", "role": "anode", "amount": 0.0, "value": 1000.0}
    coal = {"stream": "coal", "material": "bituminous_coal", "role": "fuel", "amount": 10.0, "ncv": 20.0, "value": 19.0}
    return made.document([made.block("anode", [anode]), made.block("fuel_combustion", [coal])], left=left)


def item(found, key):
    return next(each for each in found.items if each.key == key)


@pytest.mark.parametrize(("tonnes", "offered"), [(99.0, True), (99.99, True), (100.0, False), (100.01, False)])
def test_an_auxiliary_below_one_per_cent_of_raw_material_is_offered(made, tonnes, offered):
    assert item(cut_off(works(made, {"cryolite": tonnes})), "cryolite").may_be_ignored is offered


def test_streams_of_one_material_are_taken_together(made):
    data = works(made, {"cryolite": 60.0})
    data["declared"].append({**data["declared"][-1], "id": "second"})
    data["not_counted"].append({"stream": "second", "value": 60.0, "unit": "t", "reason": ""})
    found = item(cut_off(data), "cryolite")
    assert found.mass == 120.0
    assert not found.may_be_ignored


@pytest.mark.parametrize(("tonnes", "offered"), [(0.99, True), (1.0, False)])
def test_general_waste_below_one_per_cent_of_all_solid_waste(made, tonnes, offered):
    data = works(made, {}, {"gypsum": tonnes, "coal_ash": 100.0 - tonnes})
    assert item(cut_off(data), "gypsum").may_be_ignored is offered


def test_hazardous_is_never_left_out_at_any_amount(made):
    data = works(made, {"cryolite": 0.001}, {"spent_potlining": 0.001, "coal_ash": 100.0})
    found = cut_off(data, hazardous={"cryolite"}, ignored={"cryolite", "spent_potlining"})
    assert not item(found, "cryolite").may_be_ignored
    assert not item(found, "spent_potlining").may_be_ignored
    assert "有毒有害" in item(found, "spent_potlining").reason
    assert not found.is_kept
    assert len(found.broken) == 2


def test_waste_gas_and_water_are_reported_and_no_solid_waste(made):
    data = works(made, {}, {"gypsum": 0.5, "coal_ash": 99.5, "waste_gas": 4000.0, "waste_water": 90_000.0})
    found = cut_off(data)
    assert item(found, "gypsum").may_be_ignored
    assert not {each.key for each in found.items} & {"waste_gas", "waste_water"}
    units = {entry["stream"]: entry["unit"] for entry in data["not_counted"]}
    assert units["waste_gas"] and units["waste_water"]  # they stay in the result, not counted and named


@pytest.mark.parametrize(("tonnes", "kept"), [(500.0, True), (501.0, False)])
def test_five_per_cent_in_all_of_mass(made, tonnes, kept):
    names = ["cryolite", "aluminium_fluoride", "calcium_fluoride", "bentonite", "caustic_soda", "fluorspar"]
    each = {name: tonnes / len(names) for name in names}
    found = cut_off(works(made, each, raw=10_000.0 - tonnes - 10.0), ignored=names)
    mass = next(measure for measure in found.measures if measure.id == "mass")
    assert mass.total == pytest.approx(10_000.0)
    assert all(each.may_be_ignored for each in found.items)
    assert mass.is_kept is kept


@pytest.mark.parametrize(("emission", "kept"), [(50.0, True), (50.1, False)])
def test_five_per_cent_in_all_of_emission(made, emission, kept):
    row = {"stream": "soda", "material": "soda_ash", "role": "auxiliary", "amount": 1.0, "value": emission}
    ore = {"stream": "ore", "material": "alumina", "role": "raw_material", "amount": 10_000.0}
    found = cut_off(made.document([made.block("carbonate", [row])], left=[ore]), ignored={"soda_ash"}, total=1000.0)
    measure = next(each for each in found.measures if each.id == "emission")
    assert measure.is_kept is kept
    assert found.is_kept is (kept and all(m.is_kept for m in found.measures))


@pytest.mark.parametrize(("energy", "kept"), [(5.0, True), (5.01, False)])
def test_five_per_cent_in_all_of_energy(made, energy, kept):
    fuel = {"stream": "coal", "material": "coke", "role": "fuel", "amount": 100.0, "ncv": 1.0, "value": 9.0}
    aux = {"stream": "aux", "material": "packing_coke", "role": "auxiliary", "amount": 1.0, "ncv": energy, "value": 0.0}
    ore = {"stream": "ore", "material": "alumina", "role": "raw_material", "amount": 10_000.0}
    data = made.document([made.block("fuel", [fuel]), made.block("other", [aux])], left=[ore])
    found = cut_off(data, ignored={"packing_coke"})
    assert next(each for each in found.measures if each.id == "energy").is_kept is kept


def test_what_is_unknown_does_not_pass(made):
    data = works(made, {"cryolite": 1.0})
    data["not_counted"][1]["value"] = None
    found = cut_off(data, ignored={"cryolite"})
    assert not item(found, "cryolite").may_be_ignored
    assert not found.is_kept
    assert next(each for each in found.measures if each.id == "mass").unknown == ("冰晶石",)


def test_a_decision_whose_material_is_gone_is_said(made):
    assert cut_off(works(made, {}), ignored={"cryolite"}).broken == ("cryolite",)
