"""What every page shows around its content."""

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from tanheng_web.common import periods
from tanheng_web.common.navigation import navigation, sources

__all__ = ["frame"]

THEME_CHOICES = (("light", _("浅色"), "sun"), ("dark", _("深色"), "moon"), ("auto", _("跟随系统"), "sun-moon"))


def frame(request) -> dict[str, object]:
    """Enterprise, menu, period, number of things to do, theme; lazy, so that fragments cost nothing."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme")
    context: dict[str, object] = {
        "theme": theme if theme in {"light", "dark"} else "auto",
        "theme_choices": THEME_CHOICES,
    }
    if user is None or not user.is_authenticated:
        return context
    organisation = getattr(request, "organisation", None) or _remembered(request)
    view_name = request.resolver_match.view_name if request.resolver_match else ""
    return context | {
        "current_organisation": organisation,
        "organisations": SimpleLazyObject(lambda: _organisations(user)),
        "navigation": SimpleLazyObject(lambda: navigation(user, organisation, view_name)),
        "period": SimpleLazyObject(lambda: periods.period_of(request, organisation)),
        "period_choices": SimpleLazyObject(
            lambda: periods.choices(periods.period_of(request, organisation), periods.last_year(organisation))
        ),
        "todo_count": SimpleLazyObject(
            lambda: sum(count(user, organisation) for count in sources("todo_count")) if organisation else 0
        ),
    }


def _organisations(user):
    from tanheng_web.organisations.selectors import organisations_for  # a room above this one

    return organisations_for(user)


def _remembered(request):
    """The enterprise last looked at, for pages outside /o/<org>/ (search, enterprises, password)."""
    from tanheng_web.organisations.selectors import remembered_organisation

    return remembered_organisation(request)
