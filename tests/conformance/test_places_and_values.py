"""Clauses on what belongs to a plant and on how a value was tested, beyond what the rooms' own tests name."""

import pytest
from django.urls import reverse
from tests.conformance.plants import JULY, client_of, plant_with, typed

from tanheng.accounting import load_case, run
from tanheng.accounting.boundary import building_energy, unit_of
from tanheng.accounting.boundary_catalogue import unit_types
from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng.kernel.test_methods import check_method, method_names, methods_for
from tanheng.rules.package import load_standard
from tanheng_web.collection import selectors

OF_IRON = {
    "GB/T 223.69", "GB/T 223.86", "GB/T 4699.4", "GB/T 4333.10", "GB/T 7731.10", "GB/T 8704.1", "YB/T 5339",
    "YB/T 5340",
}  # fmt: skip
CANTEEN = """\
title: 食堂用电
standard: gbt_32151_5_2015
period: "2022"
site: {province: 河北}
streams:
  - {id: works, material: 天然气, role: fuel, quantity: 100 1e4Nm3}
  - {id: meter, material: 天然气, role: fuel, process: 食堂, quantity: 10 1e4Nm3}
"""


@pytest.mark.parametrize(("name", "system"), [("forklift", "auxiliary"), ("canteen", "administrative")])
def test_vehicles_in_the_plant_and_canteens_are_units_inside_the_boundary(name, system):
    assert unit_types()[name].system == system
    assert unit_of("甲", "", type=name).is_inside


def test_the_meter_of_a_building_enters_its_process_and_is_shown_apart(tmp_path):
    file = tmp_path / "canteen.yaml"
    file.write_text(CANTEEN, encoding="utf-8")
    case = load_case(file)
    document = run(load_standard(case.standards[0]), case.stream_set, period=case.period)
    canteen = building_energy(document.data, [unit_of("食堂", "", type="canteen")])
    assert canteen == [("食堂", pytest.approx(document.data["total"]["value"] / 10))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("material", "role", "direction"),
    [
        ("freight_road", "transport", "in"),
        ("freight_rail", "transport", "in"),
        ("freight_ship", "transport", "in"),
        ("diesel", "fuel", "in"),
        ("general_waste", "waste", "out"),
    ],
)
def test_transport_and_waste_are_entered_in_the_monthly_form(material, role, direction):
    plant = plant_with({"material": material, "role": role, "direction": direction, "components": ["quantity"]})
    (stream,) = plant.fresh
    page = client_of(plant.reporter).get(reverse("collection:month", args=[plant.works.pk, str(JULY)])).text
    assert f'data-cell="{stream.pk}:quantity"' in page and stream.material_zh in page
    typed(plant, {(stream, "quantity"): "120"})
    given = selectors.stream_set(plant.works, Period.parse("2025-07"), approved_only=False)
    (record,) = [each for each in given.records if each.stream == stream.code]
    assert record.quantity["quantity"].value == 120


@pytest.mark.parametrize("material", ["pig_iron", "dri", "ferrochrome", "ferrosilicon", "ferrovanadium"])
def test_carbon_in_iron_names_one_of_its_methods(material):
    assert set(methods_for(material, "carbon_content_mass").methods) == OF_IRON <= set(method_names())
    assert check_method(material, "carbon_content_mass", "gb/t223.86") == "GB/T 223.86"
    with pytest.raises(InputError, match=r"method\.missing"):
        check_method(material, "carbon_content_mass", " ")
