"""Template tags of the figure: `{% figure f %}`, and filters for numbers that were entered, not computed."""

import re
from dataclasses import replace
from decimal import Decimal

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from tanheng_web.common.colours import colour_name
from tanheng_web.common.figures import Figure, figure_html, format_number, format_plain, gas_text, unit_html, unit_text

__all__ = ["register"]

register = template.Library()

_INDEXED = re.compile(r"(?<![A-Za-z0-9_])([A-Zηρ][A-Za-z]{0,4}|r)_([A-Za-z0-9]+|[\u4e00-\u9fff]+)(?!_)\b")
_GAS = re.compile(r"(?<![A-Za-z])(?:CO2|CH4|N2O|CF4|C2F6|SF6)(?=e?(?![A-Za-z0-9]))")


@register.simple_tag(takes_context=True)
def figure(context: template.Context, drawn: Figure | None, *, show_unit: bool = True) -> str | SafeString:
    """Draw a figure; `show_unit=False` where the column head carries the unit. None (no run yet) is unknown."""
    if drawn is None:
        return "—"
    if not show_unit:
        drawn = replace(drawn, show_unit=False)
    organisation = context.get("current_organisation")
    return figure_html(drawn, organisation.pk if organisation else None)


@register.filter
def number(value: float | None, decimals: int | None = None) -> str:
    """An entered number as it was entered, or with so many decimals."""
    if value is None or value == "":
        return "—"
    return format_plain(value) if decimals is None else format_number(value, int(decimals))


@register.filter
def exact(value: float | None) -> str:
    """Every digit a number has, for proofs that two are the same: 1,234.5678901234567."""
    if value is None:
        return "—"
    return f"{Decimal(repr(float(value))):,f}".replace("-", "−").removesuffix(".0")


@register.filter
def source_colour(source: str) -> str:
    """The name of a source's colour, for the class of its dot."""
    return colour_name(source)


@register.filter
def unit(text: str) -> SafeString:
    """A unit with real subscripts."""
    return unit_html(text or "")


@register.filter
def unit_plain(text: str) -> str:
    """A unit as plain text, for attributes."""
    return unit_text(text or "")


@register.filter
def gas(id: str) -> SafeString:
    """The name of a gas of an account: CO₂ with a real subscript; what came in as CO₂e has no gas of its own."""
    return formula_subscript(gas_text(id))


@register.filter
def symbols(text: str) -> SafeString:
    """Text with the symbols of formulas in it, as they are printed: r_CO2 and E_燃烧 with their index set low."""
    low = _INDEXED.sub(r"\1<sub>\2</sub>", str(escape(text)))
    return mark_safe(_GAS.sub(lambda found: str(formula_subscript(found[0])), low))


@register.filter
def formula_subscript(text: str) -> SafeString:
    """A chemical formula with real subscripts: CO2, C2F6."""
    return mark_safe(re.sub(r"(?<=[A-Za-z])(\d+)", r"<sub>\1</sub>", str(escape(text))))
