"""Reports made from runs, and the templates they are made with."""

from django.conf import settings
from django.db import models

from tanheng_web.inventory.models.run import Run

__all__ = ["Report", "ReportTemplate"]


class ReportTemplate(models.Model):
    """A docx template of one enterprise; the newest version is used, the older ones stay."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="report_templates", verbose_name="企业"
    )
    standard = models.CharField("核算标准", max_length=64)
    version = models.PositiveIntegerField("版本")
    name = models.CharField("文件名", max_length=200)
    body = models.BinaryField("文件")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "报告模板"
        verbose_name_plural = "报告模板"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "standard", "version"], name="template_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.version} 版"


class Report(models.Model):
    """A report file made from one run."""

    class Kind(models.TextChoices):
        DOCX = "docx", "Word（docx）"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel（xlsx）"

    run = models.ForeignKey(Run, models.CASCADE, related_name="reports", verbose_name="核算")
    kind = models.CharField("格式", max_length=4, choices=Kind.choices)
    template = models.ForeignKey(
        ReportTemplate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="模板"
    )
    file = models.FileField("文件", upload_to="reports/%Y/%m/")
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("字节数")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="生成人")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "报告"
        verbose_name_plural = "报告"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.run} {self.kind}"
