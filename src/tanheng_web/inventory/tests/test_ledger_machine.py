"""Whatever people do in whatever order: every open book equals its result, nothing is lost, nothing published moves."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.http import QueryDict
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tanheng.accounting.figures import add
from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month, Period
from tanheng_web.collection.models import MonthReport
from tanheng_web.common.models import Job
from tanheng_web.inventory import services
from tanheng_web.inventory.editions import must_correct, report_publish
from tanheng_web.inventory.execution import report_execute
from tanheng_web.inventory.ledger.books import every_book, opened
from tanheng_web.inventory.ledger.reconciliation import strip_of
from tanheng_web.inventory.ledger.selectors import chosen_of
from tanheng_web.inventory.models import (
    LedgerBook,
    LedgerEntry,
    LedgerPosting,
    Recalculation,
    Report,
    ReportEdition,
    Run,
)
from tanheng_web.inventory.recalculation.execution import recalculation_compute, recalculation_post
from tanheng_web.inventory.recalculation.services import (
    recalculation_accept,
    recalculation_create,
    recalculation_discard,
)
from tanheng_web.inventory.tests.world import month_correct, month_fill

pytestmark = pytest.mark.django_db
THEN, NOW = date(2023, 6, 30), date(2026, 6, 30)
STANDARDS = ("gbt_32151_5_2015", "iso_14064_1_2018")
PERIODS = ("2025-01", "2025-01..2025-02", "2025-01..2025-03")
FACTS = ("account", "month", "stream", "source", "gas", "value", "mass", "run_id", "book_id", "posted_no")


def machine(works, world) -> type[RuleBasedStateMachine]:
    reporter, manager = world.people["reporter"], world.people["manager"]

    class Ledger(RuleBasedStateMachine):
        """Every rule is something a person does on a page; jobs are worked off at once."""

        def __init__(self) -> None:
            super().__init__()
            self.point = transaction.savepoint()
            self.entries: dict[int, tuple] = {}
            self.results: dict[int, str] = {}
            self.published: dict[int, tuple] = {}

        def teardown(self) -> None:
            transaction.savepoint_rollback(self.point)

        def current(self) -> list[Run]:
            return list(Run.objects.heads().current().filter(organisation=works, status="done").order_by("pk"))

        def work(self, task, job: Job) -> None:
            task.func(job.pk, **Job.objects.get(pk=job.pk).kwargs)

        @rule(month=st.sampled_from((1, 2)), amount=st.integers(80_000, 130_000))
        def correct(self, month: int, amount: int) -> None:
            month_correct(works, Month(2025, month), enter=reporter, review=manager, stream="coal",
                          amount=Decimal(amount), reason="磅单更正")  # fmt: skip

        @precondition(lambda self: not MonthReport.objects.filter(organisation=works, month=date(2025, 3, 1)).exists())
        @rule()
        def approve_another_month(self) -> None:
            month_fill(works, Month(2025, 3), enter=reporter, review=manager)

        @rule(period=st.sampled_from(PERIODS), standard=st.sampled_from(STANDARDS), to_date=st.booleans(),
              known=st.sampled_from((None, THEN)))  # fmt: skip
        def account(self, period: str, standard: str, to_date: bool, known: date | None) -> None:
            services.run_execute_now(
                organisation=works, period=period, by=manager, standard=standard, as_of=known, is_year_to_date=to_date
            )

        @precondition(lambda self: self.current())
        @rule(decision=st.sampled_from(("accept", "discard", "edit first")), at=st.integers(0, 9))
        def recalculate(self, decision: str, at: int) -> None:
            run = self.current()[at % len(self.current())]
            made = recalculation_create(organisation=works, runs=[run], by=manager, as_of=NOW)
            self.work(recalculation_compute, made.job)
            made = Recalculation.objects.get(pk=made.pk)
            if decision == "edit first":  # what was worked out is of data that are no more: nothing may be posted
                self.correct(1, 80_001 + at)
            if decision == "discard":
                recalculation_discard(recalculation=made, by=manager)
                assert not made.items.exclude(new_run=None).exists()
                return
            shown = {item.pk: item.new_total for item in made.items.all()}
            made = recalculation_accept(recalculation=made, by=manager)
            self.work(recalculation_post, made.job)
            for item in made.items.select_related("new_run"):
                assert item.new_run is None or item.new_run.total == shown[item.pk]
                assert decision == "accept" or item.new_run is None

        @precondition(lambda self: self.current())
        @rule(at=st.integers(0, 9))
        def publish_or_restate(self, at: int) -> None:
            run = self.current()[at % len(self.current())]
            job = services.report_create(run=run, kind="xlsx", by=manager, reason="更正" if must_correct(run) else "")
            self.work(report_execute, job)
            report = Report.objects.filter(run=run).latest("pk")
            try:
                edition = report_publish(report=report, by=manager)
            except InputError as fault:
                assert fault.code in ("report.kind_published", "report.incomplete", "report.made_before")
                return
            self.published.setdefault(edition.pk, (edition.run_id, edition.reason, edition.number, report.sha256))

        @precondition(lambda self: LedgerEntry.objects.exists())
        @rule()
        def try_to_delete(self) -> None:
            for attempt in (LedgerEntry.objects.all().delete, LedgerEntry.objects.first().delete):
                with pytest.raises(InputError, match=r"ledger\.never_deleted"):
                    attempt()
            for held in (LedgerBook.objects.first(), LedgerPosting.objects.first().run, works):
                with pytest.raises(ProtectedError), transaction.atomic():
                    held.delete()

        @invariant()
        def every_open_book_equals_its_result(self) -> None:
            held = set()
            for standard in STANDARDS:
                for book in opened(list(every_book(works, standard))):
                    assert strip_of(book, None).agrees
                    assert book.run.superseded_at is None
                    held.add(book.run.pk)
            assert held == {run.pk for run in self.current()}

        @invariant()
        def every_past_state_can_be_rebuilt(self) -> None:
            for posting in LedgerPosting.objects.select_related("run"):
                values = (
                    LedgerEntry.objects.as_posted(posting).filter(account="enterprise").values_list("value", flat=True)
                )
                assert add(list(values)) == posting.run.total

        @invariant()
        def nothing_is_deleted_or_changed(self) -> None:
            now = {pk: tuple(row) for pk, *row in LedgerEntry.objects.values_list("pk", *FACTS)}
            assert all(now[pk] == facts for pk, facts in self.entries.items())
            self.entries = now
            done = dict(Run.objects.filter(status="done").values_list("pk", "digest"))
            assert all(done[pk] == digest for pk, digest in self.results.items())
            self.results = done

        @invariant()
        def whoever_superseded_is_named(self) -> None:
            gone = LedgerEntry.objects.exclude(superseded_no=None)
            assert not gone.filter(superseded_by=None).exists() and not gone.filter(superseded_at=None).exists()
            for standard in STANDARDS:
                query = QueryDict(f"standard={standard}&state=superseded&years=all")
                chosen = chosen_of(works, Period.parse("2025"), query)
                books = {book.id for book in chosen.held}
                hidden = LedgerBook.objects.filter(organisation=works, standard=standard, run=None).exclude(
                    pk__in=books
                )
                beside = {book.pk for book in chosen.beside}
                into = LedgerEntry.objects.filter(book__in=hidden).values_list(
                    "superseded_by__posting__book", flat=True
                )
                assert set(into) <= beside | set(hidden.values_list("pk", flat=True))

        @invariant()
        def what_is_published_stays(self) -> None:
            for pk, (run, reason, number, sha256) in self.published.items():
                edition = ReportEdition.objects.get(pk=pk)
                assert (edition.run_id, edition.reason, edition.number) == (run, reason, number)
                file = edition.files.get(sha256=sha256)
                with file.file.open("rb") as body:
                    assert hashlib.sha256(body.read()).hexdigest() == sha256
            for standard in STANDARDS:
                for period in PERIODS:
                    kept = ReportEdition.objects.filter(organisation=works, standard=standard, period=period)
                    assert kept.filter(superseded_at=None).count() == (1 if kept.exists() else 0)

    return Ledger


def test_the_ledger_holds_whatever_is_done(works, world):
    checked = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        machine(works, world),
        settings=settings(max_examples=5, stateful_step_count=7, deadline=None, suppress_health_check=checked),
    )
