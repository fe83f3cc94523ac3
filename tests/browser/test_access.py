"""Logging in, switching enterprises, what is not one's own, the frame on a desk and on a telephone."""

import re

import pytest
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}
PAGES = (
    "/organisations/",
    "/organisations/new/",
    "/password/",
    "settings/",
    "settings/processes/",
    "settings/members/",
    "settings/sites/",
    "settings/sites/add/",
    "settings/processes/add/",
    "settings/accounting/",
    "settings/accounting/standard/",
    "settings/group/",
    "settings/log/",
    "/profile/",
)


def overflow_px(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_wrong_password_is_said_and_the_right_one_opens(page, live_server, world, faults, screenshot):
    page.goto(f"{live_server.url}/organisations/")
    screenshot("login")
    page.fill("#id_username", "manager")
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    expect(page.locator("#id_password")).to_be_focused()
    faults.clear()  # the browser logs the 422
    page.keyboard.type("a-long-password-7")
    page.keyboard.press("Enter")
    expect(page).to_have_title("企业 · 碳衡")


def test_the_enterprise_is_switched_by_typing(login, world):
    page = login("group_admin")
    page.click("#organisation-switch")
    search = page.get_by_placeholder("筛选企业")
    expect(search).to_be_focused()
    search.fill("钢铁")
    expect(page.locator("#organisation-list a:visible")).to_have_count(1)
    page.locator("#organisation-list a:visible").click()
    expect(page).to_have_url(re.compile(rf"/o/{world.works.pk}/$"))
    expect(page.locator("#organisation-switch")).to_contain_text("示范钢铁")


def test_a_foreign_enterprise_is_not_there(login, live_server, world, faults):
    page = login("manager")
    response = page.goto(f"{live_server.url}/o/{world.foreign.pk}/")
    assert response.status == 404
    expect(page.get_by_role("heading")).to_have_text("找不到页面")
    assert "外厂" not in page.content()
    faults.clear()  # the browser logs the 404


def test_ctrl_k_finds_and_the_keyboard_opens(login, world):
    page = login("manager")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-results a").first).to_be_visible()
    page.keyboard.type("企业设置")
    expect(page.locator("#palette-results a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/o/{world.works.pk}/settings/$"))


def test_the_theme_is_there_before_the_first_paint(login, live_server):
    page = login("manager")
    page.get_by_label("个人菜单").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert 'data-bs-theme="dark"' in page.request.get(f"{live_server.url}/organisations/").text()


def test_auto_follows_the_system(browser, live_server, db):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{live_server.url}/login/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_pages_fit_a_telephone(path, login, live_server, world, screenshot):
    page = login("group_admin")
    page.set_viewport_size(PHONE)
    address = path if path.startswith("/") else f"/o/{world.works.pk}/{path}"
    page.goto(f"{live_server.url}{address}")
    assert overflow_px(page) <= 0
    screenshot(f"phone-{path.strip('/').replace('/', '-')}")


def test_the_menu_opens_on_a_telephone(login, world):
    page = login("manager")
    page.set_viewport_size(PHONE)
    menu = page.locator("#menu")
    expect(menu).not_to_be_in_viewport()
    page.get_by_label("打开菜单").click()
    expect(menu).to_be_in_viewport()
    menu.get_by_text("企业设置").click()
    expect(page).to_have_url(re.compile(r"/settings/$"))


def test_an_enterprise_is_created_from_a_standard(login, live_server):
    page = login("manager", "/organisations/new/")
    page.get_by_label("企业名称").fill("新建钢铁有限公司")
    page.get_by_label("省份").select_option("河北")
    page.get_by_label("钢铁 GB/T 32151.5-2015").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("采用工序 烧结").uncheck()
    page.get_by_label("其他工序").fill("空压站房")
    page.get_by_role("button", name="创建企业").click()
    expect(page.get_by_role("status").first).to_contain_text("已创建“新建钢铁有限公司”")
    page.get_by_role("link", name="工序", exact=True).click()
    expect(page.locator(".process-name", has_text="空压站房")).to_be_visible()
    expect(page.locator(".process-name", has_text=re.compile("^烧结$"))).to_have_count(0)


def test_a_slash_in_a_name_is_said_and_nothing_is_lost(login, live_server, faults, screenshot):
    page = login("manager", "/organisations/new/")
    page.get_by_label("企业名称").fill("新建铝业有限公司")
    expect(page.get_by_label("电网区域")).to_be_hidden()
    page.get_by_label("省份").select_option("内蒙古")
    page.get_by_label("电网区域").select_option("东部")
    page.get_by_label("铝冶炼 GB/T 32151.4-2015").check()
    page.get_by_role("button", name="下一步").click()
    page.get_by_label("采用工序 铸造").uncheck()
    page.get_by_label("其他工序").fill("一车间/二车间")
    page.get_by_role("button", name="创建企业").click()
    expect(page.get_by_role("alert").first).to_contain_text("也不能含“/”")
    screenshot("wizard-fault")
    expect(page.get_by_label("采用工序 铸造")).not_to_be_checked()
    page.get_by_label("其他工序").fill("一车间")
    page.get_by_role("button", name="创建企业").click()
    expect(page.get_by_role("status").first).to_contain_text("已创建“新建铝业有限公司”")
    faults.clear()  # the browser logs the 422


def test_a_process_is_added_changed_and_deleted(login, live_server, world):
    page = login("manager", f"/o/{world.works.pk}/settings/processes/")
    for name in ("炼铁", "炼钢"):
        page.get_by_role("link", name="添加工序").first.click()
        page.get_by_label("名称").fill(name)
        page.get_by_role("button", name="添加").click()
    page.get_by_label("修改 炼钢").click()
    page.get_by_label("工序类别").select_option("bof")
    page.get_by_label("上级工序").select_option(label="炼铁")
    expect(page.get_by_label("工序类别")).to_be_hidden()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("炼铁/炼钢")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_label("删除 炼钢").click()
    expect(page.locator(".process-name")).to_have_text(["炼铁"])


def test_the_first_page_weighs_less_than_300_kb_compressed(page, live_server, db):
    import gzip

    weight = []
    page.on("response", lambda response: weight.append(len(gzip.compress(response.body(), 9))))
    page.goto(f"{live_server.url}/login/", wait_until="networkidle")
    assert sum(weight) < 300_000, weight


def test_nothing_comes_from_elsewhere(login, page, live_server, world):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    login("manager")
    assert asked
    assert all(url.startswith((live_server.url, "data:")) for url in asked)
