"""Pages of the factor library, driven through the test client."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tanheng_web.catalogue.factors import services
from tanheng_web.catalogue.models import FactorImport, FactorVersion
from tanheng_web.catalogue.tests.factors import GOOD, batch_of, csv_of, published
from tanheng_web.common.models import Job


@pytest.fixture
def base(world):
    return f"/o/{world.works.pk}/catalogue/factors/"


def test_words_and_dimensions_are_combined_and_stay_in_the_address(base, sign_in):
    page = sign_in("viewer").get(base, {"q": "华北 电力", "data_year": "2021"})
    assert "华北电力平均二氧化碳排放因子" in page.text and "0.7120" in page.text
    assert "1 条" in page.text and 'value="华北 电力"' in page.text


def test_typing_gets_the_results_alone(base, sign_in):
    part = sign_in("viewer").get(base, {"q": "天然气"}, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="found"') and "<html" not in part


def test_the_search_asks_the_database_little(base, sign_in, django_assert_max_num_queries):
    client = sign_in("viewer")
    client.get(base)
    with django_assert_max_num_queries(6):
        client.get(base, {"q": "电力"}, headers={"HX-Request": "true"})


@pytest.mark.parametrize(
    "query", [{"page": "-1"}, {"page": "99999"}, {"metal": "金"}, {"q": "\x00'\"%_*"}, {"state": "?"}]
)
def test_odd_questions_find_nothing_or_something_but_never_fail(base, sign_in, query):
    assert sign_in("viewer").get(base, query).status_code == 200


def test_a_factor_s_page_tells_everything(base, sign_in):
    text = sign_in("viewer").get(base + "entry/", {"id": "average:regional:north:2023"}).text
    known = ("生态环境部", "公告2025年第47号", "2025-12-31", "2026-12-31", "间接排放", "已与原文逐条核对", "未给出")
    for said in ("kgCO₂/kWh", *known):
        assert said in text, said


def test_an_entry_of_a_standard_s_table_is_shown_and_cannot_be_replaced(base, sign_in):
    client = sign_in("manager")
    found = client.get(base, {"q": "无烟煤", "publisher": "钢铁 GB/T 32151.5-2015"}).text
    assert "标准表" in found
    text = client.get(base + "entry/", {"id": "standard:gbt_32151_5_2015:net_calorific_value:anthracite:1"}).text
    assert "只读" in text and "替换" not in text


@pytest.mark.parametrize("factor", ["", "nothing", "standard:nothing:x", "own:999999:A"])
def test_an_unknown_factor_is_404(base, sign_in, factor):
    assert sign_in("manager").get(base + "entry/", {"id": factor}).status_code == 404


def test_another_enterprise_s_factor_is_404(base, sign_in, world):
    root = world.people["superuser"]
    published(world.foreign, root, world.people["stranger"], GOOD)
    assert sign_in("manager").get(base + "entry/", {"id": f"own:{world.foreign.pk}:EL-2024"}).status_code == 404
    assert sign_in("stranger").get(f"/o/{world.foreign.pk}/catalogue/factors/entry/",
                                   {"id": f"own:{world.foreign.pk}:EL-2024"}).status_code == 200  # fmt: skip


def test_what_expires_is_listed_by_state_and_class(base, sign_in):
    client = sign_in("manager")
    everything = client.get(base + "expiring/").context["page"].paginator.count
    without = (
        client.get(base + "expiring/", {"state": "expired", "klass": "electricity"}).context["page"].paginator.count
    )
    assert 0 < without < everything
    assert "替换" in client.get(base + "expiring/").text
    assert client.get(base + "expiring/", {"used": "1"}).context["page"].paginator.count == 0


def test_the_template_opens_and_names_every_column(base, sign_in):
    body = sign_in("manager").get(base + "template/").content
    sheet = openpyxl.load_workbook(io.BytesIO(body))["因子"]
    assert [sheet.cell(1, column).value for column in (1, 2, 3)] == ["因子编号*", "因子名称*", "数值*"]


def test_a_file_is_uploaded_checked_submitted_reviewed_and_published(
    base, sign_in, world, django_capture_on_commit_callbacks, settings
):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "ENQUEUE_ON_COMMIT": False}
    }
    with django_capture_on_commit_callbacks(execute=True):
        answer = sign_in("manager").post(base + "imports/", {"file": SimpleUploadedFile("f.csv", csv_of(GOOD, GOOD))})
    batch = FactorImport.objects.get()
    assert answer.headers["Location"].endswith(f"/imports/{batch.pk}/")
    if batch.status == "uploaded":  # the queue of tests does not run by itself
        from tanheng_web.catalogue.factors.services import factors_check

        factors_check(batch=batch)
        Job.objects.update(status="done")
    page = sign_in("manager").get(f"{base}imports/{batch.pk}/").text
    assert "重复" in page and "提交 1 条复核" in page
    sign_in("manager").post(f"{base}imports/{batch.pk}/submit/")
    assert "须由另一位" in sign_in("manager").get(f"{base}imports/{batch.pk}/").text
    refused = sign_in("manager").post(f"{base}imports/{batch.pk}/approve/", follow=True).text
    assert "因子须由导入人以外的人复核" in refused
    sign_in("admin").post(f"{base}imports/{batch.pk}/approve/", {"note": "已核对"})
    assert FactorVersion.objects.get().status == "published"
    found = sign_in("viewer").get(base, {"q": "EL-2024"}).text
    assert "华北电网 2024 平均" in found and "自有" in found


def test_an_empty_or_missing_file_is_refused(base, sign_in):
    client = sign_in("manager")
    for given in ({}, {"file": SimpleUploadedFile("f.csv", b"")}):
        assert "请" in client.post(base + "imports/", given, follow=True).text
    assert not FactorImport.objects.exists()


def test_one_factor_is_entered_by_form_and_faults_stand_at_their_fields(base, sign_in, world):
    client = sign_in("manager")
    cells = {
        "code": "EL-2024", "zh": "华北电网 2024 平均", "value": "650", "unit": "tCO2/MWh",
        "quantity": "emission_factor",
        "family": "inventory", "klass": "electricity", "gas": "CO2", "publisher": "生态环境部", "document": "测试公告",
        "published_on": "2026-06-30", "data_year": "2024", "carrier": "electricity", "indicator": "average",
        "level": "regional", "region_zh": "华北", "supersedes": "average:regional:north:2023",
    }  # fmt: skip
    start = client.get(base + "new/", {"replaces": "average:regional:north:2023"}).text
    assert 'value="average:regional:north:2023"' in start
    answer = client.post(base + "new/?replaces=average:regional:north:2023", cells)
    assert answer.status_code == 422 and "1000 倍" in answer.text and 'value="650"' in answer.text
    assert not FactorVersion.objects.exists()
    answer = client.post(base + "new/?replaces=average:regional:north:2023", cells | {"value": "0.65"})
    assert answer.status_code == 302
    assert FactorVersion.objects.get().status == "in_review"


def test_lives_are_set_by_a_form(base, sign_in, world):
    client = sign_in("manager")
    assert client.post(base + "lives/", {"fossil_fuel": "4"}).status_code == 422
    assert client.post(base + "lives/", {"fossil_fuel": "2", "soon_days": "30"}).status_code == 302
    assert 'value="2"' in client.get(base + "lives/").text


def test_the_picker_offers_inventory_factors_only(base, sign_in):
    text = sign_in("manager").get(base + "pick/", {"factor": "电力"}).text
    assert "average" in text and "pcf_" not in text and "standard:" not in text


def test_the_original_file_is_kept(base, sign_in, world):
    batch = batch_of(world.works, world.people["manager"], GOOD)
    assert b"".join(sign_in("manager").get(f"{base}imports/{batch.pk}/file/")) == csv_of(GOOD)


def test_what_waits_for_a_review_is_said_to_those_who_may_review_it(base, sign_in, world):
    batch = batch_of(world.works, world.people["manager"], GOOD)
    services.factors_submit(batch=batch, by=world.people["manager"])
    assert "等待您复核" in sign_in("admin").get(base).text
    assert "等待您复核" not in sign_in("manager").get(base).text  # their own
    assert "等待您复核" not in sign_in("viewer").get(base).text


def test_the_global_search_finds_factors(sign_in, world):
    client = sign_in("viewer")
    client.get(f"/o/{world.works.pk}/catalogue/factors/")
    assert "华北电力平均二氧化碳排放因子" in client.get("/search/", {"q": "华北 电力"}).text


def test_what_an_importer_wrote_is_shown_as_text(base, sign_in, world):
    hurt = GOOD | {"publisher": '"><img src=x onerror=alert(1)>', "zh": "<script>x</script>", "document": "</dd><b>"}
    hurt["url"] = "javascript:alert(1)"
    published(world.works, world.people["manager"], world.people["admin"], hurt)
    client = sign_in("viewer")
    for text in (client.get(base, {"q": "onerror"}).text,
                 client.get(base + "entry/", {"id": f"own:{world.works.pk}:EL-2024"}).text):  # fmt: skip
        assert 'href="javascript' not in text
        assert "<img src=x" not in text and "<script>x" not in text and "&lt;script&gt;x" in text
