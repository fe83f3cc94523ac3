"""What is one variable, what comes with a value, and what a share can never be."""

import numpy as np
import pytest

from tanheng.accounting.case import load_case
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.kernel.errors import Faults
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard
from tanheng.rules.streams import StreamDecl, StreamRecord
from tanheng.uncertainty.distributions import Z95, Distribution, parse_distribution
from tanheng.uncertainty.factor_spread import factor_spread
from tanheng.uncertainty.sampling import Layout, Sampler
from tanheng.uncertainty.study import uncertainty_study

from .worlds import electricity, given, result


def study(doc: ResultDocument, **more: object) -> dict[str, object]:
    return uncertainty_study(doc.data, run_digest=doc.digest, **more)  # type: ignore[arg-type]


def test_one_printed_default_that_stands_in_two_files_is_one_variable() -> None:
    """Pig iron bought and sold at the 0.172 of one table: what is wrong with the number cancels in part."""
    path = data_dir() / "standards/gbt_32151_5_2015/cases/integrated_works.yaml"
    case = load_case(path)
    doc = run(load_standard("gbt_32151_5_2015"), case.stream_set, period=case.period, as_of=case.as_of)
    found = [
        entry
        for entry in study(doc, n=200)["inputs"]
        if entry["id"].startswith("emission_factor@") and "pig_iron" in entry["id"]
    ]
    assert [(entry["cells"], entry["basis"]) for entry in found] == [(2, "default")]


def test_months_that_were_given_other_distributions_are_other_meters() -> None:
    spreads = {"2025-01": "2 %", "2025-02": "2 %", "2025-03": "10 %"}
    records = [
        StreamRecord("el", month, {"quantity": given(100.0, "MWh", {"normal": spread})},
                     {"emission_factor": given(0.5, "tCO2/MWh")})
        for month, spread in spreads.items()
    ]  # fmt: skip
    doc = result([StreamDecl("el", "electricity", "electricity")], records)
    found = study(doc, n=50_000)
    amounts = [entry for entry in found["inputs"] if entry["quantity"] == "quantity"]
    assert [(entry["cells"], entry["given"]["normal"]) for entry in amounts] == [(2, "2 %"), (1, "10 %")]
    assert found["first_order"]["sd"] == pytest.approx(np.hypot(100 * 0.02, 50 * 0.10) / Z95, rel=1e-5)


def test_a_choice_for_all_months_holds_when_the_months_are_independent() -> None:
    """The page lists a meter once; who then says that its months err on their own means all of them."""
    months = {f"2025-{month:02d}": 100.0 for month in range(1, 13)}
    doc = electricity(months)
    chosen = {"quantity@el": {"normal": "6 %"}, "emission_factor@el": None}
    found = study(doc, n=20_000, months="independent", overrides=chosen)
    assert found["summary"]["sd"] == pytest.approx(600 * 0.06 / Z95 / np.sqrt(12), rel=0.03)
    with pytest.raises(Faults):
        study(doc, n=500, months="independent", overrides={"quantity@other": None})


@pytest.mark.parametrize(
    ("text", "read"),
    [("±5 %（95 %）", {"normal": "5 %"}), ("5%", {"normal": "5 %"}), ("±12.5％", {"normal": "12.5 %"}),
     ("±3%(95%置信区间)", {"normal": "3 %"}), ("", None), ("中等", None), ("±5 %（68 %）", None),
     ("-10 %～+20 %", None), ("±150 %", None), ("0 %", None)],
)  # fmt: skip
def test_what_a_factor_states_is_read_or_left_alone(text: str, read: dict[str, str] | None) -> None:
    assert factor_spread({"uncertainty": text}) == read


def with_stated(text: str) -> ResultDocument:
    """The electricity of a plant at a library factor whose entry states its uncertainty."""
    records = [StreamRecord("el", "2024", {"quantity": given(1000.0, "MWh")}, {})]
    doc = result([StreamDecl("el", "electricity", "electricity")], records, period="2024")
    data = doc.data
    place = next(entry for entry in data["provenance"] if entry.get("kind") == "library")
    place["uncertainty"] = text
    return ResultDocument(data)


def test_the_uncertainty_of_a_library_factor_is_its_default_with_its_citation() -> None:
    doc = with_stated("±5 %（95 %）")
    found = study(doc, n=500, overrides={"quantity@el": None})
    entry = next(each for each in found["inputs"] if each["origin"] == "library")
    cited = found["citations"][entry["citation"]]
    assert (entry["basis"], entry["given"]) == ("factor", {"normal": "5 %"})
    assert "±5 %" in cited["zh"] and cited["document"]
    assert found["summary"]["relative"] == pytest.approx(0.05, rel=0.15)
    unread = study(with_stated("见文件"), n=500)
    assert next(each for each in unread["inputs"] if each["origin"] == "library")["basis"] == "none"


@pytest.mark.parametrize("spread", [{"normal": "5 %"}, {"lognormal": "5 %"}, {"uniform": "5 %"}, {"triangular": "5 %"}])
def test_no_draw_of_a_share_is_above_one(spread: dict[str, str]) -> None:
    bounded = parse_distribution(spread).below(1 / 0.98)
    draws = Sampler([bounded], Layout.of(20_000, 1), 1)
    drawn = np.concatenate([draws.block(n)[0] for n in range(draws.layout.blocks)]) * 0.98
    assert drawn.max() <= 1.0
    assert 0.98 * 0.9 < drawn.min() < 0.98
    assert bounded.mean < 1


def test_a_study_bounds_the_oxidation_that_a_person_chose() -> None:
    record = StreamRecord("coal", "2025", {"quantity": given(100.0, "t")}, {"oxidation_factor": given(0.98, "1")})
    doc = result([StreamDecl("coal", "anthracite", "fuel")], [record])
    found = study(doc, n=500, overrides={"oxidation_factor@coal": {"normal": "5 %"}})
    entry = next(each for each in found["inputs"] if each["quantity"] == "oxidation_factor")
    assert entry["distribution"]["truncated"][1] == pytest.approx(1 / 0.98, rel=1e-5)
    assert (1 + entry["relative_high"]) * 0.98 <= 1


def test_a_bound_that_nothing_reaches_changes_nothing_that_matters() -> None:
    narrow = Distribution("normal", 1.0, 0.001)
    assert narrow.below(1.2).limits() == pytest.approx(narrow.limits(), rel=1e-9)
    assert Distribution("uniform", 0.9, 1.1).below(2.0) == Distribution("uniform", 0.9, 1.1)
