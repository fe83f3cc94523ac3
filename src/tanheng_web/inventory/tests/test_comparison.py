"""碳比对: what may be chosen, what is shown, and that it adds up."""

import io
import re
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.collection.models import MonthReport, SourceStream
from tanheng_web.collection.services import Change, month_approve, month_reopen, month_submit, values_set
from tanheng_web.inventory.comparison.choice import Choice, default_pair, runs_seen
from tanheng_web.inventory.comparison.pages import compared
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill

ETS = "cets_ag_03_01_v01_2024"


@pytest.fixture
def market(works, run, world):
    """The same two months under the guideline of the national market."""
    return run_execute_now(organisation=works, period=run.period, by=world.people["manager"], standard=ETS)


def page(client, organisation, **asked) -> str:
    response = client.get(reverse("inventory:comparison", args=[organisation.pk]), asked)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_two_standards_of_the_newest_period_are_proposed_first(works, run, market, world):
    one, two = default_pair(runs_seen(world.people["manager"]), works)
    assert {one.pk, two.pk} == {run.pk, market.pk} and one.standard == works.standard


def test_without_a_second_standard_two_years_are_proposed(works, run, world):
    one, two = default_pair(runs_seen(world.people["manager"]), works)
    assert (one.period, two.pk) == ("2024-01..2024-02", run.pk)


def test_two_standards_stand_side_by_side_with_reasons(works, run, market, sign_in):
    text = page(sign_in("manager"), works, a=run.pk, b=market.pk)
    for words in ("为什么不同", "边界不同", "只计直接排放；电力只作辅助参数报数量", "碳氧化率不同", "发改办气候"):
        assert words in text
    assert f"/results/{run.pk}/figure/" in text and f"/results/{market.pk}/figure/" in text


def test_the_kinds_add_up_to_the_difference(works, run, market):
    shown = compared(Choice(run), Choice(market))
    assert sum(reason.figure.value for reason in shown.kinds) == pytest.approx(shown.total.change.value, abs=0.02)
    sources = sum(row.row.change.value for row in shown.sources)
    assert sources == pytest.approx(shown.total.change.value, abs=0.02)
    for row in shown.sources:
        assert sum(stream.change.value for stream in row.streams) == pytest.approx(row.row.change.value, abs=0.02)


def test_a_process_is_compared_with_another(works, run, sign_in):
    text = page(sign_in("manager"), works, a=run.pk, ap="焦化", b=run.pk, bp="高炉炼铁/1号高炉")
    assert "焦化" in text and "焦炭" in text


def test_two_years_split_into_activity_and_intensity(works, run, sign_in):
    assert "产量变了多少，强度变了多少" in page(sign_in("manager"), works)


@pytest.mark.parametrize("asked", [{"a": "999999"}, {"a": "x"}, {"b": "²"}])
def test_what_is_not_there_is_404(works, run, sign_in, asked):
    response = sign_in("manager").get(reverse("inventory:comparison", args=[works.pk]), asked)
    assert response.status_code == 404


def test_results_of_others_are_404_and_not_offered(world, works, run, sign_in):
    client = sign_in("stranger")
    url = reverse("inventory:comparison", args=[world.foreign.pk])
    assert client.get(url, {"a": run.pk}).status_code == 404
    assert str(run.period_zh) not in client.get(url).content.decode()


def test_a_group_compares_the_plants_it_sees(world, works, run, sign_in):
    assert works.label in page(sign_in("group_viewer"), world.group)


def test_without_results_the_page_says_what_to_do(world, sign_in):
    assert "还没有两个可以比较的结果" in page(sign_in("manager"), world.works)


def test_the_workbook_holds_every_reason(works, run, market, sign_in):
    response = sign_in("manager").get(
        reverse("inventory:comparison-export", args=[works.pk]), {"a": run.pk, "b": market.pk}
    )
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book.sheetnames[:3] == ["总量与原因", "排放源与源流", "指标"]
    rows = list(book["总量与原因"].iter_rows(min_row=2, values_only=True))
    assert rows[0][1:3] == (run.total, market.total)
    assert sum(row[3] for row in rows[1:]) == pytest.approx(rows[0][3], abs=0.02)
    said = [row[6] for row in book["排放源与源流"].iter_rows(min_row=2, values_only=True)]
    assert any(text and re.search("边界不同", text) for text in said)


def test_the_page_asks_few_questions(works, run, market, sign_in, django_assert_max_num_queries):
    client = sign_in("manager")
    page(client, works)
    with django_assert_max_num_queries(16):
        page(client, works)


def beside(client, organisation, name="comparison-many", **asked) -> str:
    response = client.get(reverse(f"inventory:{name}", args=[organisation.pk]), asked)
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.parametrize("by", ["source", "process", "indicator", "nonsense"])
def test_years_stand_side_by_side(works, run, sign_in, by):
    text = beside(sign_in("manager"), works, by=by)
    assert "2024 年 1–2 月" in text and "2025 年 1–2 月" in text and 'data-chart="beside"' in text


def test_seven_are_six(works, run, market, sign_in):
    numbers = [run.pk, market.pk, *([run.pk] * 9)]
    assert beside(sign_in("manager"), works, r=numbers)


def test_furnaces_of_one_result_stand_side_by_side(works, run, sign_in):
    text = beside(sign_in("manager"), works, of=run.pk, p=["焦化", "高炉炼铁/1号高炉", "没有的"])
    assert "焦化的排放最多" in text or "1号高炉的排放最多" in text
    assert "强度（按自身产量）" in text


def test_a_foreign_result_is_not_put_beside(world, works, run, sign_in):
    client = sign_in("stranger")
    for asked in ({"r": run.pk}, {"of": run.pk}):
        url = reverse("inventory:comparison-many", args=[world.foreign.pk])
        assert client.get(url, asked).status_code == 404


def test_the_works_stands_beside_values_of_the_industry(works, run, sign_in):
    text = beside(sign_in("manager"), works, "comparison-reference")
    assert "未核对" in text and "不参与任何核算" in text


def test_without_results_the_other_pages_say_what_to_do(world, sign_in):
    client = sign_in("manager")
    for name in ("comparison-many", "comparison-reference"):
        assert "还没有核算结果" in beside(client, world.works, name)


def test_a_result_leads_to_its_comparison(works, run, sign_in):
    client = sign_in("manager")
    link = f"{reverse('inventory:comparison', args=[works.pk])}?b={run.pk}"
    assert link in client.get(reverse("inventory:run", args=[works.pk, run.pk])).content.decode()
    assert "2024 年 1–2 月" in page(client, works, b=run.pk)
    assert page(client, works, a=run.pk)


def test_a_change_of_calibre_is_said_on_the_result(works, run, world, sign_in):
    """A calorific value measured in one month and a default in the others (N-7.6.3c)."""
    SourceStream.objects.filter(organisation=works, code="anth").update(values=["net_calorific_value"])
    stream = SourceStream.objects.get(organisation=works, code="anth")
    reporter, manager = world.people["reporter"], world.people["manager"]
    approved = month_fill(works, Month(2025, 3), enter=reporter, review=manager)
    report = month_reopen(by=manager, report=approved, reason="补录化验值")
    measured = [Change(stream, "net_calorific_value", Decimal("21.5"))]
    values_set(by=reporter, organisation=works, month=Month(2025, 3), changes=measured)
    report = month_submit(by=reporter, report=MonthReport.objects.get(pk=report.pk))
    month_approve(by=manager, report=report, refresh=False)
    changed = run_execute_now(organisation=works, period="2025-01..2025-03", by=manager)
    text = sign_in("manager").get(reverse("inventory:run", args=[works.pk, changed.pk])).content.decode()
    assert "改变了口径" in text and "2025 年 3 月为实测值" in text
    assert "数据来源或统计口径的变化" in page(sign_in("manager"), works, b=changed.pk)
