"""Ordering a recalculation, accepting or discarding it. Every door calls these."""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from tanheng.kernel.errors import InputError
from tanheng_web.common import audit, jobs
from tanheng_web.common.access import require
from tanheng_web.inventory.models import Recalculation, RecalculationItem, Run
from tanheng_web.inventory.recalculation import execution

__all__ = ["recalculation_accept", "recalculation_create", "recalculation_discard"]

KIND = "recalculation"
MOST_RUNS = 2000


@transaction.atomic
def recalculation_create(
    *,
    organisation,
    runs: Iterable[Run],
    by,
    as_of: date | None = None,
    replacements: Iterable[dict] = (),
    note: str = "",
) -> Recalculation:
    """Order old and new of several results; the person must be allowed to account each of their enterprises."""
    found = Run.objects.heads().select_related("organisation").filter(pk__in=[run.pk for run in runs])
    chosen = list(found.order_by("organisation", "first_month", "pk"))
    if not chosen:
        raise InputError("recalculation.nothing_chosen")
    if len(chosen) > MOST_RUNS:
        raise InputError("recalculation.too_many", most=MOST_RUNS, given=len(chosen))
    for owner in {run.organisation for run in chosen}:
        require(by, "run.create", owner)
    for run in chosen:
        _refuse_taken(run)
    made = Recalculation.objects.create(
        organisation=organisation, as_of=as_of, replacements=list(replacements), note=note.strip()[:500], created_by=by
    )
    try:
        with transaction.atomic():
            RecalculationItem.objects.bulk_create(
                RecalculationItem(recalculation=made, organisation=run.organisation, run=run, old_total=run.total)
                for run in chosen
            )
    except IntegrityError as error:  # somebody else began in the same moment
        raise InputError("recalculation.begun_meanwhile") from error
    made.job = _start(execution.recalculation_compute, made, by, "重算")
    made.save(update_fields=["job"])
    data = {"results": len(chosen), "as_of": str(as_of or ""), "note": made.note}
    audit.log(action="recalculation.create", by=by, organisation=organisation, on=made, data=data)
    return made


def _refuse_taken(run: Run) -> None:
    if not run.is_done or run.superseded_at is not None:
        raise InputError("recalculation.superseded", period=run.period_zh)
    other = RecalculationItem.objects.filter(run=run, is_open=True).first()
    if other is not None:
        raise InputError(
            "recalculation.already_open", organisation=run.organisation.label, period=run.period_zh,
            number=other.recalculation_id,
        )  # fmt: skip


def _start(task, made: Recalculation, by, title: str):
    link = reverse("inventory:recalculation", args=[made.organisation_id, made.pk])
    return jobs.start(
        task, organisation=made.organisation, by=by, kind=KIND, title=f"{title} {made.pk}", link=link,
        recalculation_id=made.pk,
    )  # fmt: skip


@transaction.atomic
def recalculation_accept(*, recalculation: Recalculation, by) -> Recalculation:
    """Post the new results; each is computed in full once more and must come to the total that was shown."""
    made = _decided(recalculation, by, Recalculation.Status.POSTING)
    made.job = _start(execution.recalculation_post, made, by, "重算记账")
    made.save(update_fields=["job"])
    audit.log(action="recalculation.accept", by=by, organisation=made.organisation, on=made)
    return made


@transaction.atomic
def recalculation_discard(*, recalculation: Recalculation, by) -> Recalculation:
    """Leave every result as it is; what was worked out stays to be read."""
    made = _decided(recalculation, by, Recalculation.Status.DISCARDED)
    if made.job is not None:
        jobs.cancel(job=made.job, by=by)
    made.items.filter(is_open=True).update(is_open=False)
    audit.log(action="recalculation.discard", by=by, organisation=made.organisation, on=made)
    return made


def _decided(recalculation: Recalculation, by, status: str) -> Recalculation:
    """Check that it may be decided, and by this person; a decision is made once."""
    made = Recalculation.objects.select_for_update(of=("self",)).select_related("organisation", "job").get(
        pk=recalculation.pk
    )  # fmt: skip
    waiting = (Recalculation.Status.COMPUTED,)
    if status == Recalculation.Status.DISCARDED:
        waiting += (Recalculation.Status.COMPUTING,)
    if made.status not in waiting:
        raise InputError("recalculation.not_waiting", number=made.pk, status=made.get_status_display())
    for item in made.items.select_related("organisation"):
        require(by, "run.create", item.organisation)
    made.status, made.decided_by, made.decided_at = status, by, timezone.now()
    made.save(update_fields=["status", "decided_by", "decided_at"])
    return made
