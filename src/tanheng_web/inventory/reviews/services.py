"""Opening a review, checking, commenting, answering, concluding."""

from django.db import transaction
from django.utils import timezone

from tanheng.accounting import explain
from tanheng.kernel.errors import InputError
from tanheng_web.accounts.models import Role
from tanheng_web.common import audit
from tanheng_web.common.access import require, roles_in
from tanheng_web.inventory.models import Review, ReviewComment, Run
from tanheng_web.inventory.selectors import document_of

__all__ = ["CHECKS", "comment_add", "comment_answer", "review_check", "review_conclude", "review_open"]

# the three comparisons of a periodic verification (N-7.10)
CHECKS = {
    "internal": "内部核对：缺口、提示、缺省值和数据来源",
    "history": "历史对比：与上年同期",
    "peers": "同行业对比：与行业参考值",
}
STATES = {"fine": "没有疑问", "question": "有疑问，见说明"}
LONGEST = 4000


@transaction.atomic
def review_open(*, run: Run, kind: str, by) -> Review:
    """Begin a review of a finished result; one that is open is taken up.

    A verifier works for a third party, everybody else of the enterprise for itself.
    """
    require(by, "result.review", run.organisation)
    if not run.is_done:
        raise InputError("review.not_done")
    is_verifier = Role.VERIFIER in roles_in(by, run.organisation)
    if is_verifier != (kind == Review.Kind.THIRD_PARTY):
        raise InputError("review.kind")
    row, is_new = Review.objects.get_or_create(run=run, kind=kind, concluded_at=None, defaults={"opened_by": by})
    if is_new:
        _log("review.open", row, by)
    return row


@transaction.atomic
def review_check(*, review: Review, name: str, state: str, remark: str, by) -> None:
    """Say what one of the three comparisons showed."""
    row = _open(review, by)
    if name not in CHECKS or state not in STATES:
        raise InputError("review.check")
    remark = remark.strip()[:LONGEST]
    if state == "question" and not remark:
        raise InputError("review.remark")
    said = {"state": state, "remark": remark, "by": str(by), "at": timezone.now().isoformat(timespec="seconds")}
    row.checks = {**row.checks, name: said}
    row.save(update_fields=["checks"])
    _log("review.check", row, by, reason=remark)


@transaction.atomic
def comment_add(*, review: Review, address: str, text: str, by) -> ReviewComment:
    """Remark on a figure of the result; raises NotFound for a figure that is not there."""
    row = _open(review, by)
    text = text.strip()[:LONGEST]
    if not text:
        raise InputError("review.text")
    label = explain(document_of(row.run), address[:300]).label[:300]
    made = ReviewComment.objects.create(review=row, address=address, label=label, text=text, by=by)
    _log("review.comment", row, by, comment=text[:300])
    return made


@transaction.atomic
def comment_answer(*, comment: ReviewComment, text: str, by) -> None:
    """Answer a remark, once; who accounts for the result answers."""
    organisation = comment.review.run.organisation
    require(by, "run.create", organisation)
    row = ReviewComment.objects.select_for_update().select_related("review__run__organisation").get(pk=comment.pk)
    text = text.strip()[:LONGEST]
    if not text:
        raise InputError("review.text")
    if row.answered_at or not row.review.is_open:
        raise InputError("review.closed")
    row.answer, row.answered_by, row.answered_at = text, by, timezone.now()
    row.save(update_fields=["answer", "answered_by", "answered_at"])
    _log("review.answer", row.review, by, comment=text[:300])


@transaction.atomic
def review_conclude(*, review: Review, conclusion: str, statement: str, by) -> Review:
    """Sign a conclusion. All three comparisons are made first; to agree, every remark is answered."""
    row = _open(review, by)
    statement = statement.strip()[:LONGEST]
    if conclusion not in Review.Conclusion.values or not statement:
        raise InputError("review.statement")
    missing = [text for name, text in CHECKS.items() if name not in row.checks]
    if missing:
        raise InputError("review.unchecked", missing="；".join(missing))
    if conclusion == Review.Conclusion.AGREED and row.comments.filter(answered_at=None).exists():
        raise InputError("review.unanswered")
    own = row.kind == Review.Kind.INTERNAL and by == row.run.created_by
    if own and not row.run.organisation.allow_self_approval:
        raise InputError("review.own")
    row.conclusion, row.statement, row.concluded_by, row.concluded_at = conclusion, statement, by, timezone.now()
    row.save(update_fields=["conclusion", "statement", "concluded_by", "concluded_at"])
    _log("review.conclude", row, by, reason=f"{row.get_conclusion_display()}：{statement[:200]}")
    return row


def _open(review: Review, by) -> Review:
    """Lock an open review that this person may write to: only verifiers in one of a third party, nobody else there."""
    require(by, "result.review", review.run.organisation)
    row = Review.objects.select_for_update(of=("self",)).select_related("run__organisation").get(pk=review.pk)
    if not row.is_open:
        raise InputError("review.closed")
    if (Role.VERIFIER in roles_in(by, row.run.organisation)) != (row.kind == Review.Kind.THIRD_PARTY):
        raise InputError("review.kind")
    return row


def _log(action: str, row: Review, by, **data: str) -> None:
    audit.log(action=action, by=by, organisation=row.run.organisation, on=row, data={"period": row.run.period, **data})
