"""The result page of the general view lists every category of scope 3, and says where there is no data."""

from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams


def test_every_category_is_listed_and_none_is_a_silent_zero(world, sign_in):
    works_with_streams(world.works, world.people["superuser"])
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=world.people["manager"])
    run = run_execute_now(
        organisation=world.works, period="2025-01", by=world.people["manager"], standard="iso_14064_1_2018"
    )
    address = reverse("inventory:run", kwargs={"org": world.works.pk, "run": run.pk})
    page = sign_in("manager").get(address).content.decode()
    assert "范围三 15 个类别，0 个有数据" in page
    assert page.count("无数据") >= 15
