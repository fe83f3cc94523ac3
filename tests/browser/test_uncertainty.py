"""Item 9: from a result to its uncertainty and sensitivity, with charts, plain words and a report to take away."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanheng_web.inventory.tests.conftest import run, works  # noqa: F401  fixtures
from tanheng_web.inventory.uncertainty.services import study_execute_now

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def at_once(settings):
    """Jobs run in the request: the test looks at pages, not at a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def overflow_px(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def charts_drawn(page, count: int) -> None:
    expect(page.locator("[data-chart][data-drawn='true']")).to_have_count(count)


def test_a_manager_goes_from_a_result_to_its_interval(works, run, login, at_once, screenshot):  # noqa: F811
    page = login("manager", reverse("inventory:run", args=[works.pk, run.pk]))
    page.get_by_role("link", name="这个结果的不确定性").click()
    page.get_by_role("link", name="新建分析").first.click()
    expect(page.get_by_text("无不确定度依据").first).to_be_visible()
    expect(page.get_by_text("凭记忆录入，待核原文").first).to_be_visible()
    page.get_by_label("抽样次数").fill("2000")
    page.locator("select[name='k0']").select_option("normal")
    page.locator("input[name='p0']").fill("5")
    page.get_by_role("button", name="开始分析").click()
    finding = page.locator("[data-sentence]")
    expect(finding).to_contain_text("有 95% 的把握，排放总量在")
    expect(finding).to_contain_text("最影响它的是")
    charts_drawn(page, 3)
    expect(page.get_by_text("真实的不确定度只会更大")).to_be_visible()
    screenshot("uncertainty")


def test_a_wrong_spread_is_told_beside_its_variable(works, run, login, faults):  # noqa: F811
    page = login("manager", reverse("inventory:uncertainty-new", args=[works.pk]))
    page.locator("select[name='k0']").select_option("normal")
    page.locator("input[name='p0']").fill("很大")
    page.get_by_role("button", name="开始分析").click()
    expect(page.locator("tr.table-danger .invalid-feedback")).to_be_visible()
    expect(page.locator("input[name='p0']")).to_have_value("很大")
    faults.clear()  # the answer 422 is what the test is about


@pytest.mark.parametrize("method", ["tornado", "morris", "sobol"])
def test_chosen_variables_are_ranked_and_drawn(works, run, login, at_once, screenshot, method):  # noqa: F811
    page = login("manager", reverse("inventory:uncertainty-new", args=[works.pk]) + f"?method={method}")
    boxes = page.locator("input[type='checkbox'][name^='c']")
    for box in boxes.all()[3:]:
        box.uncheck()
    page.locator("input[name='l0']").fill("-20")
    page.locator("input[name='h0']").fill("30")
    page.get_by_role("button", name="开始分析").click()
    expect(page.locator("[data-sentence]")).to_contain_text("影响" if method != "sobol" else "波动")
    charts_drawn(page, 1)
    page.get_by_role("button", name="表格").click()
    expect(page.locator("[data-chart-table] tbody tr")).to_have_count(3)
    expect(page.locator("[data-chart-table]")).to_contain_text("−20%～+30%")
    screenshot(f"sensitivity-{method}")


def test_the_report_is_downloaded(works, run, world, login, at_once):  # noqa: F811
    parameters = {"n": 500, "seed": 1, "months": "shared", "overrides": {}}
    study = study_execute_now(run=run, method="monte_carlo", parameters=parameters, by=world.people["manager"])
    address = reverse("inventory:uncertainty-study", args=[works.pk, study.pk])
    page = login("manager", address)
    page.get_by_role("button", name="生成 Word（docx）").click()
    written = page.locator("#reports").get_by_role("link", name="Word（docx）")
    expect(written).to_be_visible(timeout=30_000)  # the job is done and the page shows its file
    with page.expect_download() as download:
        written.click()
    assert download.value.suggested_filename.endswith("不确定性分析报告.docx")
    assert download.value.path().read_bytes()[:2] == b"PK"


def test_a_phone_holds_form_and_finding(works, run, world, login):  # noqa: F811
    parameters = {"n": 500, "seed": 1, "months": "shared", "overrides": {}}
    study = study_execute_now(run=run, method="monte_carlo", parameters=parameters, by=world.people["manager"])
    page = login("manager", reverse("inventory:uncertainty", args=[works.pk]))
    page.set_viewport_size(PHONE)
    for name, more in (("uncertainty", []), ("uncertainty-new", []), ("uncertainty-study", [study.pk])):
        page.goto(page.url.split("/o/")[0] + reverse(f"inventory:{name}", args=[works.pk, *more]))
        assert overflow_px(page) <= 0, name
