"""The key figures of a run, its breakdowns and its streams. Pure: no query, no request."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from tanheng_web.common.figures import Figure
from tanheng_web.inventory.earlier import Earlier, Then
from tanheng_web.inventory.presentation_parts import Line

__all__ = ["KeyFigures"]

HEAD_SUBTOTALS = ("direct", "indirect")


class KeyFigures:
    """The key figures of one run. `summary` and `views` are the stored JSON of the run, `earlier` the comparison."""

    def __init__(
        self,
        *,
        organisation_id: int,
        run_id: int,
        summary: Mapping[str, Any],
        views: Mapping[str, Any],
        earlier: Earlier | None = None,
        states: tuple[str, ...] = (),
    ) -> None:
        self.organisation_id = organisation_id
        self.run_id = run_id
        self.summary = summary
        self.views = views
        self.earlier = earlier
        self.labels: Mapping[str, Any] = views["labels"]
        self.decimals: int = views["decimals"]
        self._states = states

    def figure(
        self, address: str, part: Mapping[str, Any] | None, label: str, then: Then | None = None, **more: Any
    ) -> Figure:
        """A figure of this run from `{"value", "unit"}`; `then` is the same a year before."""
        part = part or {"value": None, "unit": ""}
        states = more.pop("states", ())
        return Figure(
            value=part["value"],
            unit=part["unit"],
            decimals=more.pop("decimals", self.decimals),
            run_id=self.run_id,
            address=address,
            previous=then.value if then else None,
            previous_run=then.run_id if then else None,
            previous_address=then.address if then else "",
            states=(*states, *self._states),
            label=label,
            organisation_id=self.organisation_id,
            **more,
        )

    def _compare(self, what: str, *args: str) -> Then | None:
        return getattr(self.earlier, what)(*args) if self.earlier else None

    # key figures

    @cached_property
    def total(self) -> Figure:
        gap = () if self.summary["complete"] else ("gap",)
        return self.figure("total", self.summary["total"], "排放总量", self._compare("total"), states=gap)

    @property
    def total_bare(self) -> Figure:
        return replace(self.total, show_unit=False, previous=None)

    @cached_property
    def subtotals(self) -> list[Line]:
        names = self.labels["subtotals"]
        return [
            Line(
                id,
                names.get(id, id),
                self.figure(f"subtotal:{id}", part, names.get(id, id), self._compare("subtotal", id)),
            )
            for id, part in self.summary["subtotals"].items()
        ]

    @property
    def key_lines(self) -> list[Line]:
        """Direct, indirect and the intensities: what stands at the head of the page."""
        return [line for line in self.subtotals if line.id in HEAD_SUBTOTALS] + self.indicators

    @property
    def other_subtotals(self) -> list[Line]:
        return [line for line in self.subtotals if line.id not in HEAD_SUBTOTALS]

    def subtotal(self, id: str) -> Line | None:
        return next((line for line in self.subtotals if line.id == id), None)

    @cached_property
    def indicators(self) -> list[Line]:
        names = self.labels["indicators"]
        return [
            Line(
                id,
                names.get(id, id),
                self.figure(
                    f"indicator:{id}",
                    part,
                    names.get(id, id),
                    self._compare("indicator", id),
                    decimals=max(3, self.decimals),
                ),
                extra=part,
            )
            for id, part in self.summary["indicators"].items()
        ]
