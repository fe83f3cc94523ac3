"""核查意见: the list, one review, and what is said in it."""

from collections.abc import Callable

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tanheng.kernel.errors import InputError, NotFound
from tanheng_web.accounts.models import Role
from tanheng_web.common.access import can, needs, roles_in
from tanheng_web.inventory.models import Review
from tanheng_web.inventory.reviews import selectors, services
from tanheng_web.inventory.selectors import run_for, runs_of

__all__ = ["answer", "check", "comment", "conclude", "open_review", "review_page", "reviews"]

RECENT = 30


@require_GET
@needs("view")
def reviews(request, org):
    """Every review, and the results one can be begun for."""
    runs = runs_of(request.organisation).current().order_by("-last_month", "-pk")[:RECENT]
    context = {
        "reviews": selectors.reviews_of(request.organisation),
        "runs": runs,
        "kind": _kind(request),
        "may_review": can(request.user, "result.review", request.organisation),
    }
    return render(request, "inventory/reviews/reviews.html", context)


def _kind(request) -> str:
    is_verifier = Role.VERIFIER in roles_in(request.user, request.organisation)
    return Review.Kind.THIRD_PARTY if is_verifier else Review.Kind.INTERNAL


@require_GET
@needs("view")
def review_page(request, org, review):
    """One review with its comparisons, remarks and conclusion."""
    row = selectors.review_for(request.organisation, review)
    writes = can(request.user, "result.review", request.organisation) and _kind(request) == row.kind
    context = {
        "review": row,
        "run": row.run,
        "checks": selectors.checks_of(request.organisation, row),
        "states": services.STATES.items(),
        "conclusions": Review.Conclusion.choices,
        "figures": selectors.figures_of(request.organisation, row.run),
        "comments": row.comments.select_related("by", "answered_by"),
        "address": request.GET.get("a", "total"),
        "may_write": row.is_open and writes,
        "may_answer": row.is_open and can(request.user, "run.create", request.organisation),
    }
    return render(request, "inventory/reviews/review.html", context)


@require_POST
@needs("result.review")
def open_review(request, org, run):
    """Begin, or take up, a review of a result."""
    row = run_for(request.organisation, run)
    try:
        made = services.review_open(run=row, kind=_kind(request), by=request.user)
    except InputError as error:
        messages.error(request, error.zh())
        return redirect("inventory:run", org=org, run=row.pk)
    return redirect("inventory:review", org=org, review=made.pk)


@require_POST
@needs("result.review")
def check(request, org, review):
    """Say what a comparison showed."""
    row = selectors.review_for(request.organisation, review)
    given = {name: request.POST.get(name, "") for name in ("name", "state", "remark")}
    return _said(request, row, lambda: services.review_check(review=row, by=request.user, **given), _("已记下核对。"))


@require_POST
@needs("result.review")
def comment(request, org, review):
    """Remark on a figure."""
    row = selectors.review_for(request.organisation, review)
    given = {name: request.POST.get(name, "") for name in ("address", "text")}
    return _said(request, row, lambda: services.comment_add(review=row, by=request.user, **given), _("已提出意见。"))


@require_POST
@needs("run.create")
def answer(request, org, comment):
    """Answer a remark."""
    row = selectors.comment_for(request.organisation, comment)
    text = request.POST.get("text", "")
    done = _("已答复。")
    return _said(request, row.review, lambda: services.comment_answer(comment=row, text=text, by=request.user), done)


@require_POST
@needs("result.review")
def conclude(request, org, review):
    """Sign the conclusion."""
    row = selectors.review_for(request.organisation, review)
    given = {name: request.POST.get(name, "") for name in ("conclusion", "statement")}
    return _said(request, row, lambda: services.review_conclude(review=row, by=request.user, **given), _("已签署。"))


def _said(request, review: Review, act: Callable[[], object], done: str):
    try:
        act()
    except (InputError, NotFound) as error:
        messages.error(request, error.zh())
    else:
        messages.success(request, done)
    return redirect("inventory:review", org=request.organisation.pk, review=review.pk)
