"""The intensity of a process by month (S-6.5c) and the pie of shares (N-7.5.1-1) are on the page of processes."""

import pytest

from tanheng_web.inventory.analysis.pages import processes_page
from tanheng_web.inventory.tests.test_analysis import page


def test_the_intensity_of_a_process_is_drawn_month_by_month(works, run, sign_in):
    chart = processes_page(works, run, "焦化")["intensity_trend"]
    values = [row.cells[0].value for row in chart.rows]
    assert len(values) == 2 and all(values)
    coking = next(row for row in processes_page(works, run, "")["drawn"].rows if row.path == "焦化")
    assert sum(values) / 2 == pytest.approx(coking.intensity.value, rel=0.05)
    assert 'data-chart="intensity-trend"' in page(sign_in("manager"), "run-processes", works, run, p="焦化")


def test_the_shares_of_the_processes_are_a_pie_beside_bars_and_lines(works, run, sign_in):
    text = page(sign_in("manager"), "run-processes", works, run, p="焦化")
    assert 'data-chart="shares"' in text
    drawn = processes_page(works, run, "焦化")
    assert drawn["shares"].option["series"][0]["type"] == "pie"
    assert drawn["trend"].option["series"][0]["type"] == "line"
