from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import get_object_or_404

from tanheng_web.accounts.models import Invitation, Membership, Role, User

__all__ = ["Member", "invitations_of", "invitations_to", "member_for", "members_of", "memberships_of"]


@dataclass(frozen=True)
class Member:
    user: User
    roles: tuple[str, ...]
    since: datetime

    @property
    def role_labels(self) -> list[str]:
        return [role.label for role in Role if role.value in self.roles]


def members_of(organisation) -> list[Member]:
    """Members with their roles, administrators first."""
    rows = (
        Membership.objects.filter(organisation=organisation).select_related("user").order_by("user__display_name", "pk")
    )
    found: dict[int, list[Membership]] = {}
    for row in rows:
        found.setdefault(row.user_id, []).append(row)
    members = [
        Member(group[0].user, tuple(row.role for row in group), min(row.created_at for row in group))
        for group in found.values()
    ]
    return sorted(members, key=lambda member: Role.ADMIN not in member.roles)


def member_for(organisation, pk: int) -> Member:
    """A member of this enterprise, else 404."""
    get_object_or_404(User.objects.filter(memberships__organisation=organisation).distinct(), pk=pk)
    return next(member for member in members_of(organisation) if member.user.pk == pk)


def invitations_of(organisation):
    """Whom this enterprise has asked and who did not answer yet."""
    rows = Invitation.objects.filter(organisation=organisation)
    return rows.select_related("user", "organisation", "invited_by").order_by("pk")


def invitations_to(user):
    """The enterprises that ask this person."""
    return user.invitations.select_related("organisation", "invited_by").order_by("pk")


def memberships_of(user) -> list[tuple[object, list[str]]]:
    """The enterprises a person belongs to, with the names of their roles there."""
    found: dict[int, tuple[object, list[str]]] = {}
    for row in user.memberships.select_related("organisation").order_by("organisation__path", "pk"):
        found.setdefault(row.organisation_id, (row.organisation, []))[1].append(row.get_role_display())
    return list(found.values())
