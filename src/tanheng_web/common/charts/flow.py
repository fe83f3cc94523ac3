"""The Sankey diagram of carbon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tanheng_web.common.charts.base import FONT, Chart, Row, base_option, colour, scale_for
from tanheng_web.common.figures import WAN, Figure, figure_url, unit_text

__all__ = ["Link", "sankey"]


@dataclass(frozen=True)
class Link:
    """One band of a Sankey diagram: its width, and the signed figure behind it (a deduction is negative)."""

    source: str
    target: str
    value: float
    address: str = ""
    figure: float | None = None
    about: str = ""


def sankey(
    id: str,
    title: str,
    nodes: Sequence[tuple[str, str, str]],
    links: Sequence[Link],
    unit: str,
    *,
    run: tuple[int, int] | None = None,
    note: str = "",
    tall: bool = False,
) -> Chart:
    """Where the carbon comes from and goes: nodes are (id, label, token); `run` is (organisation, run)."""
    scale = scale_for([link.value for link in links])
    factor = 1e-4 if scale == WAN else 1.0
    labels = {node: label for node, label, _ in nodes}
    data = [{"name": node, "value_label": label, "itemStyle": {"color": colour(token)}} for node, label, token in nodes]
    flows = []
    for link in links:
        figure = _link_figure(link, unit, run, scale)
        flows.append(
            {
                "source": link.source,
                "target": link.target,
                "value": link.value * factor,
                "text": f"{figure.shown} {unit_text(unit, scale)}",
                "route": _route(link, labels),
                "url": figure_url(*run, link.address) if run and link.address else "",
            }
        )
    option = base_option(title) | {
        "tooltip": {"trigger": "item", "confine": True, "formatter": "fn:flow"},
        "series": [
            {
                "type": "sankey",
                "data": data,
                "links": flows,
                "left": 4,
                "right": 150,
                "top": 12,
                "bottom": 12,
                "nodeGap": 9,
                "labelLayout": {"hideOverlap": True},
                "nodeWidth": 10,
                "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"color": "source", "opacity": 0.28, "curveness": 0.5},
                "label": {
                    "formatter": "fn:node",
                    "color": "token:text",
                    "fontSize": FONT,
                    "width": 140,
                    "overflow": "truncate",
                },
            }
        ],
    }
    rows = tuple(Row(_route(link, labels), (_link_figure(link, unit, run, ""),)) for link in links)
    height = max(300, min(920 if tall else 640, 26 * len(nodes) + 60))
    return Chart(id, title, unit, option, ("流向", unit_text(unit)), rows, height, note)


def _route(link: Link, labels: Mapping[str, str]) -> str:
    route = f"{labels[link.source]} → {labels[link.target]}"
    return f"{route}：{link.about}" if link.about else route


def _link_figure(link: Link, unit: str, run: tuple[int, int] | None, scale: str) -> Figure:
    organisation_id, run_id = run or (None, None)
    value = link.value if link.figure is None else link.figure
    about = {"run_id": run_id, "address": link.address, "organisation_id": organisation_id}
    return Figure(value, unit, 2, scale=scale, show_unit=False, **about)
