"""The pages through the test client: what they say, how many queries they take, what they refuse."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.collection import selectors, services
from tanheng_web.collection.models import ActivityValue, SourceStream, Workbook
from tanheng_web.collection.tests.conftest import JULY, fill, make_plant
from tanheng_web.collection.tests.test_import import template, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client, plant):
    """Log in as somebody of the plant and give a function for its addresses."""

    def as_person(person: str):
        client.force_login(getattr(plant, person))
        return lambda name, *arguments: reverse(f"collection:{name}", args=[plant.works.pk, *arguments])

    return as_person


def save(client, url, changes):
    return client.post(url, json.dumps({"changes": changes}), content_type="application/json").json()


def test_the_overview_takes_few_queries_however_many_months(client, plant, enter, django_assert_max_num_queries):
    for number in range(1, 7):
        fill(plant, Month(2025, number), skip={"E001"} if number == 3 else ())
    url = enter("reporter")("overview")
    client.get(url)
    with django_assert_max_num_queries(16):
        page = client.get(url).content.decode()
    assert "缺 1 格" in page and page.count("heat-draft") == 7


def test_the_month_page_takes_few_queries_however_many_streams(client, plant, enter, django_assert_max_num_queries):
    fill(plant, JULY)
    extra = [
        SourceStream(
            organisation=plant.works,
            code=f"X{n}",
            material="coke",
            material_zh="焦炭",
            role="fuel",
            unit="t",
            components=["quantity"],
        )
        for n in range(50)
    ]
    SourceStream.objects.bulk_create(extra)
    url = enter("reporter")("month", JULY)
    client.get(url)
    with django_assert_max_num_queries(18):
        page = client.get(url).content.decode()
    assert "缺 50 格" in page


def test_lists_take_the_same_queries_for_one_file_and_for_many(client, plant, enter, django_assert_max_num_queries):
    for n in range(15):
        Workbook.objects.create(
            organisation=plant.works, name=f"{n}.xlsx", file="x", sha256=f"{n:064d}", uploaded_by=plant.reporter
        )
    urls = enter("reporter")
    client.get(urls("imports"))
    for name in ("imports", "streams", "own-values"):
        with django_assert_max_num_queries(14):
            assert client.get(urls(name)).status_code == 200


def test_saving_cells_answers_each_by_itself(client, plant, enter):
    coke, power = plant.streams["M001"], plant.streams["E001"]
    url = enter("reporter")("values", JULY)
    changes = [
        {"cell": f"{coke.pk}:purchased", "text": "１０１，０００", "seen": 0},
        {"cell": f"{coke.pk}:sold", "text": "-1", "seen": 0},
        {"cell": f"{power.pk}:quantity", "text": "七万", "seen": 0},
        {"cell": f"{coke.pk}:net_calorific_value", "text": "28400 kJ/kg", "seen": 0},
        {"cell": "999999:quantity", "text": "1", "seen": 0},
    ]
    answer = save(client, url, changes)["cells"]
    assert answer[f"{coke.pk}:purchased"]["shown"] == "101,000"
    assert "不能为负" in answer[f"{coke.pk}:sold"]["error"]
    assert "不是数字" in answer[f"{power.pk}:quantity"]["error"]
    assert answer[f"{coke.pk}:net_calorific_value"]["value"] == "28.4"
    assert "刷新" in answer["999999:quantity"]["error"]
    assert ActivityValue.objects.count() == 2


def test_a_conflict_is_answered_with_the_other_value(client, plant, enter):
    power = plant.streams["E001"]
    fill(plant, JULY)
    url = enter("manager")("values", JULY)
    answer = save(client, url, [{"cell": f"{power.pk}:quantity", "text": "1", "seen": 0}])["cells"][
        f"{power.pk}:quantity"
    ]
    assert answer["conflict"]["theirs"] == "70000" and "reporter" in answer["conflict"]["message"]


def test_a_locked_month_answers_409_with_the_reason(client, plant, enter):
    fill(plant, JULY)
    services.month_submit(by=plant.reporter, report=selectors.current_report(plant.works, JULY))
    response = client_post(client, enter("reporter")("values", JULY), plant)
    assert response.status_code == 409 and "已提交待审核" in response.json()["message"]


def client_post(client, url, plant):
    change = {"cell": f"{plant.streams['E001'].pk}:quantity", "text": "1", "seen": None}
    return client.post(url, json.dumps({"changes": [change]}), content_type="application/json")


@pytest.mark.parametrize("body", ["", "[]", '{"changes": 1}', '{"changes": [1]}', '{"changes": [{"cell": "a"}]}'])
def test_an_unreadable_request_changes_nothing(client, plant, enter, body):
    response = client.post(enter("reporter")("values", JULY), body, content_type="application/json")
    assert response.status_code == 400 and not ActivityValue.objects.exists()


def test_news_tells_what_others_entered(client, plant, enter):
    fill(plant, JULY)
    url = enter("manager")("news", JULY)
    news = client.get(url, {"since": 0}).json()
    assert len(news["cells"]) == 14
    assert client.get(url, {"since": news["newest"]}).json()["cells"] == {}


def test_steps_are_said_on_the_page(client, plant, enter):
    fill(plant, JULY, skip={"E001"})
    urls = enter("reporter")
    page = client.post(urls("submit", JULY), follow=True).content.decode()
    assert "还有 1 处没有填写" in page
    client.post(urls("submit", JULY), {"gap_reason": "电表故障"})
    page = client.get(urls("month", JULY)).content.decode()
    assert "带缺口提交，原因：电表故障" in page and "重新开启" not in page
    urls = enter("manager")
    client.post(urls("return", JULY), {"comment": "请补电量"})
    assert "退回意见：请补电量" in client.get(urls("month", JULY)).content.decode()


def test_a_month_can_be_handed_in_from_the_page_on_which_it_was_begun(client, plant, enter):
    urls = enter("reporter")
    assert "确认提交" in client.get(urls("month", JULY)).content.decode()
    page = client.post(urls("submit", JULY), follow=True).content.decode()
    assert "还没有任何数据，不能提交" in page


def test_the_dry_run_page_filters_and_pages(client, plant, enter):
    changes = {(code, "quantity"): "坏" for code in ("E001", "P001", "G001")}
    book = uploaded(plant, template(plant, "2025", changes=changes))
    url = enter("reporter")("workbook", book.pk)
    page = client.get(url).content.decode()
    assert "问题清单" in page and "电力热力" in page
    only = client.get(url, {"sheet": "产品产量", "severity": "error"}, headers={"HX-Request": "true"}).content.decode()
    assert only.lstrip().startswith('<div id="faults">') and only.count("fault-error") == 12


def test_an_upload_is_checked_in_the_background(client, plant, enter, django_capture_on_commit_callbacks, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    file = SimpleUploadedFile("七月.xlsx", template(plant))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(enter("reporter")("imports"), {"file": file})
    book = Workbook.objects.get()
    assert response.url == reverse("collection:workbook", args=[plant.works.pk, book.pk])
    assert (book.status, book.counts["good"]) == ("checked", 6)
    assert "没有发现问题" in client.get(response.url).content.decode()


def test_a_file_that_cannot_be_read_says_why(client, plant, enter):
    book = uploaded(plant, b"a,b\n1,2\n", "数据.xlsx")
    page = client.get(enter("reporter")("workbook", book.pk)).content.decode()
    assert "这份文件不能读取" in page and "CSV" in page


def test_a_template_of_a_month_and_of_a_year(client, plant, enter):
    url = enter("viewer")("template")
    for period, status in (("2025-07", 200), ("2025", 200), ("2020..2025", 404), ("x", 404)):
        assert client.get(url, {"period": period}).status_code == status


def test_a_custom_material_needs_a_name_and_keeps_it(client, plant, enter):
    url = enter("manager")("stream-add")
    given = {
        "material": "other_ferroalloy",
        "role": "carbon_raw_material",
        "direction": "in",
        "values": ["carbon_content_mass"],
    }
    assert "自定义物料" in client.post(url, given).content.decode()
    client.post(url, given | {"material_zh": "硅钡合金"})
    stream = SourceStream.objects.get(material_zh="硅钡合金")
    assert (stream.code, stream.unit, stream.values) == ("M004", "t", ["carbon_content_mass"])


def test_a_stream_with_data_is_deactivated_not_deleted(client, plant, enter):
    fill(plant, JULY)
    urls = enter("manager")
    for code, exists in (("E001", True),):
        client.post(urls("stream-remove", plant.streams[code].pk))
        assert SourceStream.objects.filter(pk=plant.streams[code].pk).exists() is exists
    assert "E001" not in client.get(urls("month", Month(2025, 8))).content.decode()


def test_an_enterprise_value_becomes_a_parameter(client, plant, enter):
    url = enter("manager")("own-values")
    given = {
        "material": "coke",
        "key": "net_calorific_value",
        "value": "28,500",
        "unit": "kJ/kg",
        "note": "检测报告 2025-01",
    }
    assert client.post(url, given).status_code == 302
    assert client.post(url, given | {"unit": "MWh"}).status_code == 422
    from tanheng.kernel.periods import Period

    parameter = selectors.stream_set(plant.works, Period.parse("2025")).parameters[0]
    assert (parameter.material, parameter.rank, parameter.given.value, parameter.given.unit) == (
        "coke",
        "enterprise_default",
        28500.0,
        "kJ/kg",
    )
    assert parameter.given.provenance["note"] == "检测报告 2025-01"


def test_files_of_another_enterprise_are_not_found(client, plant, enter):
    book = uploaded(plant, template(plant))
    other = make_plant("另一家")
    client.force_login(other.reporter)
    assert client.get(reverse("collection:workbook", args=[plant.works.pk, book.pk])).status_code == 404
    assert client.get(reverse("collection:workbook", args=[other.works.pk, book.pk])).status_code == 404
