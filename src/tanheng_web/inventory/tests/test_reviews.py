"""核查意见: three comparisons, remarks on figures, a conclusion that is signed once and by the right person."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from tanheng.kernel.errors import InputError, NotFound
from tanheng.kernel.periods import Month
from tanheng_web.inventory.models import Review
from tanheng_web.inventory.reviews import services
from tanheng_web.inventory.services import run_execute_now
from tanheng_web.inventory.tests.world import month_fill, works_with_streams


@pytest.fixture
def run(world):
    works_with_streams(world.works, world.people["manager"])
    month_fill(world.works, Month(2025, 1), enter=world.people["reporter"], review=world.people["manager"])
    return run_execute_now(organisation=world.works, period="2025-01", by=world.people["manager"])


@pytest.fixture
def review(world, run):
    return services.review_open(run=run, kind="third_party", by=world.people["verifier"])


def check_all(review, by):
    for name in services.CHECKS:
        services.review_check(review=review, name=name, state="fine", remark="", by=by)


def refused(code, act, **given):
    with pytest.raises(InputError) as caught:
        act(**given)
    assert caught.value.code == code


def test_a_verifier_checks_remarks_and_signs(world, review):
    verifier, manager = world.people["verifier"], world.people["manager"]
    remark = services.comment_add(review=review, address="source:flux", text="石灰石用量请附盘点表。", by=verifier)
    assert remark.label == "熔剂消耗排放"
    sign = {"review": review, "conclusion": "agreed", "statement": "数据可信。", "by": verifier}
    refused("review.unchecked", services.review_conclude, **sign)
    check_all(review, verifier)
    refused("review.unanswered", services.review_conclude, **sign)
    services.comment_answer(comment=remark, text="已附。", by=manager)
    refused("review.closed", services.comment_answer, comment=remark, text="再答", by=manager)
    done = services.review_conclude(**sign)
    assert done.concluded_by == verifier and not done.is_open
    refused("review.closed", services.comment_add, review=review, address="total", text="迟了", by=verifier)
    again = services.review_open(run=review.run, kind="third_party", by=verifier)
    assert again.pk != review.pk


def test_reservations_need_no_answers_but_words(world, review):
    verifier = world.people["verifier"]
    services.comment_add(review=review, address="total", text="？", by=verifier)
    check_all(review, verifier)
    sign = {"review": review, "conclusion": "remarks", "by": verifier}
    refused("review.statement", services.review_conclude, statement=" ", **sign)
    assert services.review_conclude(statement="待补凭证。", **sign).conclusion == "remarks"


def test_a_third_party_and_the_enterprise_are_kept_apart(world, run, review):
    manager, verifier = world.people["manager"], world.people["verifier"]
    refused("review.kind", services.review_open, run=run, kind="third_party", by=manager)
    refused("review.kind", services.review_open, run=run, kind="internal", by=verifier)
    refused("review.kind", services.comment_add, review=review, address="total", text="x", by=manager)
    with pytest.raises(PermissionDenied):
        services.review_open(run=run, kind="internal", by=world.people["viewer"])


def test_nobody_signs_an_internal_audit_of_what_he_ran(world, run):
    manager = world.people["manager"]
    own = services.review_open(run=run, kind="internal", by=manager)
    check_all(own, manager)
    sign = {"review": own, "conclusion": "agreed", "statement": "好", "by": manager}
    refused("review.own", services.review_conclude, **sign)
    world.works.allow_self_approval = True
    world.works.save()
    assert services.review_conclude(**sign).conclusion == "agreed"


def test_a_doubt_is_put_in_words_and_a_figure_must_exist(world, review):
    verifier = world.people["verifier"]
    refused(
        "review.remark", services.review_check, review=review, name="history", state="question", remark="", by=verifier
    )
    refused("review.check", services.review_check, review=review, name="moon", state="fine", remark="", by=verifier)
    with pytest.raises(NotFound):
        services.comment_add(review=review, address="source:moon", text="x", by=verifier)


def test_one_review_of_a_kind_is_open(world, run, review):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(run=run, kind="third_party", opened_by=world.people["verifier"])


def test_the_pages_lead_from_list_to_signature(client, world, run):
    client.force_login(world.people["verifier"])
    listed = client.get(reverse("inventory:reviews", args=[world.works.pk])).content.decode()
    assert "第三方核查" in listed
    opened = client.post(reverse("inventory:review-open", args=[world.works.pk, run.pk]), follow=True)
    page = opened.content.decode()
    assert "三项核对" in page and "没有上年同期的核算结果可比" in page
    review = Review.objects.get()
    said = client.post(
        reverse("inventory:review-conclude", args=[world.works.pk, review.pk]),
        {"conclusion": "agreed", "statement": "好"},
        follow=True,
    )
    assert "还有核对没有做" in said.content.decode()
    client.force_login(world.people["viewer"])
    assert client.post(reverse("inventory:review-open", args=[world.works.pk, run.pk])).status_code == 403
