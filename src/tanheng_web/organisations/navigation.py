from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tanheng_web.common.navigation import Entry, Hit
from tanheng_web.organisations.models import Organisation, Process

ENTRIES = [
    Entry(
        "system",
        10,
        _("企业设置"),
        "settings:basic",
        icon="settings",
        match=(
            "settings:process-",
            "settings:processes",
            "settings:site-",
            "settings:sites",
            "settings:accounting",
            "settings:standard",
            "settings:standards",
            "settings:group",
        ),
    ),
    Entry(
        "system",
        20,
        _("成员"),
        "settings:members",
        icon="users",
        permission="members.change",
        match=("settings:member-",),
    ),
    Entry("system", 25, _("操作日志"), "settings:log", icon="history", permission="audit.view"),
    Entry(
        "system",
        30,
        _("全部企业"),
        "organisations:list",
        icon="building-factory-2",
        match=("organisations:",),
        is_everywhere=True,
    ),
]
SEARCH_LIMIT = 8


def search(user, organisation, text):
    """Enterprises one may see, processes of the present one."""
    named = Q(name__icontains=text) | Q(short_name__icontains=text)
    hits = [
        Hit("企业", found.label, reverse("dashboards:panorama", kwargs={"org": found.pk}), found.name)
        for found in Organisation.objects.visible_to(user).filter(named)[:SEARCH_LIMIT]
    ]
    if organisation is not None:
        rows = Process.objects.filter(organisation=organisation, name__icontains=text).select_related("parent")
        url = reverse("settings:processes", kwargs={"org": organisation.pk})
        hits += [Hit("工序", row.path, f"{url}#process-{row.pk}", organisation.label) for row in rows[:SEARCH_LIMIT]]
    return hits
