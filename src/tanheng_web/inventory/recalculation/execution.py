"""The two jobs of a recalculation: working out, posting. Each result is one step, stored whole or not at all.

The state of every step stands in its item. A worker that is killed leaves at most one step undone; the job is taken up
at the next start and goes on with the steps that still wait. Nothing is done twice, nothing is lost.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction

from tanheng.kernel.errors import InputError, TanhengError
from tanheng_web.common.jobs import background, progress
from tanheng_web.inventory.execution import computed, silent
from tanheng_web.inventory.libraries import library_of
from tanheng_web.inventory.models import Recalculation, RecalculationItem, Run
from tanheng_web.inventory.posting import run_post
from tanheng_web.inventory.recalculation.computing import refuse_moved, worked_out

__all__ = ["recalculation_compute", "recalculation_post"]

MOST_ATTEMPTS = 3
ATTEMPTS = "attempts"
Status = RecalculationItem.Status
# the state of an item that waits for a step, and the state of the recalculation in which the step is wanted
COMPUTE = (Status.WAITING, Recalculation.Status.COMPUTING)
POST = (Status.COMPUTED, Recalculation.Status.POSTING)


@background
def recalculation_compute(job, *, recalculation_id: int) -> None:
    """Job: old and new of every result that still waits."""
    made = Recalculation.objects.get(pk=recalculation_id)
    if not _each(job, made, COMPUTE, _compute, "正在计算"):
        return
    waiting = Recalculation.objects.filter(pk=made.pk, status=Recalculation.Status.COMPUTING)
    waiting.update(status=Recalculation.Status.COMPUTED)


@background
def recalculation_post(job, *, recalculation_id: int) -> None:
    """Job: post every result that was worked out and not posted yet."""
    made = Recalculation.objects.select_related("decided_by").get(pk=recalculation_id)
    if not _each(job, made, POST, _post, "正在记账"):
        return
    Recalculation.objects.filter(pk=made.pk).update(status=Recalculation.Status.ACCEPTED)


def _each(job, made: Recalculation, states: tuple[str, str], step: Callable, message: str) -> bool:
    """Carry out a step for every result in a state; False where somebody decided otherwise meanwhile."""
    total = made.items.count()
    waiting = list(made.items.filter(status=states[0]).values_list("pk", flat=True))
    done = total - len(waiting)
    for pk in waiting:
        progress(job, done, total, f"{message}（{done + 1}/{total}）")
        if not _guarded(pk, made, step, states[1]):
            progress(job, done, total, "已放弃，没有继续。")
            return False
        done += 1
    progress(job, total, total, f"{total} 份结果")
    return True


def _guarded(pk: int, made: Recalculation, step: Callable, during: str) -> bool:
    """Carry out one step; a fault of this result is said beside it, and the others go on. False: no longer wanted."""
    item = RecalculationItem.objects.select_related("run__organisation").defer("run__document").get(pk=pk)
    try:
        _attempt(item)
        with transaction.atomic():
            wanted = Recalculation.objects.select_for_update().filter(pk=made.pk, status=during)
            if not wanted.exists():
                return False
            step(made, item)
    except TanhengError as fault:
        item.refresh_from_db(fields=["difference"])
        item.status, item.fault, item.is_open = Status.REFUSED, fault.zh()[:500], False
        item.save(update_fields=["status", "fault", "is_open"])
    return True


def _attempt(item: RecalculationItem) -> None:
    """Count how often a step was begun: one that kills its worker again and again must not do so for ever."""
    tried = int(item.difference.get(ATTEMPTS, 0)) + 1
    if tried > MOST_ATTEMPTS:
        raise InputError("recalculation.given_up", period=item.run.period_zh, attempts=MOST_ATTEMPTS)
    item.difference = {**item.difference, ATTEMPTS: tried}
    item.save(update_fields=["difference"])


def _compute(made: Recalculation, item: RecalculationItem) -> None:
    found = worked_out(item.run, made.as_of)
    item.lines, item.changed = found.lines, found.changed
    item.old_total, item.new_total = found.total.old, found.total.new
    item.difference = found.as_json()
    item.status = Status.COMPUTED if found.changed else Status.UNCHANGED
    item.is_open = bool(found.changed)
    item.save()


def _post(made: Recalculation, item: RecalculationItem) -> None:
    old = Run.objects.select_for_update(of=("self",)).select_related("organisation").defer("document").get(
        pk=item.run_id
    )  # fmt: skip
    refuse_moved(old)
    run = Run.objects.create(
        organisation=old.organisation,
        standard=old.standard,
        period=old.period,
        first_month=old.first_month,
        last_month=old.last_month,
        as_of=_as_of(made, old),
        is_year_to_date=old.is_year_to_date,
        created_by=made.decided_by,
    )
    found = computed(run, silent)
    total = found.document.data["total"]["value"]
    if total != item.new_total:
        raise InputError("recalculation.moved", period=old.period_zh, shown=item.new_total, now=total)
    run_post(
        run=run, document=found.document, views=found.views, fingerprint=found.fingerprint, streams=found.streams,
        note=f"重算 {made.pk}" + (f"：{made.note}" if made.note else ""),
    )  # fmt: skip
    item.status, item.new_run, item.is_open = Status.POSTED, run, False
    item.save(update_fields=["status", "new_run", "is_open"])


def _as_of(made: Recalculation, old: Run) -> date | None:
    """A result that always takes the newest factors goes on doing so where the day asked for knows all of them."""
    if made.as_of is None:
        return old.as_of
    newest = library_of(old.organisation).newest_publication
    return None if old.as_of is None and made.as_of >= newest else made.as_of
