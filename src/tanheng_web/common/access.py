"""Who may do what, and the table that every URL must stand in.

Permissions hang on the roles of a membership. One in a group reaches its subsidiaries: everybody sees them, a group's
administrator also sets them up. Objects of foreign enterprises are 404 (``organisation_for``), a lacking right
in one's own is 403 with a sentence (``require``).

Each app states what its URLs need in ``<app>/access.py``::

    ACCESS = {"inventory:run-list": Access("view"), "inventory:run-create": Access("run.create", method="post")}

and, where a URL has parameters besides ``org``, makes objects for them in ``<app>/tests/examples.py``::

    def examples(*, organisation, by) -> dict[str, object]:      # {"run": 7} or {"inventory:figure": {"run": 7}}

``common/tests/test_access_matrix.py`` walks the URL resolver, fails for a URL that is missing here, and calls every URL
as every role.
"""

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from tanheng_web.accounts.models import Role

__all__ = [
    "PERMISSIONS",
    "Access",
    "can",
    "can_create_organisation",
    "needs",
    "permissions",
    "require",
    "roles_forget",
    "roles_in",
    "visible_paths",
]

PERMISSIONS = {
    "view": _("查看"),
    "data.enter": _("填报活动数据"),
    "data.submit": _("提交活动数据"),
    "data.review": _("审核活动数据"),
    "run.create": _("核算"),
    "report.create": _("生成报告"),
    "result.review": _("核查结果"),
    "organisation.change": _("修改企业设置"),
    "members.change": _("管理成员"),
    "template.change": _("修改报告模板"),
    "factor.change": _("导入和修改排放因子"),
    "factor.review": _("复核和发布排放因子"),
    "catalogue.change": _("维护物料、标准和公式"),
    "audit.view": _("查看操作日志"),
}

GRANTS: dict[str, frozenset[str]] = {
    Role.REPORTER: frozenset({"view", "data.enter", "data.submit"}),
    Role.MANAGER: frozenset(PERMISSIONS) - {"members.change"},
    Role.VERIFIER: frozenset({"view", "result.review"}),
    Role.VIEWER: frozenset({"view"}),
    Role.ADMIN: frozenset(
        {
            *("view", "organisation.change", "members.change", "template.change", "audit.view"),
            *("factor.change", "factor.review", "catalogue.change"),
        }
    ),
}
INHERITED: dict[str, frozenset[str]] = {
    **dict.fromkeys(Role.values, frozenset({"view"})),
    Role.ADMIN: frozenset({"view", "organisation.change", "members.change", "audit.view"}),
}


@dataclass(frozen=True)
class Access:
    """What a URL needs: a permission in its enterprise, ``"login"``, ``"public"``, or ``"own"`` (the view decides)."""

    permission: str
    method: str = "get"
    query: dict = field(default_factory=dict)


def _grants(user) -> dict[str, set[str]]:
    # Once per request: the user object lives as long as the request.
    if not hasattr(user, "_roles_by_path"):
        rows = user.memberships.values_list("organisation__path", "role") if user.is_active else []
        grants: dict[str, set[str]] = {}
        for path, role in rows:
            grants.setdefault(path, set()).add(role)
        user._roles_by_path = grants
    return user._roles_by_path


def roles_forget(user) -> None:
    """Read a user's memberships again: they have just changed."""
    if hasattr(user, "_roles_by_path"):
        del user._roles_by_path  # through a lazy request.user as well


def visible_paths(user) -> list[str] | None:
    """Paths below which everything is visible; None for a superuser, who sees all."""
    if user.is_superuser and user.is_active:
        return None
    return sorted(_grants(user)) if user.is_authenticated else []


def roles_in(user, organisation) -> set[str]:
    """Roles held in this very enterprise."""
    return set(_grants(user).get(organisation.path, ()))


def permissions(user, organisation) -> frozenset[str]:
    """All permissions of a user in an enterprise, those inherited from above included."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(PERMISSIONS)
    found: set[str] = set()
    for path, roles in _grants(user).items():
        if organisation.path.startswith(path):
            table = GRANTS if path == organisation.path else INHERITED
            found.update(*(table[role] for role in roles))
    return frozenset(found)


def can(user, permission: str, organisation) -> bool:
    """Whether `user` has `permission` in `organisation`."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    return permission in permissions(user, organisation)


def require(user, permission: str, organisation) -> None:
    """Raise PermissionDenied with a sentence unless `user` has `permission` in `organisation`."""
    if not can(user, permission, organisation):
        raise PermissionDenied(
            _("您在“%(organisation)s”没有“%(permission)s”的权限。请联系企业管理员调整您的角色。")
            % {"organisation": organisation.label, "permission": PERMISSIONS[permission]}
        )


def can_create_organisation(user) -> bool:
    """New enterprises are made by superusers and by those who already answer for one."""
    if user.is_superuser:
        return True
    return any(roles & {Role.ADMIN, Role.MANAGER} for roles in _grants(user).values())


def needs(permission: str):
    """Decorator of a view below /o/<org>/: the permission it needs in ``request.organisation``."""

    def decorate(view):
        def guarded(request, *args, **kwargs):
            require(request.user, permission, request.organisation)
            return view(request, *args, **kwargs)

        guarded.__name__, guarded.__doc__, guarded.__module__ = view.__name__, view.__doc__, view.__module__
        guarded.permission = permission
        return guarded

    return decorate
