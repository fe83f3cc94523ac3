"""Every worked case agrees with an independent calculation in exact fractions, to the last digit it prints."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from tanheng.kernel.resources import data_dir

from .by_hand import calculate, rounded

CASES = sorted((data_dir() / "standards").glob("gbt_32151_[45]_2015/cases/*.yaml"))
WHOLE = [path for path in CASES if path.stem != "gaps"]  # what is unknown cannot be calculated by hand either


def _case(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_reference_cases_are_there() -> None:
    names = {path.name for path in CASES}
    assert {"integrated_works.yaml", "eaf_works.yaml", "fuel_factors.yaml", "smelter.yaml", "pfc_default.yaml"} <= names
    assert {"pfc_slope.yaml", "one_coal.yaml"} <= names


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_case_says_what_it_is(path: Path) -> None:
    case = _case(path)
    assert case["standard"] == path.parts[-3]
    assert case["kind"] in {"published", "hand_computed", "published_check"}
    assert case["title"] and case["source"] and case["expect"]


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_expectations_equal_the_calculation_by_hand(path: Path) -> None:
    case = _case(path)
    found, expect = calculate(case), case["expect"]
    if "total" in expect:
        _same(expect["total"], found["total"]["total"], "total")
    for part in ("sources", "streams", "months", "processes"):
        for key, text in expect.get(part, {}).items():
            _same(text, found[part][key], f"{part} {key}")
    if "sources" in expect and path.stem not in {"pfc_default", "pfc_slope"}:
        assert set(found["sources"]) == set(expect["sources"]), "a source is not expected"
    for stream in expect.get("not_counted", []):
        assert stream not in found["streams"]


def _same(text: str, value: Any, what: str) -> None:
    number = Decimal(text.split()[0])
    assert rounded(value, -int(number.as_tuple().exponent)) == number, what
