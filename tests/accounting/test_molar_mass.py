"""Products that bind carbon, by the theoretical ratio of molar masses."""

from typing import Any

import pytest

from tanheng.accounting import ResultDocument


def product(account: Any, material: str, values: dict[str, str]) -> ResultDocument:
    months = {"2022": {"quantity": "1000 t"}}
    doc: ResultDocument = account({"made": (material, "by_product", months, {"values": values})})
    return doc


def factor(doc: ResultDocument) -> tuple[float, str]:
    found = doc.data["streams"][0]["inputs"]["emission_factor"]
    return found["value"], found["origin"]


def test_methanol_is_44_over_32_and_another_product_by_its_own_formula(account: Any) -> None:
    assert factor(product(account, "methanol", {})) == (1.375, "standard_default")
    assert factor(product(account, "methanol", {"carbon_atoms": "1 1", "molar_mass": "32 1"})) == (1.375, "derived")
    ethanol = product(account, "other_carbon_product", {"carbon_atoms": "2 1", "molar_mass": "46 1"})
    assert factor(ethanol) == (pytest.approx(88 / 46), "derived")
    assert ethanol.data["total"]["value"] == pytest.approx(-1000 * 88 / 46)


def test_a_molecule_without_its_carbon_atoms_is_a_gap_not_zero(account: Any) -> None:
    doc = product(account, "other_carbon_product", {"molar_mass": "46 1"})
    assert not doc.data["complete"] and [gap["code"] for gap in doc.data["gaps"]] == ["value.missing"]


def test_a_measured_factor_stands_before_the_theoretical_one(account: Any) -> None:
    values = {"emission_factor": "1.9 tCO2/t", "carbon_atoms": "2 1", "molar_mass": "46 1"}
    assert factor(product(account, "other_carbon_product", values)) == (1.9, "measured")
