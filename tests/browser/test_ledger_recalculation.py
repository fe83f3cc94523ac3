"""Two paths in a browser: the ledger and its proof; a factor change from the list to the corrected report."""

from datetime import date

import pytest
from tests.browser.conftest import PHONE, overflow_px

from tanheng.kernel.periods import Month
from tanheng_web.common.models import Job
from tanheng_web.inventory import services
from tanheng_web.inventory.execution import report_execute
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.recalculation.execution import recalculation_compute, recalculation_post
from tanheng_web.inventory.tests.world import month_fill, works_with_streams

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def result(world):
    """The first two months of 2025, accounted with the factors known in the middle of 2023."""
    works_with_streams(world.works, world.people["superuser"])
    for number in (1, 2):
        month_fill(world.works, Month(2025, number), enter=world.people["reporter"], review=world.people["manager"])
    return services.run_execute_now(
        organisation=world.works, period="2025-01..2025-02", by=world.people["manager"], as_of=date(2023, 6, 30)
    )


def _carry_out(page, task) -> None:
    """What the worker does; the browser tests run without one. The page that waits on the job loads itself anew."""
    job = Job.objects.latest("pk")
    with page.expect_navigation():
        task.func(job.pk, **job.kwargs)


def test_the_ledger_proves_itself_and_opens_its_figures(result, world, login, screenshot):
    page = login("viewer", f"/o/{world.works.pk}/results/ledger/?period=2025")
    assert page.locator("#reconciliation .th-ok").inner_text() == "一致到末位"
    page.locator("#reconciliation summary").click()
    assert page.locator("#reconciliation tbody tr", has_text="2025-01").locator("td").last.inner_text() == "一致"
    rows = page.locator("#ledger tbody tr")
    before = rows.count()
    page.select_option("select[name=source]", "fuel_combustion")
    page.wait_for_url("**source=fuel_combustion**")
    assert 0 < rows.count() < before
    page.reload()
    assert page.locator("select[name=source]").input_value() == "fuel_combustion", "the filter stands in the URL"
    ledger = page.url
    page.locator("#ledger tbody .th-fig-value").first.click()
    page.wait_for_selector("#th-panel:not([hidden]) .th-panel-body >> text=公式")
    screenshot("ledger")
    page.goto(ledger)
    page.set_viewport_size(PHONE)
    assert overflow_px(page) == 0
    screenshot("ledger-phone")


def test_from_a_factor_to_the_corrected_report(result, world, login, screenshot):
    org = world.works.pk
    page = login("manager", f"/o/{org}/results/{result.pk}/")
    page.locator("#reports button[value=xlsx]").click()
    page.wait_for_selector("#report-job .job")
    _carry_out(page, report_execute)
    page.goto(page.url.split("/o/")[0] + f"/o/{org}/results/reports/")
    page.get_by_role("button", name="发布").click()
    page.wait_for_selector("text=已发布第 1 版")

    page.goto(page.url.split("/o/")[0] + f"/o/{org}/results/recalculation/")
    page.get_by_role("link", name="受影响的结果").first.click()
    page.wait_for_selector("text=计算差异")
    page.fill("#id_as_of", "2026-06-30")
    page.fill("#id_note", "电网因子更新")
    page.get_by_role("button", name="计算差异").click()
    page.wait_for_selector(".job")
    _carry_out(page, recalculation_compute)
    assert page.locator("text=按源流的差异").count() == 1
    screenshot("recalculation")
    page.get_by_role("button", name="采纳新结果").click()
    page.wait_for_selector("text=已采纳")
    _carry_out(page, recalculation_post)
    page.get_by_role("link", name="已记账").click()
    page.wait_for_selector("text=更正原因")
    newer = Run.objects.current().get(organisation=org, period="2025-01..2025-02")
    assert newer.superseded_at is None and newer.pk != result.pk

    page.fill("textarea[name=reason]", "电网因子更新")
    page.locator("#reports button[value=docx]").click()
    page.wait_for_selector("#report-job .job")
    _carry_out(page, report_execute)
    page.goto(page.url.split("/o/")[0] + f"/o/{org}/results/reports/")
    page.get_by_role("button", name="发布").click()
    page.wait_for_selector("text=已发布第 2 版（更正版）")
    assert page.locator("td", has_text="已被更正").count() == 1
    screenshot("report-editions")

    page.goto(page.url.split("/o/")[0] + f"/o/{org}/results/ledger/?period=2025&state=superseded")
    assert page.locator("#ledger tbody tr").count() == 4
    assert "因子更替" in page.locator("#ledger tbody tr").first.inner_text()
    page.get_by_role("link", name="看当时的账").last.click()
    page.wait_for_selector("text=这是过去的账")
    page.set_viewport_size(PHONE)
    assert overflow_px(page) == 0
