"""A result beside values of the industry, as rows of a page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from tanheng.accounting.compare_reference import Standing
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.models import Run

__all__ = ["GROUPS", "PLACES", "Place", "places"]

PLACES = {
    "below": ("低于", "参考范围以下"),
    "within": ("在内", "在参考范围以内"),
    "above": ("高于", "参考范围以上"),
    "unknown": ("—", "本结果没有同口径的数"),
}
GROUPS = (("indicator", "企业强度"), ("process_emission", "工序排放，按企业产量"), ("process_energy", "工序能耗"))


@dataclass(frozen=True)
class Place:
    """One reference value with where the plant stands."""

    label: str
    figure: Figure
    unit: str
    reference: str
    low: float
    high: float
    place: str
    place_zh: str
    source: str
    address: str
    note: str


def places(run: Run, found: Sequence[Standing]) -> list[tuple[str, list[Place]]]:
    """Rows by what is measured."""
    return [
        (title, rows)
        for measure, title in GROUPS
        if (rows := [_place(run, each) for each in found if each.reference.measure.partition(":")[0] == measure])
    ]


def _place(run: Run, standing: Standing) -> Place:
    # a share per tonne of steel is no figure of the result itself, so only indicators open
    opens = standing.address if standing.address.startswith("indicator:") else ""
    decimals = 2 if standing.unit.startswith("kgce") else 4
    figure = Figure(standing.value, standing.unit, decimals, run.pk if opens else None, opens,
                    label=standing.label, organisation_id=run.organisation_id, show_unit=False)  # fmt: skip
    reference = standing.reference
    return Place(
        standing.label, figure, standing.unit, reference.zh, reference.low, reference.high, standing.place,
        PLACES[standing.place][1], standing.source.document, standing.source.address, standing.source.note,
    )  # fmt: skip
