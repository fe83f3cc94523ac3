"""Data collection in a real browser: typing, pasting, undo, a conflict, import and approval."""

from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from playwright.sync_api import expect

from tanheng.kernel.periods import Period
from tanheng_web.collection import selectors
from tanheng_web.collection.models import ActivityValue, MonthReport
from tanheng_web.collection.tests.months import JULY, entered, plant_with_months
from tanheng_web.collection.workbook.template import write_template

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plant(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    return plant_with_months()


@pytest.fixture
def visit(browser, live_server, plant):
    """Open a page as a person; fails the test on a script error or a request that leaves the server."""
    contexts, wrong = [], []

    def open_page(who: str, path: str, *, width: int = 1440, height: int = 900):
        client = Client()
        client.force_login(getattr(plant, who))
        cookie = client.cookies["tanheng_session"].value
        context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": height})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.add_cookies([{"name": "tanheng_session", "value": cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console", lambda line: wrong.append(line.text) if line.type == "error" and "409" not in line.text else None
        )
        page.goto(f"{live_server.url}/o/{plant.works.pk}/data/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def cell(page, plant, code: str, key: str):
    return page.locator(f'[data-cell="{plant.streams[code].pk}:{key}"]')


def saved(page):
    page.wait_for_selector('#save-state[data-state="saved"]')


def value_of(plant, code: str, key: str):
    row = ActivityValue.objects.filter(
        report__month=JULY.first_day, stream=plant.streams[code], key=key, is_current=True
    ).first()
    return None if row is None else row.value


def paste(page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+v")


def test_typing_with_the_keyboard_alone_saves_by_itself(visit, plant):
    page = visit("reporter", "months/2025-07/")
    cell(page, plant, "M001", "purchased").focus()
    page.keyboard.press("Enter")
    page.keyboard.insert_text("１０１，０００")
    page.keyboard.press("Tab")
    page.keyboard.type("5000")
    page.keyboard.press("Enter")
    saved(page)
    assert value_of(plant, "M001", "purchased") == 101000
    assert value_of(plant, "M001", "opening_stock") == 5000
    assert cell(page, plant, "M001", "purchased").inner_text() == "101,000"
    assert "缺 12 格" in page.locator("#missing-count").inner_text()


def test_escape_leaves_the_cell_as_it_was(visit, plant):
    page = visit("reporter", "months/2025-07/")
    cell(page, plant, "M001", "purchased").focus()
    page.keyboard.type("99")
    page.keyboard.press("Escape")
    assert cell(page, plant, "M001", "purchased").inner_text() == ""
    assert value_of(plant, "M001", "purchased") is None


def test_a_block_from_excel_is_pasted_undone_and_done_again(visit, plant):
    page = visit("reporter", "months/2025-07/")
    cell(page, plant, "M001", "purchased").focus()
    paste(page, "101,000\t5000\t5100\r\n210\t\t\r\n")
    saved(page)
    assert (value_of(plant, "M001", "closing_stock"), value_of(plant, "M002", "purchased")) == (5100, 210)
    page.keyboard.press("Control+z")
    expect(page.locator("#missing-count")).to_have_text("缺 14 格")
    assert value_of(plant, "M001", "closing_stock") is None
    page.keyboard.press("Control+y")
    expect(page.locator("#missing-count")).to_have_text("缺 10 格")
    assert value_of(plant, "M001", "closing_stock") == 5100


def test_what_a_pasted_block_has_no_place_for_is_named_and_never_lands_elsewhere(visit, plant):
    page = visit("reporter", "months/2025-07/")
    cell(page, plant, "M002", "purchased").focus()
    paste(page, "210\t33\r\n20,500\t800\r\n777\t888\r\n")  # 天然气 has no stock; 石灰石 is the last row of its table
    saved(page)
    assert (value_of(plant, "M002", "purchased"), value_of(plant, "M003", "opening_stock")) == (210, 800)
    assert value_of(plant, "P001", "quantity") is None
    lost = page.locator("#grid-lost").inner_text()
    assert "3 格没有位置" in lost and "33（天然气 · 期初库存量）" in lost and "777（表格之外）" in lost
    cell(page, plant, "M003", "purchased").focus()
    paste(page, "20,500\t0\t0")
    expect(page.locator("#grid-lost")).to_be_hidden()


def test_implausible_is_amber_with_the_reason_and_impossible_is_red_and_not_saved(visit, plant):
    page = visit("reporter", "months/2025-07/")
    cell(page, plant, "E001", "quantity").focus()
    page.keyboard.type("72000000")
    page.keyboard.press("Enter")
    saved(page)
    cell(page, plant, "E001", "quantity").focus()
    assert "is-warn" in cell(page, plant, "E001", "quantity").get_attribute("class")
    assert "疑似单位错 1000 倍" in page.locator("#hint-reason").inner_text()
    assert "上月 74,200" in page.locator("#hint-past").inner_text()
    cell(page, plant, "M001", "purchased").focus()
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    page.wait_for_selector('#save-state[data-state="error"]')
    assert "is-bad" in cell(page, plant, "M001", "purchased").get_attribute("class")
    assert value_of(plant, "M001", "purchased") is None


def test_a_later_edit_of_somebody_else_is_asked(visit, plant):
    mine = visit("reporter", "months/2025-07/")
    theirs = visit("manager", "months/2025-07/")
    mine.route("**/news/**", lambda route: route.fulfill(status=204))  # no news before the edit
    for page, text in ((theirs, "70001"), (mine, "70002")):
        cell(page, plant, "E001", "quantity").focus()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        if page is theirs:
            saved(page)
    mine.wait_for_selector("#grid-conflict[open]")
    assert (
        "manager" in mine.locator("#conflict-text").inner_text()
        and "70,001" in mine.locator("#conflict-text").inner_text()
    )
    assert value_of(plant, "E001", "quantity") == 70001
    mine.locator('[data-conflict="mine"]').click()
    saved(mine)
    assert value_of(plant, "E001", "quantity") == 70002


def test_edits_of_others_appear(visit, plant):
    mine = visit("reporter", "months/2025-07/")
    theirs = visit("manager", "months/2025-07/")
    cell(theirs, plant, "P001", "quantity").focus()
    theirs.keyboard.type("261000")
    theirs.keyboard.press("Enter")
    saved(theirs)
    mine.bring_to_front()
    expect(cell(mine, plant, "P001", "quantity")).to_have_text("261,000", timeout=10_000)


def test_a_workbook_is_checked_confirmed_submitted_and_approved(visit, plant, tmp_path):
    book = openpyxl.load_workbook(
        BytesIO(write_template(selectors.template_spec(plant.works, Period.parse("2025-07"))))
    )
    for code, cell_address in (("物料收支", "H2"), ("产品产量", "H2"), ("电力热力", "H2")):
        book[code][cell_address] = 70000
    book["工序投入产出"]["H2"] = "九万五"
    path = tmp_path / "七月.xlsx"
    book.save(path)
    page = visit("reporter", "imports/")
    page.set_input_files("#file", str(path))
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_selector("text=问题清单")
    assert page.locator(".fault-error").count() == 1 and "九万五" in page.locator(".fault-error").inner_text()
    assert not ActivityValue.objects.filter(report__month=JULY.first_day).exists()
    with page.expect_download() as download:
        page.get_by_text("下载标出问题的工作簿").click()
    assert openpyxl.load_workbook(BytesIO(download.value.path().read_bytes()))["工序投入产出"]["H2"].value == "九万五"
    page.get_by_role("button", name="导入 3 行").click()
    page.wait_for_selector("text=已写入 3 个数值")
    entered(plant, JULY)
    page = visit("reporter", "months/2025-07/")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_selector("text=已提交，等待碳管理员审核")
    page = visit("manager", "months/2025-07/")
    page.get_by_role("button", name="审核通过").click()
    page.wait_for_selector("text=已审核锁定")
    assert MonthReport.objects.get(month=JULY.first_day).status == "approved"
    assert page.locator('#grid[data-editable="0"]').count() == 1


def test_on_a_phone_the_grid_is_usable(visit, plant):
    page = visit("reporter", "months/2025-07/", width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cell(page, plant, "E001", "quantity").scroll_into_view_if_needed()
    cell(page, plant, "E001", "quantity").dblclick()
    page.keyboard.type("70500")
    page.keyboard.press("Enter")
    saved(page)
    assert value_of(plant, "E001", "quantity") == 70500


def test_reopening_shows_what_changed(visit, plant):
    page = visit("manager", "months/2025-06/")
    page.get_by_role("button", name="重新开启").click()
    page.fill("#reason", "电表倍率更正")
    page.get_by_role("button", name="建立新版本").click()
    page.wait_for_selector("text=已建立新版本")
    cell(page, plant, "E001", "quantity").focus()
    page.keyboard.type("75000")
    page.keyboard.press("Enter")
    saved(page)
    page.get_by_role("link", name="2 个版本").click()
    page.wait_for_selector("text=1 处不同")
    assert "74,200" in page.locator("tbody").inner_text() and "75,000" in page.locator("tbody").inner_text()


def test_what_was_refused_is_kept_and_what_was_checked_is_confirmed_by_keyboard(visit, plant):
    page = visit("reporter", "months/2025-07/")
    cell(page, plant, "M001", "sold").focus()
    page.keyboard.type("-5")
    page.keyboard.press("Enter")
    page.wait_for_selector('#save-state[data-state="error"]')
    cell(page, plant, "E001", "quantity").focus()
    page.keyboard.type("72000000")
    page.keyboard.press("Enter")
    expect(cell(page, plant, "E001", "quantity")).to_have_text("72,000,000")
    page.reload()
    expect(cell(page, plant, "M001", "sold")).to_have_text("-5")
    expect(page.locator("#save-state")).to_contain_text("1 格没有采用")
    cell(page, plant, "M001", "sold").focus()
    page.keyboard.press("Shift+F2")
    expect(page.locator("#note-impossible")).to_be_visible()
    expect(page.locator("#note-verify")).to_be_hidden()
    page.get_by_role("button", name="放弃填写").click()
    expect(cell(page, plant, "M001", "sold")).to_have_text("")
    cell(page, plant, "E001", "quantity").focus()
    page.keyboard.press("Shift+F2")
    page.keyboard.type("新线投产")
    page.locator("#note-verified").press("Space")
    page.get_by_role("button", name="保存备注").press("Enter")
    page.wait_for_selector(f'[data-cell="{plant.streams["E001"].pk}:quantity"].is-verified')
    assert ActivityValue.objects.get(is_current=True, value=72000000).note == "已核实：新线投产"


def test_a_returned_month_is_mended_and_handed_in_again(visit, plant):
    entered(plant, JULY)
    page = visit("reporter", "months/2025-07/")
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_selector("text=已提交，等待碳管理员审核")
    page = visit("manager", "months/2025-07/")
    page.get_by_role("button", name="退回", exact=True).click()
    page.fill("#comment", "电量与发票不符")
    page.get_by_role("button", name="确认退回").click()
    page = visit("reporter", "months/2025-07/")
    page.wait_for_selector("text=退回意见：电量与发票不符")
    cell(page, plant, "E001", "quantity").focus()
    page.keyboard.type("71000")
    page.keyboard.press("Enter")
    saved(page)
    page.get_by_role("button", name="提交", exact=True).click()
    page.get_by_role("button", name="确认提交").click()
    page.wait_for_selector("text=已提交，等待碳管理员审核")
    assert value_of(plant, "E001", "quantity") == 71000


def test_a_dropped_file_is_named_and_an_import_shows_what_it_changes(visit, plant, tmp_path):
    entered(plant, JULY)
    book = openpyxl.load_workbook(
        BytesIO(write_template(selectors.template_spec(plant.works, Period.parse("2025-07"))))
    )
    book["电力热力"]["H2"] = 70500
    path = tmp_path / "更正.xlsx"
    book.save(path)
    page = visit("reporter", "imports/")
    assert "选择 .xlsx 文件" in page.locator("#file-name").inner_text()
    page.set_input_files("#file", str(path))
    expect(page.locator("#file-name")).to_contain_text("更正.xlsx（")
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_selector("text=将改动 1 个已有数值")
    assert "70,000" in page.locator(".changes").inner_text() and "70,500" in page.locator(".changes").inner_text()
