"""Templates of supplementary tables by province, and the files made from templates."""

from django.conf import settings
from django.db import models

from tanheng_web.inventory.models.report import ReportTemplate
from tanheng_web.inventory.models.run import Run

__all__ = ["FilledTemplate", "TemplatePack"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class TemplatePack(models.Model):
    """One version of a supplementary table that a local government asks for; the newest active one is used."""

    class Kind(models.TextChoices):
        DOCX = "docx", "Word（docx）"
        XLSX = "xlsx", "Excel（xlsx）"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="template_packs", verbose_name="企业"
    )
    province = models.CharField("省份", max_length=20, blank=True, help_text="空表示各省通用")
    zh = models.CharField("表名", max_length=80)
    version = models.PositiveIntegerField("版本", default=1)
    kind = models.CharField("格式", max_length=4, choices=Kind)
    name = models.CharField("文件名", max_length=200)
    body = models.BinaryField("文件")
    sha256 = models.CharField("SHA-256", max_length=64)
    note = models.CharField("说明", max_length=300, blank=True)
    is_active = models.BooleanField("启用", default=True)
    uploaded_by = models.ForeignKey(**PERSON, verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "补充报表模板"
        verbose_name_plural = "补充报表模板"
        ordering = ["province", "zh", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "province", "zh", "version"], name="pack_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.zh} 第 {self.version} 版"


class FilledTemplate(models.Model):
    """A file made from a template and a run, with its plain view for the page."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="filled_templates", verbose_name="核算")
    pack = models.ForeignKey(
        TemplatePack, models.PROTECT, null=True, blank=True, related_name="filled", verbose_name="补充报表模板"
    )
    template = models.ForeignKey(
        ReportTemplate, models.PROTECT, null=True, blank=True, related_name="filled", verbose_name="报告模板"
    )
    is_preview = models.BooleanField("预览", default=True)
    kind = models.CharField("格式", max_length=4)
    body = models.BinaryField("文件")
    html = models.TextField("页面", blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    created_by = models.ForeignKey(**PERSON, verbose_name="生成人")
    created_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "填好的模板"
        verbose_name_plural = "填好的模板"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pack or self.template or '软件自带的模板'} · {self.run.period_zh}"
