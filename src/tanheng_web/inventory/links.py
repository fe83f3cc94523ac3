"""Where data is entered and mended."""

from django.urls import reverse

__all__ = ["data_url", "workbook_url"]


def data_url(organisation_id: int, month: str = "") -> str:
    """The monthly grid of a month, or the overview of the data."""
    if month:
        return reverse("collection:month", args=[organisation_id, month])
    return reverse("collection:overview", args=[organisation_id])


def workbook_url(organisation_id: int, workbook_id: int) -> str:
    """The page of an uploaded workbook."""
    return reverse("collection:workbook", args=[organisation_id, workbook_id])
