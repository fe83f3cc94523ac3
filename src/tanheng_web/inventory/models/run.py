"""Runs of the accounts. A finished run never changes."""

import zlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from tanheng.kernel.periods import Period

if TYPE_CHECKING:
    from tanheng.accounting.result import ResultDocument

__all__ = ["Run", "standard_names"]


def standard_names() -> dict[str, str]:
    """Short names by id; asked anew each time, for an enterprise may publish a standard of its own at any moment."""
    from tanheng.rules.package import standards  # the engine is heavy and most pages need none of it

    return {each.id: each.short_zh for each in standards()}


class RunQuerySet(models.QuerySet["Run"]):
    def light(self) -> "RunQuerySet":
        """Without the document, which only the panel 数从何来, reports and comparisons open."""
        return self.defer("document")

    def heads(self) -> "RunQuerySet":
        """Only what a list shows."""
        return self.defer("document", "summary", "views")

    def current(self) -> "RunQuerySet":
        return self.filter(status=Run.Status.DONE, superseded_at=None)


class Run(models.Model):
    """One accounting of one organisation for one period under one standard."""

    class Status(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "核算中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="runs", verbose_name="企业"
    )
    standard = models.CharField("核算标准", max_length=64)
    period = models.CharField("核算期", max_length=24, help_text="2025、2025-07 或 2025-01..2025-06")
    first_month = models.DateField("首月")
    last_month = models.DateField("末月")
    as_of = models.DateField(
        "因子截止日", null=True, blank=True, help_text="只使用这一天之前发布的因子；空为软件包内最新"
    )
    is_year_to_date = models.BooleanField(
        "年初至今", default=False, help_text="随审核自动更新；同年更新的一次替代它，即使月份更多"
    )
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.QUEUED)
    fault = models.TextField("未完成的原因", blank=True, default="")
    total = models.FloatField("排放总量", null=True, help_text="tCO2e；与结果文件一致，供列表显示")
    is_complete = models.BooleanField("完整", default=False)
    gap_count = models.PositiveIntegerField("缺口数", default=0)
    digest = models.CharField("结果文件 SHA-256", max_length=64, blank=True, default="")
    approved_fingerprint = models.CharField("所用已审核数据的指纹", max_length=64, blank=True, default="")
    job = models.ForeignKey(
        "common.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="后台任务"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="核算人")
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    superseded_at = models.DateTimeField("被替代时间", null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="由何次替代"
    )
    summary = models.JSONField("摘要", default=dict, help_text="结果文件中除逐行明细、计算过程和来源以外的部分")
    views = models.JSONField("分析视图", default=dict, help_text="由结果文件算出的碳流图等，页面直接使用")
    document = models.BinaryField("结果文件", null=True, help_text="zlib 压缩的规范 JSON")

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "核算"
        verbose_name_plural = "核算"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "standard", "period", "status"], name="run_by_period")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="done") | (models.Q(document__isnull=False) & ~models.Q(digest="")),
                name="run_done_has_document",
            ),
            models.CheckConstraint(
                condition=models.Q(first_month__lte=models.F("last_month")), name="run_months_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_zh} 核算"

    @property
    def span(self) -> Period:
        return Period.parse(self.period)

    @property
    def period_zh(self) -> str:
        return self.span.label_zh

    @property
    def standard_zh(self) -> str:
        return standard_names().get(self.standard, self.standard)

    @property
    def is_done(self) -> bool:
        return self.status == self.Status.DONE

    def open(self) -> "ResultDocument":
        """Unpack the result document; costly, so no page does it but the panel."""
        from tanheng.accounting.result import ResultDocument

        return ResultDocument.from_bytes(zlib.decompress(bytes(self.document)))
