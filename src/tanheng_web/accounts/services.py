"""Members of an enterprise."""

from django.db import transaction

from tanheng.kernel.errors import InputError
from tanheng_web.accounts import throttle
from tanheng_web.accounts.models import Invitation, Membership, Role, User
from tanheng_web.common.access import require, roles_forget
from tanheng_web.common.audit import log

__all__ = [
    "invitation_answer",
    "invitation_withdraw",
    "member_add",
    "member_password_set",
    "member_remove",
    "member_roles_set",
    "profile_change",
]


@transaction.atomic
def member_add(
    *,
    organisation,
    by,
    username: str,
    roles: list[str],
    display_name: str = "",
    password: str = "",
    must_change: bool = True,
) -> Membership | Invitation:
    """Give a person roles in an enterprise; without an account they get one, its password to be changed at once.

    Who has an account is asked first: the name may be that of somebody else, and belonging gives the enterprise a say
    over the account. A superuser, who answers for all accounts, adds without asking.
    """
    require(by, "members.change", organisation)
    user, created = User.objects.get_or_create(
        username=username, defaults={"display_name": display_name, "must_change_password": must_change}
    )
    if created:
        user.set_password(password)
        user.save(update_fields=["password"])
    elif Membership.objects.filter(user=user, organisation=organisation).exists():
        raise InputError("web.member_exists", user=str(user), organisation=organisation.label)
    elif not by.is_superuser:
        return _invited(organisation, by, user, roles)
    log(action="member.add", by=by, organisation=organisation, on=user, data={"roles": roles, "new_account": created})
    return _joined(organisation, user, roles)


def _joined(organisation, user: User, roles: list[str]) -> Membership:
    rows = [Membership(user=user, organisation=organisation, role=role) for role in dict.fromkeys(roles)]
    return Membership.objects.bulk_create(rows)[0]


def _invited(organisation, by, user: User, roles: list[str]) -> Invitation:
    if Invitation.objects.filter(user=user, organisation=organisation).exists():
        raise InputError("web.member_invited", user=user.username)
    row = Invitation.objects.create(user=user, organisation=organisation, roles=roles, invited_by=by)
    log(action="member.invite", by=by, organisation=organisation, on=row, data={"roles": roles})
    return row


@transaction.atomic
def invitation_answer(*, invitation: Invitation, by: User, accept: bool) -> None:
    """Join the enterprise that asked, or decline; only the person who was asked says so."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("organisation").get(
        pk=invitation.pk, user=by
    )  # fmt: skip
    there = Membership.objects.filter(user=by, organisation=row.organisation).exists()
    if accept and not there:
        _joined(row.organisation, by, row.roles)
        roles_forget(by)
    action = "member.join" if accept else "member.decline"
    log(action=action, by=by, organisation=row.organisation, on=row, data={"roles": row.roles})
    row.delete()


@transaction.atomic
def invitation_withdraw(*, invitation: Invitation, by) -> None:
    """Take an invitation back that was not answered yet."""
    require(by, "members.change", invitation.organisation)
    row = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    log(action="member.uninvite", by=by, organisation=invitation.organisation, on=row, data={"roles": row.roles})
    row.delete()


@transaction.atomic
def member_roles_set(*, organisation, by, user: User, roles: list[str]) -> None:
    """Replace a member's roles; the last administrator stays one."""
    require(by, "members.change", organisation)
    rows = Membership.objects.filter(user=user, organisation=organisation)
    old = sorted(rows.values_list("role", flat=True))
    if Role.ADMIN in old and Role.ADMIN not in roles:
        _require_other_admin(organisation, user)
    rows.exclude(role__in=roles).delete()
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=role) for role in roles if role not in old
    )
    log(action="member.roles", by=by, organisation=organisation, on=user, data={"roles": [old, sorted(roles)]})


@transaction.atomic
def member_remove(*, organisation, by, user: User) -> None:
    """Take a person out of an enterprise; their account and what they did stay."""
    require(by, "members.change", organisation)
    rows = Membership.objects.filter(user=user, organisation=organisation)
    if rows.filter(role=Role.ADMIN).exists():
        _require_other_admin(organisation, user)
    roles = list(rows.values_list("role", flat=True))
    log(action="member.remove", by=by, organisation=organisation, on=user, data={"roles": roles})
    rows.delete()


@transaction.atomic
def member_password_set(*, organisation, by, user: User, password: str) -> None:
    """Set a new initial password and lift a lock; for people of this enterprise alone, never for a superuser."""
    require(by, "members.change", organisation)
    elsewhere = Membership.objects.filter(user=user).exclude(organisation__path__startswith=organisation.path).exists()
    if (elsewhere or user.is_superuser) and not by.is_superuser:
        raise InputError("web.member_foreign", user=str(user))
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    throttle.failures_forget(user.username)
    log(action="member.password", by=by, organisation=organisation, on=user)


@transaction.atomic
def profile_change(*, by: User, display_name: str, email: str) -> None:
    """Change one's own name and address."""
    person = User.objects.select_for_update().get(pk=by.pk)
    new = {"display_name": display_name.strip(), "email": email.strip()}
    changed = {key: [getattr(person, key), value] for key, value in new.items() if getattr(person, key) != value}
    for key, (_old, value) in changed.items():
        setattr(person, key, value)
    if changed:
        person.save(update_fields=[*changed])
        log(action="user.profile", by=by, on=person, data=changed)


def _require_other_admin(organisation, user: User) -> None:
    # All of them are locked: two administrators who remove each other are taken one after the other.
    admins = Membership.objects.select_for_update(of=("self",)).filter(
        organisation=organisation, role=Role.ADMIN, user__is_active=True
    )
    if not set(admins.order_by("pk").values_list("user", flat=True)) - {user.pk}:
        raise InputError("web.last_admin", user=str(user), organisation=organisation.label)
