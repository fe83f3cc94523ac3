"""Where data is entered and mended."""

from django.urls import NoReverseMatch, reverse

__all__ = ["data_url", "workbook_url"]


def data_url(organisation_id: int, month: str = "") -> str:
    """The monthly grid of a month, or the overview of the data."""
    overview = reverse("dashboards:panorama", args=[organisation_id]) + "data/"
    try:
        return reverse("collection:month", args=[organisation_id, month]) if month else overview
    except NoReverseMatch:
        return overview


def workbook_url(organisation_id: int, workbook_id: int) -> str:
    """The page of an uploaded workbook; empty while there is none."""
    try:
        return reverse("collection:workbook", args=[organisation_id, workbook_id])
    except NoReverseMatch:
        return ""
