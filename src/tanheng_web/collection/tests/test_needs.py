"""What the chosen standards ask of the streams, together."""

from datetime import date

import pytest

from tanheng.rules.needs import needs_of
from tanheng.rules.package import load_standard
from tanheng_web.collection.models import SourceStream
from tanheng_web.collection.needs import wanted_of
from tanheng_web.collection.services import streams_create
from tanheng_web.organisations.services import standards_choose

STEEL, MINE, METAL = "gbt_32151_5_2015", "ndrc_2015_mining", "ndrc_2015_other_nonferrous"


@pytest.mark.parametrize(
    ("standard", "material", "role", "unit", "needed"),
    [
        (MINE, "diesel", "fuel", "t", ("net_calorific_value", "carbon_content", "oxidation_factor")),
        (STEEL, "diesel", "fuel", "t", ()),
        (METAL, "dolomite", "carbonate", "t", ("purity",)),
        (METAL, "limestone", "carbonate", "t", ()),
        (STEEL, "steam", "heat", "t", ("enthalpy",)),
        (STEEL, "electricity", "electricity", "MWh", ()),
    ],
)
def test_what_has_no_default_is_needed(standard, material, role, unit, needed):
    found = needs_of(
        load_standard(standard), material=material, role=role, direction="in", unit=unit, on=date(2025, 7, 1)
    )
    assert found.needed == needed


@pytest.fixture
def works(world):
    proposals = [
        {"code": "M1", "material": "diesel", "role": "fuel", "values": ["net_calorific_value"]},
        {"code": "M2", "material": "dolomite", "role": "carbonate"},
        {"code": "P1", "material": "crude_steel", "role": "product", "direction": "out"},
    ]
    streams_create(by=world.people["superuser"], organisation=world.works, proposals=proposals)
    standards_choose(organisation=world.works, year=2025, standards=[STEEL, MINE, METAL], by=world.people["manager"])
    return world.works


def test_the_union_of_the_standards_is_proposed_with_who_asks(works):
    rows = {row.stream.code: row for row in wanted_of(works, 2025)}
    assert rows["M1"].missing == ("carbon_content", "oxidation_factor")
    assert dict(rows["M1"].needed)["carbon_content"] == "矿山 发改委 2015"
    assert rows["M2"].missing == ("purity",)
    assert dict(rows["M2"].needed)["purity"] == "矿山 发改委 2015、其他有色金属 发改委 2015"
    assert not any(row.missing for row in wanted_of(works, 2024)), "in 2024 only the steel standard holds"


def test_one_click_asks_for_what_is_needed(works, world, sign_in):
    client, url = sign_in("manager"), f"/o/{works.pk}/data/streams/needs/?period=2025"
    assert "2 个源流缺必填项" in client.get(url).text
    assert client.post(url).status_code == 302
    streams = {row.code: row.values for row in SourceStream.objects.filter(organisation=works)}
    assert streams["M1"] == ["net_calorific_value", "carbon_content", "oxidation_factor"]
    assert streams["M2"] == ["purity"]
    assert "必填项都已列入填报" in client.get(url).text
    assert sign_in("viewer").post(url).status_code == 403
