"""数据质量控制方案 in the browser: begin, write, read, issue, take away; and on a phone."""

import io

import docx
import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanheng_web.inventory.tests.world import works_with_streams

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def home(world):
    works_with_streams(world.works, world.people["superuser"])
    return reverse("inventory:control-plan", args=[world.works.pk])


def test_a_manager_writes_and_issues_a_plan(home, login, screenshot):
    page = login("manager", home)
    page.get_by_label("适用年度").fill("2027")
    page.get_by_role("button", name="按现有资料起草").click()
    expect(page.get_by_text("第 1 版草稿，适用 2027 年度")).to_be_visible()
    page.get_by_role("button", name="发布第 1 版").click()
    expect(page.get_by_text("还没有填批准人")).to_be_visible()
    page.get_by_role("link", name="版本信息").click()
    page.get_by_label("批准人").fill("王五")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="废钢消耗量").click()
    page.get_by_label("测量设备 第 1 行 名称").fill("汽车衡")
    page.get_by_label("获取方式").select_option("结算凭证")
    page.get_by_role("button", name="保存并继续填").click()
    expect(page.get_by_label("测量设备 第 1 行 名称")).to_have_value("汽车衡")
    page.goto(page.url.split("/parameters/")[0] + "/")
    expect(page.get_by_role("cell", name="汽车衡")).to_be_visible()
    screenshot("control-plan")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 Word").click()
    opened = docx.Document(io.BytesIO(download.value.path().read_bytes()))
    assert any("汽车衡" in cell.text for table in opened.tables for row in table.rows for cell in row.cells)
    page.get_by_role("link", name="数据质量控制方案").first.click()
    page.get_by_role("button", name="发布第 1 版").click()
    expect(page.get_by_role("heading", name="已发布的版本")).to_be_visible()
    expect(page.get_by_role("button", name="修订，另起一版")).to_be_visible()


def test_the_form_fits_a_phone(home, login):
    page = login("manager", home)
    page.get_by_role("button", name="按现有资料起草").click()
    page.set_viewport_size(PHONE)
    start = page.url
    for name in ("核算边界与设施", "内部质量控制"):
        page.goto(start)
        page.get_by_role("link", name=name).click()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_a_viewer_reads_and_finds_no_way_to_write(home, login):
    page = login("viewer", home)
    expect(page.get_by_text("还没有方案")).to_be_visible()
    expect(page.get_by_role("button", name="按现有资料起草")).to_have_count(0)
