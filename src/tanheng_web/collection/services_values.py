"""Entering numbers: one cell or a pasted block, with a later edit of somebody else never silently overwritten."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from tanheng.kernel.errors import Faults, InputError, TanhengError
from tanheng.kernel.periods import Month
from tanheng_web.collection import vocabulary as words
from tanheng_web.collection.models import ActivityValue, MonthReport, RefusedEntry, SourceStream
from tanheng_web.common.access import require

__all__ = ["Change", "Refused", "draft_for", "locked_status", "refused_keep", "value_set", "values_set"]

PLACES = Decimal(1).scaleb(-12)
LARGEST = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Change:
    """One cell: `seen` is the id of the value that the person saw there (0: empty, None: overwrite knowingly).

    `note` None keeps the note that is there, but not the word that another number was verified.
    """

    stream: SourceStream
    key: str
    value: Decimal | None
    seen: int | None = None
    entered: str = ""
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What was typed into a cell and why it cannot be taken; `may_confirm` when a note can change that."""

    stream: SourceStream
    key: str
    text: str
    reason: str
    may_confirm: bool = False


@transaction.atomic
def refused_keep(*, by, organisation, month: Month, refused: list[Refused]) -> None:
    """Keep what a person typed and could not be taken, for that person alone; no part of the data of the month."""
    require(by, "data.enter", organisation)
    for each in refused:
        RefusedEntry.objects.update_or_create(
            organisation=organisation,
            month=month.first_day,
            stream=each.stream,
            key=each.key,
            person=by,
            defaults={
                "text": each.text[:80],
                "reason": each.reason[:500],
                "may_confirm": each.may_confirm,
                "typed_at": timezone.now(),
            },
        )


def value_set(
    *,
    by,
    organisation,
    stream: SourceStream,
    month: Month,
    key: str,
    value: Decimal | None,
    seen: int | None = None,
    note: str | None = None,
) -> ActivityValue:
    """Enter one number; see ``values_set``."""
    changes = [Change(stream, key, value, seen, note=note)]
    return values_set(by=by, organisation=organisation, month=month, changes=changes)[0]


@transaction.atomic
def values_set(*, by, organisation, month: Month, changes: list[Change]) -> list[ActivityValue]:
    """Enter numbers of one month, all or none.

    Raises
    ------
    InputError
        ``month.locked``, ``month.future``.
    Faults
        ``value.conflict``, ``value.not_asked``, ``value.inactive`` for the cells concerned.
    """
    require(by, "data.enter", organisation)
    report = draft_for(organisation, month, by)
    current = {
        (row.stream_id, row.key): row
        for row in ActivityValue.objects.filter(
            report=report, is_current=True, stream__in={c.stream.pk for c in changes}
        ).select_related("entered_by", "stream")
    }
    faults = [
        fault for change in changes if (fault := _refused(change, month, current.get((change.stream.pk, change.key))))
    ]
    if faults:
        raise Faults(faults) if len(faults) > 1 else faults[0]
    rows = [_entered(report, change, current, by) for change in changes]
    report.save(update_fields=["changed_at"])
    _forget_refused(organisation, month, by, changes)
    return rows


def _forget_refused(organisation, month: Month, by, changes: list[Change]) -> None:
    """What a person typed and could not be taken is done with once the cell holds a number of theirs."""
    places = {(change.stream.pk, change.key) for change in changes}
    kept = RefusedEntry.objects.filter(organisation=organisation, month=month.first_day, person=by)
    done = [pk for pk, *place in kept.values_list("pk", "stream_id", "key") if tuple(place) in places]
    if done:
        RefusedEntry.objects.filter(pk__in=done).delete()


def draft_for(organisation, month: Month, by) -> MonthReport:
    """The open version of a month, made when there is none, locked for this transaction."""
    if month.first_day > timezone.localdate():
        raise InputError("month.future", month=month.label_zh)
    reports = list(
        MonthReport.objects.select_for_update()
        .filter(organisation=organisation, month=month.first_day)
        .order_by("-version")
    )
    for report in reports:
        if report.is_editable:
            return report
    for report in reports:
        if status := locked_status(report):
            raise InputError("month.locked", month=month.label_zh, status=status)
    # Two people may begin the month in the same moment: the one who waited goes on with the other's, once it is locked.
    first = {"organisation": organisation, "month": month.first_day, "version": 1}
    report, is_new = MonthReport.objects.get_or_create(**first, defaults={"created_by": by})
    return report if is_new else draft_for(organisation, month, by)


def locked_status(report: MonthReport) -> str:
    """Why a month cannot be changed, as a word; empty when it can."""
    return {"submitted": "已提交待审核", "approved": "已审核锁定"}.get(report.status, "")


def _refused(change: Change, month: Month, there: ActivityValue | None) -> TanhengError | None:
    stream = change.stream
    if change.value is not None and abs(change.value) >= LARGEST:
        return InputError("cell.too_large", text=f"{change.value:f}"[:40], cell=_cell_id(change))
    if change.key not in stream.keys or not stream.is_active:
        return InputError("value.not_asked", stream=stream.name, key=words.key_zh(change.key), cell=_cell_id(change))
    if not stream.active_in(month):
        return InputError("value.inactive", stream=stream.name, month=month.label_zh, cell=_cell_id(change))
    if change.seen is None or change.seen == (there.pk if there else 0) or (there and _same(there.value, change.value)):
        return None
    return InputError(
        "value.conflict",
        stream=stream.name,
        month=month.label_zh,
        key=words.key_zh(change.key),
        who=str(there.entered_by) if there else "他人",
        at=timezone.localtime(there.entered_at).strftime("%m-%d %H:%M") if there else "",
        theirs="空" if there is None or there.value is None else f"{there.value.normalize():,f}",
        mine="空" if change.value is None else f"{change.value.normalize():,f}",
        cell=_cell_id(change),
        seen=there.pk if there else 0,
        their_value=None if there is None or there.value is None else f"{there.value.normalize():f}",
    )


def _cell_id(change: Change) -> str:
    return f"{change.stream.pk}:{change.key}"


def _same(a: Decimal | None, b: Decimal | None) -> bool:
    return (a is None and b is None) or (a is not None and b is not None and a == b)


def _entered(report: MonthReport, change: Change, current: dict, by) -> ActivityValue:
    place = (change.stream.pk, change.key)
    there = current.get(place)
    value = None if change.value is None else change.value.quantize(PLACES)
    note = _note(change, there, value)
    if there is not None:
        if _same(there.value, value) and there.note == note:
            return there
        ActivityValue.objects.filter(pk=there.pk).update(is_current=False)
    row = ActivityValue.objects.create(
        report=report,
        stream=change.stream,
        key=change.key,
        value=value,
        unit=change.stream.key_unit(change.key),
        entered=change.entered[:80],
        note=note,
        kind=ActivityValue.Kind.FORM,
        entered_by=by,
        entered_at=timezone.now(),
    )
    current[place] = row
    return row


def _note(change: Change, there: ActivityValue | None, value: Decimal | None) -> str:
    if change.note is not None:
        return change.note.strip()[:300]
    if there is None or (words.is_verified(there.note) and not _same(there.value, value)):
        return ""
    return there.note
