"""碳比对 in the browser: the same approved data under two standards side by side, every difference with its reason."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.conftest import run, works  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)
ETS = "cets_ag_03_01_v01_2024"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def overflow_px(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


@pytest.fixture
def market(works, run, world):  # noqa: F811
    return run_execute_now(organisation=works, period=run.period, by=world.people["manager"], standard=ETS)


@pytest.fixture
def comparison(works, run, market, login):  # noqa: F811
    return login("manager", reverse("inventory:comparison", args=[works.pk]))


def test_two_standards_are_explained_down_to_the_stream(comparison, run, market):  # noqa: F811
    page = comparison
    totals = page.locator(".cmp-keys a[data-figure='total']").evaluate_all("all => all.map((a) => +a.dataset.value)")
    assert totals == [pytest.approx(run.total), pytest.approx(market.total)]
    fuel = page.locator("[data-source='fuel_combustion']")
    fuel.locator("summary .cmp-name").click()
    expect(fuel).to_contain_text("碳氧化率不同")
    power = page.locator("[data-source='purchased_electricity']")
    power.locator("summary .cmp-name").click()
    expect(power).to_contain_text("边界不同")
    expect(power).to_contain_text("电力只作辅助参数报数量")


def test_the_reasons_on_the_page_add_up(comparison):
    rows = comparison.locator("section[aria-labelledby='kinds-title'] tbody tr")
    shares = [number(text) for text in rows.locator("td").all_inner_texts()]
    assert sum(shares[:-1]) == pytest.approx(shares[-1], abs=0.03) and len(shares) >= 3


def test_a_figure_opens_in_the_run_it_is_from(comparison, run, market):  # noqa: F811
    page = comparison
    links = page.locator("[data-source='fuel_combustion'] summary a[data-figure]")
    assert [links.nth(n).get_attribute("data-run") for n in range(2)] == [str(run.pk), str(market.pk)]
    links.nth(1).click()
    panel = page.locator("#th-panel")
    expect(panel.locator("[data-explains='source:fuel_combustion']")).to_be_visible()
    assert f"/results/{market.pk}/figure/" in page.url


def test_choice_and_exchange_stand_in_the_address(comparison, run, market):  # noqa: F811
    page = comparison
    page.get_by_role("link", name="对调").click()
    page.wait_for_url(f"**?a={market.pk}**b={run.pk}**")
    page.locator("select[name='a']").select_option(str(run.pk))
    page.get_by_role("button", name="比对").click()
    page.wait_for_url(f"**?a={run.pk}**")
    page.locator("select[name='ap']").select_option("焦化")
    page.locator("select[name='bp']").select_option("高炉炼铁/1号高炉")
    page.get_by_role("button", name="比对").click()
    page.wait_for_url("**ap=%E7%84%A6%E5%8C%96**")
    page.reload()
    expect(page.locator("select[name='ap']")).to_have_value("焦化")
    expect(page.locator("#sources")).to_contain_text("焦炭")


def test_the_comparison_is_exported(comparison):
    page = comparison
    with page.expect_download() as book:
        page.get_by_role("link", name="导出 Excel").click()
    assert book.value.path().read_bytes().startswith(b"PK")


def test_a_dark_page_prints_light_charts(comparison):
    page = comparison
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
    page.reload()
    page.wait_for_selector("[data-chart='bridge'][data-drawn]")
    ink = """() => echarts.getInstanceByDom(document.querySelector("[data-chart='bridge']"))
        .getOption().xAxis[0].axisLabel.color"""
    on_screen = page.evaluate(ink)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    on_paper = page.evaluate(ink)
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert (on_screen, on_paper, page.evaluate(ink)) == ("#d5dbe3", "#26303d", "#d5dbe3")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_every_page_fits_the_window(comparison, works, run, screenshot, theme, size):  # noqa: F811
    page, base = comparison, comparison.url.split("/o/")[0]
    page.set_viewport_size(SIZES[size])
    page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
    for name, url in (
        ("comparison", reverse("inventory:comparison", args=[works.pk])),
        ("comparison-many", reverse("inventory:comparison-many", args=[works.pk])),
        ("comparison-reference", reverse("inventory:comparison-reference", args=[works.pk])),
        ("processes", reverse("inventory:run-processes", args=[works.pk, run.pk])),
        ("carbon", reverse("inventory:run-carbon", args=[works.pk, run.pk])),
    ):
        page.goto(base + url)
        if page.locator("[data-chart]").count():
            page.wait_for_selector("[data-chart][data-drawn]")
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert overflow_px(page) <= 0, name
        screenshot(f"{name}-{size}-{theme}")


def test_a_phone_folds_the_long_sections(works, run, login):  # noqa: F811
    page = login("manager", reverse("inventory:run", args=[works.pk, run.pk]))
    page.set_viewport_size(SIZES["phone"])
    table = page.locator("#streams table")
    expect(table).to_be_hidden()
    page.locator("#streams .th-fold").click()
    expect(table).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("section[aria-labelledby='defaults-title'] table")).to_be_visible()
