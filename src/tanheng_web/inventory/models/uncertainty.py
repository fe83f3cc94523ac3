"""Studies of the uncertainty and sensitivity of runs, and reports made from them. A finished study never changes."""

import json
import zlib
from typing import Any

from django.conf import settings
from django.db import models

from tanheng_web.inventory.models.run import Run

__all__ = ["StudyReport", "UncertaintyStudy"]


class StudyQuerySet(models.QuerySet["UncertaintyStudy"]):
    def light(self) -> "StudyQuerySet":
        """Without the document, which only the study's own page and its reports open."""
        return self.defer("document", "run__document", "run__summary", "run__views")


class UncertaintyStudy(models.Model):
    """One study of one run: method, choices, seed, and the document they gave. Rows are only added."""

    class Method(models.TextChoices):
        MONTE_CARLO = "monte_carlo", "蒙特卡洛不确定度"
        TORNADO = "tornado", "单因素敏感性（龙卷风图）"
        MORRIS = "morris", "Morris 筛选"
        SOBOL = "sobol", "Sobol 指数"

    class Status(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "分析中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"

    run = models.ForeignKey(Run, models.CASCADE, related_name="studies", verbose_name="核算")
    method = models.CharField("方法", max_length=12, choices=Method.choices)
    parameters = models.JSONField("参数", default=dict, help_text="抽样次数、种子、各变量的分布或范围")
    status = models.CharField("状态", max_length=10, choices=Status.choices, default=Status.QUEUED)
    fault = models.TextField("未完成的原因", blank=True, default="")
    sentence = models.TextField("结论", blank=True, default="")
    digest = models.CharField("结果 SHA-256", max_length=64, blank=True, default="")
    document = models.BinaryField("结果文件", null=True, help_text="zlib 压缩的规范 JSON")
    job = models.ForeignKey(
        "common.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="后台任务"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="分析人")
    created_at = models.DateTimeField("创建时间", auto_now_add=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = "不确定性分析"
        verbose_name_plural = "不确定性分析"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="done") | (models.Q(document__isnull=False) & ~models.Q(digest="")),
                name="study_done_has_document",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run.period_zh} {self.get_method_display()}"

    @property
    def is_done(self) -> bool:
        return self.status == self.Status.DONE

    def json_bytes(self) -> bytes:
        """The canonical JSON whose digest is stored."""
        return zlib.decompress(bytes(self.document))

    def open(self) -> dict[str, Any]:
        """The document as plain data."""
        return json.loads(self.json_bytes())


class StudyReport(models.Model):
    """A report file of a study."""

    class Kind(models.TextChoices):
        DOCX = "docx", "Word（docx）"
        PDF = "pdf", "PDF"

    study = models.ForeignKey(UncertaintyStudy, models.CASCADE, related_name="reports", verbose_name="分析")
    kind = models.CharField("格式", max_length=4, choices=Kind.choices)
    file = models.FileField("文件", upload_to="studies/%Y/%m/")
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("字节数")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="生成人")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "不确定性分析报告"
        verbose_name_plural = "不确定性分析报告"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.study} {self.kind}"
