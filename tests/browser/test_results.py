"""A figure is opened, walked down, sent to a colleague; charts are drawn; phones and dark pages hold."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanheng.kernel.periods import Month
from tanheng_web.inventory import services
from tanheng_web.inventory.tests.conftest import run, works  # noqa: F401  fixtures
from tanheng_web.inventory.tests.world import month_correct, month_fill

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def overflow_px(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def drawn(page) -> int:
    """How many canvases carry a picture."""
    return page.evaluate(
        """() => [...document.querySelectorAll('[data-chart] canvas')].filter((canvas) => {
            const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
            return pixels.some((value) => value !== 0);
        }).length"""
    )


@pytest.fixture
def result(works, run, login):  # noqa: F811
    return login("manager", reverse("inventory:run", args=[works.pk, run.pk]))


def test_a_figure_is_walked_down_to_its_cell_and_back(result):
    page, home = result, result.url
    page.locator(".th-key a[data-figure='total']").click()
    panel = page.locator("#th-panel")
    expect(panel.locator("[data-explains='total']")).to_be_visible()
    for _ in range(4):
        before = page.url
        panel.locator("section table a[data-figure]").first.click()
        page.wait_for_function("before => location.href !== before", arg=before)
        expect(panel.locator("[aria-busy]")).to_have_count(0)
    expect(panel).to_contain_text("性质")
    expect(panel).to_contain_text("录入")
    for _ in range(5):
        page.go_back()
    expect(panel).to_be_hidden()
    assert page.url == home


def test_the_address_of_a_figure_can_be_sent(result):
    page = result
    page.locator("section[aria-labelledby='sources-title'] a[data-figure^='source:']").first.click()
    expect(page.locator("#th-panel [data-explains]")).to_be_visible()
    label = page.locator("#th-panel .th-why-label").inner_text()
    page.goto(page.url)
    expect(page.locator("[data-figure-page] .th-why-label")).to_have_text(label)


def test_escape_closes_and_gives_the_focus_back(result):
    page = result
    page.locator(".th-key a[data-figure='total']").click()
    expect(page.locator("#th-panel-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#th-panel")).to_be_hidden()
    expect(page.locator(".th-key a[data-figure='total']")).to_be_focused()


def test_the_formula_is_typeset_with_its_numbers(works, run, result):  # noqa: F811
    page = result
    page.goto(page.url + "figure/?a=line:0")
    expect(page.locator("[data-figure-page] math")).to_have_count(2)


def test_every_chart_is_drawn_and_turns_into_its_table(result):
    page = result
    page.wait_for_selector("[data-chart][data-drawn]")
    charts = page.locator("[data-chart]").count()
    page.wait_for_function(
        "count => document.querySelectorAll('[data-chart][data-drawn]').length === count", arg=charts
    )
    assert drawn(page) == charts >= 3
    card = page.locator("[data-chart-card]").first
    card.get_by_role("button", name="表格").click()
    expect(card.locator("[data-chart-table] a[data-figure]").first).to_be_visible()
    with page.expect_download() as csv:
        card.get_by_role("button", name="CSV").click()
    text = csv.value.path().read_text("utf-8-sig")
    assert text.count("\n") >= 3 and "." in text
    card.get_by_role("button", name="表格").click()
    with page.expect_download() as picture:
        card.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("name", "size"), [("desk", DESK), ("phone", PHONE)])
def test_result_and_panorama_fit_the_window(works, run, result, screenshot, theme, name, size):  # noqa: F811
    page = result
    page.set_viewport_size(size)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    for label, url in (
        ("result", page.url),
        ("panorama", reverse("dashboards:panorama", args=[works.pk]) + "?period=2025"),
    ):
        page.goto(page.url.split("/o/")[0] + url if url.startswith("/") else url)
        page.wait_for_selector("[data-chart][data-drawn]")
        assert overflow_px(page) <= 0, label
        screenshot(f"{label}-{name}-{theme}")


def test_the_wall_display_draws_the_same_figures(works, run, result):  # noqa: F811
    page = result
    base = page.url.split("/o/")[0] + reverse("dashboards:panorama", args=[works.pk])
    page.goto(f"{base}?period=2025")
    plain = page.locator(".th-key a[data-figure]").evaluate_all("all => all.map((a) => a.dataset.value)")
    page.goto(f"{base}?period=2025&screen=1")
    page.wait_for_selector("[data-chart][data-drawn]")
    assert page.locator(".th-key a[data-figure]").evaluate_all("all => all.map((a) => a.dataset.value)") == plain


def test_a_change_opens_the_figure_of_the_year_before(works, run, result):  # noqa: F811
    page = result
    change = page.locator(".th-key a[data-previous='total']").first
    then = float(change.get_attribute("data-value"))
    change.click()
    panel = page.locator("#th-panel")
    expect(panel.locator("[data-explains='total']")).to_be_visible()
    assert float(panel.locator(".th-why-value a[data-figure]").get_attribute("data-value")) == pytest.approx(then)
    expect(panel).to_contain_text("2024 年 1–2 月")


def test_a_long_table_opens_by_keyboard_and_prints_whole(works, run, result):  # noqa: F811
    page = result
    table = page.locator(".th-first:has(.th-more)").first
    rows = table.locator("tbody tr")
    total = rows.count()
    assert total > 12 and sum(rows.nth(n).is_visible() for n in range(total)) == 12
    page.emulate_media(media="print")
    assert all(rows.nth(n).is_visible() for n in range(total))
    page.emulate_media(media="screen")
    table.locator(".th-more input").focus()
    page.keyboard.press("Space")
    assert all(rows.nth(n).is_visible() for n in range(total))


def test_streams_are_filtered_in_place_and_in_the_address(works, run, result):  # noqa: F811
    page = result
    page.locator("#streams select[name='source']").select_option("flux")
    expect(page.locator("#streams tbody tr")).to_have_count(1)
    page.wait_for_url("**source=flux**")
    page.reload()
    expect(page.locator("#streams tbody tr")).to_have_count(1)


def test_ctrl_k_opens_a_figure(works, run, result):  # noqa: F811
    page = result
    page.goto(page.url.split("/o/")[0] + reverse("dashboards:panorama", args=[works.pk]) + "?period=2025")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("熔剂")
    page.locator("#palette-results a", has_text="数值").first.click()
    expect(page.locator(".th-why-label")).to_contain_text("熔剂")


def test_a_corrected_value_shows_who_when_and_why(works, run, world, result):  # noqa: F811
    """From the total down to the cell of a month that was opened again: both versions, and both results."""
    page = result
    people = {"enter": world.people["reporter"], "review": world.people["manager"]}
    month_correct(works, Month(2025, 1), **people, stream="anth", amount=Decimal(41_000), reason="磅单更正")
    newer = services.run_execute_now(organisation=works, period="2025-01..2025-02", by=world.people["manager"])
    page.goto(page.url.split("/o/")[0] + reverse("inventory:run", args=[works.pk, newer.pk]))
    page.locator(".th-key a[data-figure='total']").click()
    panel = page.locator("#th-panel")
    expect(panel).to_contain_text("这个数的历次结果")
    expect(panel).to_contain_text("已替代")
    for address in ("source:fuel_combustion", "source:fuel_combustion+stream:anth"):
        panel.locator(f"section table a[data-figure='{address}']").first.click()
        expect(panel.locator(f"[data-explains='{address}']")).to_be_visible()
    panel.locator("section table a[data-figure^='line:']").first.click()
    expect(panel).to_contain_text("44")
    panel.locator("section table a[data-figure$='/quantity']").first.click()
    for words in ("录入的历次版本", "40,000", "41,000", "原因：磅单更正", "第 1 版（已被替代）"):
        expect(panel).to_contain_text(words)


def test_a_gap_leads_to_its_cell(works, world, login):  # noqa: F811
    people = {"enter": world.people["reporter"], "review": world.people["manager"]}
    month_fill(works, Month(2025, 3), **people, leave_out=("anth",))
    gappy = services.run_execute_now(organisation=works, period="2025-03", by=world.people["manager"])
    page = login("manager", reverse("inventory:run", args=[works.pk, gappy.pk]))
    page.locator("#gaps a[href*='#cell=']").first.click()
    page.wait_for_url("**/data/months/2025-03/**")
    cell = page.url.split("#cell=")[1]
    expect(page.locator(f"[data-cell='{cell}']")).to_be_focused()


def test_a_point_of_last_year_opens_that_year(works, run, result):  # noqa: F811
    page = result
    page.wait_for_selector("[data-chart='by-month'][data-drawn]")
    x, y = page.evaluate(
        """() => { const chart = echarts.getInstanceByDom(document.querySelector("[data-chart='by-month']"));
            const last = chart.getOption().series.findIndex((series) => series.name === '上年同期');
            return chart.convertToPixel({ seriesIndex: last }, [0, chart.getOption().series[last].data[0].value]); }"""
    )
    page.locator("[data-chart='by-month']").click(position={"x": x, "y": y})
    expect(page.locator("#th-panel [data-explains='month:2024-01']")).to_be_visible()
