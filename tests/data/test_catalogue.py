"""Glossary, catalogue and plausible ranges fit together."""

import csv
from pathlib import Path

import pytest

from tanheng.kernel.catalogue import find_material, materials
from tanheng.kernel.quantities import glossary
from tanheng.kernel.resources import data_dir
from tanheng.kernel.roles import roles
from tanheng.kernel.units import canonical, compatible
from tanheng.kernel.yaml_lines import read_yaml

ROLES = set(roles())
DESIGN_VALUES = {
    "net_calorific_value": "GJ/t", "carbon_content": "tC/GJ", "carbon_content_mass": "tC/t", "oxidation_factor": "1",
    "emission_factor": "tCO2/t", "net_anode_consumption": "tC/t", "anode_effect_minutes": "min/(cell*day)",
    "cf4_emission_factor": "kg/t", "c2f6_emission_factor": "kg/t", "enthalpy": "kJ/kg", "temperature": "degC",
}  # fmt: skip


def test_every_material_has_one_name_per_alias_and_a_known_unit() -> None:
    seen: dict[str, str] = {}
    for material in materials().values():
        assert canonical(material.unit) in {"t", "1e4Nm3", "m3", "MWh", "GJ", "1e4CNY", "t*km", "km"}
        assert set(material.roles) <= ROLES, material.id
        for name in (material.zh, *material.aliases):
            assert seen.setdefault(name, material.id) == material.id, f"{name} names two materials"
            assert find_material(name).id == material.id


@pytest.mark.parametrize(("quantity", "unit"), DESIGN_VALUES.items())
def test_first_unit_of_a_quantity_is_the_one_of_a_bare_number(quantity: str, unit: str) -> None:
    assert glossary()[quantity].all_units[0] == canonical(unit)


def test_every_quantity_is_defined_in_both_languages_with_a_source() -> None:
    for quantity in read_yaml(data_dir() / "quantities.yaml").data.values():
        assert all(quantity[key] for key in ("zh", "en", "symbol", "definition", "source"))


def test_plausible_ranges_name_known_things_and_are_ordered() -> None:
    data = read_yaml(data_dir() / "plausibility.yaml").data
    for entry in data["ranges"]:
        units = glossary()[entry["quantity"]].all_units
        assert any(compatible(entry["unit"], unit) for unit in units), entry
        assert entry["materials"] == "*" or set(entry["materials"]) <= set(materials()), entry
    for kind in ("ranges", "ratios", "indicators", "changes"):
        for entry in data[kind]:
            canonical(entry["unit"])
            for low, high in (pair for pair in (entry.get("warn"), entry.get("block")) if pair):
                assert low is None or high is None or low < high, entry


def test_no_table_has_a_row_twice() -> None:
    keys = {
        "steam_enthalpy.csv": ("state", "pressure_mpa", "temperature_c"),
        "province_grid.csv": ("province", "part", "valid_from"),
    }
    for name, columns in keys.items():
        rows = _rows(data_dir() / "tables" / name)
        found = [tuple(row[column] for column in columns) for row in rows]
        assert len(found) == len(set(found)), name


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
