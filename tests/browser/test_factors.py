"""The factor library in a real browser: typing, narrowing, opening, importing, two people, a run that uses it."""

from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from tanheng.kernel.periods import Month
from tanheng_web.catalogue.models import FactorImport, FactorVersion
from tanheng_web.catalogue.tests.factors import GOOD, csv_of
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def at_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


def _is_fault(line) -> bool:
    # typing on aborts the search before: htmx says so as an error
    return line.type == "error" and not line.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))


@pytest.fixture
def visit(browser, live_server, world):
    """Open a page of the works as a person; fails the test on a script error."""
    contexts, wrong = [], []

    def open_page(who: str, path: str, *, width: int = 1440, height: int = 900):
        client = Client()
        client.force_login(world.people[who])
        context = browser.new_context(locale="zh-CN", viewport={"width": width, "height": height})
        cookie = client.cookies["tanheng_session"].value
        context.add_cookies([{"name": "tanheng_session", "value": cookie, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda line: wrong.append(line.text) if _is_fault(line) else None)
        page.goto(f"{live_server.url}/o/{world.works.pk}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not wrong


def test_results_follow_what_is_typed_and_ticked_and_a_factor_opens(visit):
    page = visit("viewer", "catalogue/factors/")
    page.locator("#q").press_sequentially("华北 电力", delay=20)
    expect(page.locator("#factor-total")).not_to_have_text("1472 条")
    page.get_by_text("数据年份", exact=True).first.click()
    page.get_by_label("2021", exact=False).first.check()
    expect(page.locator("#factor-total")).to_have_text("1 条")
    assert "data_year=2021" in page.url and "q=" in page.url
    assert page.evaluate("document.activeElement.type") == "checkbox"  # the swap kept the focus
    page.reload()
    expect(page.locator("#factor-total")).to_have_text("1 条")
    page.get_by_role("link", name="华北电力平均二氧化碳排放因子").click()
    expect(page.locator(".factor-value")).to_contain_text("0.7120")
    expect(page.get_by_text("公告2024年第12号")).to_be_visible()
    page.go_back()
    expect(page.locator("#q")).to_have_value("华北 电力")


def test_the_library_is_used_on_a_telephone(visit):
    page = visit("viewer", "catalogue/factors/", width=390, height=844)
    expect(page.locator(".factor-facets")).to_be_hidden()
    page.get_by_text("筛选条件").click()
    expect(page.locator(".factor-facets")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _upload(page, folder: Path, name: str, body: bytes):
    path = folder / name
    path.write_bytes(body)
    page.locator("#file").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url("**/imports/*/")


def test_factors_are_imported_by_one_reviewed_by_another_and_used_by_a_run(visit, world, tmp_path):
    manager = world.people["manager"]
    works_with_streams(world.works, world.people["superuser"])
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=manager)
    run_execute_now(organisation=world.works, period="2025-01", by=manager)

    importer = visit("manager", "catalogue/factors/imports/")
    _upload(importer, tmp_path, "faulty.csv", csv_of(GOOD | {"value": "650"}, GOOD | {"code": "B", "document": ""}))
    expect(importer.get_by_text("像是单位差了 1000 倍")).to_be_visible()
    expect(importer.get_by_text("没有注明来源")).to_be_visible()
    expect(importer.get_by_role("button", name="复核")).to_have_count(0)
    assert not FactorVersion.objects.exists()

    importer.goto(importer.url.rsplit("/", 2)[0] + "/")
    _upload(importer, tmp_path, "good.csv", csv_of(GOOD))
    importer.get_by_role("button", name="提交 1 条复核").click()
    expect(importer.get_by_text("须由另一位有复核权限的人员复核")).to_be_visible()

    batch = FactorImport.objects.get(name="good.csv")
    reviewer = visit("admin", f"catalogue/factors/imports/{batch.pk}/")
    reviewer.get_by_label("复核意见").fill("已与公告核对")
    reviewer.get_by_role("button", name="通过并发布").click()
    expect(reviewer.get_by_text("已发布，从今天起可以使用")).to_be_visible()

    before = visit("manager", "catalogue/factors/entry/?id=average:regional:north:2023")
    expect(before.get_by_text("它替代了本因子")).to_be_visible()
    expect(before.locator("#results-title + *")).to_contain_text("1 个")

    run = run_execute_now(organisation=world.works, period="2025-01", by=manager)
    assert run.summary["sources"]["purchased_electricity"]["value"] == pytest.approx(90_000 * 0.65)
    own = visit("manager", f"catalogue/factors/entry/?id=own:{world.works.pk}:EL-2024")
    expect(own.locator("#results-title + *")).to_contain_text("1 个")
    expect(own.get_by_text("第 1 版").first).to_be_visible()


def test_a_stream_picks_its_factor_from_the_library_by_keyboard(visit, world):
    works_with_streams(world.works, world.people["superuser"])
    page = visit("manager", "data/streams/add/")
    page.get_by_label("指定因子").press_sequentially("华北 2023", delay=20)
    expect(page.locator(".factor-choice").first).to_contain_text("华北电力")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_label("指定因子")).to_have_value("average:regional:north:2023")
    expect(page.locator(".factor-choice")).to_have_count(0)
