"""What all charts share: their data classes, axes, points and colours.

The title states the finding in words (its numbers are figures, in the table beside), the axis states the unit. A
colour is a token (`token:source-fuel_combustion`) that the script reads from the style sheet, so light, dark and print
share one list of colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tanheng_web.common.colours import colour_name
from tanheng_web.common.figures import WAN, Figure, figure_url, unit_text

__all__ = [
    "FONT",
    "GRID",
    "GROUPS",
    "WAN_FROM",
    "Chart",
    "Option",
    "Row",
    "Slice",
    "base_option",
    "category_axis",
    "colour",
    "datum",
    "legend",
    "scale_for",
    "source_token",
    "tooltip",
    "value_axis",
]

Option = dict[str, Any]
WAN_FROM = 100_000  # people say 万 t from here on
FONT = 12
GROUPS = 6  # colours for things side by side
# the outer bounds keep labels and names of axes inside the picture
GRID = {"left": 8, "right": 16, "top": 26, "bottom": 8, "outerBoundsMode": "same", "outerBoundsContain": "all"}


@dataclass(frozen=True)
class Slice:
    """One bar: a label, its figure and the token of its colour."""

    label: str
    figure: Figure
    token: str = "accent"


@dataclass(frozen=True)
class Row:
    """One row of the table that a chart can be turned into."""

    label: str
    cells: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Chart:
    """A chart with its title (the finding), its option and its table; `empty` replaces it by a sentence with a link."""

    id: str
    title: str
    unit: str = ""
    option: Option = field(default_factory=dict)
    head: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    height: int = 280
    note: str = ""
    empty: str = ""
    empty_url: str = ""
    empty_action: str = ""

    @property
    def option_id(self) -> str:
        return f"{self.id}-option"


def source_token(source: str) -> str:
    """The colour of an emission source, the same on every page."""
    return f"token:source-{colour_name(source)}"


def scale_for(values: Sequence[float | None]) -> str:
    """`wan` where the largest number is one of which people say 万."""
    return WAN if any(value is not None and abs(value) >= WAN_FROM for value in values) else ""


def base_option(title: str) -> Option:
    return {
        "animationDuration": 300,
        "textStyle": {"fontFamily": "token:font", "fontSize": FONT},
        "aria": {
            "enabled": True,
            "label": {"general": {"withTitle": f"图：{title}。", "withoutTitle": f"图：{title}。"}},
        },
        "title": {"show": False, "text": title},
    }


def datum(figure: Figure | None, scale: str, **style: str) -> Option:
    """One point: its value in the scale of the axis, the text a person reads, and where it explains itself."""
    if figure is None or figure.value is None:
        return {"value": None, "text": "—"}
    value = figure.value * (1e-4 if scale == WAN else 1.0)
    url = ""
    if figure.address and figure.run_id is not None and figure.organisation_id is not None:
        url = figure_url(figure.organisation_id, figure.run_id, figure.address)
    datum: Option = {
        "value": value,
        "text": f"{figure.shown} {unit_text(figure.unit, figure.scale)}".strip(),
        "url": url,
    }
    return datum | ({"itemStyle": style} if style else {})


def tooltip(trigger: str) -> Option:
    return {"trigger": trigger, "confine": True, "formatter": f"fn:{trigger}"}


def value_axis(name: str, *, lies: bool = False) -> Option:
    """A value axis with its unit: above an upright axis, below one that lies."""
    place = {"nameLocation": "middle", "nameGap": 26} if lies else {"nameLocation": "end", "nameGap": 12}
    return {
        "type": "value",
        "name": name,
        **place,
        "nameTextStyle": {"color": "token:muted", "align": "center" if lies else "left"},
        "axisLabel": {"color": "token:muted", "formatter": "fn:number", "hideOverlap": True},
        "splitLine": {"lineStyle": {"color": "token:line"}},
    }


def category_axis(labels: list[str]) -> Option:
    return {
        "type": "category",
        "data": labels,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": "token:line"}},
        "axisLabel": {"color": "token:text", "hideOverlap": True},
    }


def colour(token: str) -> str:
    return token if token.startswith("token:") else f"token:{token}"


def legend(**more: Any) -> Option:
    """A legend below the picture that scrolls where it is long."""
    return {"bottom": 0, "type": "scroll", "icon": "roundRect", "itemWidth": 10, "itemHeight": 10} | more
