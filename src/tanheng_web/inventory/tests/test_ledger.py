"""碳账本: only changed lines are posted, every past state can be rebuilt, sums agree to the last digit."""

import copy
import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanheng.accounting.difference import line_decimals
from tanheng.accounting.figures import add
from tanheng.accounting.result import ResultDocument
from tanheng.kernel.periods import Month
from tanheng_web.inventory import services
from tanheng_web.inventory.models import LedgerBook, LedgerEntry, LedgerPosting, Run
from tanheng_web.inventory.posting import run_post
from tanheng_web.inventory.tests.world import month_correct, month_fill

pytestmark = pytest.mark.django_db


def _sum(entries, summary) -> float | None:
    values = entries.filter(account="enterprise").values_list("value", flat=True)
    return add(values, line_decimals(summary))


def test_one_corrected_value_posts_one_line(run, works, world):
    month_correct(
        works, Month(2025, 2), enter=world.people["reporter"], review=world.people["manager"],
        stream="coal", amount=Decimal(99_000), reason="磅单更正",
    )  # fmt: skip
    newer = services.run_execute_now(organisation=works, period="2025-01..2025-02", by=world.people["manager"])
    posted = LedgerEntry.objects.filter(run=newer)
    assert {(each.month, each.stream) for each in posted} == {("2025-02", "coal")}
    assert newer.posting.reasons == ["data"] and newer.posting.number == 2
    gone = LedgerEntry.objects.filter(run=run).exclude(superseded_at=None)
    assert {(each.month, each.stream) for each in gone} == {("2025-02", "coal")}
    assert gone[0].superseded_by == newer and gone[0].superseded_no == 2
    book = newer.posting.book
    assert book.run == newer
    assert _sum(LedgerEntry.objects.filter(book=book).current(), newer.summary) == newer.total
    assert _sum(LedgerEntry.objects.as_posted(run.posting), run.summary) == run.total != newer.total


def test_a_longer_year_to_date_adds_its_month(works, world):
    manager = world.people["manager"]
    first = services.results_refresh(organisation=works, year=2025, by=manager, now=True)
    month_fill(works, Month(2025, 3), enter=world.people["reporter"], review=manager)
    second = services.results_refresh(organisation=works, year=2025, by=manager, now=True)
    assert second.posting.book == first.posting.book
    assert second.posting.reasons == ["period"]
    assert set(LedgerEntry.objects.filter(run=second).values_list("month", flat=True)) == {"2025-03"}
    assert not LedgerEntry.objects.exclude(superseded_at=None).exists()


def test_another_standard_or_period_has_a_book_of_its_own(run, works, world):
    other = services.run_execute_now(organisation=works, period="2025-01", by=world.people["manager"])
    assert other.posting.book != run.posting.book
    run.refresh_from_db()
    assert run.superseded_at is None


def test_a_book_that_flows_into_another_is_closed_and_can_still_be_read(works, world):
    manager = world.people["manager"]
    to_date = services.results_refresh(organisation=works, year=2025, by=manager, now=True)
    month_fill(works, Month(2025, 3), enter=world.people["reporter"], review=manager)
    asked = services.run_execute_now(organisation=works, period="2025-01..2025-03", by=manager)
    newest = services.run_execute_now(organisation=works, period="2025-01..2025-03", by=manager, is_year_to_date=True)
    assert to_date.posting.book != asked.posting.book == newest.posting.book
    closed = LedgerBook.objects.get(pk=to_date.posting.book_id)
    assert closed.run is None and not LedgerEntry.objects.filter(book=closed).current().exists()
    assert _sum(LedgerEntry.objects.as_posted(to_date.posting), to_date.summary) == to_date.total
    assert _sum(LedgerEntry.objects.as_posted(newest.posting), newest.summary) == newest.total


def test_another_province_is_a_change_of_factor(run, works, world):
    works.province = "四川"
    works.save()
    newer = services.run_execute_now(organisation=works, period="2025-01..2025-02", by=world.people["manager"])
    assert "factor" in newer.posting.reasons
    enterprise = LedgerEntry.objects.filter(run=newer, account="enterprise")
    assert set(enterprise.values_list("stream", flat=True)) == {"el", "el-out"}


def _altered(document: ResultDocument, seed: int) -> ResultDocument:
    """The same result with some lines changed, left out, unknown or doubled, its total added up anew."""
    chance, data = random.Random(seed), copy.deepcopy(document.data)
    lines = data["lines"]
    kept = [n for n in range(len(lines["value"])) if chance.random() > 0.1]
    kept += [n for n in kept if chance.random() < 0.05]
    data["lines"] = {name: [column[n] for n in kept] for name, column in lines.items()}
    values = data["lines"]["value"]
    for n in range(len(values)):
        if chance.random() < 0.2:
            values[n] = None if chance.random() < 0.1 else round(chance.uniform(-1e6, 1e6), chance.randint(0, 9))
    own = [v for v, account in zip(values, data["lines"]["account"], strict=True) if account == "enterprise"]
    data["total"]["value"] = add(own, line_decimals(data))
    return ResultDocument(data)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seeds=st.lists(st.integers(0, 2**16), min_size=1, max_size=6))
def test_any_sequence_of_runs_adds_up_and_can_be_rebuilt(run, world, seeds):
    LedgerEntry.objects.all()._raw_delete("default")  # between examples only: nobody else can
    LedgerPosting.objects.all().delete()
    LedgerBook.objects.all().delete()
    Run.objects.filter(document=None).delete()
    Run.objects.exclude(pk=run.pk).filter(period=run.period).delete()
    original = run.open()
    posted = []
    for seed in seeds:
        document = _altered(original, seed)
        made = Run.objects.create(
            organisation=run.organisation, standard=run.standard, period=run.period, first_month=run.first_month,
            last_month=run.last_month, created_by=world.people["manager"],
        )  # fmt: skip
        run_post(run=made, document=document, views={}, fingerprint=str(seed))
        posted.append((Run.objects.get(pk=made.pk), document))
    newest, last = posted[-1]
    book = newest.posting.book
    assert _sum(LedgerEntry.objects.filter(book=book).current(), last.data) == last.data["total"]["value"]
    for each, document in posted:
        state = LedgerEntry.objects.as_posted(each.posting)
        assert _sum(state, document.data) == document.data["total"]["value"]
        lines = document.data["lines"]
        names = ("account", "month", "stream", "gas", "mass", "value")
        stored = sorted(map(repr, state.values_list(*names)))
        assert stored == sorted(map(repr, zip(*(lines[name] for name in names), strict=True)))
