"""The figure: the one component by which every computed number is drawn.

A figure is a link that opens 数从何来, the panel that explains it down to the entered cell. It is written as a
string in Python and not as a nested template: a result page carries a thousand of them and has 150 ms.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import label as unit_label

__all__ = [
    "ENTERED",
    "STATES",
    "WAN",
    "Figure",
    "change_ratio",
    "figure_base",
    "figure_html",
    "figure_url",
    "format_number",
    "format_plain",
    "gas_text",
    "grouped",
    "unit_html",
    "unit_text",
]

UNKNOWN = "—"
MINUS = "−"  # the true minus sign
WAN = "wan"  # shown in units of ten thousand
ENTERED = -1  # decimals of a number that is shown as it was entered

STATES: dict[str, tuple[str, str]] = {
    "complete": ("", ""),
    "gap": ("缺口", "有数据缺口，数值不完整"),
    "estimated": ("估算", "含估算值"),
    "default": ("缺省", "用到标准给出的缺省值"),
    "unchecked": ("待核", "用到未经原文核对的数值（二手来源，待核原文）"),
    "expired": ("过期", "用到已过有效期的因子"),
    "superseded": ("已替代", "已有更新的核算结果替代本次结果"),
    "stale": ("待更新", "本次核算之后，已审核的数据有变动"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One computed number with all that is needed to draw it and to open it.

    `value` in `unit`, None when unknown; `address` as in `tanheng.accounting.explain`; `previous` is the value of the
    comparison period in the same unit, `previous_label` its name, `previous_run` and `previous_address` where it
    explains itself; `states` are keys of STATES; `scale=WAN` shows 万; `written` is how the source writes it (44/12).
    """

    value: float | None
    unit: str = ""
    decimals: int = 2
    run_id: int | None = None
    address: str = ""
    previous: float | None = None
    states: tuple[str, ...] = ()
    label: str = ""
    organisation_id: int | None = None
    scale: str = ""
    previous_label: str = "上年同期"
    show_unit: bool = True
    less_is_better: bool = True
    previous_run: int | None = None
    previous_address: str = ""
    written: str = ""

    @property
    def shown(self) -> str:
        """The digits a person reads: rounded half up as the standard says, in 万 where the scale says so."""
        if self.value is None:
            return UNKNOWN
        if self.written:
            return self.written
        exact = Decimal(repr(float(self.value)))
        exact = exact / 10000 if self.scale == WAN else exact
        return format_plain(exact) if self.decimals == ENTERED else format_number(exact, self.decimals)


def format_number(value: float | Decimal | None, decimals: int = 2) -> str:
    """Write a number for reading: thousands separators, true minus; unknown is `—`, nothing at all is `0`.

    >>> format_number(-1234.5), format_number(0.0), format_number(None)
    ('−1,234.50', '0', '—')
    """
    if value is None:
        return UNKNOWN
    if value == 0:
        return "0"
    rounded = round_half_up(value if isinstance(value, Decimal) else repr(float(value)), decimals)
    text = f"{abs(rounded):,.{decimals}f}"
    return MINUS + text if rounded < 0 else text


grouped = format_number


def format_plain(value: float | Decimal, digits: int = 12) -> str:
    """Write a number as it was entered: at most 12 significant digits, no idle zeros.

    >>> format_plain(700000.0), format_plain(25.1), format_plain(-0.00002)
    ('700,000', '25.1', '−0.00002')
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    text = f"{Decimal(f'{exact:.{digits}g}'):,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def change_ratio(value: float | None, previous: float | None) -> float | None:
    """The change against the comparison period as a share of it; None where there is nothing to compare with."""
    if value is None or previous is None or previous == 0:
        return None
    return (value - previous) / abs(previous)


def gas_text(gas: str) -> str:
    """A gas of an account as plain text: HFC-134a as it is written; CO2e is a mixture that came in converted."""
    if gas == "CO2e":
        return "混合气体（已折算）"
    return f"HFC-{gas[3:]}" if gas.startswith("HFC") else gas


def unit_text(unit: str, scale: str = "") -> str:
    """The unit as people write it: `tCO2e` is tCO₂e; the bare number 1 has none."""
    text = "" if unit in ("", "1") else unit_label(unit)
    return f"万 {text}" if scale == WAN else text


def unit_html(unit: str, scale: str = "") -> SafeString:
    """The unit with a real subscript."""
    text = str(escape(unit_text(unit, scale)))
    for digit, plain in (("₂", "2"), ("₄", "4"), ("₆", "6")):
        text = text.replace(digit, f"<sub>{plain}</sub>")
    return mark_safe(text)


@lru_cache(maxsize=512)
def figure_base(organisation_id: int, run_id: int) -> str:
    """The address of a run's panel up to the figure's own."""
    return reverse("inventory:figure", args=[organisation_id, run_id]) + "?a="


def figure_url(organisation_id: int, run_id: int, address: str) -> str:
    """Where a figure explains itself."""
    return figure_base(organisation_id, run_id) + quote(address, safe="")


def figure_html(figure: Figure, organisation_id: int | None = None) -> SafeString:
    """Draw a figure; `organisation_id` serves where the figure does not name one."""
    organisation_id = figure.organisation_id or organisation_id
    parts = ['<span class="th-fig">', _number(figure, organisation_id)]
    if figure.show_unit and figure.value is not None:
        parts.append(f' <span class="th-fig-unit">{unit_html(figure.unit, figure.scale)}</span>')
    parts.append(_change(figure, organisation_id))
    parts.append(_states(figure.states))
    parts.append("</span>")
    return mark_safe("".join(parts))  # every part is escaped where it is made


def _number(figure: Figure, organisation_id: int | None) -> str:
    if not figure.address or figure.run_id is None or organisation_id is None:
        return f'<span class="th-fig-value">{figure.shown}</span>'
    href = figure_url(organisation_id, figure.run_id, figure.address)
    value = "" if figure.value is None else repr(float(figure.value))
    about = escape(f"{figure.label}：数从何来" if figure.label else "数从何来")
    return (
        f'<a class="th-fig-value" href="{escape(href)}" data-figure="{escape(figure.address)}"'
        f' data-run="{figure.run_id}" data-value="{value}" data-unit="{escape(figure.unit)}"'
        f' data-decimals="{figure.decimals}" data-scale="{figure.scale}" title="{about}">{figure.shown}</a>'
    )


def _change(figure: Figure, organisation_id: int | None) -> str:
    """The change against the comparison period; it opens the figure of that period."""
    ratio = change_ratio(figure.value, figure.previous)
    if ratio is None:
        return ""
    percent = format_number(abs(ratio) * 100, 1)
    if percent in ("0", "0.0"):
        return _changed(figure, organisation_id, "", "持平")
    up = ratio > 0
    mood = " th-fig-worse" if up == figure.less_is_better else " th-fig-better"
    arrow, word = ("▲", "增加") if up else ("▼", "减少")
    text = f'<span aria-hidden="true">{arrow}</span><span class="visually-hidden">{word}</span> {percent}%'
    return _changed(figure, organisation_id, mood, text)


def _changed(figure: Figure, organisation_id: int | None, mood: str, text: str) -> str:
    about = f'class="th-fig-change{mood}" title="{_against(figure)}"'
    if figure.previous_run is None or organisation_id is None:
        return f" <span {about}>{text}</span>"
    href = figure_url(organisation_id, figure.previous_run, figure.previous_address)
    return (
        f' <a {about} href="{escape(href)}" data-previous="{escape(figure.previous_address)}"'
        f' data-run="{figure.previous_run}" data-value="{figure.previous!r}">{text}</a>'
    )


def _against(figure: Figure) -> str:
    then = Figure(figure.previous, figure.unit, figure.decimals, scale=figure.scale)
    return str(escape(f"{figure.previous_label}：{then.shown} {unit_text(figure.unit, figure.scale)}"))


@lru_cache(maxsize=64)
def _states(states: tuple[str, ...]) -> str:
    """What is to be known of a figure; an unchecked default is one mark (缺省 · 待核)."""
    marks = [(state, *STATES[state]) for state in states if state != "complete"]
    if "default" in states and "unchecked" in states:
        words, meanings = zip(*(STATES[state] for state in ("default", "unchecked")), strict=True)
        both = ("default", " · ".join(words), "；".join(meanings))
        marks = [both, *(mark for mark in marks if mark[0] not in ("default", "unchecked"))]
    return "".join(
        f' <span class="th-fig-state th-fig-{state}" title="{escape(meaning)}">{word}</span>'
        for state, word, meaning in marks
    )
