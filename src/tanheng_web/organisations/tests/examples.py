from tanheng_web.accounts.models import User
from tanheng_web.organisations.services import process_add

__all__ = ["examples"]


def examples(*, organisation, by) -> dict[str, object]:
    """A process, and a member to be changed."""
    process = process_add(organisation=organisation, by=by, name="炼铁")
    member = User.objects.get(username="viewer")
    names = ("member-roles", "member-remove", "member-password")
    return {"process": process.pk, **{f"settings:{name}": {"user": member.pk} for name in names}}
