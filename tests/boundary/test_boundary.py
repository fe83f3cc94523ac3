"""The boundary: what the catalogue holds, who may report, where boundary and data disagree."""

import pytest

from tanheng.accounting.boundary import boundary_check, building_energy, gas_families, require_entity, unit_of
from tanheng.accounting.boundary_catalogue import entity_kinds, stages, systems, unit_types
from tanheng.kernel.errors import InputError
from tanheng.rules.package import load_standard, standards

NAMED = {
    "core": ["露天采场", "地下采场", "破碎", "磨矿", "浮选", "焙烧炉", "电解槽", "精炼炉", "轧制", "挤压", "铸造"],
    "auxiliary": ["自备电厂", "煤气站", "余热锅炉", "厂内铁路", "皮带运输", "脱硫", "脱硝", "污水处理"],
    "administrative": ["办公楼", "宿舍"],
}


@pytest.fixture(scope="module")
def steel():
    return load_standard("gbt_32151_5_2015")


def codes(units, **more):
    return {each.code for each in boundary_check(units, entity="legal_person", name="厂", **more)}


def test_the_catalogue_holds_every_unit_that_the_standard_names():
    for system, names in NAMED.items():
        held = {unit.zh for unit in unit_types().values() if unit.system == system}
        assert set(names) <= held
    assert all(unit.zh and unit.en and unit.indonesian for unit in unit_types().values())
    assert list(stages().values()) == ["采矿", "选矿", "冶炼", "加工"]
    assert {unit.stage for unit in unit_types().values() if unit.system == "core"} == set(stages())
    assert {unit.system for unit in unit_types().values()} == set(systems())


def test_auxiliary_and_living_units_lie_inside_by_default():
    for unit in unit_types().values():
        assert unit_of("甲", unit.kinds[0] if unit.kinds else "", type=unit.id).is_inside


@pytest.mark.parametrize("standard_id", [found.id for found in standards()])
def test_every_process_of_every_template_has_a_type_and_the_core_a_stage(standard_id):
    standard = load_standard(standard_id)
    units = [
        unit_of(process.zh, process.kind, template_stage=process.stage or "", streams=("x",))
        for process in standard.processes
    ]
    assert [unit.path for unit in units if unit.unit_type is None] == []
    assert not {"no_type", "no_stage", "kind_unknown"} & codes(units, standard=standard)
    for unit, process in zip(units, standard.processes, strict=True):
        assert unit.stage in ("", process.stage or unit.stage)


def test_the_templates_span_mining_to_processing():
    kinds = [process for found in standards() for process in load_standard(found.id).processes]
    units = [unit_of(process.zh, process.kind, template_stage=process.stage or "") for process in kinds]
    assert {unit.stage for unit in units} >= set(stages())


def test_a_subprocess_follows_what_it_belongs_to():
    above = unit_of("炼铁", "ironmaking", is_inside=False, reason="出租")
    below = unit_of("炼铁/1号高炉", "", above=above)
    assert below.type == "blast_furnace"
    assert not below.is_inside
    assert "炼铁" in below.reason


@pytest.mark.parametrize("kind", ["branch", "department"])
def test_what_is_no_legal_person_is_refused(kind):
    with pytest.raises(InputError, match=r"boundary\.entity_refused"):
        require_entity(kind, "一车间")


def test_a_legal_person_or_what_counts_as_one_may_report():
    assert {id for id, kind in entity_kinds().items() if kind.may_report} == {"legal_person", "deemed_legal_person"}
    assert require_entity("deemed_legal_person", "矿").may_report
    assert require_entity("", "矿") is None
    with pytest.raises(InputError, match=r"boundary\.entity_kind"):
        require_entity("person", "矿")


def test_mismatches_are_named(steel):
    outside = unit_of("发电", "captive_power", is_inside=False, reason="出租", streams=("煤",))
    unknown = unit_of("新工序", "", streams=("x",))
    empty = unit_of("炼铁", "ironmaking")
    found = codes([outside, unknown, empty], standard=steel)
    assert {"stream_outside", "auxiliary_outside", "no_type", "kind_unknown", "no_stream"} <= found
    assert {"no_building_energy", "source_uncovered"} <= found


def test_building_energy_is_asked_for_and_shown_apart():
    canteen = unit_of("食堂", "", type="canteen", streams=("食堂天然气",))
    gas = {"label": "食堂天然气", "role": "fuel", "material": "natural_gas", "process": "食堂"}
    assert "no_building_energy" not in codes([canteen], streams=[gas])
    summary = {"processes": {"食堂": {"value": 12.5}, "食堂/灶": {"value": 12.5}}}
    below = unit_of("食堂/灶", "", above=canteen)
    assert building_energy(summary, [canteen, below]) == [("食堂", 12.5)]


def test_the_six_families_of_gases_are_shown(steel):
    found = {family.id: family for family in gas_families(steel)}
    assert list(found) == ["CO2", "CH4", "N2O", "HFCs", "PFCs", "SF6"]
    assert found["CO2"].sources
    assert all(family.known for family in found.values())


def test_pfc_of_aluminium_are_counted_with_a_named_set():
    found = {family.id: family for family in gas_families(load_standard("gbt_32151_4_2015"))}
    assert {gas for gas, _ in found["PFCs"].gwp} == {"CF4", "C2F6"}
    assert found["PFCs"].gwp_set
    assert found["PFCs"].sources


def test_a_gas_without_potential_is_an_error(steel):
    bare = steel.model_copy(update={"gwp": steel.gwp.model_copy(update={"values": {}})})
    assert "gas_without_gwp" in codes([], standard=bare)
