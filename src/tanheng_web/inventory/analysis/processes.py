"""工序分析: contribution, intensity and trend of every process and sub-process of a result. Pure."""

from dataclasses import dataclass
from functools import cached_property

from tanheng.accounting.process_analysis import OtherPart, ProcessAnalysis, ProcessPart
from tanheng.kernel.units import divide
from tanheng_web.common.charts import Chart, Slice, contribution_bars, month_line, share_pie
from tanheng_web.common.figures import Figure
from tanheng_web.inventory import findings
from tanheng_web.inventory.presentation import month_zh

__all__ = ["OtherRow", "PartRow", "Processes"]

UNIT = "tCO2e"
OTHER = "其他"


@dataclass(frozen=True)
class PartRow:
    """A row of the tree."""

    path: str
    label: str
    depth: int
    figure: Figure
    share: float | None
    made: Figure | None
    product: str
    intensity: Figure | None
    own: Figure | None


@dataclass(frozen=True)
class OtherRow:
    """A material in 其他."""

    label: str
    enterprise: Figure
    processes: Figure
    figure: Figure


class Processes:
    """The tree of a run; `chosen` is the path whose trend is shown."""

    def __init__(
        self, *, organisation_id: int, run_id: int, found: ProcessAnalysis, other: tuple[OtherPart, ...], chosen: str
    ) -> None:
        self.organisation_id, self.run_id, self.found, self.other = organisation_id, run_id, found, other
        paths = {part.path: part for part in found.parts}
        self.chosen: ProcessPart | None = paths.get(chosen) or next(iter(found.parts), None)

    def _figure(self, address: str, value: float | None, label: str, unit: str = UNIT, decimals: int = 2) -> Figure:
        opens = self.run_id if address else None
        return Figure(value, unit, decimals, opens, address, label=label, organisation_id=self.organisation_id,
                      show_unit=False)  # fmt: skip

    @cached_property
    def total(self) -> Figure:
        return self._figure("total", self.found.total, "排放总量")

    @cached_property
    def rows(self) -> list[PartRow]:
        return [self._row(part) for part in self.found.parts]

    def _row(self, part: ProcessPart) -> PartRow:
        product = part.product
        unit = divide(UNIT, product.unit) if product else ""
        own_unit = divide(UNIT, part.own.unit) if part.own else ""
        return PartRow(
            part.path,
            part.name,
            part.depth,
            self._figure(f"process:{part.path}", part.value, part.path),
            None if part.share is None else part.share * 100,
            self._figure("", product.amount, product.label, product.unit, 0) if product and not part.depth else None,
            product.label if product else "",
            self._figure("", part.intensity, f"{part.path}强度", unit, 4) if product else None,
            self._figure("", part.own_intensity, f"{part.path}自身强度", own_unit, 4) if part.own else None,
        )

    @cached_property
    def others(self) -> list[OtherRow]:
        """What 其他 is made of."""
        return [
            OtherRow(
                part.label,
                self._figure(f"material:{part.material}", part.enterprise, part.label),
                self._figure("", part.processes, part.label),
                self._figure("", part.value, part.label),
            )
            for part in self.other
        ]

    # charts

    def contributions(self) -> Chart:
        slices = [self._slice(part) for part in self.found.tops()]
        named = [(s.label, s.figure.value) for s in slices if s.label != OTHER]
        note = "各工序与其他之和等于企业总量，负值保留。"
        return contribution_bars(
            "contributions", findings.largest(named, "工序"), slices, head="工序", order=False, note=note
        )

    def shares(self) -> Chart:
        slices = [self._slice(part) for part in self.found.tops() if part.name != OTHER]
        drawn = [s for s in slices if (s.figure.value or 0.0) > 0]
        for n, each in enumerate(sorted(drawn, key=lambda s: -(s.figure.value or 0.0))):
            slices[slices.index(each)] = Slice(each.label, each.figure, f"group-{n % 6 + 1}")
        return share_pie("shares", "排放由哪几个工序构成", slices, head="工序")

    def _slice(self, part: ProcessPart) -> Slice:
        token = "flow-process" if part.name == OTHER else "flow-carbon"
        return Slice(part.name, self._figure(f"process:{part.path}", part.value, part.path), token)

    def trend(self) -> Chart | None:
        """The chosen part by month; None without months."""
        if self.chosen is None or len(self.found.months) < 2:
            return None
        figures = [self._month(month, self.chosen.months.get(month)) for month in self.found.months]
        return self._line("trend", f"{self.chosen.path}的排放", figures)

    def intensity_trend(self) -> Chart | None:
        """The chosen part by month per unit of product; None where the product is not known month by month."""
        part = self.chosen
        if part is None or part.product is None:
            return None
        known = {month: part.month_intensity(month) for month in self.found.months}
        if len([value for value in known.values() if value is not None]) < 2:
            return None
        unit = divide(UNIT, part.product.unit)
        figures = [self._figure("", value, "", unit, 4) for value in known.values()]
        return self._line("intensity-trend", f"{part.path}每单位{part.product.label}的排放", figures, from_zero=False)

    def _month(self, month: str, value: float | None) -> Figure:
        path = self.chosen.path if self.chosen else ""
        return self._figure(f"process:{path}+month:{month}", value, f"{month_zh(month, True)} {path}")

    def _line(self, id: str, what: str, figures: list[Figure], *, from_zero: bool = True) -> Chart:
        labels = [month_zh(month) for month in self.found.months]
        named = [(label, figure.value) for label, figure in zip(labels, figures, strict=True)]
        return month_line(id, findings.months(named, [], f"{what}："), labels, figures, from_zero=from_zero)
