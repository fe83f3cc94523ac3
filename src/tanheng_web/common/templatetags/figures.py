from django import template

from tanheng_web.common.figures import Figure, grouped

register = template.Library()


@register.inclusion_tag("common/components/figure.html", takes_context=True)
def figure(context, figure: Figure, size: str = "", show_unit: bool = True, show_change: bool = True):
    """Draw a Figure. `size`: "" in tables, "lg" or "xl" on cards; `show_unit=False` where the column head carries the unit."""
    organisation = context.get("current_organisation")
    if figure.organisation_id is None and organisation is not None:
        figure = Figure(**{**figure.__dict__, "organisation_id": organisation.pk})
    return {"f": figure, "size": size, "show_unit": show_unit, "show_change": show_change}


@register.filter
def number(value, decimals=2):
    """A number that opens nothing (entered by people, counts): 1,234.50, a true minus, `—` for None."""
    return grouped(value, int(decimals))
