"""The figure: the one way a computed number is drawn. ``{% load figures %}{% figure f %}``."""

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from tanheng.kernel.rounding import round_half_up
from tanheng.kernel.units import label as unit_label

__all__ = ["STATES", "Figure", "grouped"]

MINUS = "\u2212"
THIN_UNITS = 10_000

STATES = {
    "complete": ("完整", "ok"),
    "gap": ("有缺口", "warn"),
    "estimated": ("估算", "warn"),
    "default": ("含缺省值", "info"),
    "unchecked": ("因子待核", "info"),
    "superseded": ("已被新版本取代", "muted"),
    "expired": ("因子已过期", "warn"),
}


def grouped(value: float | Decimal | None, decimals: int = 2) -> str:
    """A number for people: 1,234.50; a true minus; `0` for zero; `—` for unknown.

    >>> grouped(-1234.5), grouped(0.0), grouped(None)
    ('−1,234.50', '0', '—')
    """
    if value is None:
        return "—"
    rounded = round_half_up(value if isinstance(value, Decimal) else str(value), decimals)
    if value == 0:
        return "0"
    text = f"{abs(rounded):,.{decimals}f}"
    return MINUS + text if rounded < 0 else text


@dataclass(frozen=True)
class Figure:
    """A number with the address that explains it.

    `value` in `unit` (None: unknown); `decimals` shown; `run_id` and `address` open 数从何来 (None: nothing to open);
    `previous` the value of the comparison period in the same unit; `states` keys of STATES; `scale` divides for display only (万 t).
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
    more_is_worse: bool = True
    ten_thousands: bool = False

    @property
    def text(self) -> str:
        value = self.value / THIN_UNITS if self.ten_thousands and self.value is not None else self.value
        return grouped(value, self.decimals)

    @property
    def exact(self) -> str:
        """Full precision, for copying."""
        return "" if self.value is None else repr(self.value)

    @property
    def unit_label(self) -> str:
        shown = unit_label(self.unit) if self.unit and self.unit != "1" else ""
        return f"万 {shown}" if self.ten_thousands else shown

    @property
    def url(self) -> str | None:
        if self.run_id is None or self.organisation_id is None or not self.address:
            return None
        return f"/o/{self.organisation_id}/results/{self.run_id}/figure/?a={quote(self.address, safe=':+/')}"

    @property
    def change(self) -> float | None:
        """Relative change against `previous`, None where there is none."""
        if self.value is None or not self.previous:
            return None
        return (self.value - self.previous) / abs(self.previous)

    @property
    def change_text(self) -> str:
        return "" if self.change is None else f"{grouped(abs(self.change) * 100, 1)}%"

    @property
    def change_direction(self) -> str:
        """`up`, `down` or `flat` as shown with one decimal of a percent."""
        if self.change is None or abs(self.change) < 0.0005:
            return "flat"
        return "up" if self.change > 0 else "down"

    @property
    def change_tone(self) -> str:
        if self.change_direction == "flat":
            return "muted"
        return "bad" if (self.change_direction == "up") == self.more_is_worse else "good"

    @property
    def badges(self) -> tuple[tuple[str, str, str], ...]:
        """(state, label, tone) of the states worth showing; complete is the quiet normal."""
        return tuple((state, *STATES[state]) for state in self.states if state != "complete")
