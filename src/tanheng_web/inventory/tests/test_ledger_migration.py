"""Runs that were posted before there were books get their books: every past state can be rebuilt from them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tanheng_web.accounts.models import User
from tanheng_web.organisations.models import Organisation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BEFORE = [("inventory", "0001_runs_ledger_reports")]
AFTER = [("inventory", "0004_ledger_books_required")]


def _to(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def old():
    """The tables as they were; all migrations stand again afterwards."""
    everything = MigrationExecutor(connection).loader.graph.leaf_nodes()
    apps = _to(BEFORE)
    yield apps
    for name in ("LedgerEntry", "Run"):  # made up for this test: later migrations would open their documents
        apps.get_model("inventory", name).objects.all().delete()
    _to(everything)


def _run(apps, by, works, period, first, last, values, *, older=(), at=0, ytd=False):
    now = timezone.now() + timedelta(seconds=at)
    runs = apps.get_model("inventory", "Run").objects
    run = runs.create(
        organisation_id=works, standard="gbt_32151_5_2015", period=period, first_month=first, last_month=last,
        status="done", document=b"x", digest="d", created_by_id=by, finished_at=now, is_year_to_date=ytd,
    )  # fmt: skip
    entries = apps.get_model("inventory", "LedgerEntry").objects
    for each in older:
        runs.filter(pk=each.pk).update(superseded_at=now, superseded_by=run)
        entries.filter(run=each, superseded_at=None).update(superseded_at=now)
    for line, value in enumerate(values):
        entries.create(
            run=run, line=line, month="2025-01", stream=f"s{line}", source="x", material="m", role="fuel",
            direction="in", gas="CO2", formula="f", value=value, mass=value,
        )  # fmt: skip
    return run


def test_books_are_made_from_the_chains_of_runs(old):
    by = User.objects.create(username="chief").pk
    works = Organisation.objects.create(name="厂").pk
    january, february = date(2025, 1, 1), date(2025, 2, 1)
    a = _run(old, by, works, "2025-01", january, january, [1.0, 2.0], ytd=True)
    b = _run(old, by, works, "2025-01..2025-02", january, february, [5.0], at=1)
    c = _run(old, by, works, "2025-01..2025-02", january, february, [1.0, 3.0, 4.0], older=(a, b), at=2, ytd=True)
    d = _run(old, by, works, "2025-02", february, february, [7.0], at=3)
    new = _to(AFTER)
    books, postings = new.get_model("inventory", "LedgerBook").objects, new.get_model("inventory", "LedgerPosting")
    number = {posting.run_id: (posting.book_id, posting.number) for posting in postings.objects.all()}
    assert number[c.pk] == (number[a.pk][0], 2) and number[b.pk][0] != number[a.pk][0] and number[d.pk][1] == 1
    assert books.get(pk=number[b.pk][0]).run_id is None and books.get(pk=number[c.pk][0]).run_id == c.pk
    entries = new.get_model("inventory", "LedgerEntry").objects

    def state(run):
        book, when = number[run.pk]
        held = entries.filter(book_id=book, posted_no__lte=when)
        return sorted(e.value for e in held if e.superseded_no is None or e.superseded_no > when)

    assert [state(run) for run in (a, b, c, d)] == [[1.0, 2.0], [5.0], [1.0, 3.0, 4.0], [7.0]]
    assert sorted(e.value for e in entries.filter(superseded_no=None)) == [1.0, 3.0, 4.0, 7.0]
    assert set(entries.filter(run=a.pk).values_list("superseded_by", flat=True)) == {c.pk}
    back = _to(BEFORE)
    assert back.get_model("inventory", "LedgerEntry").objects.count() == 7, "the way back keeps every line"
