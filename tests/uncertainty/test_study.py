"""Monte Carlo of results: closed forms, shared inputs, and bytes that depend on seed and draws alone."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as assuming
from hypothesis import settings
from hypothesis import strategies as st

from tanheng.accounting.case import load_case
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.kernel.canonical_json import dumps
from tanheng.kernel.errors import Faults, InputError
from tanheng.kernel.periods import Period
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, Parameter, SiteInfo, StreamDecl, StreamRecord, StreamSet
from tanheng.uncertainty.distributions import Z95, Distribution
from tanheng.uncertainty.first_order import gradient
from tanheng.uncertainty.inputs import find_inputs
from tanheng.uncertainty.model import Model, build_model
from tanheng.uncertainty.montecarlo import simulate
from tanheng.uncertainty.parts import parts_of
from tanheng.uncertainty.sampling import Layout
from tanheng.uncertainty.study import uncertainty_study

from .worlds import electricity, fuels, given, result

CASES = sorted((data_dir() / "standards").glob("*/cases/*.yaml"))
CASE_IDS = [f"{path.parent.parent.name}-{path.stem}" for path in CASES]


def study(doc: ResultDocument, **more: object) -> dict[str, object]:
    return uncertainty_study(doc.data, run_digest=doc.digest, **more)  # type: ignore[arg-type]


def document(path: Path) -> ResultDocument:
    case = load_case(path)
    standard = load_standard(path.parent.parent.name)
    return run(standard, case.stream_set, period=case.period, as_of=case.as_of)


def test_a_product_has_the_relative_error_of_its_factors_in_quadrature() -> None:
    doc = electricity({"2025": 1000.0}, {"normal": "3 %"}, factor_distribution={"normal": "4 %"})
    found = study(doc, n=200_000)
    exact = math.sqrt((1 + (0.03 / Z95) ** 2) * (1 + (0.04 / Z95) ** 2) - 1)
    assert found["summary"]["sd"] / 500 == pytest.approx(exact, rel=0.01)
    assert found["first_order"]["sd"] == pytest.approx(500 * 0.05 / Z95, rel=1e-5)
    assert found["summary"]["low"] == pytest.approx(500 * 0.95, rel=2e-3)
    assert found["summary"]["high"] == pytest.approx(500 * 1.05, rel=2e-3)
    shares = {entry["id"]: entry["share"] for entry in found["drivers"]["listed"]}
    assert shares["emission_factor@el"] == pytest.approx(0.64, abs=0.01)
    assert shares["quantity@el"] == pytest.approx(0.36, abs=0.01)


def test_a_lognormal_factor_gives_a_lognormal_total() -> None:
    doc = electricity({"2025": 1000.0}, {"lognormal": "50 %"}, factor_distribution=None)
    found = study(doc, n=100_000)
    assert [found["summary"]["low"], found["summary"]["high"]] == pytest.approx([500 / 1.5, 500 * 1.5], rel=0.01)


def test_the_months_of_one_meter_share_its_error_or_are_told_not_to() -> None:
    months = {f"2025-{month:02d}": 100.0 for month in range(1, 13)}
    doc = electricity(months, {"normal": "6 %"})
    keep = {"emission_factor@el": None}
    shared = study(doc, n=50_000, overrides=keep)
    alone = {f"emission_factor@el@{month}": None for month in months}
    independent = study(doc, n=50_000, months="independent", overrides=alone)
    assert shared["summary"]["sd"] == pytest.approx(600 * 0.06 / Z95, rel=0.02)
    assert independent["summary"]["sd"] == pytest.approx(600 * 0.06 / Z95 / math.sqrt(12), rel=0.02)
    assert len(shared["inputs"]) == 2
    assert len(independent["inputs"]) == 24


def test_streams_that_use_one_default_err_together() -> None:
    doc = fuels(["a", "b", "c", "d"], {"normal": "1 %"})
    ids = [entry["id"] for entry in study(doc)["inputs"]]
    assert ids.count("net_calorific_value@standard_default:anthracite") == 1
    only = {f"quantity@{name}": None for name in "abcd"} | {"carbon_content@standard_default:anthracite": None}
    only["net_calorific_value@standard_default:anthracite"] = {"normal": "10 %"}
    found = study(doc, n=50_000, overrides=only)
    assert found["summary"]["sd"] == pytest.approx(doc.data["total"]["value"] * 0.1 / Z95, rel=0.02)


def test_a_value_that_several_streams_share_is_one_input() -> None:
    shared = Parameter("anthracite", "net_calorific_value", given(25.0, "GJ/t", {"normal": "4 %"}))
    decls = tuple(StreamDecl(name, "anthracite", "fuel") for name in "ab")
    records = tuple(StreamRecord(name, "2025", {"quantity": given(10.0, "t")}, {}) for name in "ab")
    streams = StreamSet(SiteInfo("河北"), decls, records, (shared,))
    doc = run(load_standard("gbt_32151_5_2015"), streams, period=Period.parse("2025"))
    found = [entry for entry in study(doc)["inputs"] if entry["quantity"] == "net_calorific_value"]
    assert [(entry["cells"], entry["basis"]) for entry in found] == [(2, "given")]


def test_purchase_and_export_at_one_factor_cancel_in_part() -> None:
    factor = {"emission_factor": Given(0.5, "tCO2/MWh", "enterprise_default", {"kind": "enterprise"})}
    shared = Parameter("electricity", "emission_factor", factor["emission_factor"], rank="enterprise_default")
    decls = (StreamDecl("in", "electricity", "electricity"), StreamDecl("out", "electricity", "electricity", "out"))
    records = tuple(
        StreamRecord(n, "2025", {"quantity": given(q, "MWh")}, {}) for n, q in (("in", 1000.0), ("out", 400.0))
    )
    doc = run(
        load_standard("gbt_32151_5_2015"),
        StreamSet(SiteInfo("河北"), decls, records, (shared,)),
        period=Period.parse("2025"),
    )
    ids = [entry["id"] for entry in study(doc)["inputs"]]
    factor_id = next(name for name in ids if name.startswith("emission_factor"))
    moved = dict.fromkeys(ids) | {factor_id: {"normal": "10 %"}}
    found = study(doc, n=50_000, overrides=moved)
    assert found["total"]["value"] == pytest.approx(300.0)
    assert found["summary"]["sd"] == pytest.approx(300 * 0.1 / Z95, rel=0.02)


def test_what_cancels_in_a_formula_does_not_err() -> None:
    """Carbon content by heat from a measured one by mass: the calorific value stands above and below the line."""
    record = StreamRecord(
        "coal", "2025", {"quantity": given(100.0, "t")},
        {"net_calorific_value": given(25.0, "GJ/t", {"normal": "10 %"}),
         "carbon_content_mass": given(0.7, "tC/t", {"normal": "1 %"})},
    )  # fmt: skip
    doc = result([StreamDecl("coal", "anthracite", "fuel")], [record])
    found = study(doc, n=50_000, overrides={"quantity@coal": None})
    assert found["summary"]["sd"] == pytest.approx(doc.data["total"]["value"] * 0.01 / Z95, rel=0.02)
    assert found["first_order"]["sd"] == pytest.approx(doc.data["total"]["value"] * 0.01 / Z95, rel=1e-5)


@pytest.mark.parametrize("path", CASES, ids=CASE_IDS)
def test_products_and_compiled_formulas_agree_on_every_case(path: Path) -> None:
    doc = document(path)
    model = build_model(doc.data)
    if not model.parts:
        return
    formulas = Model(model.sources, model.parts, model.inputs, (), tuple(range(len(model.parts))))
    scales = np.random.default_rng(3).uniform(0.5, 1.5, (model.size, 7))
    assert model.evaluate(scales) == pytest.approx(formulas.evaluate(scales), rel=1e-9, abs=1e-6)
    exact = doc.data["rounding"]["level"] == "display"
    assert model.central.sum() == pytest.approx(doc.data["total"]["value"], rel=1e-12 if exact else 1e-4, abs=0.01)


@pytest.mark.parametrize("path", CASES, ids=CASE_IDS)
def test_derivatives_agree_with_finite_differences(path: Path) -> None:
    model = build_model(document(path).data)
    if not model.parts:
        return
    step = 1e-6
    up, down = (np.ones((model.size, model.size)) + sign * step * np.eye(model.size) for sign in (1, -1))
    slopes = (model.evaluate(up).sum(axis=0) - model.evaluate(down).sum(axis=0)) / (2 * step)
    assert gradient(model) == pytest.approx(slopes, rel=1e-5, abs=1e-3)


def test_one_seed_gives_the_same_bytes_on_one_thread_or_three() -> None:
    doc = document(data_dir() / "standards/gbt_32151_5_2015/cases/integrated_works.yaml")
    first = dumps(study(doc, n=5000, seed=42, threads=1))
    assert first == dumps(study(doc, n=5000, seed=42, threads=3))
    assert first != dumps(study(doc, n=5000, seed=43))


def test_a_longer_study_begins_with_the_shorter_one() -> None:
    doc = fuels(["a", "b"], {"normal": "2 %"})
    model = build_model(doc.data)
    spread = [Distribution("normal", 1.0, 0.02)] * model.size
    short, long = (simulate(model, spread, n=n, seed=5).sources for n in (1500, 4000))
    assert np.array_equal(short, long[:, :1500])


def test_memory_stays_bounded_however_many_inputs_there_are() -> None:
    for inputs in (1, 2000, 24_000):
        assert Layout.of(1_000_000, inputs).length * inputs <= 2_097_152 or Layout.of(1, inputs).length == 64


def test_what_has_no_basis_stays_and_is_said() -> None:
    doc = document(data_dir() / "standards/gbt_32151_4_2015/cases/smelter.yaml")
    found = study(doc)
    factor = next(entry for entry in found["inputs"] if entry["id"] == "emission_factor@electricity")
    assert factor["basis"] == "none"
    assert "distribution" not in factor
    assert found["fixed"]["inputs_without_basis"] == sum(entry["basis"] == "none" for entry in found["inputs"])
    assert 0 < found["fixed"]["share_all_fixed"] < found["fixed"]["share_with_some"] <= 1


def test_every_default_is_cited_and_unchecked_ones_say_so() -> None:
    doc = document(data_dir() / "standards/gbt_32151_5_2015/cases/integrated_works.yaml")
    found = study(doc)
    for entry in found["inputs"]:
        if entry["basis"] == "default":
            cited = found["citations"][entry["citation"]]
            assert cited["document"] and cited["clause"]
            assert cited["checked"] or cited["confidence"] == "recalled-high"


def test_a_result_in_which_nothing_moves_is_refused() -> None:
    doc = electricity({"2025": 10.0})
    ids = [entry.id for entry in find_inputs(doc.data, tuple(parts_of(doc.data))).entries]
    with pytest.raises(InputError, match=r"uncertainty\.nothing_moves"):
        study(doc, overrides=dict.fromkeys(ids))


def test_wrong_choices_are_all_named() -> None:
    doc = electricity({"2025": 10.0})
    with pytest.raises(Faults) as caught:
        study(doc, overrides={"quantity@none": {"normal": "1 %"}, "quantity@el": {"normal": "200 %"}})
    assert [fault.code for fault in caught.value.faults] == [
        "uncertainty.unknown_input",
        "distribution.normal_too_wide",
    ]


@pytest.mark.parametrize(("n", "seed"), [(10, 1), (2_000_000, 1), (1000, -1)])
def test_impossible_draws_and_seeds_are_refused(n: int, seed: int) -> None:
    with pytest.raises(InputError):
        study(electricity({"2025": 10.0}, {"normal": "1 %"}), n=n, seed=seed)


def test_a_cancelled_study_stops() -> None:
    class Enough(Exception):
        pass

    def progress(done: int, total: int) -> None:
        raise Enough

    with pytest.raises(Enough):
        study(electricity({"2025": 10.0}, {"normal": "1 %"}), n=100_000, progress=progress)


@settings(max_examples=15, deadline=None)
@assuming(st.floats(0.5, 20), st.floats(0.5, 20), st.floats(1, 1e6))
def test_the_interval_of_a_product_widens_with_its_factors(one: float, other: float, amount: float) -> None:
    doc = electricity({"2025": amount}, {"normal": f"{one} %"}, factor_distribution={"normal": f"{other} %"})
    found = study(doc, n=4000)
    wide = math.hypot(one, other) / 100
    assert found["summary"]["relative"] == pytest.approx(wide, rel=0.12)
    assert found["first_order"]["relative"] == pytest.approx(wide, rel=1e-4)
    assert found["summary"]["low"] <= found["summary"]["median"] <= found["summary"]["high"]
