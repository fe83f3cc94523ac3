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


# (calorific value, carbon per heat, oxidation) of table NDRC-2013-AL, typed from the reference
FUELS = {
    "bituminous": ("19.570", "0.02618", "0.93"), "diesel": ("42.652", "0.0202", "0.98"),
    "natural gas": ("389.31", "0.0153", "0.99"),
}  # fmt: skip


def _burnt(**tonnes: int) -> Fraction:
    """CO2 [t] of fuels [t or 1e4 Nm3], carbon first."""
    carbon = Fraction(0)
    for name, amount in tonnes.items():
        heat, content, oxidised = map(Fraction, FUELS[name.replace("_", " ")])
        carbon += amount * heat * content * oxidised
    return carbon * CARBON_TO_DIOXIDE


def test_a_ferronickel_works_without_its_biomass() -> None:
    reduced = 95 * Fraction("1924") + 30 * Fraction("2853")
    limestone = Fraction(42000) * Fraction("0.4397") * Fraction("0.93")
    power = 980 * Fraction("536.6")
    expected = _burnt(bituminous=260000, diesel=1800) + reduced + limestone + power
    data = _result("ndrc_2015_other_nonferrous", "ferronickel_rkef")
    assert data["total"]["value"] == pytest.approx(float(expected), rel=1e-13)
    assert data["indicators"]["intensity"]["value"] == pytest.approx(float(expected / 80000), rel=1e-13)


def test_a_lead_zinc_furnace_counts_its_coke_once_and_no_flare_as_sold() -> None:
    coke = 88 * Fraction("2862")
    carbonates = (Fraction(5200) * Fraction("0.92") + 3100 * Fraction("0.9")) * Fraction("0.4397")
    carbonates += 900 * Fraction("0.985") * Fraction("0.4149")
    steam = Fraction(52000) * (Fraction("2776.9") - Fraction("83.74")) / 1000 * Fraction("0.11")
    expected = _burnt(natural_gas=120) + coke + carbonates + 150 * Fraction("536.6") - steam
    assert _result("ndrc_2015_other_nonferrous", "lead_zinc_isp")["total"]["value"] == pytest.approx(float(expected))


def test_alumina_electrolysis_and_anodes_under_one_roof() -> None:
    output = Fraction(300000)
    carbon = output * Fraction("0.413") * (1 - Fraction("0.021") - Fraction("0.0035"))
    cf4 = Fraction("0.143") * Fraction("0.18") * output / 1000
    gases = cf4 * 6500 + cf4 / 10 * 9200
    carbonates = Fraction(150000) * Fraction("0.405") + 60000 * Fraction("0.41")
    indirect = 4100 * Fraction("536.6") - 30000 * Fraction("0.11")
    burnt = _burnt(bituminous=420000, natural_gas=3600, diesel=1500)
    expected = burnt + carbon * CARBON_TO_DIOXIDE + gases + carbonates + indirect
    assert _result("gbt_32151_4_2015", "alumina_and_anodes")["total"]["value"] == pytest.approx(float(expected))
