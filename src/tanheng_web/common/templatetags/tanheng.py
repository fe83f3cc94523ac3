"""Tags that every template has without loading: icons, and the address of the present page with one thing changed."""

from functools import cache

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "", extra: str = ""):
    """An outline icon of the sprite that collect_vendor builds; decorative unless it has a label."""
    from tanheng_web.assets import ICONS

    if settings.DEBUG and name not in ICONS:
        raise template.TemplateSyntaxError(f"icon {name!r} is not in tanheng_web.assets.ICONS")
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="{}#i-{}"></use></svg>', extra, meaning, _sprite(), name)


@cache
def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag(takes_context=True)
def url_with(context, **changes):
    """The present address with query parameters changed (None removes one)."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}" if query else context["request"].path


@register.filter
def get_item(mapping, key):
    return mapping.get(key) if mapping else None


@register.filter
def depth_indent(organisation):
    """CSS class that indents a tree row."""
    return f"indent-{min(organisation.depth, 4)}"
