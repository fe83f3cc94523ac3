"""The data-quality control plan of an enterprise, in versions: a draft is written, an issued one never changes."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tanheng_web.inventory.models.run import standard_names

__all__ = ["ControlPlan"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class ControlPlan(models.Model):
    """One version; ``answers``: sections with their items, and one record a parameter."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        ISSUED = "issued", "已发布"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="control_plans", verbose_name="企业"
    )
    standard = models.CharField("核算标准", max_length=64)
    year = models.PositiveSmallIntegerField("适用年度")
    version = models.PositiveIntegerField("版本")
    status = models.CharField("状态", max_length=8, choices=Status.choices, default=Status.DRAFT)
    answers = models.JSONField("内容", default=dict)
    edits = models.PositiveIntegerField("保存次数", default=0)
    created_by = models.ForeignKey(**PERSON, verbose_name="起草人")
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    changed_by = models.ForeignKey(**PERSON, verbose_name="最近修改人")
    changed_at = models.DateTimeField("最近修改时间", auto_now=True)
    issued_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name="发布人")
    issued_at = models.DateTimeField("发布时间", null=True, blank=True)

    class Meta:
        verbose_name = "数据质量控制方案"
        verbose_name_plural = "数据质量控制方案"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "standard", "version"], name="control_plan_version_once"),
            models.UniqueConstraint(
                fields=["organisation", "standard"], condition=Q(status="draft"), name="control_plan_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", issued_at=None) | Q(status="issued", issued_at__isnull=False),
                name="control_plan_issued_with_time",
            ),
        ]

    def __str__(self) -> str:
        return f"数据质量控制方案 第 {self.version} 版"

    @property
    def is_draft(self) -> bool:
        """Whether it may still be written."""
        return self.status == self.Status.DRAFT

    @property
    def standard_zh(self) -> str:
        """The short name of the guide."""
        return standard_names().get(self.standard, self.standard)
