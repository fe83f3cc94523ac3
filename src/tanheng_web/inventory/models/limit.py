"""Limits of a year's emissions, with the document that sets them; withdrawn by name, never deleted."""

from django.conf import settings
from django.db import models
from django.db.models import Q

__all__ = ["EmissionLimit"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class EmissionLimit(models.Model):
    """What the total or the intensity of a year is not to exceed, and from what share of it on there is a warning."""

    class Measure(models.TextChoices):
        TOTAL = "total", "排放总量"
        INTENSITY = "intensity", "排放强度"

    class Kind(models.TextChoices):
        TARGET = "target", "年度减排目标"
        NATIONAL = "national", "国家限额"
        LOCAL = "local", "地方限额"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="limits", verbose_name="企业"
    )
    year = models.PositiveIntegerField("年度")
    standard = models.CharField("核算标准", max_length=64)
    measure = models.CharField("量", max_length=12, choices=Measure.choices)
    kind = models.CharField("种类", max_length=12, choices=Kind.choices)
    value = models.DecimalField("限值", max_digits=20, decimal_places=6, help_text="tCO2e；强度为标准的强度单位")
    warn_percent = models.DecimalField("预警比例（%）", max_digits=6, decimal_places=2)
    document = models.CharField("依据", max_length=200, help_text="文件名称、文号或决议")
    set_by = models.ForeignKey(**PERSON, verbose_name="设定人")
    set_at = models.DateTimeField("设定时间", auto_now_add=True)
    withdrawn_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name="撤销人")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "排放限值"
        verbose_name_plural = "排放限值"
        ordering = ["year", "measure", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "standard", "measure", "kind"],
                condition=Q(withdrawn_at=None),
                name="limit_once_a_year",
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="limit_is_positive"),
            models.CheckConstraint(condition=Q(warn_percent__gt=0) & Q(warn_percent__lte=100), name="limit_warns"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()} {self.get_measure_display()}"
