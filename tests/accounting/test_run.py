"""The rules of accounting, one by one."""

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from tanheng.accounting import ResultDocument, format_tree, recompute, run, sentence
from tanheng.kernel.errors import InputError, NotFound, OutOfRange
from tanheng.kernel.periods import Month, Period
from tanheng.rules.models import Validity
from tanheng.rules.streams import Given, Parameter

COAL = {"coal": ("bituminous_coal", "fuel", {"2022": {"quantity": "1000 t"}})}
FACTORS = {"values": {"net_calorific_value": "20 GJ/t", "carbon_content": "0.02 tC/GJ", "oxidation_factor": "0.9 1"}}


def codes(doc: ResultDocument, kind: str) -> list[str]:
    return [entry["code"] for entry in doc.data[kind]]


def value(doc: ResultDocument, group: str, key: str) -> float | None:
    found: float | None = doc.data[group][key]["value"]
    return found


def test_same_input_gives_the_same_bytes_here_and_in_a_fresh_process(account: Any) -> None:
    path = "data/standards/gbt_32151_5_2015/cases/processes.yaml"
    code = (
        "import sys; from tanheng.accounting import load_case, run; from tanheng.rules.package import load_standard;"
        f"c = load_case({path!r});"
        "sys.stdout.write(run(load_standard(c.standards[0]), c.stream_set, period=c.period, as_of=c.as_of).digest)"
    )
    digests = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in "12"
    }
    assert len(digests) == 1 and len(digests.pop()) == 64
    assert account(COAL).json_bytes() == account(COAL).json_bytes()


def test_a_document_reads_back_and_another_schema_is_refused(account: Any) -> None:
    doc = account(COAL)
    again = ResultDocument.from_bytes(doc.json_bytes())
    assert again.digest == doc.digest and recompute(again, "total") == doc.data["total"]["value"]
    assert not {"lines", "trace", "provenance"} & set(doc.summary())
    with pytest.raises(InputError, match=r"result\.schema"):
        ResultDocument.from_bytes(b'{"schema":"other/1"}')


def test_net_consumption_may_be_negative_and_is_not_clamped(account: Any) -> None:
    balance = {"purchased": "100 t", "opening_stock": "10 t", "closing_stock": "30 t", "sold": "200 t"}
    doc = account({"coke": ("coke", "fuel", {"2022": balance})})
    assert doc.data["streams"][0]["inputs"]["quantity"]["value"] == -120.0
    assert doc.data["total"]["value"] == pytest.approx(-120 * 28.447 * 0.0295 * 0.93 * 44 / 12)


def test_exports_and_product_carbon_are_negative(account: Any) -> None:
    streams = {
        "out": ("electricity", "electricity", {"2022": {"quantity": "10 MWh"}}, {"direction": "out"}),
        "steel": ("crude_steel", "product", {"2022": {"sold": "100 t"}}),
    }
    doc = account(streams)
    assert value(doc, "sources", "exported_electricity") < 0 and value(doc, "sources", "carbon_in_products") < 0  # type: ignore[operator]
    assert value(doc, "indicators", "intensity") == doc.data["total"]["value"] / 100


def test_an_unlisted_use_is_a_gap_and_never_zero(account: Any) -> None:
    doc = account({**COAL, "odd": ("coke", "anode", {"2022": {"quantity": "1 t"}})})
    assert codes(doc, "gaps") == ["stream.not_covered"] and not doc.data["complete"]
    assert "没有规定" in sentence(doc.data["gaps"][0])


def test_what_the_standard_does_not_count_is_shown_with_its_reason(account: Any) -> None:
    doc = account({**COAL, "scrap": ("scrap", "carbon_raw_material", {"2022": {"quantity": "5 t"}})})
    assert doc.data["complete"]
    assert [(e["stream"], e["value"], e["unit"]) for e in doc.data["not_counted"]] == [("scrap", 5.0, "t")]


def test_a_missing_factor_is_a_gap(account: Any) -> None:
    doc = account({"pc": ("petroleum_coke", "fuel", {"2022": {"quantity": "10 t"}})})
    assert {gap["quantity"] for gap in doc.data["gaps"]} == {
        "net_calorific_value",
        "carbon_content",
        "oxidation_factor",
    }
    assert doc.data["total"]["value"] is None and value(doc, "sources", "fuel_combustion") is None


def test_a_wrong_unit_is_a_gap_and_does_not_fall_through_to_the_default(account: Any) -> None:
    more = {"values": {"net_calorific_value": "20 GJ/1e4Nm3"}}
    doc = account({"coal": ("bituminous_coal", "fuel", {"2022": {"quantity": "10 t"}}, more)})
    assert codes(doc, "gaps") == ["unit.incompatible"] and doc.data["total"]["value"] is None


def test_half_a_stock_is_a_gap(account: Any) -> None:
    doc = account({"coal": ("bituminous_coal", "fuel", {"2022": {"purchased": "10 t", "opening_stock": "1 t"}})})
    assert codes(doc, "gaps") == ["balance.stock_missing"] and doc.data["total"]["value"] is None


def test_an_annual_record_cannot_be_split_into_months(account: Any) -> None:
    doc = account(COAL, period="2022-03")
    assert "record.period_wider" in codes(doc, "gaps") and not doc.data["complete"]


def test_an_annual_record_is_one_period(account: Any) -> None:
    doc = account(COAL)
    assert doc.data["months"] == {} and doc.data["complete"]


def test_a_stream_is_expected_only_while_it_is_active(account: Any) -> None:
    from tanheng.kernel.periods import Month

    active = {"first_month": Month(2022, 2), "last_month": Month(2022, 2)}
    months = {"2022-02": {"quantity": "1 t"}}
    doc = account({"coal": ("bituminous_coal", "fuel", months, active)}, period="2022-01..2022-03")
    assert doc.data["complete"]


def test_a_stream_without_any_record_is_one_gap(account: Any) -> None:
    doc = account({**COAL, "coke": ("coke", "fuel", {})})
    assert codes(doc, "gaps") == ["stream.missing"] and "coke" in {e["stream"] for e in doc.data["gaps"]}


def test_parameters_are_resolved_in_the_order_of_the_design(account: Any) -> None:
    note = {"kind": "enterprise", "by": "碳管理员"}
    own = Parameter(
        "bituminous_coal", "net_calorific_value", Given(21.0, "GJ/t", "measured", note), rank="enterprise_default"
    )
    shared = Parameter("bituminous_coal", "net_calorific_value", Given(22.0, "GJ/t", "contracted", note))
    coal = ("bituminous_coal", "fuel", {"2022": {"quantity": "1 t"}})
    measured = (*coal, {"values": {"net_calorific_value": "23000 kJ/kg"}})
    found = []
    for streams, parameters in (
        ({"a": coal}, ()),
        ({"a": coal}, (own,)),
        ({"a": coal}, (own, shared)),
        ({"a": measured}, (own, shared)),
    ):
        given = account(streams, shared=parameters).data["streams"][0]["inputs"]["net_calorific_value"]
        found.append((given["value"], given["origin"]))
    assert found == [
        (19.57, "standard_default"),
        (21.0, "enterprise_default"),
        (22.0, "contracted"),
        (23.0, "measured"),
    ]


def test_a_parameter_is_derived_only_from_measured_inputs(account: Any) -> None:
    alloy = ("ferrosilicon", "carbon_raw_material", {"2022": {"quantity": "10 t"}})
    doc = account({"fesi": (*alloy, {"values": {"carbon_content_mass": "0.003 tC/t"}})})
    assert doc.data["streams"][0]["inputs"]["emission_factor"]["origin"] == "derived"
    assert doc.data["total"]["value"] == pytest.approx(10 * 0.003 * 44 / 12)
    assert [e["stream"] for e in account({"fesi": alloy}).data["not_counted"]] == ["fesi"]


@pytest.mark.parametrize(
    ("as_of", "year"), [(date(2023, 3, 31), "2012"), (date(2024, 4, 12), "2021"), (date(2025, 12, 31), "2023")]
)
def test_the_grid_factor_is_the_newest_published_at_as_of(steel: Any, plant: Any, as_of: date, year: str) -> None:
    streams = plant({"el": ("electricity", "electricity", {"2022": {"quantity": "1 MWh"}})})
    doc = run(steel, streams, period=Period.parse("2022"), as_of=as_of)
    assert doc.data["defaults"][0]["provenance"]["factor_id"] == f"average:regional:north:{year}"
    assert doc.data["as_of"] == as_of.isoformat()


@pytest.mark.parametrize(("level", "region"), [("national", "全国"), ("provincial", "河北"), (None, "华北")])
def test_the_level_of_the_grid_factor_is_an_enterprise_option(account: Any, level: str | None, region: str) -> None:
    options = {"electricity_factor_level": level} if level else {}
    doc = account({"el": ("electricity", "electricity", {"2022": {"quantity": "1 MWh"}})}, options=options)
    assert doc.data["defaults"][0]["provenance"]["region"] == region


def test_an_expired_factor_is_said(steel: Any, plant: Any) -> None:
    streams = plant({"el": ("electricity", "electricity", {"2022": {"quantity": "1 MWh"}})})
    doc = run(steel, streams, period=Period.parse("2022"), as_of=date(2023, 3, 31))
    assert "factor.expired" in codes(doc, "warnings")


def test_a_chosen_factor_with_a_successor_is_said(account: Any) -> None:
    more = {"factor": "average:regional:north:2021"}
    doc = account({"el": ("electricity", "electricity", {"2022": {"quantity": "1 MWh"}}, more)})
    found = [entry for entry in doc.data["warnings"] if entry["code"] == "factor.superseded"]
    assert found[0]["values"]["newer"] == "average:regional:north:2023" and doc.data["total"]["value"] == 0.712


def test_an_unknown_library_factor_is_a_gap(account: Any) -> None:
    more = {"factor": "average:regional:north:1999"}
    doc = account({"el": ("electricity", "electricity", {"2022": {"quantity": "1 MWh"}}, more)})
    assert codes(doc, "gaps") == ["factor.unknown"] and doc.data["total"]["value"] is None


def test_a_province_without_a_grid_is_a_gap(steel: Any, plant: Any) -> None:
    import dataclasses

    streams = plant({"el": ("electricity", "electricity", {"2022": {"quantity": "1 MWh"}})})
    nowhere = dataclasses.replace(streams, site=dataclasses.replace(streams.site, province="内蒙古"))
    assert codes(run(steel, nowhere, period=Period.parse("2022")), "gaps") == ["factor.none"]
    east = dataclasses.replace(streams, site=dataclasses.replace(streams.site, province="内蒙古自治区", part="东部"))
    doc = run(steel, east, period=Period.parse("2022"))
    assert doc.data["defaults"][0]["provenance"]["region"] == "东北"


def test_steam_without_enthalpy_is_a_gap(account: Any) -> None:
    doc = account({"s": ("steam", "heat", {"2022": {"quantity": "100 t"}})})
    assert codes(doc, "gaps") == ["heat.state_missing"] and doc.data["total"]["value"] is None


def test_heat_sold_as_a_balance_is_deducted(account: Any) -> None:
    doc = account({"h": ("heat", "heat", {"2022": {"sold": "100 GJ"}}, {"direction": "out"})})
    assert value(doc, "sources", "exported_heat") == pytest.approx(-11.0)


def test_a_standard_outside_its_time_is_said(account: Any) -> None:
    coal = ("bituminous_coal", "fuel", {"2015": {"quantity": "1 t"}}, FACTORS)
    assert "standard.not_yet_in_force" in codes(account({"c": coal}, period="2015"), "warnings")


def test_gases_are_joined_only_through_the_standards_own_gwp(account: Any, aluminium: Any) -> None:
    more = {"values": {"cf4_emission_factor": "0.034 kg/t", "c2f6_emission_factor": "0.0034 kg/t"}}
    doc = account({"al": ("aluminium", "product", {"2022": {"quantity": "1000 t"}}, more)}, standard=aluminium)
    gases = doc.data["gases"]
    assert (gases["CF4"]["mass"], gases["CF4"]["mass_unit"], gases["CF4"]["gwp"]) == (
        pytest.approx(0.034),
        "tCF4",
        6500.0,
    )
    assert gases["CF4"]["value"] + gases["C2F6"]["value"] == pytest.approx(252.28)
    assert "6500" in format_tree(doc, "gas:CF4")


def test_process_flows_stand_in_for_missing_boundary_flows_and_it_is_said(account: Any) -> None:
    flows = {
        "in": ("limestone", "flux", {"2022": {"quantity": "10 t"}}, {"process": "烧结"}),
        "out": ("limestone", "flux", {"2022": {"quantity": "4 t"}}, {"process": "石灰", "direction": "out"}),
    }
    doc = account(flows)
    assert value(doc, "sources", "flux") == pytest.approx(6 * 0.44) and "account.process_net" in codes(doc, "warnings")
    assert value(doc, "processes", "石灰") == pytest.approx(-4 * 0.44) and value(
        doc, "processes", "其他"
    ) == pytest.approx(0)


def test_shares_split_what_no_subprocess_meters(account: Any) -> None:
    shares = {"process_shares": {"炼铁": {"1号高炉": 0.5, "2号高炉": 0.3}}}
    flows = {"c": ("limestone", "flux", {"2022": {"quantity": "100 t"}}, {"process": "炼铁"})}
    doc = account(flows, options=shares)
    found = {path: figure["value"] for path, figure in doc.data["processes"].items()}
    assert found["炼铁/1号高炉"] == pytest.approx(22) and found["炼铁/未分配"] == pytest.approx(8.8)
    for path in found:
        assert recompute(doc, f"process:{path}") == pytest.approx(found[path], abs=1e-9)
    with pytest.raises(OutOfRange, match=r"process\.shares"):
        account(flows, options={"process_shares": {"炼铁": {"1号高炉": 0.8, "2号高炉": 0.3}}})


@pytest.mark.parametrize(
    "address",
    ["", "nothing", "source:none", "month:1999-01", "line:99", "input:0/none", "line:x", "source:flux+source:flux"],
)
def test_an_unknown_address_is_refused(account: Any, address: str) -> None:
    with pytest.raises(NotFound, match="address"):
        recompute(account(COAL), address)


def test_gas_made_inside_stays_inside_and_that_is_said(account: Any) -> None:
    flows = {
        "made": ("bfg", "by_product", {"2022": {"quantity": "100 1e4Nm3"}}, {"process": "炼铁", "direction": "out"}),
        "used": ("bfg", "fuel", {"2022": {"quantity": "120 1e4Nm3"}}, {"process": "轧钢"}),
    }
    doc = account(flows)
    assert doc.data["total"]["value"] == 0 and codes(doc, "warnings").count("account.made_inside") == 1
    said = next(entry for entry in doc.data["warnings"] if entry["code"] == "account.made_inside")
    assert "高炉煤气" in sentence(said) and "请在企业边界补录" in sentence(said)
    bought = {"bought": ("bfg", "fuel", {"2022": {"purchased": "20 1e4Nm3"}})}
    doc = account({**flows, **bought})
    assert doc.data["total"]["value"] > 0 and "account.made_inside" not in codes(doc, "warnings")


@pytest.mark.parametrize("period", ["2016", "2015", "2016-05"])
def test_a_standard_used_before_its_time_is_used_as_printed_and_said(account: Any, period: str) -> None:
    doc = account({"coke": ("coke", "fuel", {period: {"quantity": "100 t"}})}, period=period)
    assert doc.data["complete"] and doc.data["total"]["value"] == pytest.approx(286.16, abs=0.005)
    assert "standard.not_yet_in_force" in codes(doc, "warnings")


def test_a_standard_used_after_its_time_is_used_as_printed_and_said(steel: Any, plant: Any) -> None:
    over = steel.model_copy(update={"in_force": Validity.model_validate({"from": "2016-06-01", "to": "2022-01-01"})})
    coke = plant({"coke": ("coke", "fuel", {"2022": {"quantity": "100 t"}})})
    doc = run(over, coke, period=Period.parse("2022"))
    assert doc.data["complete"] and "standard.no_longer_in_force" in codes(doc, "warnings")
    at_the_border = run(
        over, plant({"c": ("coke", "fuel", {"2021-12": {"quantity": "1 t"}})}), period=Period.parse("2021-12")
    )
    assert not {"standard.no_longer_in_force", "standard.not_yet_in_force"} & set(codes(at_the_border, "warnings"))


def test_a_stock_that_jumps_and_a_month_outside_the_declared_ones_are_said_once(account: Any) -> None:
    stock = {
        "2022-01": {"purchased": "9 t", "opening_stock": "1 t", "closing_stock": "2 t"},
        "2022-02": {"purchased": "9 t", "opening_stock": "2000 kg", "closing_stock": "3 t"},
        "2022-03": {"purchased": "9 t", "opening_stock": "4 t", "closing_stock": "3 t"},
        "2022-05": {"purchased": "9 t", "opening_stock": "7 t", "closing_stock": "3 t"},
    }
    doc = account({"c": ("coke", "fuel", stock, {"first_month": Month(2022, 2), "last_month": Month(2022, 3)})})
    said = {entry["code"]: entry for entry in doc.data["warnings"]}
    assert said["balance.stock_chain"]["month"] == "2022-03" and said["balance.stock_chain"]["values"]["count"] == 1
    assert said["record.outside_active"]["month"] == "2022-01" and said["record.outside_active"]["values"]["count"] == 2
    for code in ("balance.stock_chain", "record.outside_active"):
        assert not set("{？") & set(sentence(said[code]))
    assert doc.data["complete"]
