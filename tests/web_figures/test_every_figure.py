"""Open every figure of every page, walk to its leaves, recompute it from them: the number shown must be that number."""

import math
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from tanheng.accounting.explain import addresses, explain, recompute
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.models import Run
from tanheng_web.inventory.selectors import earlier_run
from tanheng_web.inventory.services import run_execute_now

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Shown:
    """A figure as a page shows it."""

    run: int
    address: str
    href: str
    value: str
    unit: str
    decimals: int
    scale: str
    text: str


class _Figures(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[Shown] = []
        self.previous: list[tuple[int, str, float]] = []  # run, address, value that a change is measured against
        self._open: dict[str, str] | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and "data-figure" in given:
            self._open = given
        if tag == "a" and "data-previous" in given:
            self.previous.append((int(given["data-run"]), given["data-previous"], float(given["data-value"])))

    def handle_data(self, data):
        if self._open is not None:
            a = self._open
            self.found.append(
                Shown(
                    int(a["data-run"]), a["data-figure"], a["href"], a["data-value"], a["data-unit"],
                    int(a["data-decimals"]), a["data-scale"], data,
                )
            )  # fmt: skip
            self._open = None


def figures_on(client, url: str, **headers) -> list[Shown]:
    response = client.get(url, **headers)
    assert response.status_code == 200, url
    parser = _Figures()
    parser.feed(response.content.decode())
    return parser.found


def close(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-9)


def pages(works, run) -> list[str]:
    panorama = reverse("dashboards:panorama", args=[works.pk])
    group = reverse("dashboards:panorama", args=[works.parent_id])
    return [
        f"{panorama}?period=2025",
        f"{panorama}?period=2024",
        f"{panorama}?period=2025&screen=1",
        reverse("inventory:runs", args=[works.pk]),
        reverse("inventory:run", args=[works.pk, run.pk]),
        f"{group}?period=2025",
    ]


def test_every_figure_of_every_page_is_what_its_leaves_give(works, run, sign_in):
    client = sign_in("superuser")
    documents = {}
    seen = 0
    for url in pages(works, run):
        shown = figures_on(client, url)
        assert shown, f"no figure on {url}"
        for each in shown:
            document = documents.setdefault(each.run, None) or Run.objects.get(pk=each.run).open()
            documents[each.run] = document
            if each.value == "":
                assert each.text == "—"
                assert math.isnan(recompute(document, each.address)) or explain(document, each.address).kind == "gap"
                continue
            value = float(each.value)
            assert close(recompute(document, each.address), value), (url, each)
            assert Figure(value, each.unit, each.decimals, scale=each.scale).shown == each.text, (url, each)
            seen += 1
    assert seen > 120


def test_every_panel_opens_down_to_the_leaves(works, run, sign_in):
    """From every top-level figure through all panels: each child leads on, each leaf says where it comes from."""
    client = sign_in("viewer")
    document = run.open()
    waiting, done, leaves = list(addresses(document)), set(), 0
    while waiting:
        address = waiting.pop()
        if address in done:
            continue
        done.add(address)
        url = reverse("inventory:figure", args=[works.pk, run.pk])
        response = client.get(url, {"a": address}, headers={"HX-Request": "true"})
        assert response.status_code == 200, address
        page = response.content.decode()
        node = explain(document, address)
        parser = _Figures()
        parser.feed(page)
        for child in node.children:
            assert any(each.address == child.address for each in parser.found), (address, child.address)
            waiting.append(child.address)
        if not node.children and node.value is not None and node.kind == "input":
            leaves += 1
            assert "<dt>性质</dt>" in page and page.count("<dt>") >= 2, address
    assert leaves > 50


def test_the_figures_of_the_report_are_what_their_leaves_give(works, run):
    from tanheng_web.inventory.reports import report_content

    content = report_content(run)
    result, previous = run.open(), earlier_run(works, run).open()
    found = [figure for figure in content.figures() if figure.value is not None]
    assert len(found) > 100
    for figure in found:
        assert close(figure.recompute(result, previous), figure.value), figure.address


@pytest.fixture
def part_of_a_year(works, world):
    """January of 2025 against a run of 2024 that has two months: the comparison is January alone."""
    manager = world.people["manager"]
    run_execute_now(organisation=works, period="2024-01..2024-02", by=manager)
    return run_execute_now(organisation=works, period="2025-01", by=manager)


def test_every_change_is_measured_against_what_it_opens(works, run, sign_in):
    client, seen = sign_in("superuser"), 0
    for url in pages(works, run):
        for pk, address, value in changes_on(client, url):
            assert close(recompute(Run.objects.get(pk=pk).open(), address), value), (url, address)
            seen += 1
    assert seen > 40


def test_a_part_of_a_year_is_compared_with_the_same_months(works, part_of_a_year, sign_in):
    found = changes_on(sign_in("viewer"), reverse("inventory:run", args=[works.pk, part_of_a_year.pk]))
    addresses_ = {address for _, address, _ in found}
    assert {"month:2024-01", "subtotal:direct+month:2024-01", "indicator:intensity+month:2024-01"} <= addresses_
    assert any(address.startswith("process:") for address in addresses_)
    for pk, address, value in found:
        assert close(recompute(Run.objects.get(pk=pk).open(), address), value), address


def changes_on(client, url: str) -> list[tuple[int, str, float]]:
    parser = _Figures()
    parser.feed(client.get(url).content.decode())
    return parser.previous
