"""Decisions to leave small things out of account: who, why, at what share. Withdrawn, never deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["CutOffDecision"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class CutOffDecision(models.Model):
    """A material that an enterprise leaves out for a year. Its streams and their data stay."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="cut_offs", verbose_name="企业"
    )
    year = models.PositiveIntegerField("年度")
    material = models.CharField("物料", max_length=120, help_text="物料目录标识；自定义物料另带源流编号")
    label = models.CharField("名称", max_length=80)
    share = models.DecimalField("当时占比（%）", max_digits=16, decimal_places=9, null=True)
    reason = models.CharField("理由", max_length=300)
    decided_by = models.ForeignKey(**PERSON, verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间", auto_now_add=True)
    withdrawn_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name="撤销人")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "取舍决定"
        verbose_name_plural = "取舍决定"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "material"], condition=Q(withdrawn_at=None), name="cut_off_once_a_year"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cut_off_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.label}"
