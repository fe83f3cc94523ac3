"""What is only partly known says so: a category of scope 3, an auxiliary item in another unit."""

from typing import Any

from tanheng.accounting import run, sentence
from tanheng.accounting.case import parse_case
from tanheng.rules.package import load_standard


def warnings(standard: str, *streams: str) -> dict[str, str]:
    lines = "".join(f"  - {{{each}}}\n" for each in streams)
    head = f'title: x\nstandard: {standard}\nperiod: "2025"\nas_of: 2026-03-31\nsite: {{province: 山东}}\n'
    text = f"{head}streams:\n{lines}"
    case = parse_case(text.encode(), name="case.yaml")
    data: dict[str, Any] = run(load_standard(standard), case.stream_set, period=case.period, as_of=case.as_of).data
    return {each["code"]: sentence(each) for each in data["warnings"]}


COAL = "id: coal, material: 烟煤, role: fuel, quantity: 10 t"
DIESEL = "id: d, material: 柴油, role: fuel, quantity: 10 t"
FACTOR = ", values: {life_cycle_factor: 0.65 tCO2e/t}"


def test_a_category_with_data_names_what_has_no_factor() -> None:
    said = warnings("iso_14064_1_2018", COAL, DIESEL + FACTOR)
    assert "烟煤没有上下游排放因子" in said["category.partial"]
    assert "类别 3" in said["category.partial"]
    assert "category.partial" not in warnings("iso_14064_1_2018", DIESEL + FACTOR)
    assert "category.partial" not in warnings("iso_14064_1_2018", COAL, DIESEL), "no data at all is said as no data"


def test_steam_in_another_unit_is_not_converted_and_said() -> None:
    steam = "id: s, material: 蒸汽, role: heat, quantity: 100 GJ"
    said = warnings("cets_ag_03_01_v01_2024", steam)
    assert "以 GJ 填报" in said["information.unit"] and "外购蒸汽" in said["information.unit"]
    tonnes = "id: s, material: 蒸汽, role: heat, quantity: 100 t"
    assert "information.unit" not in warnings("cets_ag_03_01_v01_2024", tonnes)
