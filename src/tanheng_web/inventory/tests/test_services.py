"""Runs: computed from approved data, posted whole, superseded by newer ones, stale when data change."""

import pytest
from django.core.exceptions import PermissionDenied

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.inventory import selectors, services
from tanheng_web.inventory.models import LedgerEntry, Run
from tanheng_web.inventory.tests.world import month_fill

pytestmark = pytest.mark.django_db


def test_a_run_posts_the_lines_of_every_account(run):
    document = run.open()
    accounts = document.data["lines"]["account"]
    assert run.is_done and run.total == document.data["total"]["value"]
    assert run.digest == document.digest
    entries = LedgerEntry.objects.filter(run=run)
    assert entries.count() == len(accounts) > 0
    enterprise = entries.filter(account="enterprise")
    assert enterprise.count() == accounts.count("enterprise") > 0
    assert sum(entry.value for entry in enterprise) == pytest.approx(run.total)


def test_the_summary_has_everything_but_the_detail(run):
    assert run.summary["total"]["value"] == run.total
    assert not {"lines", "trace", "provenance"} & set(run.summary)


def test_a_newer_run_of_the_same_period_supersedes(run, works, world):
    newer = services.run_execute_now(organisation=works, period="2025-01..2025-02", by=world.people["manager"])
    run.refresh_from_db()
    assert run.superseded_by == newer
    assert run.digest == newer.digest, "the same data give the same bytes"
    assert not LedgerEntry.objects.filter(run=newer).exists(), "what did not change is not posted again"
    assert newer.posting.reasons == ["again"] and newer.posting.kept == LedgerEntry.objects.filter(run=run).count()


def test_a_finished_run_is_not_posted_again(run):
    from tanheng_web.inventory.posting import run_post

    with pytest.raises(InputError):
        run_post(run=run, document=run.open(), views=run.views, fingerprint="x")


def test_a_year_to_date_replaces_the_shorter_one(works, world):
    manager = world.people["manager"]
    first = services.results_refresh(organisation=works, year=2025, by=manager, now=True)
    assert first.period == "2025-01..2025-02"
    assert services.results_refresh(organisation=works, year=2025, by=manager, now=True) == first
    month_fill(works, Month(2025, 3), enter=world.people["reporter"], review=manager)
    second = services.results_refresh(organisation=works, year=2025, by=manager, now=True)
    first.refresh_from_db()
    assert second.period == "2025-01..2025-03"
    assert first.superseded_by == second


def test_approving_months_in_a_row_computes_once(works, world):
    manager = world.people["manager"]
    waiting = services.results_refresh(organisation=works, year=2025, by=manager)
    month_fill(works, Month(2025, 3), enter=world.people["reporter"], review=manager)
    assert services.results_refresh(organisation=works, year=2025, by=manager) == waiting
    waiting.refresh_from_db()
    assert waiting.period == "2025-01..2025-03"
    assert Run.objects.filter(organisation=works).count() == 1


def test_changed_data_make_a_run_stale(run, works, world):
    assert not selectors.is_stale(run, works)
    works.province = "四川"
    works.save()
    assert selectors.is_stale(run, works)


def test_a_missing_stream_is_a_gap_and_the_total_is_not_complete(works, world):
    month_fill(
        works, Month(2025, 3), enter=world.people["reporter"], review=world.people["manager"], leave_out=("anth",)
    )
    run = services.run_execute_now(organisation=works, period="2025-03", by=world.people["manager"])
    assert not run.is_complete and run.gap_count == 1


def test_nothing_approved_nothing_to_account(works, world):
    with pytest.raises(InputError) as fault:
        services.run_create(organisation=works, period="2023", by=world.people["manager"])
    assert "审核" in fault.value.zh()


def test_only_those_who_may_run(works, world):
    with pytest.raises(PermissionDenied):
        services.run_create(organisation=works, period="2025", by=world.people["reporter"])


def test_the_comparison_is_the_same_months_a_year_before(run, works):
    earlier = selectors.earlier_run(works, run)
    drawn = selectors.drawn_for(works, run)
    assert earlier.period == "2024-01..2024-02"
    assert drawn.total.previous == earlier.total
    assert drawn.total.previous == pytest.approx(run.total * 1.05)


@pytest.mark.parametrize(("kind", "start"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_a_report_is_made_and_kept_with_its_digest(run, world, kind, start):
    import hashlib

    from tanheng_web.common.models import Job
    from tanheng_web.inventory.execution import report_execute
    from tanheng_web.inventory.models import Report

    job = services.report_create(run=run, kind=kind, by=world.people["manager"])
    report_execute.func(job.pk, **job.kwargs)
    report = Report.objects.get(run=run, kind=kind)
    body = report.file.read()
    assert Job.objects.get(pk=job.pk).status == "done"
    assert body.startswith(start)
    assert report.sha256 == hashlib.sha256(body).hexdigest()
    report.file.delete(save=False)


def test_a_run_is_done_by_its_job_with_progress(works, world):
    from tanheng_web.common.models import Job
    from tanheng_web.inventory.execution import run_execute

    run = services.run_create(organisation=works, period="2025-01", by=world.people["manager"])
    run_execute.func(run.job_id, **run.job.kwargs)
    run.refresh_from_db()
    job = Job.objects.get(pk=run.job_id)
    assert run.is_done and job.status == "done" and job.done == job.total == 4


def test_an_own_template_makes_the_next_report(works, run, world):
    """Downloaded, changed in Word, uploaded: the next docx carries the change and names the version."""
    import io

    from docx import Document

    from tanheng_web.inventory.execution import report_execute
    from tanheng_web.inventory.models import Report
    from tanheng_web.inventory.reports import template_default

    changed, file = Document(io.BytesIO(template_default())), io.BytesIO()
    changed.paragraphs[0].insert_paragraph_before("本厂封面：{{ 企业名称 }}")
    changed.save(file)
    manager = world.people["manager"]
    admin = world.people["superuser"]
    template = services.template_upload(
        organisation=works, standard=works.standard, name="本厂.docx", body=file.getvalue(), by=admin
    )
    job = services.report_create(run=run, kind="docx", by=manager)
    report_execute.func(job.pk, **job.kwargs)
    report = Report.objects.get(run=run)
    assert report.template == template
    written = [paragraph.text for paragraph in Document(io.BytesIO(report.file.read())).paragraphs]
    assert f"本厂封面：{works.name}" in written
    report.file.delete(save=False)


def test_a_template_that_is_no_docx_is_refused(works, world):
    from tanheng.kernel.errors import TanhengError

    with pytest.raises(TanhengError):
        services.template_upload(
            organisation=works, standard=works.standard, name="x.docx", body=b"no", by=world.people["manager"]
        )
