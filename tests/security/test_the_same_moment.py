"""Two requests in the same moment: one wins, the other is told, and nothing is there twice or gone. Real threads."""

from decimal import Decimal

import pytest
from django.urls import reverse

from tanheng.kernel.errors import InputError
from tanheng.kernel.periods import Month
from tanheng_web.accounts.models import Membership, Role, User
from tanheng_web.catalogue.factors import services as factors
from tanheng_web.catalogue.models import FactorVersion
from tanheng_web.catalogue.tests.factors import GOOD, batch_of
from tanheng_web.collection.models import ActivityValue, MonthReport, SourceStream
from tanheng_web.collection.services import Change, month_approve, values_set
from tanheng_web.common.models import AuditEntry
from tanheng_web.common.tests.together import at_once, posts_at_once
from tanheng_web.inventory import execution, services
from tanheng_web.inventory.models import ControlPlan, EmissionLimit, LedgerEntry, ReportEdition, Review, Run
from tanheng_web.inventory.posting import report_store, run_post
from tanheng_web.inventory.tests.world import STREAMS, month_fill, works_with_streams
from tanheng_web.organisations.models import InternalTransfer, Organisation, Process, Site

pytestmark = pytest.mark.django_db(transaction=True)
ANSWERED = {200, 302, 403, 404, 409, 422}


@pytest.fixture
def works(world):
    """A works with an approved month, and a second person for every right."""
    world.second = User.objects.create_user("second", password="x", display_name="second")
    for role in (Role.ADMIN, Role.MANAGER):
        Membership.objects.create(user=world.second, organisation=world.works, role=role)
    works_with_streams(world.works, world.people["manager"])
    enter, review = world.people["reporter"], world.people["manager"]
    month_fill(world.works, Month(2025, 1), enter=enter, review=review)
    return world


def test_two_administrators_who_remove_each_other_leave_one(works):
    one, two, org = works.people["admin"], works.second, works.works.pk
    for name, data in (("remove", {}), ("roles", {"roles": ["viewer"]})):
        for person in (one, two):
            Membership.objects.get_or_create(user=person, organisation=works.works, role=Role.ADMIN)
        found = posts_at_once(
            (one, reverse(f"settings:member-{name}", args=[org, two.pk]), data),
            (two, reverse(f"settings:member-{name}", args=[org, one.pk]), data),
        )
        assert set(found) <= ANSWERED
        assert Membership.objects.filter(organisation=works.works, role=Role.ADMIN).count() == 1, name


def test_two_results_of_a_period_are_not_both_current(works):
    ready = []
    for _number in range(2):
        run = services._run_add(works.works, "2025-01", works.people["manager"], "", None, False)
        ready.append((run, execution.computed(run, execution.silent)))
    acts = [
        lambda run=run, done=done: run_post(
            run=run, document=done.document, views=done.views, fingerprint=done.fingerprint, streams=done.streams
        )
        for run, done in ready
    ]
    found = at_once(*acts)
    assert [each for each in found if isinstance(each, Exception)] == []
    current = Run.objects.current().filter(organisation=works.works, period="2025-01")
    assert current.count() == 1
    lines = len(current.get().open().data["lines"]["account"])
    assert LedgerEntry.objects.filter(book__organisation=works.works).current().count() == lines, "nothing twice"


def test_a_report_is_published_once(works):
    run = services.run_execute_now(organisation=works.works, period="2025-01", by=works.people["manager"])
    made = [
        report_store(run=run, kind=kind, body=b"x", template=None, by=works.people["manager"])
        for kind in ("docx", "docx", "xlsx")
    ]
    found = posts_at_once(
        *(
            (person, reverse("inventory:report-publish", args=[works.works.pk, report.pk]), {})
            for person, report in zip((works.people["manager"], works.second, works.second), made, strict=True)
        )
    )
    assert set(found) <= ANSWERED
    editions = ReportEdition.objects.filter(organisation=works.works)
    assert editions.count() == 1
    kinds = [file.kind for file in editions.get().files.all()]
    assert len(kinds) == len(set(kinds)) >= 1


@pytest.fixture
def february(works):
    """A month with every number entered, not handed in."""
    streams = {stream.code: stream for stream in SourceStream.objects.filter(organisation=works.works)}
    changes = [Change(streams[code], "quantity", Decimal(amount)) for code, *_rest, amount in STREAMS]
    values_set(by=works.people["reporter"], organisation=works.works, month=Month(2025, 2), changes=changes)
    return MonthReport.objects.get(organisation=works.works, month=Month(2025, 2).first_day)


def test_a_month_is_approved_once_and_takes_no_number_meanwhile(works, february):
    manager, second, reporter = works.people["manager"], works.second, works.people["reporter"]
    submit = reverse("collection:submit", args=[works.works.pk, Month(2025, 2)])
    assert set(posts_at_once((reporter, submit, {}), (reporter, submit, {}))) <= ANSWERED
    assert AuditEntry.objects.filter(action="month.submit", object_id=str(february.pk)).count() == 1
    coal = SourceStream.objects.get(organisation=works.works, code="coal")
    february.refresh_from_db()
    one, two, three = at_once(
        lambda: month_approve(by=manager, report=february, refresh=False),
        lambda: month_approve(by=second, report=february, refresh=False),
        lambda: values_set(
            by=reporter, organisation=works.works, month=Month(2025, 2), changes=[Change(coal, "quantity", Decimal(1))]
        ),
    )
    assert [isinstance(each, InputError) for each in (one, two)].count(True) == 1
    assert isinstance(three, InputError)
    assert AuditEntry.objects.filter(action="month.approve", object_id=str(february.pk)).count() == 1
    kept = ActivityValue.objects.get(report=february, stream=coal, is_current=True)
    assert kept.value == next(amount for code, *_rest, amount in STREAMS if code == "coal")


def test_factors_are_published_once(works):
    batch = batch_of(works.works, works.people["reporter"], GOOD)
    batch.uploaded_by = works.people["manager"]
    batch.save()
    factors.factors_submit(batch=batch, by=works.people["manager"])
    approve = reverse("catalogue:factor-import-approve", args=[works.works.pk, batch.pk])
    send_back = reverse("catalogue:factor-import-return", args=[works.works.pk, batch.pk])
    found = posts_at_once(
        (works.second, approve, {}),
        (works.people["admin"], approve, {}),
        (works.people["admin"], send_back, {"note": "x"}),
    )
    assert set(found) <= ANSWERED
    decided = AuditEntry.objects.filter(action__in=["factor.publish", "factor.return"], object_id=str(batch.pk))
    assert decided.count() == 1
    assert FactorVersion.objects.filter(batch=batch).values("status").distinct().count() == 1


@pytest.fixture
def forms(works):
    """Forms that make one thing: address, data, what may be there once."""
    for person in (works.second, works.people["manager"]):
        for role in (Role.ADMIN, Role.MANAGER, Role.REPORTER):
            Membership.objects.get_or_create(user=person, organisation=works.works, role=role)
    partner = Organisation.objects.create(name="示范电力", parent=works.group)
    run = services.run_execute_now(organisation=works.works, period="2025-01", by=works.people["manager"])
    at = lambda name, *more: reverse(name, args=[works.works.pk, *more])  # noqa: E731
    mine = {"organisation": works.works}
    limit = {"standard": "gbt_32151_5_2015", "measure": "total", "kind": "target", "value": "5", "warn_percent": "90"}
    transfer = {"counterparty": partner.pk, "supplies": "out", "stream": "el-out", "period": "2025", "quantity": "5"}
    person = {"username": "neu", "display_name": "新人", "password": "long-enough-77", "roles": ["viewer"]}
    plan = {"standard": "cets_ag_03_01_v01_2024", "year": "2026"}
    return {
        "limit": (
            at("inventory:limits") + "?period=2025",
            limit | {"document": "x"},
            EmissionLimit.objects.filter(**mine, withdrawn_at=None),
        ),
        "transfer": (at("boundary:transfer-add"), transfer, InternalTransfer.objects.filter(**mine)),
        "plan": (at("inventory:control-plan-draft"), plan, ControlPlan.objects.filter(**mine)),
        "review": (at("inventory:review-open", run.pk), {}, Review.objects.filter(run=run)),
        "member": (at("settings:member-add"), person, User.objects.filter(username="neu")),
        "site": (at("settings:site-add"), {"name": "北区", "province": "河北"}, Site.objects.filter(name="北区")),
        "process": (at("settings:process-add"), {"name": "二烧", "kind": ""}, Process.objects.filter(name="二烧")),
    }


@pytest.mark.parametrize("name", ["limit", "transfer", "plan", "review", "member", "site", "process"])
def test_a_form_sent_twice_makes_one_thing(works, forms, name):
    address, data, there = forms[name]
    found = posts_at_once((works.second, address, data), (works.people["manager"], address, data))
    assert set(found) <= ANSWERED
    assert there.count() == 1, found
