"""The plug 其他 of the ETS month ST-G05: users outside the processes, flares, process emissions less products."""

from fractions import Fraction

import pytest

from tanheng.accounting.case import load_case
from tanheng.accounting.run import run
from tanheng.kernel.resources import data_dir
from tanheng.kernel.rounding import round_half_up
from tanheng.rules.package import load_standard

STEEL = "cets_ag_03_01_v01_2024"
# tCO2 per 10⁴ Nm³ with oxidation 1, from the reference: NCV × CC × 44/12
PER_GAS = {
    "bfg": Fraction("33.000") * Fraction("0.07080") * 44 / 12,
    "cog": Fraction("173.854") * Fraction("0.01210") * 44 / 12,
    "ldg": Fraction("84.000") * Fraction("0.04960") * 44 / 12,
}
ELSEWHERE = [("bfg", 5200), ("cog", 1640), ("ldg", 900), ("bfg", 900), ("ldg", 310)]  # rolling mills, lime kiln
FLARED = {"bfg": 1065, "cog": 205, "ldg": 40}


@pytest.fixture(scope="module")
def month():
    case = load_case(data_dir() / "standards" / STEEL / "cases" / "process_level.yaml")
    return run(load_standard(STEEL), case.stream_set, period=case.period, as_of=case.as_of).data


def test_the_balance_of_every_gas_shows_what_was_flared_and_coke_closes(month) -> None:
    found = {name: balance["difference"] for name, balance in month["balances"].items()}
    assert found == pytest.approx({**FLARED, "coke": 0.0})
    assert month["balances"]["coke"]["net"] == pytest.approx(-16600.0)


def test_other_is_explained_to_the_hundredth(month) -> None:
    gases = [*ELSEWHERE, *FLARED.items()]
    burnt = sum(round_half_up(str(float(PER_GAS[gas] * amount)), 2) for gas, amount in gases)
    assert str(burnt) == "94708.20"
    rest = month["processes"]["其他"]["value"] - month["subtotals"]["process_emissions"]["value"]
    rest -= month["sources"]["carbon_in_products"]["value"]
    assert rest - float(burnt) == pytest.approx(0.01, abs=0.001)  # the rounding of lines, stated with the golden month
