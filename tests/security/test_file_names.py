"""The name of a file comes from its owner: it is text on pages, and no path on the disk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tanheng_web.collection.models import Workbook

NAMES = [
    '"><img src=x onerror=alert(1)>.xlsx',
    "../../../etc/passwd",
    "..\\..\\boot.xlsx",
    "a\r\nSet-Cookie: x=1\r\n.xlsx",
    "a" * 500 + ".xlsx",
    "{{ 7*7 }}.xlsx",
    "=HYPERLINK(1).xlsx",
    ".htaccess",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_text(plant, client, settings, name):
    client.force_login(plant.reporter)
    file = SimpleUploadedFile("x.xlsx", name.encode())
    file._name = name  # as a browser of somebody else's making sends it
    address = reverse("collection:imports", args=[plant.works.pk])
    assert client.post(address, {"file": file}).status_code == 302
    book = Workbook.objects.get(organisation=plant.works)
    stored = settings.MEDIA_ROOT / book.file.name
    assert stored.resolve().is_relative_to(settings.MEDIA_ROOT.resolve())
    assert stored.suffix == ".xlsx"
    assert "/" not in book.name
    for page in (address, reverse("collection:workbook", args=[plant.works.pk, book.pk])):
        assert "<img src=x" not in client.get(page).text
    answer = client.get(reverse("collection:workbook-file", args=[plant.works.pk, book.pk]))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Set-Cookie" not in answer.headers
    assert client.get(f"/files/{book.file.name}").status_code == 404
    assert client.get(f"/media/{book.file.name}").status_code == 404
