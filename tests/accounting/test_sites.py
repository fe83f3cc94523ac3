"""Sites of a case file: a stream that names one takes the grid factor of the place."""

import pytest

from tanheng.accounting import run
from tanheng.accounting.case import parse_case
from tanheng.kernel.errors import Faults
from tanheng.rules.grids import grids_of, plain_part
from tanheng.rules.package import load_standard

CASE = """
title: 内蒙古两个厂区
standard: gbt_32151_5_2015
period: "2022"
as_of: 2024-12-31
site: {province: 内蒙古, part: %s}
sites:
  东区: {province: 内蒙古, part: %s}
streams:
  - {id: west, material: 电力, role: electricity, quantity: 1000 MWh}
  - {id: east, material: 电力, role: electricity, quantity: 1000 MWh, site: %s}
"""


def parsed(part: str = "蒙西", other: str = "蒙东", named: str = "东区"):
    return parse_case((CASE % (part, other, named)).encode(), name="case.yaml")


def test_two_sites_of_one_province_take_two_grid_factors() -> None:
    case = parsed()
    doc = run(load_standard("gbt_32151_5_2015"), case.stream_set, period=case.period, as_of=case.as_of)
    regions = {row["id"]: row["inputs"]["emission_factor"]["value"] for row in doc.data["streams"]}
    whole = run(
        load_standard("gbt_32151_5_2015"), parsed(other="西部").stream_set, period=case.period, as_of=case.as_of
    )
    assert regions["west"] != regions["east"]
    assert {row["inputs"]["emission_factor"]["value"] for row in whole.data["streams"]} == {regions["west"]}
    assert doc.data["gaps"] == []
    assert doc.data["site"]["sites"] == {"东区": {"province": "内蒙古", "part": "东部"}}
    assert [row.get("site") for row in doc.data["declared"]] == [None, "东区"]


@pytest.mark.parametrize(
    ("given", "code", "line"),
    [
        ({"part": "火星"}, "case.grid_part", 6),
        ({"other": "南部"}, "case.grid_part", 8),
        ({"named": "北区"}, "stream.unknown_site", 11),
    ],
)
def test_a_place_that_is_none_is_refused_with_its_line(given: dict[str, str], code: str, line: int) -> None:
    with pytest.raises(Faults) as caught:
        parsed(**given)
    assert [(fault.code, fault.values["line"]) for fault in caught.value.faults] == [(code, line)]
    assert caught.value.faults[0].zh()


def test_parts_are_understood_as_people_call_them() -> None:
    for name in ("蒙东", "东部", "内蒙古东部", "蒙东电网"):
        assert plain_part("内蒙古", name) == "东部", name
    assert grids_of("内蒙古", "蒙西") == {"华北"}
    assert grids_of("内蒙古") == {"华北", "东北"}
