"""Published reports never change; a correction is a new edition with reason and difference table."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.inventory import services
from tanheng_web.inventory.editions import report_publish
from tanheng_web.inventory.execution import report_execute
from tanheng_web.inventory.models import Report, ReportEdition
from tanheng_web.inventory.tests.world import month_correct, month_fill

pytestmark = pytest.mark.django_db


def _report(run, by, kind="docx", reason=""):
    job = services.report_create(run=run, kind=kind, by=by, reason=reason)
    report_execute.func(job.pk, **job.kwargs)
    return Report.objects.filter(run=run, kind=kind).latest("pk")


@pytest.fixture
def manager(world):
    return world.people["manager"]


@pytest.fixture
def original(run, manager):
    return report_publish(report=_report(run, manager), by=manager)


@pytest.fixture
def newer(original, works, world, manager):
    month_correct(
        works, Month(2025, 2), enter=world.people["reporter"], review=manager,
        stream="coal", amount=Decimal(99_000), reason="磅单更正",
    )  # fmt: skip
    return services.run_execute_now(organisation=works, period="2025-01..2025-02", by=manager)


def test_the_first_published_is_the_original(original, run):
    assert (original.number, original.kind, original.run_id) == (1, "original", run.pk)
    assert original.files.get().sha256


def test_a_correction_names_what_it_corrects_and_shows_the_difference(original, newer, run, manager):
    from docx import Document

    report = _report(newer, manager, reason="2 月洗精煤磅单有误")
    text = "\n".join(_texts(Document(io.BytesIO(report.file.read()))))
    assert "更正说明" in text and "2 月洗精煤磅单有误" in text and "更正前后对照" in text
    assert original.files.get().sha256 in text and "第 2 版（更正版）" in text
    for result in (run, newer):
        assert f"{result.total:,.2f}" in text
    edition = report_publish(report=report, by=manager)
    original.refresh_from_db()
    assert (edition.number, edition.kind, edition.corrects) == (2, "corrected", original)
    assert original.superseded_at is not None and original.state_zh == "已被更正"
    assert original.files.count() == 1, "the original stays"


def _texts(document):
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        yield from (cell.text for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_the_difference_stands_in_every_format(newer, manager, kind):
    body = _report(newer, manager, kind, reason="磅单有误").file.read()
    if kind == "xlsx":
        from openpyxl import load_workbook

        cells = [str(cell) for sheet in load_workbook(io.BytesIO(body)) for row in sheet.values for cell in row]
        assert any("更正原因：磅单有误" in cell for cell in cells)
    assert len(body) > 1000


def test_a_correction_needs_a_reason(newer, manager):
    with pytest.raises(InputError) as fault:
        services.report_create(run=newer, kind="docx", by=manager)
    assert "更正原因" in fault.value.zh()


def test_other_formats_join_the_edition_and_none_is_replaced(original, run, manager):
    assert report_publish(report=_report(run, manager, "xlsx"), by=manager) == original
    with pytest.raises(InputError) as fault:
        report_publish(report=_report(run, manager, "xlsx"), by=manager)
    assert "不能用另一份替换" in fault.value.zh()


def test_a_published_report_cannot_be_changed_or_removed(original, manager):
    report = original.files.get()
    report.sha256 = "x"
    for change in (report.save, report.delete):
        with pytest.raises(InputError):
            change()
    with pytest.raises(InputError):
        report_publish(report=report, by=manager)


def test_a_file_that_was_tampered_with_is_neither_published_nor_handed_out(run, original, manager, works, sign_in):
    report = original.files.get()
    with Path(report.file.path).open("ab") as file:
        file.write(b"x")
    answer = sign_in("manager").get(reverse("inventory:report", args=[works.pk, report.pk]))
    assert answer.status_code == 422 and "SHA-256" in answer.content.decode()


def test_what_may_not_be_published(original, newer, run, works, world, manager):
    late = Report.objects.create(run=run, kind="pdf", sha256="0", size=1, created_by=manager)
    with pytest.raises(InputError) as fault:
        report_publish(report=late, by=manager)
    assert "更新的核算结果" in fault.value.zh()
    month_fill(works, Month(2025, 3), enter=world.people["reporter"], review=manager, leave_out=("anth",))
    partial = services.run_execute_now(organisation=works, period="2025-03", by=manager)
    with pytest.raises(InputError) as fault:
        report_publish(report=_report(partial, manager), by=manager)
    assert "缺口" in fault.value.zh()
    with pytest.raises(PermissionDenied):
        report_publish(report=_report(newer, manager, reason="更正"), by=world.people["viewer"])


def test_a_draft_made_before_another_correction_is_refused(original, newer, works, manager):
    first = _report(newer, manager, reason="一")
    second = _report(newer, manager, "xlsx", reason="二")
    report_publish(report=first, by=manager)
    assert report_publish(report=second, by=manager).number == 2
    plain = Report.objects.create(run=newer, kind="pdf", sha256="0", size=1, created_by=manager)
    plain.file.save("x.pdf", io.BytesIO(b"x"))
    import hashlib

    Report.objects.filter(pk=plain.pk).update(sha256=hashlib.sha256(b"x").hexdigest())
    with pytest.raises(InputError):
        report_publish(report=plain, by=manager)


def test_the_list_shows_state_and_history(original, newer, works, manager, sign_in):
    draft = _report(newer, manager, reason="磅单有误")
    client = sign_in("manager")
    page = client.get(reverse("inventory:reports", args=[works.pk])).content.decode()
    assert "更正稿" in page and "发布</button>" in page
    answer = client.post(reverse("inventory:report-publish", args=[works.pk, draft.pk]), follow=True)
    page = answer.content.decode()
    assert "第 2 版" in page and "已被更正" in page and "更正第 1 版：磅单有误" in page
    assert ReportEdition.objects.count() == 2 and "第 2 版与第 1 版的差异" in page
    changes = dict(answer.context["groups"][0][0][1])
    assert changes["排放总量"].new == newer.total and len(changes) == 2
    run_page = client.get(reverse("inventory:run", args=[works.pk, newer.pk])).content.decode()
    assert "第 2 版 · 更正版" in run_page
