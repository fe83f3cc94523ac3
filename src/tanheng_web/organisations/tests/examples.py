from tanheng_web.accounts.models import Invitation, User
from tanheng_web.organisations.services import process_add, site_add

__all__ = ["examples"]


def examples(*, organisation, by) -> dict[str, object]:
    """A process, a site without any, and a member to be changed."""
    process = process_add(organisation=organisation, by=by, name="炼铁")
    site = site_add(organisation=organisation, by=by, name="北区", province="河北")
    member = User.objects.get(username="viewer")
    asked, _made = User.objects.get_or_create(username="被邀请人")
    invitation = Invitation.objects.create(user=asked, organisation=organisation, roles=["viewer"], invited_by=by)
    names = ("member-roles", "member-remove", "member-password")
    found = {"process": process.pk, "site": site.pk, "invitation": invitation.pk}
    return found | {f"settings:{name}": {"user": member.pk} for name in names}
