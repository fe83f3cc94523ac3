"""Recalculation after a factor change: what is asked, the state of every result in it, old and new side by side."""

from django.conf import settings
from django.db import models

from tanheng_web.inventory.models.run import Run

__all__ = ["Recalculation", "RecalculationItem", "RunStreams"]


class RunStreams(models.Model):
    """The streams a run was computed from, in columns, so that a factor change is worked out without asking again."""

    run = models.OneToOneField(Run, models.CASCADE, related_name="streams", verbose_name="核算")
    body = models.BinaryField("源流", help_text="压缩的列：数量、实测值、物料、用途、期")

    class Meta:
        verbose_name = "核算所用源流"
        verbose_name_plural = "核算所用源流"

    def __str__(self) -> str:
        return f"{self.run}"


class Recalculation(models.Model):
    """One recalculation of several results under other factors. Nothing is posted until a person accepts it."""

    class Status(models.TextChoices):
        COMPUTING = "computing", "计算中"
        COMPUTED = "computed", "待决定"
        POSTING = "posting", "记账中"
        ACCEPTED = "accepted", "已采纳"
        DISCARDED = "discarded", "已放弃"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="recalculations", verbose_name="发起企业"
    )
    replacements = models.JSONField("因子替换", default=list, help_text="[{old, new, value, unit}]；空为按当前因子库")
    as_of = models.DateField("因子截止日", null=True, blank=True)
    note = models.CharField("说明", max_length=500, blank=True, default="")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.COMPUTING)
    job = models.ForeignKey(
        "common.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="后台任务"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)

    class Meta:
        verbose_name = "重算"
        verbose_name_plural = "重算"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"重算 {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.COMPUTING, self.Status.COMPUTED, self.Status.POSTING)


class RecalculationItem(models.Model):
    """One result in a recalculation. Its state decides where a killed job goes on."""

    class Status(models.TextChoices):
        WAITING = "waiting", "待计算"
        COMPUTED = "computed", "已计算"
        REFUSED = "refused", "未能重算"
        POSTED = "posted", "已记账"
        UNCHANGED = "unchanged", "没有变化"

    recalculation = models.ForeignKey(Recalculation, models.CASCADE, related_name="items", verbose_name="重算")
    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="+", verbose_name="企业"
    )
    run = models.ForeignKey(Run, models.CASCADE, related_name="recalculations", verbose_name="原结果")
    is_open = models.BooleanField("未了结", default=True)
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.WAITING)
    fault = models.CharField("原因", max_length=500, blank=True, default="")
    old_total = models.FloatField("原总量", null=True)
    new_total = models.FloatField("新总量", null=True)
    lines = models.PositiveIntegerField("行数", default=0)
    changed = models.PositiveIntegerField("变化行数", default=0)
    difference = models.JSONField("差异", default=dict)
    new_run = models.OneToOneField(
        Run, models.SET_NULL, null=True, blank=True, related_name="recalculated_from", verbose_name="新结果"
    )

    class Meta:
        verbose_name = "重算的结果"
        verbose_name_plural = "重算的结果"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["recalculation", "run"], name="recalculated_once"),
            models.UniqueConstraint(
                fields=["run"], condition=models.Q(is_open=True), name="recalculated_by_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.get_status_display()}"
