import pytest

from tanheng.kernel.periods import Month
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams


@pytest.fixture
def works(world):
    """示范钢铁 with streams and the first two months of 2024 and 2025 approved."""
    works_with_streams(world.works, world.people["superuser"])
    reporter, manager = world.people["reporter"], world.people["manager"]
    for year, factor in ((2024, "1.05"), (2025, "1")):
        for number in (1, 2):
            month_fill(world.works, Month(year, number), enter=reporter, review=manager, factor=factor)
    return world.works


@pytest.fixture
def run(works, world):
    """The finished run of the first two months of 2025, with the same of 2024 to compare with."""
    manager = world.people["manager"]
    run_execute_now(organisation=works, period="2024-01..2024-02", by=manager)
    return run_execute_now(organisation=works, period="2025-01..2025-02", by=manager)
