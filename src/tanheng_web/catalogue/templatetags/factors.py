"""Units and numbers of factors as people read them."""

from django import template

from tanheng.kernel.units import label

register = template.Library()


@register.filter
def unit_label(unit: str) -> str:
    """The typographic label of a unit; a bare number has none."""
    return "" if unit == "1" else label(unit)


@register.filter
def factor_number(value) -> str:
    """A decimal as the source writes it, without exponent."""
    return f"{value:f}"
