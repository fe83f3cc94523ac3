"""Which published power factor an enterprise accounts with: level and indicator, only what is published."""

import pytest

from tanheng.kernel.periods import Month
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams
from tanheng_web.organisations.services import organisation_change


@pytest.mark.parametrize(
    ("level", "indicator", "factor"),
    [
        ("regional", "", "average:regional:north:2023"),
        ("provincial", "average", "average:provincial:hebei:2023"),
        ("national", "", "average:national:china:2023"),
        ("national", "average_excl_market_nonfossil", "average_excl_market_nonfossil:national:china:2023"),
        ("national", "fossil", "fossil:national:china:2023"),
    ],
)
def test_a_run_takes_the_factor_of_the_setting(world, level, indicator, factor):
    root, manager = world.people["superuser"], world.people["manager"]
    works_with_streams(world.works, root)
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=manager)
    organisation_change(
        organisation=world.works, by=root, electricity_factor_level=level, electricity_factor_indicator=indicator
    )
    world.works.refresh_from_db()
    run = run_execute_now(organisation=world.works, period="2025-01", by=manager)
    assert factor in {entry.get("factor_id") for entry in run.open().data["provenance"]}


def test_a_residual_or_fossil_factor_needs_the_national_level(world, sign_in):
    url = f"/o/{world.works.pk}/settings/accounting/"
    data = {"main_product": "", "electricity_factor_level": "regional", "electricity_factor_indicator": "fossil"}
    answer = sign_in("manager").post(url, data)
    assert answer.status_code == 422 and "只公布全国值" in answer.text
    answer = sign_in("manager").post(url, data | {"electricity_factor_level": "national"})
    assert answer.status_code == 302
