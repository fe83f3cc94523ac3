"""What a standard does not account is named by the kind of a process, whatever the enterprise calls it."""

import pytest

from tanheng.accounting.run import run
from tanheng.kernel.periods import Period
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet


def not_covered(process: str, kinds: dict[str, str]) -> set[str]:
    declared = (StreamDecl("baking-gas", "natural_gas", "fuel", process=process),)
    records = (StreamRecord("baking-gas", "2025-01", {"quantity": Given(3.0, "1e4Nm3")}, {}),)
    streams = StreamSet(SiteInfo(province="山东", options={"process_kinds": kinds}), declared, records)
    data = run(load_standard("gbt_32151_4_2015"), streams, period=Period.parse("2025-01")).data
    return {entry["values"]["id"] for entry in data["warnings"] if entry["code"] == "standard.part_not_covered"}


@pytest.mark.parametrize(("process", "kinds"), [("炭素（阳极生产）", {}), ("阳极一厂", {"阳极一厂": "carbon_plant"})])
def test_the_anode_plant_is_named_as_not_covered(process, kinds):
    assert not_covered(process, kinds) == {"carbon_plant"}


def test_a_process_of_no_known_kind_names_nothing():
    assert not_covered("阳极一厂", {}) == set()
