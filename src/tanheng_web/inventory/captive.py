"""The captive power plant on the result page: rate of own supply, coal and gas shown apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from tanheng.accounting.boundary import Unit
from tanheng.accounting.boundary_catalogue import boundary_rules
from tanheng.accounting.captive_power import CaptivePower, captive_power
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.models import Run
from tanheng_web.organisations.boundary import captive_rule_of, units_of

__all__ = ["CaptiveView", "captive_plants", "captive_view"]


@dataclass(frozen=True)
class CaptiveView:
    """What the section shows."""

    power: CaptivePower
    plants: str
    emission: Figure
    fuels: tuple[tuple[str, Figure, Figure], ...]
    amounts: tuple[tuple[str, float | None], ...]


def captive_view(organisation, run: Run) -> CaptiveView | None:
    """The section of a finished run; None where the enterprise has no captive plant. Two queries."""
    plants = captive_plants(unit for _, unit in units_of(organisation))
    power = captive_power(run.summary, rule=captive_rule_of(organisation), plants=plants)
    if power is None:
        return None
    place = {"run_id": run.pk, "organisation_id": organisation.pk}
    fuels = tuple(
        (
            fuel.label,
            Figure(fuel.quantity, fuel.unit, 2, label=fuel.label),
            Figure(fuel.emission, "tCO2e", 2, address=fuel.address, label=fuel.label, show_unit=False, **place),
        )
        for fuel in power.fuels
    )
    amounts = (
        ("自备电厂发电量", power.generated),
        ("余热余压发电量", power.recovered),
        ("购入电量", power.purchased),
        ("外供电量", power.exported),
        ("自备电厂自用电量", power.own_used),
        ("全部用电量", power.used),
    )
    emission = Figure(power.emission, "tCO2e", 2, label="自备电厂燃煤、燃气发电排放")
    return CaptiveView(power, "、".join(power.plants), emission, fuels, amounts)


def captive_plants(units: Iterable[Unit]) -> tuple[str, ...]:
    """Paths of the units that are captive plants; a sub-process of a plant is the plant."""
    types = set(boundary_rules()["captive_power"]["unit_types"])
    paths = [unit.path for unit in units if unit.type in types]
    return tuple(path for path in paths if not any(path.startswith(f"{other}/") for other in paths))
