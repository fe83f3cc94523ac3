"""Every page of the address list, at a desk and on a telephone: it fits, is bounded, and axe-core finds no fault."""

from pathlib import Path

import pytest
from django.urls import reverse

from tanheng_web.collection.models import SourceStream
from tanheng_web.common.access_table import access_table
from tanheng_web.common.tests.test_access_matrix import examples, urls  # noqa: F401  a fixture

from .conftest import DESK, PHONE, overflow_px

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LOOK = Path(__file__).with_name("overlaps.js")
# A figure in a summary stays a link that opens it: both are reached by the keyboard, one after the other.
RULES = {"rules": {"nested-interactive": {"enabled": False}}}
DRAWN = "() => [...document.querySelectorAll('[data-chart]')].every(each => each.dataset.drawn)"
HIGHEST_PX = 12_000
LONG_LIST = 150


@pytest.fixture
def pages(world, examples, client):  # noqa: F811
    """Name → address of every page a person may look at, of a works with a long list of streams."""
    SourceStream.objects.bulk_create(
        SourceStream(
            organisation=world.works, code=f"row-{n}", material="coke", material_zh="焦炭", role="fuel", unit="t",
            components=["quantity"],
        )
        for n in range(LONG_LIST)
    )  # fmt: skip
    client.force_login(world.people["superuser"])
    found, parameters = {}, urls()
    for name, access in access_table().items():
        if access.method != "get":
            continue
        values = {"org": world.works.pk, **examples, **(examples.get(name) or {})}
        address = reverse(name, kwargs={key: values[key] for key in parameters[name]}, query=access.query)
        response = client.get(address)
        is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        if is_page and b"<main" in response.content:
            found[name] = address
    return found


def faults_of(page) -> list[str]:
    """What is wrong with the page that is open."""
    wrong = [f"{overflow_px(page)} px beyond the window"] if overflow_px(page) > 0 else []
    height = page.evaluate("document.documentElement.scrollHeight")
    if height > HIGHEST_PX and page.viewport_size == PHONE:
        wrong.append(f"{height} px high")
    wrong += [f"one text on another: {pair}" for pair in page.evaluate(LOOK.read_text(encoding="utf-8"))]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for found in page.evaluate("options => axe.run(document, options)", RULES)["violations"]:
        node = found["nodes"][0]
        wrong.append(f"{found['id']} ×{len(found['nodes'])}: {node['target']} {node['html'][:160]}")
    return wrong


@pytest.mark.walk
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("size", "theme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_every_page_fits_and_can_be_used_by_everybody(size, theme, pages, login, page, live_server, faults):
    page.set_viewport_size(size)
    page.context.add_cookies([{"name": "theme", "value": theme, "url": live_server.url}])
    login("superuser")
    assert page.locator("html").get_attribute("data-bs-theme") == theme
    wrong = {}
    for name, address in pages.items():
        page.goto(f"{live_server.url}{address}")
        page.wait_for_function(DRAWN)
        if found := faults_of(page) + faults:
            wrong[name] = found
        faults.clear()
    assert len(pages) > 70
    assert wrong == {}, "\n".join(f"{name}: {each}" for name, found in wrong.items() for each in found)


def test_a_long_list_is_folded_filtered_and_counted(pages, login, page):
    page.set_viewport_size(PHONE)
    login("superuser", pages["collection:streams"])
    rows = page.locator("#stream-list tr[data-text]")
    assert rows.filter(visible=True).count() < LONG_LIST / 2, "folded"
    page.get_by_role("searchbox", name="按名称、编号").fill("row-149")
    assert rows.filter(visible=True).count() == 1
    assert page.locator("[data-filter-count]").inner_text() == f"1 / {rows.count()}"
    page.get_by_role("searchbox", name="按名称、编号").fill("")
    page.locator(".fold-label").first.click()
    assert rows.filter(visible=True).count() >= LONG_LIST, "unfolded"
    page.goto(page.url.replace(pages["collection:streams"], pages["collection:needs"]))
    assert page.locator("#need-list tbody tr").filter(visible=True).count() <= 30
    page.locator(".rows-more").click()
    assert page.locator("#need-list tbody tr").filter(visible=True).count() >= LONG_LIST
