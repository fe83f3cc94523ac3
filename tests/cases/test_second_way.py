"""Our own cases once more, written apart from the formulas of the packages: per tonne first, from molar masses."""

from fractions import Fraction

import pytest

from tanheng.accounting.case import load_case
from tanheng.accounting.run import run
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard

CARBON_TO_DIOXIDE = Fraction(44, 12)


def _result(standard: str, case: str):
    found = load_case(data_dir() / "standards" / standard / "cases" / f"{case}.yaml")
    return run(load_standard(standard), found.stream_set, period=found.period, as_of=found.as_of).data


def _per_tonne_of_heat(carbon: str, oxidised: str) -> Fraction:
    return Fraction(carbon) * Fraction(oxidised) * CARBON_TO_DIOXIDE  # tCO2/GJ


def test_a_magnesium_works_by_tonne_of_magnesium() -> None:
    output = Fraction(20000)
    heat = {  # GJ per t of magnesium, tCO2/GJ
        "coal": (Fraction(30000) * Fraction("19.57") / output, _per_tonne_of_heat("0.02618", "0.93")),
        "gas": (Fraction(5000) * Fraction("173.54") / output, _per_tonne_of_heat("0.0121", "0.99")),
        "diesel": (Fraction(120) * Fraction("42.652") / output, _per_tonne_of_heat("0.0202", "0.98")),
    }
    burnt = sum(energy * factor for energy, factor in heat.values())
    raw = Fraction(16000) / output * Fraction("2.79")
    calcined = Fraction(210000) / output * Fraction("0.97") * Fraction("0.478")
    net_power = (Fraction(150000) - 8000) / output * Fraction("0.581")
    net_heat = -Fraction(20000) / output * Fraction("0.11")
    expected = (burnt + raw + calcined + net_power + net_heat) * output
    assert _result("gbt_32151_3_2015", "pidgeon")["total"]["value"] == pytest.approx(float(expected), rel=1e-13)


def test_a_mine_and_kiln_by_what_is_left_of_the_ore() -> None:
    ore, decomposed = Fraction(60000), Fraction("0.96")
    lime = ore * Fraction("0.93") * Fraction("0.4397")
    magnesia = ore * Fraction("0.02") * Fraction("0.5220")
    released = (lime + magnesia) - (lime + magnesia) * (1 - decomposed)
    bound = Fraction(8000) * Fraction("0.98") * Fraction("0.4397")
    litres = Fraction(4200) * Fraction("42.652")
    burnt = litres * _per_tonne_of_heat("0.0202", "0.98")
    hot_water = Fraction(10000) * 55 * Fraction("4.1868") / 1000
    indirect = Fraction(42000) * Fraction("0.5366") + hot_water * Fraction("0.11")
    expected = burnt + released - bound + indirect
    assert _result("ndrc_2015_mining", "mine_and_kiln")["total"]["value"] == pytest.approx(float(expected), rel=1e-13)


def test_the_copper_smelter_of_the_reference_by_parts() -> None:
    data = _result("ndrc_2015_other_nonferrous", "copper_smelter")
    limestone = Fraction(45000) * Fraction("0.95") * Fraction("0.4397")
    steam = Fraction(40000) * (Fraction("2776.9") - Fraction("83.74")) / 1000
    assert data["sources"]["exported_heat"]["value"] == pytest.approx(float(-steam * Fraction("0.11")), rel=1e-13)
    assert next(e["value"] for e in data["streams"] if e["id"] == "limestone") == pytest.approx(float(limestone))
    assert data["total"]["value"] == pytest.approx(192441.6995076, rel=1e-13)
    assert data["total"]["value"] == pytest.approx(sum(each["value"] for each in data["sources"].values()), rel=1e-13)
