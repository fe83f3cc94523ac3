"""Holdings of a group, and what its members deliver to one another."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from tanheng.accounting import consolidation_holdings as domain
from tanheng.accounting.boundary_catalogue import holding_kinds
from tanheng.kernel.errors import InputError, PeriodError
from tanheng.kernel.periods import Period
from tanheng.kernel.units import canonical
from tanheng_web.common.access import require
from tanheng_web.common.audit import log
from tanheng_web.organisations.models import Holding, InternalTransfer, Organisation

__all__ = ["as_domain", "holding_add", "holding_change", "holding_remove", "transfer_declare", "transfer_withdraw"]

FIELDS = (
    "owner",
    "member",
    "share",
    "operational_control",
    "financial_control",
    "kind",
    "valid_from",
    "valid_to",
    "document",
)


def as_domain(row: Holding) -> domain.Holding:
    """A row as the domain reads it; enterprises are known by their number."""
    return domain.Holding(
        owner=str(row.owner_id),
        member=str(row.member_id),
        share=row.share,
        operational_control=row.operational_control,
        financial_control=row.financial_control,
        kind=row.kind,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        document=row.document,
    )


def _locked(group: Organisation) -> Organisation:
    group = Organisation.objects.select_for_update().get(pk=group.pk)
    if group.kind != Organisation.Kind.GROUP:
        raise InputError("consolidation.not_a_group", name=group.label)
    return group


def _check(group: Organisation, row: Holding, but: int | None = None) -> None:
    """The new picture as a whole: shares, days, circles."""
    for end in (row.owner, row.member):
        if not end.path.startswith(group.path):
            raise InputError("consolidation.outside_group", name=end.label)
    if row.kind not in holding_kinds():
        raise InputError("boundary.unit_type", type=row.kind)
    others = Holding.objects.filter(group=group).exclude(pk=but).select_related("owner", "member")
    rows = [*others, row]
    names = {str(end.pk): end.label for each in rows for end in (each.owner, each.member)}
    domain.check_holdings([as_domain(each) for each in rows], names)


@transaction.atomic
def holding_add(
    *,
    group: Organisation,
    by,
    owner: Organisation,
    member: Organisation,
    share: Decimal,
    operational_control: bool | None = None,
    financial_control: bool | None = None,
    kind: str = "subsidiary",
    valid_from: date | None = None,
    valid_to: date | None = None,
    document: str = "",
) -> Holding:
    """Record a holding; one that makes shares above 100 % or a circle is refused."""
    require(by, "organisation.change", group)
    group = _locked(group)
    row = Holding(
        group=group,
        owner=owner,
        member=member,
        share=share,
        operational_control=operational_control,
        financial_control=financial_control,
        kind=kind,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document.strip(),
        entered_by=by,
    )
    _check(group, row)
    row.save()
    log(action="holding.add", by=by, organisation=group, on=row, data=_facts(row))
    return row


@transaction.atomic
def holding_change(*, holding: Holding, by, **fields) -> Holding:
    """Change a holding; old and new stand in the log."""
    require(by, "organisation.change", holding.group)
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"not changeable: {sorted(unknown)}")
    group = _locked(holding.group)
    row = Holding.objects.select_for_update(of=("self",)).select_related("owner", "member").get(pk=holding.pk)
    old = _facts(row)
    for key, value in fields.items():
        setattr(row, key, value)
    _check(group, row, row.pk)
    new = _facts(row)
    if changed := {key: [old[key], new[key]] for key in new if old[key] != new[key]}:
        row.entered_by = by
        row.save()
        log(action="holding.change", by=by, organisation=group, on=row, data=changed)
    return row


@transaction.atomic
def holding_remove(*, holding: Holding, by) -> None:
    """Delete a holding recorded by mistake; one that ended gets its last day instead."""
    require(by, "organisation.change", holding.group)
    log(action="holding.remove", by=by, organisation=holding.group, on=holding, data=_facts(holding))
    holding.delete()


def _facts(row: Holding) -> dict:
    said = {True: "有", False: "没有", None: "未填"}
    return {
        "owner": row.owner.label,
        "member": row.member.label,
        "share": f"{Decimal(row.share).normalize():f}",
        "operational_control": said[row.operational_control],
        "financial_control": said[row.financial_control],
        "kind": row.kind_zh,
        "valid_from": str(row.valid_from or ""),
        "valid_to": str(row.valid_to or ""),
        "document": row.document,
    }


@transaction.atomic
def transfer_declare(
    *,
    organisation: Organisation,
    by,
    counterparty: Organisation,
    supplies: bool,
    material: str,
    stream: str,
    period: str,
    quantity: Decimal,
    unit: str,
    note: str = "",
) -> InternalTransfer:
    """Declare what went to, or came from, another member of the group, contained in one of the own streams."""
    require(by, "data.enter", organisation)
    if quantity <= 0:
        raise InputError("transfer.quantity", quantity=quantity)
    if counterparty.pk == organisation.pk or counterparty.ancestor_ids[0] != organisation.ancestor_ids[0]:
        raise InputError("transfer.counterparty", name=counterparty.label)
    row = InternalTransfer(
        organisation=organisation,
        counterparty=counterparty,
        supplies=supplies,
        material=material,
        stream=stream,
        period=_period(period),
        quantity=quantity,
        unit=canonical(unit),
        note=note.strip(),
        declared_by=by,
    )
    same = {key: getattr(row, key) for key in ("counterparty", "supplies", "material", "period", "stream")}
    if InternalTransfer.objects.filter(organisation=organisation, withdrawn_at=None, **same).exists():
        raise InputError("transfer.twice")
    row.save()
    log(action="transfer.declare", by=by, organisation=organisation, on=row, data=_transfer_facts(row))
    return row


def _period(text: str) -> str:
    try:
        period = Period.parse(text)
    except PeriodError as error:
        raise InputError("transfer.period", period=text) from error
    if len(period.months) not in (1, 12):
        raise InputError("transfer.period", period=text)
    return period.key


@transaction.atomic
def transfer_withdraw(*, transfer: InternalTransfer, by) -> None:
    """Take a declaration back; it stays in the table."""
    require(by, "data.enter", transfer.organisation)
    row = InternalTransfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    if row.withdrawn_at is None:
        row.withdrawn_at, row.withdrawn_by = timezone.now(), by
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        log(action="transfer.withdraw", by=by, organisation=row.organisation, on=row, data=_transfer_facts(row))


def _transfer_facts(row: InternalTransfer) -> dict:
    return {
        "counterparty": row.counterparty.label,
        "direction": "供出" if row.supplies else "受入",
        "material": row.material,
        "period": row.period,
        "quantity": f"{Decimal(row.quantity).normalize():f} {row.unit}",
    }
