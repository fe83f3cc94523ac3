"""Sensitivity: linear models return what is known, Ishigami returns its indices, ranges and prices are the user's."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.rules.streams import StreamDecl, StreamRecord
from tanheng.uncertainty.drivers import Driver, Mix, Range, parse_mix, parse_range
from tanheng.uncertainty.sampled import morris, sobol
from tanheng.uncertainty.sensitivity import sensitivity_study

from .worlds import fuels, given, result

WORKS = [
    StreamRecord("el", "2025", {"quantity": given(1000.0, "MWh")}, {"emission_factor": given(0.5, "tCO2/MWh")}),
    StreamRecord("gas", "2025", {"quantity": given(100.0, "1e4Nm3")}, {}),
]
DECLS = [StreamDecl("el", "electricity", "electricity"), StreamDecl("gas", "natural_gas", "fuel")]


def study(method: str, **more: object) -> dict[str, object]:
    doc = result(DECLS, WORKS)
    return sensitivity_study(doc.data, run_digest=doc.digest, method=method, **more)  # type: ignore[arg-type]


def test_the_tornado_of_a_product_is_proportional() -> None:
    found = study("tornado", ranges=[Range("quantity@el", -0.2, 0.1), Range("emission_factor@el", -0.05, 0.05)])
    first, second = found["ranked"]
    assert first["id"] == "quantity@el"
    assert first["low"] == pytest.approx(found["central"] - 100, rel=1e-5)
    assert first["high"] == pytest.approx(found["central"] + 50, rel=1e-5)
    assert first["elasticity"] == pytest.approx(500 / found["central"], rel=1e-5)
    assert second["swing"] == pytest.approx(50, rel=1e-5)


def test_without_a_choice_the_strongest_elasticities_move_by_ten_percent() -> None:
    found = study("tornado", top=2)
    assert found["chosen"] == "elasticity"
    assert [entry["range"] for entry in found["ranked"]] == [[-0.1, 0.1]] * 2


def test_a_linear_model_returns_its_variance_shares() -> None:
    weights = np.array([1.0, 2.0, 3.0])

    def linear(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(x @ weights)

    drivers = [Driver(str(n), str(n), -1.0, 1.0, (n,)) for n in range(3)]
    shares = weights**2 / (weights**2).sum()
    found = sobol(drivers, linear, 1024, 1)
    assert [entry["first"] for entry in found] == pytest.approx(shares, abs=0.01)
    assert [entry["total"] for entry in found] == pytest.approx(shares, abs=0.01)
    effects = morris(drivers, linear, 20, 1)
    assert [entry["mu_star"] for entry in effects] == pytest.approx(2 * weights, rel=1e-9)
    assert [entry["sigma"] for entry in effects] == pytest.approx([0, 0, 0], abs=1e-9)


def test_sobol_indices_of_ishigami_are_those_of_the_closed_form() -> None:
    a, b, pi = 7.0, 0.1, math.pi
    variance = 0.5 + a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18
    first = [0.5 * (1 + b * pi**4 / 5) ** 2 / variance, a**2 / 8 / variance, 0.0]
    third = b**2 * pi**8 * (1 / 18 - 1 / 50) / variance
    total = [first[0] + third, first[1], third]

    def ishigami(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = sobol([Driver(str(n), str(n), -pi, pi, (n,)) for n in range(3)], ishigami, 16_384, 1)
    assert [entry["first"] for entry in found] == pytest.approx(first, abs=0.01)
    assert [entry["total"] for entry in found] == pytest.approx(total, abs=0.01)


def test_a_price_moves_the_energy_mix_as_the_user_said() -> None:
    mix = Mix("quantity@el", "quantity@gas", -0.2, 0.5, elasticity=0.4, rate=0.03)
    found = study("tornado", mix=mix)
    entry = found["ranked"][0]
    assert entry["id"] == "price@quantity@el"
    used = 1.5**-0.4
    gas = result([DECLS[1]], [WORKS[1]]).data["total"]["value"]
    expected = 500 * used + gas * (1 + 1000 * (1 - used) * 0.03 / 100)
    assert entry["high"] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("method", ["tornado", "morris", "sobol"])
def test_one_seed_gives_the_same_bytes(method: str) -> None:
    more = {"seed": 9, "n": 64}
    assert dumps(study(method, **more)) == dumps(study(method, **more))


def test_every_study_is_ranked() -> None:
    for method, key in (("tornado", "swing"), ("morris", "mu_star"), ("sobol", "total")):
        values = [entry[key] for entry in study(method, n=64)["ranked"]]
        assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"method": "gradient"}, "sensitivity.method"),
        ({"method": "sobol", "n": 100}, "sensitivity.samples"),
        ({"method": "morris", "n": 2}, "sensitivity.samples"),
        ({"method": "tornado", "mix": Mix("quantity@el", "quantity@gas", -0.2, 0.2, -1.0, 0.03)}, "sensitivity.mix"),
    ],
)
def test_impossible_studies_are_refused(more: dict[str, object], code: str) -> None:
    with pytest.raises(InputError) as caught:
        study(**more)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_too_many_variables_are_refused_for_sobol() -> None:
    doc = fuels([f"f{n}" for n in range(40)], {"normal": "1 %"})
    with pytest.raises(InputError, match=r"sensitivity\.too_many"):
        sensitivity_study(doc.data, run_digest=doc.digest, method="sobol", top=40)


def test_unknown_inputs_and_reversed_ranges_are_named() -> None:
    for ranges in ([Range("nothing", -0.1, 0.1)], [Range("quantity@el", 0.1, -0.1)]):
        with pytest.raises(Faults) as caught:
            study("tornado", ranges=ranges)
        assert "？" not in caught.value.zh()


@pytest.mark.parametrize("text", ["quantity@el", "quantity@el=10..20", "=-1%..1%", "quantity@el=a%..b%"])
def test_an_unreadable_option_says_how_to_write_it(text: str) -> None:
    with pytest.raises(TanhengError):
        parse_range(text)


def test_options_are_read() -> None:
    assert parse_range("quantity@el=-10%..12.5 %") == Range("quantity@el", -0.1, 0.125)
    found = parse_mix("quantity@el>quantity@gas,price=-20%..30%,elasticity=0.3,rate=0.0238")
    assert found == Mix("quantity@el", "quantity@gas", -0.2, 0.3, 0.3, 0.0238)


def test_a_share_is_not_raised_above_one() -> None:
    """±10 % of an oxidation of 0.94 would be 1.034: more carbon burnt than there is."""
    doc = fuels(["a"], {"normal": "1 %"})
    found = sensitivity_study(doc.data, run_digest=doc.digest, method="tornado", top=10)
    spans = {entry["id"]: entry["range"] for entry in found["ranked"]}
    assert spans["oxidation_factor@standard_default:anthracite"] == [-0.1, pytest.approx(1 / 0.94 - 1, rel=1e-5)]
    assert spans["quantity@a"] == [-0.1, 0.1]
    with pytest.raises(Faults) as caught:
        wanted = [Range("oxidation_factor@standard_default:anthracite", -0.1, 0.1)]
        sensitivity_study(doc.data, run_digest=doc.digest, method="tornado", ranges=wanted)
    assert [fault.code for fault in caught.value.faults] == ["sensitivity.share"]
