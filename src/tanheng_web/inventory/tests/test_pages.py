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
    with django_assert_max_num_queries(16):
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


def test_the_panorama_stays_at_its_number_of_queries(works, run, sign_in, django_assert_max_num_queries):
    client = sign_in("manager")
    get(client, "dashboards:panorama", works.pk, period="2025")
    with django_assert_max_num_queries(18):
        get(client, "dashboards:panorama", works.pk, period="2025")


def test_a_group_lists_its_enterprises_and_adds_nothing_up(works, run, sign_in):
    page = get(sign_in("group_viewer"), "dashboards:panorama", works.parent_id, period="2025").content.decode()
    assert "不相加" in page and 'data-figure="total"' in page
    assert page.count('data-figure="total"') == 1


def test_the_result_document_is_what_was_stored(works, run, sign_in):
    import hashlib

    body = get(sign_in("verifier"), "inventory:document", works.pk, run.pk).content
    assert hashlib.sha256(body).hexdigest() == run.digest
