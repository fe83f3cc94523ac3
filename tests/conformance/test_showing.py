"""Clauses on results, analysis and reports: S-6.5*, S-5.5f, S-5.5g, N-5.3.1c, N-6.2.1d, N-6.5a, N-6.5d, N-7.4.1a."""

import json
import re
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from tanheng.accounting import load_case, run
from tanheng.kernel.resources import data_dir
from tanheng.reporting.content import Entity, ReportContent
from tanheng.rules.package import load_standard
from tanheng_web.common.models import Job
from tanheng_web.inventory.execution import report_execute

OPTION = r'<script id="{id}-option" type="application/json">(.*?)</script>'


def option(page: str, id: str) -> dict:
    """What a chart of the page draws."""
    return json.loads(re.search(OPTION.format(id=id), page, re.DOTALL)[1])


@pytest.fixture
def panorama(works, finished_run, sign_in):
    """碳全景 of 2025 as a viewer sees it."""
    url = reverse("dashboards:panorama", args=[works.pk])
    return sign_in("viewer").get(url, {"period": "2025"}).content.decode()


@pytest.mark.django_db
def test_the_panorama_states_the_total_so_far_and_draws_its_trend_against_last_year(panorama, finished_run):
    assert "今年以来排放总量" in panorama
    assert f'data-figure="total" data-run="{finished_run.pk}"' in re.sub(r"\s+", " ", panorama)
    before, now = option(panorama, "by-month")["series"]
    assert (now["type"], now["name"], before["name"]) == ("line", "本期", "上年同期")
    scale = 1e4 if now["data"][0]["value"] < finished_run.total / 100 else 1
    assert sum(each["value"] for each in now["data"]) * scale == pytest.approx(finished_run.total)
    assert [each["value"] for each in before["data"]] == pytest.approx([1.05 * each["value"] for each in now["data"]])


@pytest.mark.django_db
def test_sources_and_processes_are_ranked_by_what_they_contribute(panorama, finished_run):
    for id, parts in (("by-source", "sources"), ("by-process", "processes")):
        bars = option(panorama, id)["series"][0]["data"]
        whole = finished_run.summary[parts]
        known = [each["value"] for path, each in whole.items() if "/" not in path and each["value"]]
        assert len(bars) == len(known) > 2
        values = [bar["value"] for bar in bars]
        ranked = values if id == "by-source" else values[:-1]  # 其他 stands last
        assert ranked == sorted(ranked, reverse=True)
        labels = option(panorama, id)["yAxis"]["data"]
        assert f"{labels[0]}排放最多" in panorama or f"{labels[0]}最多" in panorama


@pytest.mark.django_db
def test_intensity_stands_beside_that_of_last_year(panorama, finished_run):
    bars = option(panorama, "intensity")["series"][0]["data"]
    now = finished_run.summary["indicators"]["intensity"]["value"]
    assert [bar["value"] for bar in bars] == pytest.approx([now, now])  # emissions and output both fell by 5 %
    assert [bar["url"] for bar in bars if "indicator" in bar["url"]] == [bar["url"] for bar in bars]


@pytest.mark.django_db
def test_the_flow_of_carbon_shows_where_it_comes_from_and_goes(panorama):
    flow = option(panorama, "flow")["series"][0]
    assert flow["type"] == "sankey" and len(flow["links"]) > 5
    assert all(link["value"] > 0 for link in flow["links"])


@pytest.mark.django_db
def test_a_report_is_ordered_on_the_page_made_and_downloaded_with_its_tables_filled(works, finished_run, sign_in):
    client = sign_in("manager")
    answer = client.post(reverse("inventory:report-new", args=[works.pk, finished_run.pk]), {"kind": "docx"})
    job = Job.objects.get(kind="report")
    assert answer.url == reverse("common:job", args=[job.pk])
    report_execute.func(job.pk, **job.kwargs)
    page = client.get(reverse("inventory:run", args=[works.pk, finished_run.pk])).content.decode()
    (url,) = set(re.findall(rf"/o/{works.pk}/results/reports/\d+/", page))
    body = b"".join(client.get(url).streaming_content)
    document = Document(BytesIO(body))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    total = f"{finished_run.total:,.2f}"
    assert any(row[0].startswith("企业二氧化碳排放总量") and total in row for row in rows)
    headings = [paragraph.text for paragraph in document.paragraphs]
    for chapter in ("企业基本情况", "温室气体排放情况", "活动水平数据及来源说明", "排放因子数据及来源说明"):
        assert any(chapter in heading for heading in headings), chapter


def test_the_report_states_the_contribution_rate_of_every_step():
    case = load_case(data_dir() / "standards" / "gbt_32151_5_2015" / "cases" / "processes.yaml")
    standard = load_standard(case.standards[0])
    result = run(standard, case.stream_set, period=case.period, as_of=case.as_of)
    content = ReportContent.build(result, standard, Entity("某钢铁公司"), None)
    table = next(each for each in content.tables() if each.id == "processes_emissions")
    rates = {row.cells[0].text: row.cells[-1].text for row in table.rows}
    assert table.columns[-1].title == "占总量（%）"
    assert rates["炼铁"] == "45.7" and {"焦化", "炼铁", "炼钢", "轧钢", "自备电厂", "其他"} <= set(rates)
    steps = [path for path in result.data["processes"] if "/" not in path]
    assert sum(float(rates[step].replace("−", "-")) for step in steps) == pytest.approx(100, abs=0.3)
