from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Invitation", "LoginFailure", "Membership", "Role", "User"]


class Role(models.TextChoices):
    REPORTER = "reporter", _("填报员")
    MANAGER = "manager", _("碳管理员")
    VERIFIER = "verifier", _("核查员")
    VIEWER = "viewer", _("查看者")
    ADMIN = "admin", _("企业管理员")


class User(AbstractUser):
    """A person. What they may do in which enterprise stands in their memberships."""

    display_name = models.CharField(
        _("姓名"), max_length=60, blank=True, help_text=_("页面、报告和审核记录中显示的姓名")
    )
    must_change_password = models.BooleanField(
        _("须修改密码"), default=False, help_text=_("初始密码由管理员设定，首次登录后必须修改")
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self):
        return self.display_name or self.username


class Membership(models.Model):
    """One role of one person in one enterprise; several rows give several roles."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="memberships", verbose_name=_("用户"), help_text=_("成员")
    )
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("企业"),
        help_text=_("成员所属企业"),
    )
    role = models.CharField(_("角色"), max_length=12, choices=Role, help_text=_("成员在该企业的角色"))
    created_at = models.DateTimeField(_("加入时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("成员")
        verbose_name_plural = _("成员")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation", "role"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}"


class Invitation(models.Model):
    """An enterprise asks somebody who has an account already; they belong to it when they say yes."""

    user = models.ForeignKey(
        User, models.CASCADE, related_name="invitations", verbose_name=_("用户"), help_text=_("受邀人")
    )
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("企业"),
        help_text=_("邀请加入的企业"),
    )
    roles = models.JSONField(_("角色"), default=list, help_text=_("接受后在该企业的角色"))
    invited_by = models.ForeignKey(
        User, models.CASCADE, related_name="+", verbose_name=_("邀请人"), help_text=_("发出邀请的管理员")
    )
    invited_at = models.DateTimeField(_("邀请时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="invitation_once")]

    def __str__(self):
        return self.user.username

    @property
    def role_labels(self) -> list[str]:
        return [role.label for role in Role if role.value in self.roles]


class LoginFailure(models.Model):
    """A failed login; enough of them in a short time close the door for a while."""

    username = models.CharField(_("用户名"), max_length=150)
    address = models.GenericIPAddressField(_("网络地址"), null=True)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("登录失败")
        verbose_name_plural = _("登录失败")
        indexes = [models.Index(fields=["username", "at"], name="login_failure_by_name")]

    def __str__(self):
        return f"{self.username} {self.at:%Y-%m-%d %H:%M}"
