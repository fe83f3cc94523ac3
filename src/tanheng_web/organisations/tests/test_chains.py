"""A new enterprise names its products; what it does not make is not proposed to it."""

import pytest

from tanheng.rules.package import load_standard, standards
from tanheng_web.organisations.chains import chains_of
from tanheng_web.organisations.plant import plan_for, proposed

OTHER = "ndrc_2015_other_nonferrous"


def names(plan, products):
    chosen = proposed(plan, products).chosen
    return {process.id for process in plan.processes if process.key in chosen}


def test_copper_leads_from_the_concentrate_to_the_cathode_and_to_nothing_else():
    plan = plan_for(OTHER)
    assert {"cu_smelting", "cu_converting", "cu_refining", "acid", "utilities"} <= names(plan, ["copper"])
    assert not {name for name in names(plan, ["copper"]) if name.startswith(("pb_", "zn_", "ni_", "sn", "sb", "re_"))}
    both = names(plan, ["copper", "lead"])
    assert names(plan, ["copper"]) | names(plan, ["lead"]) == both


def test_the_streams_of_the_boundary_follow_the_products():
    plan = plan_for(OTHER)
    chosen = proposed(plan, ["copper"]).chosen
    crossing = {(s.proposal["material"], s.role) for s in plan.boundary if s.key in chosen}
    assert ("copper", "product") in crossing and ("lead", "product") not in crossing
    assert ("natural_gas", "reductant") in crossing, "the anode furnace takes it"


def test_without_products_everything_stays_proposed():
    plan = plan_for(OTHER)
    assert names(plan, []) == {process.id for process in plan.processes}


@pytest.mark.parametrize("standard", [found.id for found in standards()])
def test_every_product_has_a_way_and_no_process_is_lost(standard):
    chains = chains_of(load_standard(standard))
    plan = plan_for(standard)
    assert all(chains.values())
    assert not chains or names(plan, list(chains)) == {process.id for process in plan.processes}


def test_the_page_ticks_what_the_product_needs_and_keeps_the_first_step(sign_in):
    client = sign_in("manager")
    query = {"name": "滇西铜业", "kind": "company", "province": "云南", "standard": OTHER}
    page = client.get("/organisations/new/plan/", {**query, "product": "copper"}).text
    assert '<input type="hidden" name="province" value="云南">' in page
    assert 'name="product" value="copper" checked' in page
    ticked = [line for line in page.split("data-group=")[1:] if " checked" in line.split(">", 1)[0]]
    assert 0 < len(ticked) < page.count("data-group=")
