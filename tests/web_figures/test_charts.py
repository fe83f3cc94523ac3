"""Options of charts are whole, honest about units and unknowns, and lead to the panel."""

import json

from tanheng_web.common.charts import (
    Link,
    Slice,
    Step,
    contribution_bars,
    grouped_bars,
    heat,
    month_line,
    month_stack,
    sankey,
    share_pie,
    waterfall,
)
from tanheng_web.common.figures import Figure


def fig(value, address="total", unit="tCO2e"):
    return Figure(value, unit, 2, 7, address, organisation_id=3)


def test_bars_are_sorted_and_negatives_stay():
    chart = contribution_bars("c", "题", [Slice("a", fig(5.0)), Slice("b", fig(-2.0)), Slice("c", fig(9.0))], head="源")
    assert chart.option["yAxis"]["data"] == ["c", "a", "b"]
    assert [datum["value"] for datum in chart.option["series"][0]["data"]] == [9.0, 5.0, -2.0]
    assert [row.label for row in chart.rows] == ["c", "a", "b"]


def test_the_axis_states_the_unit_and_large_numbers_are_in_wan():
    chart = contribution_bars("c", "题", [Slice("a", fig(2_500_000.0))], head="源")
    assert chart.option["xAxis"]["name"] == "万 tCO₂e"
    datum = chart.option["series"][0]["data"][0]
    assert datum["value"] == 250.0
    assert datum["text"] == "2,500,000.00 tCO₂e"
    assert datum["url"] == "/o/3/results/7/figure/?a=total"


def test_an_unknown_month_is_a_hole():
    chart = month_line("m", "题", ["1 月", "2 月"], [fig(1.0), fig(None)])
    assert chart.option["series"][0]["data"][1] == {"value": None, "text": "—"}
    assert chart.rows[1].cells[0].shown == "—"


def test_last_year_is_thin_behind():
    chart = month_line("m", "题", ["1 月"], [fig(2.0)], [fig(1.0)])
    behind, front = chart.option["series"]
    assert behind["z"] < front["z"] and behind["lineStyle"]["width"] < front["lineStyle"]["width"]
    assert chart.head == ("月份", "本期", "上年同期")


def test_parts_stack_by_month_in_their_colours():
    parts = {
        "flux": ("熔剂", "token:source-flux", [fig(1.0), fig(2.0)]),
        "x": ("扣减", "token:source-x", [fig(-1.0), fig(0.0)]),
    }
    chart = month_stack("s", "题", ["1 月", "2 月"], parts)
    assert [series["stack"] for series in chart.option["series"]] == ["total", "total"]
    assert chart.option["series"][0]["itemStyle"]["color"] == "token:source-flux"
    assert chart.rows[0].cells[1].value == -1.0


def test_a_sankey_keeps_labels_apart_from_ids():
    chart = sankey(
        "f", "题", [("m:coke", "焦炭", "flow-carbon"), ("air", "大气", "flow-air")], [Link("m:coke", "air", 3.0)], "tC"
    )
    assert chart.option["series"][0]["links"][0]["route"] == "焦炭 → 大气"
    assert chart.rows[0].label == "焦炭 → 大气"


def test_every_option_is_json_with_aria():
    chart = month_line("m", "题", ["1 月"], [fig(1.0)])
    assert json.loads(json.dumps(chart.option, allow_nan=False))["aria"]["enabled"] is True


def bridge(*steps):
    chart = waterfall(
        "w", "题", [Step(str(n), fig(value), change) for n, (value, change) in enumerate(steps)], head="原因"
    )
    return chart, [[datum["value"] for datum in series["data"]] for series in chart.option["series"]]


def test_a_bridge_hangs_between_its_levels():
    _, (foot, up, down) = bridge((10.0, False), (-4.0, True), (2.0, True), (8.0, False))
    assert foot == [0.0, 6.0, 6.0, 0.0]
    assert up == [10.0, 4.0, 2.0, 8.0]
    assert down == [0.0, 0.0, 0.0, 0.0]


def test_a_bridge_through_zero_has_a_piece_on_either_side():
    _, (foot, up, down) = bridge((3.0, False), (-5.0, True), (-1.0, True), (-3.0, False))
    assert foot == [0.0, 0.0, -2.0, 0.0]
    assert up == [3.0, 3.0, 0.0, 0.0]
    assert down == [0.0, -2.0, -1.0, -3.0]


def test_small_steps_between_large_wholes_are_seen_and_said():
    chart, _ = bridge((1000.0, False), (-4.0, True), (996.0, False))
    assert 900 < chart.option["yAxis"]["min"] < 996
    assert "不从零开始" in chart.note


def test_what_a_group_does_not_have_is_a_hole():
    chart = grouped_bars("g", "题", ["a", "b"], {"甲": [fig(1.0), None], "乙": [fig(2.0), fig(3.0)]}, head="排放源")
    assert chart.option["series"][0]["data"][1] == {"value": None, "text": "—"}
    assert chart.head == ("排放源", "甲", "乙")


def test_a_pie_has_at_most_five_slices_and_no_negative_one():
    slices = [Slice(str(n), fig(float(n))) for n in range(-1, 8)]
    chart = share_pie("p", "题", slices, head="排放源")
    data = chart.option["series"][0]["data"]
    assert len(data) == 5 and data[-1]["name"] == "其余" and data[-1]["value"] == 1 + 2 + 3
    assert "扣减" in chart.note and len(chart.rows) == 8


def test_an_unknown_cell_of_the_heat_is_empty():
    chart = heat("h", "题", ["1 月", "2 月"], [("高炉煤气", [fig(1.0, unit="1e4Nm3"), None])], head="煤气")
    assert len(chart.option["series"][0]["data"]) == 1
    assert json.dumps(chart.option, allow_nan=False)
