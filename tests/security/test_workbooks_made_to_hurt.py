"""Workbooks made to be slow or to fill the memory."""

import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from tanheng.kernel.errors import InputError
from tanheng_web.collection.models import Workbook
from tanheng_web.collection.services import MARK_JOB
from tanheng_web.collection.tasks import workbook_mark_task
from tanheng_web.collection.tests.test_import import template
from tanheng_web.collection.tests.workbooks import workbook
from tanheng_web.collection.workbook.safety import inspect
from tanheng_web.common.job_files import FOLDER, files_clean, path_of, store
from tanheng_web.common.models import Job


def changed(directory: Path, parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    source, target = workbook(directory / "good.xlsx"), directory / "changed.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", compression) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part.filename))
        for name, content in parts.items():
            new.writestr(name, content)
    return target


def a_sheet(directory: Path) -> str:
    with zipfile.ZipFile(workbook(directory / "good.xlsx")) as book:
        return next(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))


@pytest.mark.parametrize("opened", [b"<c>", b'<c t="e">', b"<c/>", b"<x:c>"])
def test_cells_that_never_end_are_passed_over_in_one_pass(tmp_path, opened):
    """A regular expression over `<c>…</c>` took an hour for each megabyte of this."""
    content = b"<sheetData><row><f>" + opened * 300_000 + b"</row></sheetData>"
    file = changed(tmp_path, {a_sheet(tmp_path): content})
    started = time.perf_counter()
    inspect(file, file.name)
    assert time.perf_counter() - started < 5


def test_faulty_cells_are_still_found_between_empty_ones(tmp_path):
    cells = b'<c r="A1"/><c r="B1" t="e"><v>#DIV/0!</v></c><c r="C1"/><c r="D1"><f>A1*2</f></c><x:c r="E1" t="e"/>'
    content = b'<sheetData><row r="1">' + cells + b"</row></sheetData>"
    part = a_sheet(tmp_path)
    scans = inspect(changed(tmp_path, {part: content}), "a.xlsx").sheets.values()
    found = next(scan for scan in scans if scan.errors)
    assert found.errors == {"B1": "#DIV/0!"}
    assert found.without_result == {"D1": "=A1*2"}


@pytest.mark.parametrize("compression", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_packings_that_no_spreadsheet_uses_are_refused(tmp_path, compression):
    with pytest.raises(InputError) as caught:
        inspect(changed(tmp_path, {}, compression), "a.xlsx")
    assert caught.value.code == "workbook.damaged"


def test_many_large_sheets_count_together(tmp_path):
    with zipfile.ZipFile(workbook(tmp_path / "good.xlsx")) as book:
        parts = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    far = b'<sheetData><row r="90000"><c r="A90000"><v>1</v></c></row></sheetData>'
    inspect(changed(tmp_path, {parts[0]: far}), "a.xlsx")
    with pytest.raises(InputError) as caught:
        inspect(changed(tmp_path, dict.fromkeys(parts, far)), "a.xlsx")
    assert caught.value.code == "workbook.reaches_too_far"


def test_a_large_corrected_template_is_made_by_the_worker(plant, client):
    """Three of them at once, of a file of 12 MB, took 3 GB and a minute of everybody's server."""
    content = template(plant)
    client.force_login(plant.viewer)
    book = Workbook(
        organisation=plant.works, name="a.xlsx", size=20_000_000, sha256="0" * 64, uploaded_by=plant.reporter
    )
    book.file.save("a.xlsx", ContentFile(content))
    address = reverse("collection:workbook-corrected", args=[plant.works.pk, book.pk])
    assert client.get(address).status_code == 405
    answer = client.post(address)
    job = Job.objects.get(kind=MARK_JOB)
    assert answer.url == reverse("common:job", args=[job.pk])
    assert client.get(job.link).status_code == 404
    workbook_mark_task.call(job.pk, **job.kwargs)
    file = client.get(job.link)
    assert "a.xlsx" in file.headers["Content-Disposition"]
    assert b"".join(file.streaming_content)[:2] == b"PK"


def test_files_of_jobs_go_after_their_days(plant, client, settings):
    client.force_login(plant.viewer)
    kept, old, running = (
        Job.objects.create(
            organisation=plant.works, by=plant.viewer, kind=MARK_JOB, status=status, kwargs={"name": "a"}
        )
        for status in ("done", "done", "running")
    )
    now = timezone.now()
    for job, days in ((kept, 6), (old, 8)):
        Job.objects.filter(pk=job.pk).update(finished_at=now - timedelta(days=days))
    for job in (kept, old, running):
        store(job, ContentFile(b"x"))
    others = settings.MEDIA_ROOT / FOLDER / "README"
    others.write_text("not ours")
    assert files_clean(now) == 1
    address = "collection:workbook-corrected-file"
    assert client.get(reverse(address, args=[plant.works.pk, kept.pk])).status_code == 200
    gone = client.get(reverse(address, args=[plant.works.pk, old.pk]))
    assert gone.status_code == 404
    assert "保留 7 天" in gone.text
    assert default_storage.exists(path_of(running))
    assert others.exists()
    assert files_clean(now + timedelta(days=30)) == 1, "what still runs stays"
