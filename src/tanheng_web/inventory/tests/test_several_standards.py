"""One set of approved data under several standards: all refreshed, each with its page, and a switch between them."""

import pytest

from tanheng_web.inventory.models import Run
from tanheng_web.inventory.selectors import latest_run
from tanheng_web.inventory.services import results_refresh
from tanheng_web.organisations.services import standards_choose

STEEL, VIEW, ETS = "gbt_32151_5_2015", "iso_14064_1_2018", "cets_ag_03_01_v01_2024"


@pytest.fixture
def several(works, world):
    """Two months of 2025 under three standards; the first chosen is the primary one."""
    manager = world.people["manager"]
    standards_choose(organisation=works, year=2025, standards=[STEEL, ETS, VIEW], by=manager)
    results_refresh(organisation=works, year=2025, by=manager, now=True)
    return works


def test_a_refresh_accounts_every_chosen_standard(several, world):
    runs = {run.standard: run for run in Run.objects.current().filter(organisation=several)}
    assert set(runs) == {STEEL, VIEW, ETS}
    assert latest_run(several, 2025) == runs[STEEL], "the primary one is what pages show"
    assert latest_run(several, 2025, VIEW) == runs[VIEW]
    again = results_refresh(organisation=several, year=2025, by=world.people["manager"], now=True)
    assert again == runs[STEEL] and Run.objects.filter(organisation=several).count() == 3, "nothing changed, no new run"
    assert runs[ETS].summary["accounts"]["enterprise"]["value"] == runs[ETS].total
    assert runs[VIEW].summary["accounts"]["market"]["value"] > 0


def test_a_change_of_the_primary_standard_moves_the_front_page(several, world, sign_in):
    client, home = sign_in("manager"), f"/o/{several.pk}/?period=2025"
    assert 'aria-label="核算标准"' in client.get(home).text
    names = {"通用视图 ISO 14064-1／GHG Protocol", "钢铁 GB/T 32151.5-2015"}
    state = client.get(home).text.split("page-state", 1)[1][:300]
    assert "钢铁 GB/T 32151.5-2015" in state
    standards_choose(organisation=several, year=2025, standards=[VIEW, STEEL], primary=VIEW, by=world.people["manager"])
    state = client.get(home).text.split("page-state", 1)[1][:300]
    assert "通用视图" in state and names
    other = client.get(f"{home}&standard={STEEL}").text.split("page-state", 1)[1][:300]
    assert "钢铁 GB/T 32151.5-2015" in other


def test_the_result_page_switches_between_the_standards(several, sign_in):
    client = sign_in("viewer")
    run = latest_run(several, 2025, VIEW)
    page = client.get(f"/o/{several.pk}/results/{run.pk}/").text
    for standard in (STEEL, ETS):
        assert f'href="/o/{several.pk}/results/{latest_run(several, 2025, standard).pk}/"' in page
    assert "范围二（基于市场）" in page and "另列，不与总量相加" in page
    figure = client.get(f"/o/{several.pk}/results/{run.pk}/figure/", {"a": "account:market"})
    assert figure.status_code == 200 and "剩余排放因子" in figure.text


def test_the_list_may_be_narrowed_to_a_standard(several, sign_in):
    client = sign_in("viewer")
    everything, one = (client.get(f"/o/{several.pk}/results/{query}").text for query in ("", f"?standard={VIEW}"))
    assert everything.count("<tr>") - one.count("<tr>") == 2
    assert client.get(f"/o/{several.pk}/results/?standard=nothing").status_code == 200
