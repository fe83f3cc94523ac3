"""碳账本 as a page: filters, exact totals, reconciliation, the past, export."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tanheng.kernel.periods import Month
from tanheng_web.common.job_files import files_clean
from tanheng_web.common.models import Job
from tanheng_web.common.templatetags.figures import exact
from tanheng_web.inventory import services
from tanheng_web.inventory.execution import execute, silent
from tanheng_web.inventory.ledger import exports
from tanheng_web.inventory.models import LedgerEntry, Run
from tanheng_web.inventory.tests.world import month_correct, month_fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def corrected(run, works, world):
    """The run, and a newer one after one value was corrected."""
    month_correct(
        works, Month(2025, 2), enter=world.people["reporter"], review=world.people["manager"],
        stream="coal", amount=Decimal(99_000), reason="磅单更正",
    )  # fmt: skip
    return services.run_execute_now(organisation=works, period=run.period, by=world.people["manager"])


def _page(client, works, query="period=2025", **headers):
    return client.get(f"{reverse('inventory:ledger', args=[works.pk])}?{query}", headers=headers)


def test_the_ledger_agrees_with_the_result_to_the_last_digit(corrected, works, sign_in):
    page = _page(sign_in("viewer"), works)
    html = page.content.decode()
    assert page.status_code == 200 and "一致到末位" in html and "不一致" not in html
    assert html.count(exact(corrected.total)) >= 2
    (strip,) = page.context["strips"]
    assert strip.agrees and {check.label for check in strip.months} == {"2025-01", "2025-02"}
    assert any(check.address == "account:process" for check in strip.accounts)
    assert page.context["total"].value == corrected.total


def test_superseded_lines_can_be_shown_with_who_when_and_why(corrected, run, works, sign_in):
    client = sign_in("viewer")
    assert "已替代" not in _page(client, works).content.decode().split("</form>")[-1]
    page = _page(client, works, "period=2025&state=superseded")
    (row,) = page.context["rows"]
    assert row.entry.run_id == run.pk and row.superseded.run_id == corrected.pk
    assert "manager：已审核数据变更" in page.content.decode()
    assert row.figure.run_id == run.pk and row.figure.address.startswith("line:")


def test_every_figure_opens(corrected, works, sign_in):
    client = sign_in("viewer")
    for query in ("period=2025", "period=2025&account=process", "period=2025&state=all"):
        rows = _page(client, works, query).context["rows"]
        assert rows
        for row in rows:
            url = reverse("inventory:figure", args=[works.pk, row.figure.run_id])
            shown = client.get(url, {"a": row.figure.address})
            assert shown.status_code == 200, row.figure.address
            assert shown.context["why"].node.value == row.entry.value if hasattr(shown.context["why"], "node") else True


def test_filters_stand_in_the_url_and_are_added_up_exactly(corrected, works, sign_in):
    client = sign_in("viewer")
    page = _page(client, works, "period=2025&source=fuel_combustion&month=2025-01&q=coal")
    assert [row.entry.stream for row in page.context["rows"]] == ["coal"]
    assert page.context["total"].value == page.context["rows"][0].entry.value
    fuel = _page(client, works, "period=2025&source=fuel_combustion").context["total"].value
    assert fuel == corrected.summary["sources"]["fuel_combustion"]["value"]
    inside = _page(client, works, "period=2025&account=process&process=高炉炼铁")
    assert {row.entry.process for row in inside.context["rows"]} == {"高炉炼铁/1号高炉"}
    part = _page(client, works, "period=2025&order=value", **{"HX-Request": "true", "HX-Target": "ledger"})
    assert b"<html" not in part.content


def test_the_past_is_shown_as_it_was_posted(corrected, run, works, sign_in):
    page = _page(sign_in("viewer"), works, f"run={run.pk}")
    assert page.context["total"].value == run.total != corrected.total
    assert "这是过去的账" in page.content.decode()


def test_all_years_together_count_no_month_twice(corrected, works, world, sign_in):
    services.run_execute_now(organisation=works, period="2025-01", by=world.people["manager"])
    page = _page(sign_in("viewer"), works, "years=all")
    assert [book.run.period for book in page.context["chosen"].books] == ["2024-01..2024-02", corrected.period]
    assert [book.run.period for book in page.context["chosen"].beside] == ["2025-01"]
    assert (
        page.context["page"].paginator.count
        == LedgerEntry.objects.current()
        .filter(account="enterprise", book__in=[book.id for book in page.context["chosen"].books])
        .count()
    )


@pytest.mark.parametrize("query", ["page=99&month=2099-01", "run=abc", "order=x&state=y", "standard=none", "q=%00"])
def test_odd_questions_are_answered(corrected, works, sign_in, query):
    assert _page(sign_in("viewer"), works, query).status_code == 200


def test_a_foreign_run_is_not_found(corrected, works, world, sign_in):
    assert _page(sign_in("stranger"), works).status_code == 404
    assert _page(sign_in("viewer"), works, "run=999999").status_code == 404


def test_export_has_every_line_and_marks_formulas_as_text(corrected, works, sign_in):
    LedgerEntry.objects.filter(pk=LedgerEntry.objects.current().first().pk).update(process="=1+1")
    url = reverse("inventory:ledger-export", args=[works.pk]) + "?period=2025&state=all"
    client = sign_in("viewer")
    body = b"".join(client.post(url, {"kind": "csv"}).streaming_content).decode("utf-8-sig")
    head, *rows = list(csv.reader(io.StringIO(body)))
    assert tuple(head) == exports.HEAD
    entries = LedgerEntry.objects.filter(book=corrected.posting.book, account="enterprise")
    assert len(rows) == entries.count()
    assert sorted(float(row[12]) for row in rows) == sorted(entry.value for entry in entries)
    assert "'=1+1" in {row[5] for row in rows}
    assert b"".join(client.post(url, {"kind": "xlsx"}).streaming_content).startswith(b"PK")
    assert client.post(url, {"kind": "exe"}).status_code == 404


def test_a_large_export_is_a_job(corrected, works, sign_in, monkeypatch, world):
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    client = sign_in("viewer")
    answer = client.post(reverse("inventory:ledger-export", args=[works.pk]) + "?period=2025", {"kind": "xlsx"})
    assert answer.status_code == 302
    from tanheng_web.common.models import Job

    job = Job.objects.get(kind=exports.JOB)
    exports.export_execute.func(job.pk, **job.kwargs)
    file = client.get(reverse("inventory:ledger-file", args=[works.pk, job.pk]))
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert sign_in("stranger").get(reverse("inventory:ledger-file", args=[works.pk, job.pk])).status_code == 404


def test_a_page_of_the_ledger_asks_few_queries(corrected, works, sign_in, django_assert_max_num_queries):
    client = sign_in("viewer")
    _page(client, works)
    with django_assert_max_num_queries(26):
        _page(client, works, "period=2025&state=all")


def test_a_run_with_gaps_is_no_disagreement(works, world, sign_in):
    from tanheng_web.inventory.tests.world import month_fill

    month_fill(
        works, Month(2025, 3), enter=world.people["reporter"], review=world.people["manager"], leave_out=("anth",)
    )
    run = services.run_create(organisation=works, period="2025-03", by=world.people["manager"])
    execute(Run.objects.select_related("organisation").get(pk=run.pk), silent)
    page = _page(sign_in("viewer"), works)
    assert all(strip.agrees for strip in page.context["strips"])


def test_what_a_closed_book_held_is_in_the_history_with_who_closed_it(works, world, sign_in):
    """A year to date that flowed into the result asked for: its entries stay, superseded, and the page shows them."""
    manager = world.people["manager"]
    to_date = services.results_refresh(organisation=works, year=2025, by=manager, now=True)
    month_fill(works, Month(2025, 3), enter=world.people["reporter"], review=manager)
    services.run_execute_now(organisation=works, period="2025-01..2025-03", by=manager)
    newest = services.run_execute_now(organisation=works, period="2025-01..2025-03", by=manager, is_year_to_date=True)
    page = sign_in("viewer").get(reverse("inventory:ledger", args=[works.pk]), {"state": "superseded", "years": "all"})
    gone = [row for row in page.context["rows"] if row.entry.run_id == to_date.pk]
    assert len(gone) == LedgerEntry.objects.filter(run=to_date, account="enterprise").count() > 0
    assert all(row.superseded.run_id == newest.pk and row.superseded.by == manager for row in gone)
    assert page.context["total"].value is None, "superseded lines are never added"
    now = sign_in("viewer").get(reverse("inventory:ledger", args=[works.pk]), {"years": "all"})
    assert now.context["total"].value == newest.total


def test_files_of_exports_are_removed_by_age_and_say_so(run, works, world, sign_in, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    query = {"organisation_id": works.pk, "period": "2025", "query": "state=all", "file_kind": "csv"}
    jobs = [
        Job.objects.create(kind=exports.JOB, organisation=works, by=world.people["viewer"], kwargs=query)
        for _ in range(2)
    ]
    for job in jobs:
        exports.export_execute.func(job.pk, **query)
    done = Job.objects.get(pk=jobs[0].pk).finished_at
    Job.objects.filter(pk=jobs[1].pk).update(finished_at=done + timedelta(days=30))
    urls = [reverse("inventory:ledger-file", args=[works.pk, job.pk]) for job in jobs]
    assert [sign_in("viewer").get(url).status_code for url in urls] == [200, 200]
    assert files_clean(done + timedelta(days=8)) == 1
    assert files_clean(done + timedelta(days=8)) == 0
    gone, kept = (sign_in("viewer").get(url) for url in urls)
    assert gone.status_code == 404 and "保留 7 天" in gone.content.decode()
    assert kept.status_code == 200
