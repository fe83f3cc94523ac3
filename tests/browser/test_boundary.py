"""A unit is put outside with a reason; a group is consolidated, and a figure of it opens down to its cell."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tanheng.kernel.periods import Month
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.services.holdings import holding_add

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def works(world):
    """The works, accounted for January 2025, wholly held by its group."""
    works_with_streams(world.works, world.people["superuser"])
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=world.people["manager"])
    run_execute_now(organisation=world.works, period="2025-01", by=world.people["manager"])
    holding_add(
        group=world.group, by=world.people["group_admin"], owner=world.group, member=world.works, share=Decimal(100)
    )
    return world.works


def overflow_px(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_unit_goes_outside_only_with_a_reason(login, works, faults, screenshot):
    page = login("manager", f"/o/{works.pk}/boundary/")
    expect(page.get_by_role("heading", name="核算边界", level=1)).to_be_visible()
    page.get_by_label("修改 轧钢").click()
    page.select_option("#id_unit_type", "rolling")
    page.uncheck("#id_is_inside")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("移出核算边界须写明原因")).to_be_visible()
    faults.clear()  # the browser logs the 422
    page.fill("#id_reason", "已出租，由承租方运营")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("1 个在边界外")).to_be_visible()
    expect(page.get_by_text("不再参与核算")).to_be_visible()
    screenshot("boundary")
    page.set_viewport_size(PHONE)
    assert overflow_px(page) <= 0


def test_a_groups_figure_opens_in_the_panel(login, world, works, screenshot):
    path = f"/o/{world.group.pk}/boundary/group/?period=2025"
    page = login("group_viewer", path)
    screenshot("group")
    page.get_by_role("row", name="化石燃料燃烧排放").locator("a[data-figure]").first.click()
    why = page.locator("[data-explains]")
    expect(why).to_contain_text("化石燃料燃烧排放")
    assert page.url.endswith(path) or "figure" in page.url
    why.locator("a[data-figure]").nth(1).click()
    expect(page.locator("[data-explains]")).not_to_have_attribute("data-explains", "source:fuel_combustion")
    page.goto(page.url.split("#")[0])
    page.set_viewport_size(PHONE)
    assert overflow_px(page) <= 0
