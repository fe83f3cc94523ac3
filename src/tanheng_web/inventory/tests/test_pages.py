"""The pages of 核算结果: what they show, to whom, and with how many queries."""

import pytest
from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.inventory import services
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.tests.world import month_fill

pytestmark = pytest.mark.django_db


def get(client, name, *args, **query):
    return client.get(reverse(name, args=args), query)


def test_the_result_page_says_all_that_a_director_asks(works, run, sign_in):
    page = get(sign_in("viewer"), "inventory:run", works.pk, run.pk).content.decode()
    for word in (
        "排放总量",
        "直接",
        "按排放源",
        "按工序",
        "平台分析口径",
        "其他",
        "按气体",
        "不计入的源流",
        "二手来源，待核原文",
    ):
        assert word in page, word
    assert "上年同期" in page
    assert "生成 PDF" not in page, "a viewer makes no report"


def test_the_result_page_stays_at_its_number_of_queries(works, run, sign_in, django_assert_max_num_queries):
    client = sign_in("manager")
    get(client, "inventory:run", works.pk, run.pk)
    with django_assert_max_num_queries(25):
        get(client, "inventory:run", works.pk, run.pk)


def test_no_page_but_the_panel_opens_the_document(works, run, sign_in):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in("manager")
    with CaptureQueriesContext(connection) as queries:
        get(client, "inventory:run", works.pk, run.pk)
        get(client, "inventory:runs", works.pk)
        get(client, "dashboards:panorama", works.pk, period="2025")
    assert not [query for query in queries if '"inventory_run"."document"' in query["sql"]]


def test_the_panel_is_a_page_and_a_fragment(works, run, sign_in):
    client = sign_in("viewer")
    url = reverse("inventory:figure", args=[works.pk, run.pk]) + "?a=total"
    whole, part = client.get(url), client.get(url, headers={"HX-Request": "true"})
    assert b"<html" in whole.content and b"<html" not in part.content
    assert "HX-Request" in part["Vary"]
    assert b'data-explains="total"' in part.content


def test_an_unknown_figure_is_404_with_a_sentence(works, run, sign_in):
    response = get(sign_in("viewer"), "inventory:figure", works.pk, run.pk, a="source:nothing")
    assert response.status_code == 404
    assert "没有这个数" in response.content.decode()


def test_a_run_of_another_enterprise_is_404(world, run, sign_in):
    assert get(sign_in("superuser"), "inventory:run", world.foreign.pk, run.pk).status_code == 404


def test_gaps_lead_to_where_they_are_mended(works, world, sign_in):
    month_fill(
        works, Month(2025, 3), enter=world.people["reporter"], review=world.people["manager"], leave_out=("anth",)
    )
    run = services.run_execute_now(organisation=works, period="2025-01..2025-03", by=world.people["manager"])
    page = get(sign_in("manager"), "inventory:run", works.pk, run.pk).content.decode()
    assert reverse("collection:month", args=[works.pk, "2025-03"]) in page
    assert "总量不完整" in page


def test_a_gap_leads_to_its_cell(works, world, sign_in):
    from tanheng_web.collection.models import SourceStream

    month_fill(
        works, Month(2025, 3), enter=world.people["reporter"], review=world.people["manager"], leave_out=("anth",)
    )
    run = services.run_execute_now(organisation=works, period="2025-01..2025-03", by=world.people["manager"])
    stream = SourceStream.objects.get(organisation=works, code="anth")
    page = get(sign_in("manager"), "inventory:run", works.pk, run.pk).content.decode()
    assert f"{reverse('collection:month', args=[works.pk, '2025-03'])}#cell={stream.pk}:quantity" in page


def test_a_stale_result_offers_one_button(works, run, world, sign_in):
    works.province = "四川"
    works.save()
    client = sign_in("manager")
    again = reverse("inventory:run-again", args=[works.pk, run.pk])
    page = get(client, "inventory:run", works.pk, run.pk).content.decode()
    assert "结果待更新" in page and page.count("重新核算") == 1 and again in page
    answer = client.post(again)
    newer = Run.objects.exclude(pk=run.pk).get(organisation=works, period=run.period)
    assert answer.url == reverse("inventory:run", args=[works.pk, newer.pk])
    assert "重新核算" not in get(sign_in("viewer"), "inventory:run", works.pk, run.pk).content.decode()


def test_the_panorama_says_that_its_result_is_stale(works, run, sign_in):
    works.province = "四川"
    works.save()
    page = get(sign_in("manager"), "dashboards:panorama", works.pk, period="2025").content.decode()
    assert "结果待更新" in page and reverse("inventory:run-again", args=[works.pk, run.pk]) in page


def test_a_run_that_failed_says_why_and_where_to_mend(works, world, sign_in):
    run = services.run_create(organisation=works, period="2025-01", by=world.people["manager"])
    fault = "1号高炉的焦炭单位填错。\n请在活动数据修改。"
    Run.objects.filter(pk=run.pk).update(status=Run.Status.FAILED, fault=fault)
    page = get(sign_in("manager"), "inventory:run", works.pk, run.pk).content.decode()
    assert "<p>1号高炉的焦炭单位填错。</p>" in page and reverse("collection:overview", args=[works.pk]) in page
    assert reverse("inventory:run-again", args=[works.pk, run.pk]) in page


def test_what_no_standard_lists_is_a_gap_with_its_place(works, world, sign_in):
    """A material in a role that the standard does not know is named, with the stream and how to mend it."""
    from decimal import Decimal

    from tanheng_web.collection.models import MonthReport
    from tanheng_web.collection.services import Change, month_approve, month_submit, streams_create, values_set

    proposal = {
        "code": "odd",
        "material": "coal_tar",
        "role": "raw_material",
        "direction": "in",
        "components": ["quantity"],
    }
    (stream,) = streams_create(by=world.people["superuser"], organisation=works, proposals=[proposal])
    reporter, manager = world.people["reporter"], world.people["manager"]
    values_set(by=reporter, organisation=works, month=Month(2025, 4), changes=[Change(stream, "quantity", Decimal(5))])
    report = MonthReport.objects.get(organisation=works, month=Month(2025, 4).first_day)
    month_approve(by=manager, report=month_submit(by=reporter, report=report, gap_reason="试"), refresh=False)
    run = services.run_execute_now(organisation=works, period="2025-04", by=manager)
    page = get(sign_in("manager"), "inventory:run", works.pk, run.pk).content.decode()
    assert [gap["code"] for gap in run.summary["gaps"] if gap["stream"] == "odd"] == ["stream.not_covered"]
    assert "没有规定" in page and "请核对用途" in page and f"#cell={stream.pk}:quantity" in page


def test_ordering_a_run_leads_to_its_progress(works, sign_in):
    client = sign_in("manager")
    answer = client.post(
        reverse("inventory:run-new", args=[works.pk]),
        {"first": "2025-01", "last": "2025-02", "standard": works.standard},
    )
    run = Run.objects.get(organisation=works)
    assert answer.url == reverse("inventory:run", args=[works.pk, run.pk])
    assert run.job.status == "queued"
    assert "job-queued" in client.get(answer.url).content.decode()


def test_a_reversed_period_is_told(works, sign_in):
    answer = sign_in("manager").post(
        reverse("inventory:run-new", args=[works.pk]),
        {"first": "2025-02", "last": "2025-01", "standard": works.standard},
    )
    assert answer.status_code == 422
    assert "交换" in answer.content.decode()


def test_the_first_day_says_what_to_do_next(world, sign_in):
    page = get(sign_in("manager"), "dashboards:panorama", world.works.pk, period="2025").content.decode()
    assert "先建立工序和源流" in page
    assert "去填报活动数据" in get(sign_in("manager"), "inventory:runs", world.works.pk).content.decode()


def test_with_drafts_only_the_panorama_leads_to_the_data(world, sign_in):
    from decimal import Decimal

    from tanheng_web.collection.services import Change, values_set
    from tanheng_web.inventory.tests.world import works_with_streams

    streams = works_with_streams(world.works, world.people["superuser"])
    change = Change(streams[0], "quantity", Decimal(5))
    values_set(by=world.people["reporter"], organisation=world.works, month=Month(2025, 1), changes=[change])
    page = get(sign_in("reporter"), "dashboards:panorama", world.works.pk, period="2025").content.decode()
    assert "还没有审核通过的数据" in page and "2025 年 1–12 月数据还没有提交" in page


def test_the_panorama_stays_at_its_number_of_queries(works, run, sign_in, django_assert_max_num_queries):
    client = sign_in("manager")
    get(client, "dashboards:panorama", works.pk, period="2025")
    with django_assert_max_num_queries(22):
        get(client, "dashboards:panorama", works.pk, period="2025")


def test_a_group_lists_its_enterprises_and_adds_nothing_up(works, run, sign_in):
    page = get(sign_in("group_viewer"), "dashboards:panorama", works.parent_id, period="2025").content.decode()
    assert "不相加" in page and 'data-figure="total"' in page
    assert page.count('data-figure="total"') == 1


def test_a_group_has_no_menu_for_data_of_its_own(works, run, sign_in):
    client = sign_in("group_viewer")
    page = get(client, "dashboards:panorama", works.parent_id).content.decode()
    assert reverse("collection:overview", args=[works.parent_id]) not in page
    assert 'data-figure="indicator:intensity"' in page, "opens in the newest year that an enterprise has accounted"
    said = get(client, "inventory:runs", works.parent_id).content.decode()
    assert "没有自己的活动数据和核算结果" in said


def test_ctrl_k_finds_figures(works, run, sign_in):
    client = sign_in("viewer")
    get(client, "dashboards:panorama", works.pk, period="2025")
    page = client.get(reverse("common:search"), {"q": "熔剂"}, headers={"HX-Request": "true"}).content.decode()
    assert f"{reverse('inventory:figure', args=[works.pk, run.pk])}?a=source%3Aflux" in page


def test_the_template_in_use_is_downloaded(works, run, sign_in):
    client = sign_in("superuser")
    page = get(client, "inventory:template", works.pk).content.decode()
    assert reverse("inventory:template-file", args=[works.pk, 0]) in page
    assert reverse("inventory:report-new", args=[works.pk, run.pk]) in page
    body = b"".join(get(client, "inventory:template-file", works.pk, 0).streaming_content)
    assert body.startswith(b"PK")
    assert get(client, "inventory:template-file", works.pk, 7).status_code == 404


def test_the_result_document_is_what_was_stored(works, run, sign_in):
    import hashlib

    body = get(sign_in("verifier"), "inventory:document", works.pk, run.pk).content
    assert hashlib.sha256(body).hexdigest() == run.digest
