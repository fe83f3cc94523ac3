"""The back office: a standard is copied, broken, mended, published by a second person, chosen, and counts."""

import shutil

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanheng_web.catalogue.models import StandardCopy
from tanheng_web.catalogue.standards.publishing import home
from tanheng_web.common.models import Job
from tanheng_web.inventory import services
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.tests.conftest import works  # noqa: F401  fixture
from tanheng_web.inventory.trials.tasks import trial_execute

from .conftest import PHONE, overflow_px

pytestmark = pytest.mark.django_db(transaction=True)
STEEL = "gbt_32151_5_2015"


@pytest.fixture(autouse=True)
def no_folders_left():
    yield
    for folder in home().iterdir():
        shutil.rmtree(folder)


def _path(name: str, works, **values) -> str:  # noqa: F811
    return reverse(name, kwargs={"org": works.pk, **values})


def _copied(page, works, live_server) -> StandardCopy:  # noqa: F811
    page.goto(live_server.url + _path("catalogue:standard", works, standard=STEEL))
    expect(page.locator("math").first).to_be_visible()
    page.get_by_role("link", name="复制并修改").click()
    page.fill("#id_zh", "示范钢铁内部核算方法")
    page.fill("#id_short_zh", "钢铁内部方法")
    page.fill("#id_name", "inner")
    page.fill("#id_reason", "熔剂纯度按实测")
    page.get_by_role("button", name="复制", exact=True).click()
    expect(page.locator(".page-state")).to_contain_text("算例全部成立")
    return StandardCopy.objects.get()


def _formula_broken_and_mended(page, faults) -> None:
    page.get_by_role("link", name="熔剂消耗排放").first.click()
    said = page.locator("#formula-said")
    expect(said).to_contain_text("单位相符")
    page.fill("#id_term_emission_factor", "tC/t")
    expect(said).to_contain_text("量纲不同")
    page.fill("#id_reason", "熔剂纯度按实测")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".field-error").first).to_contain_text("不同")
    faults.clear()  # the browser logs the 422
    page.fill("#id_term_emission_factor", "tCO2/t")
    page.fill("#id_expr", "quantity * emission_factor * 0.98")
    expect(said).to_contain_text("单位相符")
    expect(said.locator("math")).to_contain_text("0.98")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#messages")).to_contain_text("已保存")


def _expectations_replaced(page) -> int:
    """Every case that no longer holds: old and new side by side, then deliberately the new one."""
    count = 0
    while page.get_by_role("link", name="对照新旧期望").count():
        page.get_by_role("link", name="对照新旧期望").first.click()
        expect(page.get_by_role("heading", name="期望与结果")).to_be_visible()
        page.fill("#id_reason", "熔剂纯度 98 %")
        page.check("#id_understood")
        page.get_by_role("button", name="采用新的期望").click()
        expect(page.locator("#messages")).to_contain_text("已采用新的期望")
        count += 1
        assert count < 20
    return count


def _tried(page, works, copy, live_server) -> None:  # noqa: F811
    """What the change does to approved data is seen before it is handed on."""
    page.get_by_role("button", name="提交复核").click()
    expect(page.locator("#messages")).to_contain_text("请先“试算”")
    page.get_by_role("link", name="试算").click()
    page.get_by_role("button", name="试算").click()
    page.wait_for_selector("#trial-job .job")
    job = Job.objects.latest("pk")
    trial_execute.func(job.pk, **job.kwargs)
    expect(page.locator("#sources")).to_contain_text("熔剂消耗排放", timeout=15_000)  # the page follows its job
    page.goto(live_server.url + _path("catalogue:copy", works, copy=copy.pk))
    expect(page.locator("#trial")).to_contain_text("差异")


def test_a_standard_is_copied_changed_published_chosen_and_counts(
    works,  # noqa: F811
    login,
    live_server,
    faults,
    screenshot,
):
    page = login("manager", _path("catalogue:standards", works))
    copy = _copied(page, works, live_server)
    _formula_broken_and_mended(page, faults)
    expect(page.get_by_role("button", name="提交复核")).to_be_disabled()
    screenshot("back-office-cases")
    assert _expectations_replaced(page) > 0
    _tried(page, works, copy, live_server)
    page.get_by_role("button", name="提交复核").click()
    expect(page.get_by_role("button", name="复核通过并发布")).to_be_disabled()
    page.context.clear_cookies()
    page = login("admin", _path("catalogue:copy", works, copy=copy.pk))
    expect(page.locator("#differences")).to_contain_text("quantity * emission_factor * 0.98")
    page.get_by_role("button", name="复核通过并发布").click()
    expect(page.locator("#messages")).to_contain_text("已发布")
    copy.refresh_from_db()

    page.goto(f"{live_server.url}{_path('settings:standards', works)}?period=2025")
    page.check(f"#s-{copy.standard_id}")
    page.check(f"input[name=primary][value={copy.standard_id}]")
    page.get_by_role("button", name="保存选择").click()
    expect(page.locator("#messages")).to_contain_text("已选定 2025 年度")

    services.results_refresh(organisation=works, year=2025, by=copy.created_by, now=True)
    run = Run.objects.get(standard=copy.standard_id)
    assert run.summary["standard_digest"] == copy.digest
    page.context.clear_cookies()
    page = login("manager", _path("inventory:run", works, run=run.pk))
    expect(page.locator("body")).to_contain_text("钢铁内部方法")
    page.goto(f"{live_server.url}{_path('inventory:figure', works, run=run.pk)}?a=stream:lime")
    page.locator("[data-figure-page] table a[data-figure]").first.click()
    expect(page.locator("math").first).to_contain_text("0.98")
    expect(page.locator("body")).to_contain_text("企业自有方法")
    screenshot("back-office-figure")


@pytest.mark.parametrize(
    "name",
    ["catalogue:standards", "catalogue:materials", "catalogue:mapping", "catalogue:units", "catalogue:material-add"],
)
def test_the_pages_fit_a_telephone(works, login, page, name):  # noqa: F811
    page.set_viewport_size(PHONE)
    assert overflow_px(login("manager", _path(name, works))) <= 0
