"""Any figure that is a sum of lines can be studied: accounts beside the total, sources, subtotals, processes."""

import math

import pytest

from tanheng.accounting.case import load_case
from tanheng.accounting.result import ResultDocument
from tanheng.accounting.run import run
from tanheng.accounting.study_subjects import subject_of, subjects
from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard
from tanheng.uncertainty.distributions import Z95
from tanheng.uncertainty.model import build_model
from tanheng.uncertainty.sensitivity import sensitivity_study
from tanheng.uncertainty.study import uncertainty_study
from tanheng.uncertainty.words import study_sentence

from .test_study import CASE_IDS, CASES


def of_case(name: str) -> ResultDocument:
    path = data_dir() / "standards" / name
    case = load_case(path)
    return run(load_standard(path.parent.parent.name), case.stream_set, period=case.period, as_of=case.as_of)


@pytest.mark.parametrize("path", CASES, ids=CASE_IDS)
def test_every_figure_that_is_offered_is_rebuilt_from_its_lines(path) -> None:  # type: ignore[no-untyped-def]
    doc = of_case(f"{path.parent.parent.name}/cases/{path.name}")
    # parameters that a standard rounds are drawn unrounded: a part in a thousand of small figures
    slack = {"rel": 2e-4, "abs": 0.2} if doc.data["rounding"]["level"] == "line" else {"rel": 1e-12, "abs": 1e-6}
    for found in (each for entries in subjects(doc).values() for each in entries):
        assert build_model(doc.data, lines=found.lines).central.sum() == pytest.approx(found.value, **slack)


def test_accounts_beside_the_total_and_processes_are_offered() -> None:
    scopes = {entry.address for entry in subjects(of_case("iso_14064_1_2018/cases/scope_3.yaml"))["核算账户"]}
    assert scopes == {"account:market", "account:scope_3"}
    steel = subjects(of_case("cets_ag_03_01_v01_2024/cases/process_level.yaml"))
    assert "account:power" in {entry.address for entry in steel["核算账户"]}
    assert "process:焦化工序" in {entry.address for entry in steel["工序"]}


def test_the_market_account_has_its_own_closed_form() -> None:
    """Market-based electricity: residual purchase at one factor, so ±4 % of the quantity is ±4 % of the account."""
    doc = of_case("iso_14064_1_2018/cases/scope_3.yaml")
    market = subject_of(doc, "account:market")
    chosen = {"quantity@el": {"normal": "4 %"}}
    found = uncertainty_study(doc.data, run_digest=doc.digest, subject=market, n=50_000, overrides=chosen)
    assert found["subject"]["address"] == "account:market"
    assert found["total"]["value"] == doc.data["accounts"]["market"]["value"] != doc.data["total"]["value"]
    assert found["summary"]["sd"] == pytest.approx(market.value * 0.04 / Z95, rel=0.02)
    assert found["first_order"]["sd"] == pytest.approx(market.value * 0.04 / Z95, rel=1e-5)
    assert "范围二（基于市场）" in study_sentence(found)


def test_a_source_is_studied_by_what_stands_in_it_alone() -> None:
    doc = of_case("gbt_32151_5_2015/cases/integrated_works.yaml")
    electrode = subject_of(doc, "source:electrode")
    found = uncertainty_study(doc.data, run_digest=doc.digest, subject=electrode, n=20_000)
    assert {entry["id"] for entry in found["inputs"]} == {
        "quantity@electrode",
        "emission_factor@standard_default:electrode",
    }
    assert found["summary"]["relative"] == pytest.approx(0.1, rel=0.02)
    assert list(found["sources"]) == ["electrode"]


def test_elasticities_are_those_of_the_figure_and_not_of_the_total() -> None:
    doc = of_case("gbt_32151_5_2015/cases/processes.yaml")
    process = subject_of(doc, "process:炼铁")
    found = sensitivity_study(doc.data, run_digest=doc.digest, method="tornado", subject=process, top=50)
    assert found["central"] == pytest.approx(doc.data["processes"]["炼铁"]["value"], rel=1e-5)
    for entry in found["ranked"]:  # every formula here is a product: a range moves it by as much of its elasticity
        span = entry["range"][1] - entry["range"][0]
        assert entry["swing"] == pytest.approx(abs(span * entry["elasticity"] * found["central"]), rel=1e-4, abs=1e-3)


def test_a_difference_is_refused_with_a_sentence() -> None:
    doc = of_case("gbt_32151_5_2015/cases/processes.yaml")
    with pytest.raises(InputError, match=r"uncertainty\.not_a_sum"):
        subject_of(doc, "process:其他")
    with pytest.raises(NotFound):
        subject_of(doc, "source:nothing")
    offered = {entry.address for entries in subjects(doc).values() for entry in entries}
    assert not any("其他" in address or "未分配" in address for address in offered)


def test_the_total_is_what_is_studied_when_nothing_is_said() -> None:
    doc = of_case("gbt_32151_5_2015/cases/processes.yaml")
    plain = uncertainty_study(doc.data, run_digest=doc.digest, n=500)
    asked = uncertainty_study(doc.data, run_digest=doc.digest, n=500, subject=subject_of(doc, "total"))
    assert plain == asked
    assert plain["subject"] == {"address": "total", "label": "排放总量"}
    assert math.isclose(plain["total"]["value"], doc.data["total"]["value"])
