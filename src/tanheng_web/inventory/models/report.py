"""Reports made from runs, the editions that are published, and the templates reports are made with."""

from django.conf import settings
from django.db import models

from tanheng.kernel.errors import InputError
from tanheng_web.inventory.models.run import Run

__all__ = ["Report", "ReportEdition", "ReportTemplate"]


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


class ReportEdition(models.Model):
    """A published report of a period: the original, or a restatement that corrects the one before. Never changed."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", "原版"
        CORRECTED = "corrected", "更正版"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="report_editions", verbose_name="企业"
    )
    standard = models.CharField("核算标准", max_length=64)
    period = models.CharField("核算期", max_length=24)
    number = models.PositiveIntegerField("版次")
    kind = models.CharField("性质", max_length=10, choices=Kind.choices, default=Kind.ORIGINAL)
    run = models.ForeignKey(Run, models.PROTECT, related_name="editions", verbose_name="核算")
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name="更正的版次"
    )
    reason = models.TextField("更正原因", blank=True, default="")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发布人")
    published_at = models.DateTimeField("发布时间")
    superseded_at = models.DateTimeField("被更正时间", null=True, blank=True)

    class Meta:
        verbose_name = "报告版次"
        verbose_name_plural = "报告版次"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "standard", "period", "number"], name="edition_number_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "standard", "period"],
                condition=models.Q(superseded_at=None),
                name="edition_one_in_force",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="original") | (models.Q(corrects__isnull=False) & ~models.Q(reason="")),
                name="edition_correction_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版（{self.get_kind_display()}）"

    @property
    def state_zh(self) -> str:
        """原版, 更正版, or that it was corrected since."""
        return "已被更正" if self.superseded_at else self.get_kind_display()


class Report(models.Model):
    """A report file made from one run. Once it is published in an edition, neither file nor row changes."""

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
    edition = models.ForeignKey(
        ReportEdition, models.PROTECT, null=True, blank=True, related_name="files", verbose_name="发布的版次"
    )
    corrects = models.ForeignKey(
        ReportEdition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="更正的版次"
    )
    reason = models.TextField("更正原因", blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="生成人")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "报告"
        verbose_name_plural = "报告"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.run} {self.kind}"

    def save(self, *args, **kwargs) -> None:
        self._refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._refuse_change()
        return super().delete(*args, **kwargs)

    def _refuse_change(self) -> None:
        if self.pk and Report.objects.filter(pk=self.pk, edition__isnull=False).exists():
            raise InputError("report.published_fixed")
