"""The fifteen categories of scope 3 stand in the report, and what nobody has looked into is no zero."""

from pathlib import Path

from tanheng.accounting import load_case, run
from tanheng.kernel.resources import data_dir
from tanheng.rules.package import load_standard

CASES = data_dir() / "standards" / "iso_14064_1_2018" / "cases"
CATEGORIES = [
    "purchased_goods", "capital_goods", "fuel_upstream", "transport_upstream", "waste_treatment", "business_travel",
    "employee_commuting", "upstream_leased_assets", "transport_downstream", "sold_product_processing",
    "sold_product_use", "sold_product_end_of_life", "downstream_leased_assets", "franchises", "investments",
]  # fmt: skip


def document(path: Path):
    case = load_case(path)
    return run(load_standard(case.standards[0]), case.stream_set, period=case.period, as_of=case.as_of)


def test_a_category_without_a_stream_is_unknown_and_no_gap() -> None:
    data = document(CASES / "scope_3_goods_and_energy.yaml").data
    known = {name for name in CATEGORIES if data["sources"][name]["value"] is not None}
    assert known == {"purchased_goods", "fuel_upstream", "waste_treatment"}
    assert data["complete"] is True
    assert document(CASES / "green_power.yaml").data["accounts"]["scope_3"]["value"] is None


def test_the_fifteen_categories_are_listed_in_their_order() -> None:
    standard = load_standard("iso_14064_1_2018")
    assert [name for name, source in standard.sources.items() if source.no_data] == CATEGORIES
    for number, name in enumerate(CATEGORIES, start=1):
        assert f"类别 {number}：" in standard.sources[name].zh


def test_upstream_of_a_fuel_is_not_its_combustion() -> None:
    data = document(CASES / "scope_3_goods_and_energy.yaml").data
    of_diesel = {line["source"]: line["value"] for line in data["streams"] if line["id"] == "diesel"}
    assert set(of_diesel) == {"fuel_combustion", "fuel_upstream"}
    assert data["total"]["value"] == data["subtotals"]["scope_1"]["value"] + data["subtotals"]["scope_2"]["value"]
