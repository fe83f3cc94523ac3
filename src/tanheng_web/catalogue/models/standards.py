"""Standards that an enterprise copied and changed: versions, what was changed and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["StandardChange", "StandardCopy"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class StandardCopy(models.Model):
    """One version of an enterprise's own standard. Once published its files never change: a change is a new version."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("编辑中")
        SUBMITTED = "submitted", _("待复核")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已停用")

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="standard_copies", verbose_name=_("企业"),
        help_text=_("所有者；其下属企业可以选用"),
    )  # fmt: skip
    standard_id = models.CharField(_("标准编号"), max_length=64, unique=True, help_text=_("平台内的唯一编号"))
    family = models.CharField(_("系列"), max_length=64, help_text=_("各版本共同的编号"))
    version = models.PositiveIntegerField(_("版本"), default=1)
    base = models.CharField(_("复制自"), max_length=64, help_text=_("原标准的编号"))
    base_digest = models.CharField(_("原标准摘要"), max_length=64)
    zh = models.CharField(_("名称"), max_length=200)
    short_zh = models.CharField(_("简称"), max_length=80)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    files = models.JSONField(_("文件"), default=dict, help_text=_("标准的各个文件，已逐项校验"))
    original = models.JSONField(_("原文件"), default=dict, help_text=_("复制时的各个文件，用于对照"))
    digest = models.CharField(_("摘要"), max_length=64, blank=True, help_text=_("发布时的摘要，结果中引用"))
    checked = models.JSONField(_("算例结果"), default=dict, blank=True, help_text=_("最近一次算例校验"))
    effect = models.JSONField(_("试算"), default=dict, blank=True, help_text=_("最近一次在已审核数据上的试算"))
    revision = models.PositiveIntegerField(_("修订"), default=0, help_text=_("每改一次加 1，防止互相覆盖"))
    reason = models.CharField(_("用途说明"), max_length=500, help_text=_("为什么需要自有标准"))
    created_by = models.ForeignKey(**PERSON, verbose_name=_("建立人"))
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    submitted_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    published_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("发布人"))
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("自有标准")
        verbose_name_plural = _("自有标准")
        ordering = ["family", "-version"]
        constraints = [models.UniqueConstraint(fields=["family", "version"], name="standard_copy_version_once")]

    def __str__(self):
        return f"{self.short_zh}（第 {self.version} 版）"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED


class StandardChange(models.Model):
    """One change of a copy: place, before, after, why. Only ever added to."""

    copy = models.ForeignKey(StandardCopy, models.CASCADE, related_name="changes", verbose_name=_("自有标准"))
    revision = models.PositiveIntegerField(_("修订"))
    place = models.CharField(_("位置"), max_length=300)
    before = models.TextField(_("修改前"), blank=True)
    after = models.TextField(_("修改后"), blank=True)
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    by = models.ForeignKey(**PERSON, verbose_name=_("修改人"))
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("标准的修改")
        verbose_name_plural = _("标准的修改")
        ordering = ["-pk"]

    def __str__(self):
        return self.place
