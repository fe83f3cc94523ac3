from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

__all__ = ["AuditEntry", "Job"]


class AuditEntry(models.Model):
    """Who did what, when, to which object. Written by services, never changed."""

    at = models.DateTimeField(_("时间"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("操作人"),
        help_text=_("空表示系统"),
    )
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="audit_entries",
        verbose_name=_("企业"),
        help_text=_("涉及企业"),
    )
    action = models.CharField(_("操作"), max_length=60, db_index=True, help_text=_("操作代码，如 month.approve"))
    model = models.CharField(_("对象类型"), max_length=60, blank=True, help_text=_("对象的模型"))
    object_id = models.CharField(_("对象编号"), max_length=40, blank=True, help_text=_("对象的主键"))
    object_label = models.CharField(_("对象"), max_length=200, blank=True, help_text=_("当时的名称"))
    data = models.JSONField(_("内容"), default=dict, blank=True, help_text=_("变更内容"))

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["organisation", "-at"], name="audit_by_organisation")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_label}"


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        from tanheng_web.organisations.models import Organisation  # this app stands before that one

        if user.is_superuser:
            return self
        mine = models.Q(organisation__isnull=True, by=user)
        return self.filter(mine | models.Q(organisation__in=Organisation.objects.visible_to(user)))


class Job(models.Model):
    """Background work as a person sees it: how far, how it ended, what to do next."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")
        INTERRUPTED = "interrupted", _("已中断")

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("企业"),
        help_text=_("涉及企业"),
    )
    kind = models.CharField(_("种类"), max_length=40, help_text=_("如 run、import、report"))
    title = models.CharField(_("名称"), max_length=120, blank=True, help_text=_("页面上显示的名称"))
    status = models.CharField(_("状态"), max_length=12, choices=Status, default=Status.QUEUED, db_index=True)
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("总量"), default=0)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    link = models.CharField(_("结果"), max_length=300, blank=True, help_text=_("完成后打开的页面"))
    task = models.CharField(_("任务"), max_length=200, help_text=_("任务函数的路径"))
    kwargs = models.JSONField(_("参数"), default=dict, blank=True)
    cancel_requested = models.BooleanField(_("已请求取消"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发起人"),
        help_text=_("空表示系统"),
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.title or self.kind} · {self.get_status_display()}"

    @property
    def is_active(self) -> bool:
        return self.status in {self.Status.QUEUED, self.Status.RUNNING}

    @property
    def can_restart(self) -> bool:
        return self.status in {self.Status.FAILED, self.Status.CANCELLED, self.Status.INTERRUPTED}

    @property
    def percent(self) -> int | None:
        """Whole percent done, or None while the size is unknown."""
        if self.status == self.Status.DONE:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else None

    @property
    def remaining_seconds(self) -> int | None:
        """Estimate from the pace so far; None before a twentieth is done."""
        if (
            self.status != self.Status.RUNNING
            or not self.total
            or self.done * 20 < self.total
            or self.started_at is None
        ):
            return None
        elapsed = (timezone.now() - self.started_at).total_seconds()
        return round(elapsed * (self.total - self.done) / self.done)

    @property
    def remaining_label(self) -> str:
        seconds = self.remaining_seconds
        if seconds is None:
            return ""
        return _("约剩 %d 秒") % seconds if seconds < 90 else _("约剩 %d 分钟") % round(seconds / 60)
