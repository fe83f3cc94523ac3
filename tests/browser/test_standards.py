"""核算标准 in the browser: chosen for a year with reasons, accounted together, switched between on the results."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tanheng_web.inventory.selectors import latest_run
from tanheng_web.inventory.services import results_refresh
from tanheng_web.inventory.tests.conftest import run, works  # noqa: F401  fixtures
from tanheng_web.organisations.selectors import standards_of

pytestmark = pytest.mark.django_db(transaction=True)
STEEL, VIEW, ETS = "gbt_32151_5_2015", "iso_14064_1_2018", "cets_ag_03_01_v01_2024"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def choice(works, run, login):  # noqa: F811
    return login("manager", reverse("settings:standards", args=[works.pk]) + "?period=2025")


def test_a_year_is_given_three_standards_and_the_results_are_switched(choice, works, world):  # noqa: F811
    page = choice
    expect(page.locator(f"#s-{ETS}")).not_to_be_checked()
    expect(page.locator("text=GB/T 32151.5-2026 自 2026 年度起适用")).to_be_visible()
    for standard in (ETS, VIEW):
        page.check(f"#s-{standard}")
    page.check(f"input[name='primary'][value='{STEEL}']")
    page.get_by_role("button", name="保存选择").click()
    expect(page.locator("text=已选定 2025 年度的 3 个标准")).to_be_visible()
    assert standards_of(works, 2025) == (STEEL, ETS, VIEW)

    results_refresh(organisation=works, year=2025, by=world.people["manager"], now=True)  # the worker's part
    main = latest_run(works, 2025)
    page.goto(page.url.split("/o/")[0] + reverse("inventory:run", args=[works.pk, main.pk]))
    tabs = page.get_by_role("navigation", name="核算标准").get_by_role("link")
    expect(tabs).to_have_count(3)
    tabs.nth(2).click()
    expect(page).to_have_url(page.url.split("/o/")[0] + f"/o/{works.pk}/results/{latest_run(works, 2025, VIEW).pk}/")
    expect(page.locator("main")).to_contain_text("范围二（基于市场）")
    page.go_back()
    expect(tabs.nth(0)).to_have_attribute("aria-current", "page")


def test_the_choice_fits_a_phone_and_the_keyboard(choice):
    page = choice
    page.set_viewport_size(PHONE)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.focus(f"#s-{VIEW}")
    page.keyboard.press("Space")
    expect(page.locator(f"#s-{VIEW}")).to_be_checked()
