"""What this room puts into the menu, the bell, and Ctrl-K."""

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tanheng_web.collection.models import ActivityValue, MonthReport, SourceStream
from tanheng_web.common.access import can
from tanheng_web.common.navigation import Entry, Hit

__all__ = ["ENTRIES", "newest_month", "search", "todo_count"]

ENTRIES = [
    Entry(
        "data",
        10,
        _("活动数据"),
        "collection:overview",
        icon="calendar-month",
        match=("collection:month", "collection:version"),
    ),
    Entry("data", 20, _("导入"), "collection:imports", icon="file-spreadsheet", match=("collection:workbook",)),
    Entry(
        "data",
        30,
        _("源流"),
        "collection:streams",
        icon="arrows-exchange",
        match=("collection:stream", "collection:own-values", "collection:bases", "collection:needs"),
    ),
]
HITS = 8


def todo_count(user, organisation) -> int:
    """Months that wait for this person: returned ones for who enters, submitted ones for who reviews."""
    wanted = []
    if can(user, "data.enter", organisation):
        wanted.append(MonthReport.Status.RETURNED)
    if can(user, "data.review", organisation):
        wanted.append(MonthReport.Status.SUBMITTED)
    return MonthReport.objects.filter(organisation=organisation, status__in=wanted).count() if wanted else 0


def newest_month(organisation):
    """The newest month that has a number."""
    rows = ActivityValue.objects.filter(report__organisation=organisation, is_current=True)
    return rows.aggregate(newest=Max("report__month"))["newest"]


def search(user, organisation, text: str) -> list[Hit]:
    """Streams by name or code."""
    if organisation is None or not text:
        return []
    rows = SourceStream.objects.filter(organisation=organisation, is_active=True)
    found = [row for row in rows if text.lower() in f"{row.code} {row.label} {row.material_zh}".lower()]
    return [
        Hit(_("源流"), row.name, reverse("collection:stream", args=[organisation.pk, row.pk]), row.code)
        for row in found[:HITS]
    ]
