"""碳平衡: the Sankey of a works' carbon, how far every process closes, and the gases month by month. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tanheng.accounting.carbon_flow_balance import CarbonBalance, ProcessBalance
from tanheng.kernel.catalogue import materials
from tanheng_web.common.charts import Chart, Link, heat, sankey
from tanheng_web.common.figures import Figure
from tanheng_web.inventory.presentation import month_zh

__all__ = ["BalanceRow", "Carbon", "GasRow"]

UNIT = "tC"
SMALL = 1.0  # tC: narrower bands cannot be seen
AIR, OPEN = "air", "open"
BURNT = ("gas", "liquid")
FLOW_NOTE = (
    "左侧为投入各工序的碳，右侧为产出。自产的焦炭和煤气在右侧产出、在左侧再投入；“排入大气及未计量”是投入减产出。"
)
GAS_TITLE = "各月煤气和焦炭的不平衡占产出的比例"
GAS_NOTE = "（产出 + 净购入 − 使用）÷ 产出：正值为放散、柜位变化或漏计的使用，负值为使用多于产出。"


@dataclass(frozen=True)
class BalanceRow:
    """A process of the closing table."""

    label: str
    entered: Figure
    left: Figure
    difference: Figure
    accounted: Figure
    closing: Figure
    percent: float | None
    unknown: int


@dataclass(frozen=True)
class GasRow:
    """A gas of the works over the period."""

    label: str
    unit: str
    made: Figure
    used: Figure
    purchased: Figure
    sold: Figure
    difference: Figure
    percent: float | None


class Carbon:
    """The carbon of a run. `balances` are those of the result document."""

    def __init__(
        self,
        *,
        organisation_id: int,
        run_id: int,
        found: CarbonBalance,
        balances: Mapping[str, Any],
        names: Mapping[str, str],
    ) -> None:
        self.organisation_id, self.run_id, self.found = organisation_id, run_id, found
        self.balances, self.names = balances, names

    # the closing table

    @cached_property
    def rows(self) -> list[BalanceRow]:
        return [_row(process) for process in self.found.processes]

    @property
    def whole(self) -> BalanceRow:
        return _row(self.found.whole)

    @property
    def unchecked(self) -> list[str]:
        """Materials whose carbon content is a reference value that nobody has checked against the printed table."""
        return sorted(
            {
                self.names.get(flow.material, flow.material)
                for flow in self.found.flows
                if not flow.checked and flow.basis.startswith("IPCC")
            }
        )

    # the picture

    def flow(self) -> Chart:
        links = [link for link in self._links() if link.value >= SMALL]
        if not links:
            return Chart(
                "carbon",
                "碳从哪里来、到哪里去",
                empty="没有工序的投入和产出数据，画不出碳流。请在源流中登记工序的燃料、煤气和产品。",
            )
        used = dict.fromkeys(end for link in links for end in (link.source, link.target))
        nodes = [(id, self._label(id), _token(id)) for id in used]
        return sankey("carbon", self._finding(), nodes, links, UNIT, note=FLOW_NOTE, tall=True)

    def _links(self) -> Iterator[Link]:
        """Materials into processes, processes to what they make and into the air; more out than in is open."""
        sums: dict[tuple[str, str], float] = {}
        for flow in self.found.flows:
            process = f"process:{flow.process.split('/')[0]}"
            ends = (process, f"out:{flow.material}") if flow.outward else (f"in:{flow.material}", process)
            sums[ends] = sums.get(ends, 0.0) + flow.carbon
        for (source, target), value in sums.items():
            yield Link(source, target, value)
        for process in self.found.processes:
            if process.difference > 0:
                yield Link(f"process:{process.process}", AIR, process.difference)
            elif process.difference < 0:
                yield Link(OPEN, f"process:{process.process}", -process.difference)

    def _label(self, id: str) -> str:
        kind, _, name = id.partition(":")
        if kind == "process":
            return name
        if kind == AIR:
            return "排入大气及未计量"
        if kind == OPEN:
            return "未闭合（产出多于投入）"
        label = self.names.get(name, name)
        return f"{label}（产出）" if kind == "out" else label

    def _finding(self) -> str:
        entered: dict[str, float] = {}
        for flow in self.found.flows:
            if not flow.outward:
                entered[flow.material] = entered.get(flow.material, 0.0) + flow.carbon
        most = max(entered, key=lambda m: entered[m], default="")
        return f"投入各工序的碳以{self.names.get(most, most)}最多" if most else "碳从哪里来、到哪里去"

    # gases

    @cached_property
    def gases(self) -> list[GasRow]:
        return [self._gas(balance) for balance in self.balances.values()]

    def _gas(self, balance: Mapping[str, Any]) -> GasRow:
        unit, made = balance["unit"], balance["made"]
        shown = {
            key: Figure(balance[key], unit, 2, show_unit=False)
            for key in ("made", "used", "purchased", "sold", "difference")
        }
        share = balance["difference"] / made * 100 if made and balance["difference"] is not None else None
        return GasRow(balance["zh"], unit, percent=share, **shown)

    def gas_chart(self) -> Chart | None:
        """The difference of every gas and month as a share of what is made: what is flared, held or wrongly metered."""
        months = list(
            dict.fromkeys(month for balance in self.balances.values() for month in balance["months"] if "-" in month)
        )
        if len(months) < 2:
            return None
        rows = [
            (balance["zh"], [_share(balance["months"].get(month)) for month in months])
            for balance in self.balances.values()
        ]
        return heat("gas-balance", GAS_TITLE, [month_zh(m) for m in months], rows, head="物料", note=GAS_NOTE)


def _share(sums: Mapping[str, Any] | None) -> Figure | None:
    if sums is None or sums["difference"] is None or not sums["made"]:
        return None
    return Figure(sums["difference"] / sums["made"] * 100, "%", 2)


def _row(process: ProcessBalance) -> BalanceRow:
    values = (process.entered, process.left, process.difference, process.accounted, process.closing)
    figures = [Figure(value, UNIT, 0, show_unit=False) for value in values]
    return BalanceRow(process.process, *figures, process.percent, process.unknown)


def _token(id: str) -> str:
    kind, _, name = id.partition(":")
    if kind == "out":
        known = materials().get(name)
        return "flow-carbon" if known is not None and known.state in BURNT else "flow-product"
    return {"in": "flow-carbon", AIR: "flow-air", OPEN: "worse"}.get(kind, "flow-process")
