"""Evaluation over columns: rounding levels, exact ties, chunks of a table."""

from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from tanheng.accounting import addresses, explain, recompute, run
from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Period
from tanheng.rules.evaluate import evaluate
from tanheng.rules.exact import evaluate_exact, exact, round_lines
from tanheng.rules.expression import parse
from tanheng.rules.models import Rounding
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet
from tanheng.rules.table import StreamTable

LINE = Rounding(level="line", decimals=2, mode="half_up")


def _limestone(plant: Any, tonnes: list[str]) -> Any:
    return plant(
        {
            f"s{n}": (
                "limestone",
                "flux",
                {"2022": {"quantity": f"{t} t"}},
                {"values": {"emission_factor": "0.005 tCO2/t"}},
            )
            for n, t in enumerate(tonnes)
        }
    )


def test_lines_are_rounded_exactly_and_summed_as_integers(steel: Any, plant: Any) -> None:
    by_line = steel.model_copy(update={"rounding": LINE})
    # 201 * 0.005 = 1.005 and 535 * 0.005 = 2.675: both are ties that float arithmetic puts below
    doc = run(by_line, _limestone(plant, ["201", "535", "1"]), period=Period.parse("2022"))
    assert doc.data["lines"]["value"] == [1.01, 2.68, 0.01]
    assert doc.data["total"]["value"] == 3.7 == recompute(doc, "total")
    display = run(steel, _limestone(plant, ["201", "535", "1"]), period=Period.parse("2022"))
    assert display.data["total"]["value"] == pytest.approx(3.685)


def test_parameters_are_rounded_before_they_are_multiplied(steel: Any, plant: Any) -> None:
    rounding = Rounding(level="display", decimals=2, mode="half_up", parameters={"net_calorific_value": 1})
    coal = {
        "c": (
            "bituminous_coal",
            "fuel",
            {"2022": {"quantity": "1 t"}},
            {"values": {"net_calorific_value": "20.15 GJ/t"}},
        )
    }
    doc = run(steel.model_copy(update={"rounding": rounding}), plant(coal), period=Period.parse("2022"))
    assert doc.data["streams"][0]["inputs"]["net_calorific_value"]["value"] == 20.2


def test_a_near_tie_is_decided_by_exact_arithmetic() -> None:
    tree = parse("a * b")
    columns = {"a": np.array([1.005, 1.1, 3.0]), "b": np.array([1.0, 0.05, 0.375])}
    rounded = round_lines(tree, columns, columns["a"] * columns["b"], 2)
    assert rounded.tolist() == [1.01, 0.06, 1.13]


def test_a_ratio_of_the_standard_is_exact_on_a_tie(plant: Any) -> None:
    """30 t · 25 GJ/t · 0.026 tC/GJ · 0.95 · 44/12 is 67.925 exactly and rounds up; 3.6666666666666665 falls short."""
    assert exact(44 / 12) == Fraction(11, 3) and exact(0.93) == Fraction(93, 100)
    values = {
        "net_calorific_value": "25 GJ/t",
        "carbon_content": "0.026 tC/GJ",
        "oxidation_factor": "0.95 1",
    }
    coal = plant({"c": ("lignite", "fuel", {"2024": {"quantity": "30 t"}}, {"values": values})})
    doc = run(load_standard("cets_ag_03_01_v01_2024"), coal, period=Period.parse("2024"))
    assert doc.data["total"]["value"] == 67.93 == recompute(doc, "total")


def test_the_exact_grammar() -> None:
    values = {"a": exact(0.1), "b": exact(0.2)}
    assert evaluate_exact(parse("where(a < b, min(a, b), max(a, b)) + sum(a, b) - -a ** 2 / b"), values) == Fraction(
        9, 20
    )


def test_chunks_of_a_table_give_the_same_lines(steel: Any, plant: Any) -> None:
    months = {f"2022-{m:02d}": {"quantity": f"{m * 7.7} t"} for m in range(1, 13)}
    streams = plant({"a": ("coke", "fuel", months), "b": ("limestone", "flux", months)})
    site, day = SiteInfo(province="河北"), date(2025, 12, 31)
    whole = evaluate(steel, StreamTable.from_stream_set(streams), site=site, as_of=day).values
    parts = [
        evaluate(steel, StreamTable.from_stream_set(streams, streams.records[n : n + 5]), site=site, as_of=day).values
        for n in range(0, 24, 5)
    ]
    assert sorted(whole.tolist()) == sorted(np.concatenate(parts).tolist())


def test_not_a_number_is_a_gap_and_infinity_is_refused(steel: Any) -> None:
    def coal(value: float) -> StreamSet:
        record = StreamRecord("c", "2022", {"quantity": Given(value, "t")}, {})
        return StreamSet(SiteInfo("河北"), (StreamDecl("c", "bituminous_coal", "fuel"),), (record,))

    doc = run(steel, coal(float("nan")), period=Period.parse("2022"))
    assert [gap["code"] for gap in doc.data["gaps"]] == ["quantity.missing"] and doc.data["total"]["value"] is None
    with pytest.raises(InputError, match=r"number\.not_finite"):
        run(steel, coal(float("inf")), period=Period.parse("2022"))


def test_an_empty_plant_is_unknown_and_not_zero(steel: Any, plant: Any) -> None:
    doc = run(steel, plant({}), period=Period.parse("2022"))
    assert doc.data["total"]["value"] is None and [gap["code"] for gap in doc.data["gaps"]] == ["streams.none"]


def test_what_only_a_missing_stream_would_feed_is_unknown_and_not_zero(steel: Any, plant: Any) -> None:
    streams = plant({"coke": ("coke", "fuel", {}), "lime": ("limestone", "flux", {"2022-01": {"quantity": "1 t"}})})
    doc = run(steel, streams, period=Period.parse("2022-01..2022-02"))
    data = doc.data
    assert data["sources"]["fuel_combustion"]["value"] is None and data["sources"]["electrode"]["value"] == 0.0
    assert data["month_sources"]["2022-01"]["fuel_combustion"] is None
    assert data["month_sources"]["2022-02"]["flux"] is None and data["months"]["2022-02"]["value"] is None
    assert data["total"]["value"] == 0.44 and not data["complete"]
    for address in addresses(doc):
        value, again = explain(doc, address).value, recompute(doc, address)
        assert (value is None and again != again) or again == pytest.approx(value), address
