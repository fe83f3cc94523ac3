"""A plant with months, for browser tests of data collection."""

from decimal import Decimal

from tanheng.kernel.periods import Month
from tanheng_web.collection import selectors, services
from tanheng_web.collection.tests.conftest import VALUES, make_plant

JULY = Month(2025, 7)


def plant_with_months():
    """January to June approved, July open."""
    plant = make_plant()
    for number in range(1, 7):
        month = Month(2025, number)
        entered(plant, month, 1 + number / 100)
        report = services.month_submit(by=plant.reporter, report=selectors.current_report(plant.works, month))
        services.month_approve(by=plant.manager, report=report, refresh=False)
    return plant


def entered(plant, month: Month, factor: float = 1.0) -> None:
    changes = [
        services.Change(plant.streams[code], key, Decimal(str(round(value * (factor if "stock" not in key else 1), 2))))
        for (code, key), value in VALUES.items()
    ]
    services.values_set(by=plant.reporter, organisation=plant.works, month=month, changes=changes)
