"""What the ETS guidelines need of the format: gases rounded as one line, fuel of another guide deducted."""

from decimal import Decimal

import pytest

from tanheng.accounting.explain import recompute
from tanheng.accounting.result import sentence
from tanheng.accounting.run import run
from tanheng.kernel.periods import Period
from tanheng.rules.package import load_standard
from tanheng.rules.streams import Given, SiteInfo, StreamDecl, StreamRecord, StreamSet

ALUMINIUM, STEEL = "cets_ag_04_01_v01_2024", "cets_ag_03_01_v01_2024"
SITE = SiteInfo("山东")


def _run(standard, streams, site=SITE, period="2024-08"):
    declared = tuple(
        StreamDecl(id, material, role, direction, process) for id, material, role, direction, process, _, _ in streams
    )
    records = tuple(StreamRecord(id, period, {"quantity": Given(amount, unit)}, {}) for id, *_, amount, unit in streams)
    return run(load_standard(standard), StreamSet(site, declared, records), period=Period.parse(period))


def _pfc(output):
    return _run(ALUMINIUM, [("al", "aluminium", "product", "out", "", output, "t")])


def test_the_sum_of_both_gases_is_rounded_not_each_gas() -> None:
    doc = _pfc(29204.18)  # 3,872.47 + 356.58 = 4,229.05 gas by gas; the emission is 4,229.06
    assert doc.data["sources"]["anode_effect"]["value"] == 4229.06
    assert doc.data["lines"]["value"][-2:] == [3872.48, 356.58]


def test_a_rounding_rest_is_a_leaf_of_its_line() -> None:
    doc = _pfc(29204.18)
    first = doc.data["lines"]["gas"].index("CF4")
    assert recompute(doc, f"line:{first}") == doc.data["lines"]["value"][first]
    assert recompute(doc, "source:anode_effect") == pytest.approx(4229.06, abs=1e-9)
    plain = _pfc(29120.45)
    assert all("rest" not in block for block in plain.data["trace"])


def test_masses_of_gases_are_not_rounded_to_tonnes_of_co2() -> None:
    doc = _pfc(350000.0)
    assert doc.data["gases"]["CF4"]["mass"] == pytest.approx(7.0, abs=1e-12)
    assert Decimal(str(doc.data["gases"]["C2F6"]["value"])) == Decimal("4273.5")


def test_fuel_of_the_captive_plant_belongs_to_another_guide() -> None:
    kinds = {"process_kinds": {"自备电厂": "captive_power", "铸造": "casting"}}
    streams = [
        ("coal", "bituminous_coal", "fuel", "in", "", 1000.0, "t"),
        ("unit-coal", "bituminous_coal", "fuel", "in", "自备电厂", 990.0, "t"),
        ("cast-gas", "natural_gas", "fuel", "in", "铸造", 5.0, "1e4Nm3"),
        ("gas", "natural_gas", "fuel", "in", "", 5.0, "1e4Nm3"),
    ]
    doc = _run(ALUMINIUM, streams, SiteInfo("山东", options=kinds)).data
    per_tonne = doc["sources"]["fuel_outside_guide"]["value"] / -990
    assert doc["sources"]["fuel_combustion"]["value"] == pytest.approx(1000 * per_tonne + 108.25, abs=0.02)
    assert doc["accounts"]["captive_power"]["value"] == pytest.approx(990 * per_tonne)
    assert "自备电厂" not in doc["processes"], "the plant follows its own guide, beside the total"
    assert not doc["gaps"]


def test_an_account_without_flows_is_unknown_not_zero() -> None:
    doc = _run(STEEL, [("gas", "natural_gas", "fuel", "in", "", 5.0, "1e4Nm3")]).data
    assert doc["accounts"]["process"]["value"] is None
    assert doc["accounts"]["power"]["value"] is None


def test_what_processes_hand_on_is_no_purchase() -> None:
    streams = [
        ("el-own", "electricity", "electricity", "in", "轧钢", 10.0, "MWh"),
        ("gas", "natural_gas", "fuel", "in", "", 5.0, "1e4Nm3"),
    ]
    doc = _run(STEEL, streams).data
    assert doc["information"]["purchased_electricity"]["value"] is None
    assert doc["total"]["value"] == doc["sources"]["fuel_combustion"]["value"]


def test_values_for_another_standard_are_no_warning_but_others_are() -> None:
    values = {"anode_effect_minutes": Given(0.2, "min/(cell*day)"), "net_calorific_value": Given(1.0, "GJ/t")}
    streams = StreamSet(
        SITE,
        (StreamDecl("al", "aluminium", "product", "out"),),
        (StreamRecord("al", "2024-08", {"quantity": Given(100.0, "t")}, values),),
    )
    doc = run(load_standard(ALUMINIUM), streams, period=Period.parse("2024-08")).data
    unused = [entry["quantity"] for entry in doc["warnings"] if entry["code"] == "value.not_used"]
    assert unused == ["net_calorific_value"]


def test_anodes_that_were_only_bought_are_noticed() -> None:
    kinds = {"process_kinds": {"电解": "electrolysis"}}
    streams = [
        ("bought", "anode", "anode", "in", "", 60.0, "t"),
        ("cells", "anode", "anode", "in", "电解", 500.0, "t"),
        ("al", "aluminium", "product", "out", "", 1000.0, "t"),
    ]
    doc = _run(ALUMINIUM, streams, SiteInfo("山东", options=kinds)).data
    found = [entry for entry in doc["warnings"] if entry["code"] == "account.two_meters"]
    assert [(e["stream"], e["values"]["reported"], e["values"]["metered"]) for e in found] == [("bought", 60.0, 500.0)]
    assert "60" in sentence(found[0]) and "毛耗" in sentence(found[0])
    streams[0] = ("all", "anode", "anode", "in", "", 495.0, "t")
    same = _run(ALUMINIUM, streams, SiteInfo("山东", options=kinds)).data
    assert "account.two_meters" not in [entry["code"] for entry in same["warnings"]]


def test_other_of_rounded_lines_has_their_decimals() -> None:
    kinds = {"process_kinds": {"烧结": "sintering"}}
    streams = [
        ("gas", "natural_gas", "fuel", "in", "", 7.31, "1e4Nm3"),
        ("sinter-gas", "natural_gas", "fuel", "in", "烧结", 2.17, "1e4Nm3"),
    ]
    doc = _run(STEEL, streams, SiteInfo("河北", options=kinds)).data
    other = doc["processes"]["其他"]["value"]
    assert other == round(doc["total"]["value"] - doc["accounts"]["process"]["value"], 2) == float(f"{other:.2f}")
