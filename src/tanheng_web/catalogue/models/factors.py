"""Emission factors that an enterprise or its group keeps beside the packaged library. Versions are only added."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Factor", "FactorImport", "FactorLife", "FactorShelf", "FactorVersion"]

PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class FactorImport(models.Model):
    """Factors that came together, by file or by form: checked, submitted, reviewed by somebody else, published."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("等待检查")
        REFUSED = "refused", _("不能读取")
        CHECKED = "checked", _("草稿")
        IN_REVIEW = "in_review", _("待复核")
        RETURNED = "returned", _("已退回")
        PUBLISHED = "published", _("已发布")

    class Kind(models.TextChoices):
        FILE = "file", _("文件")
        FORM = "form", _("表单")

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="factor_imports", verbose_name=_("企业"),
        help_text=_("所有者；发布后其下属企业可以使用"),
    )  # fmt: skip
    kind = models.CharField(_("方式"), max_length=4, choices=Kind, default=Kind.FILE)
    file = models.FileField(_("文件"), upload_to="factors/%Y/%m/", max_length=200, blank=True)
    name = models.CharField(_("名称"), max_length=200, help_text=_("上传时的文件名"))
    size = models.PositiveBigIntegerField(_("字节数"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.UPLOADED)
    refusal = models.TextField(_("不能读取的原因"), blank=True)
    counts = models.JSONField(_("计数"), default=dict, blank=True, help_text=_("行数、错误、提示"))
    findings = models.JSONField(_("检查结果"), default=list, blank=True, help_text=_("行号、列、程度、说明"))
    rows = models.JSONField(_("可以导入的行"), default=list, blank=True, help_text=_("行号和各列的内容"))
    job = models.ForeignKey(
        "common.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("后台任务")
    )
    uploaded_by = models.ForeignKey(**PERSON, verbose_name=_("导入人"))
    uploaded_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    reviewed_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("复核人"))
    reviewed_at = models.DateTimeField(_("复核时间"), null=True, blank=True)
    review_note = models.CharField(_("复核意见"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("因子导入")
        verbose_name_plural = _("因子导入")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | (models.Q(reviewed_by__isnull=False) & models.Q(reviewed_at__isnull=False)),
                name="factors_published_by_somebody",
            )
        ]

    def __str__(self):
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether its owner may still submit it."""
        return self.status in (self.Status.CHECKED, self.Status.RETURNED)


class Factor(models.Model):
    """A factor of an enterprise; what it says stands in its versions."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="factors", verbose_name=_("企业"),
        help_text=_("所有者；其下属企业可以使用"),
    )  # fmt: skip
    code = models.CharField(_("因子编号"), max_length=80, help_text=_("企业内唯一"))
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("自有因子")
        verbose_name_plural = _("自有因子")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="factor_code_once")]

    def __str__(self):
        return self.code

    @property
    def library_id(self) -> str:
        """Its id in the library: what a stream names and a result keeps."""
        return f"own:{self.organisation_id}:{self.code}"


class FactorVersion(models.Model):
    """What a factor says since one review. Published versions never change."""

    class Status(models.TextChoices):
        IN_REVIEW = "in_review", _("待复核")
        RETURNED = "returned", _("已退回")
        PUBLISHED = "published", _("已发布")

    factor = models.ForeignKey(Factor, models.PROTECT, related_name="versions", verbose_name=_("因子"))
    version = models.PositiveIntegerField(_("版本"), help_text=_("从 1 起"))
    batch = models.ForeignKey(FactorImport, models.PROTECT, related_name="versions", verbose_name=_("导入"))
    row = models.PositiveIntegerField(_("行号"), default=0, help_text=_("文件中的行"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.IN_REVIEW)
    zh = models.CharField(_("名称"), max_length=200)
    value = models.DecimalField(_("数值"), max_digits=30, decimal_places=15, validators=[MinValueValidator(0)])
    value_text = models.CharField(_("数值原文"), max_length=40, help_text=_("按来源的位数"))
    unit = models.CharField(_("单位"), max_length=40)
    family = models.CharField(_("因子类别"), max_length=12, db_index=True)
    klass = models.CharField(_("有效期类别"), max_length=20)
    quantity = models.CharField(_("参数"), max_length=40)
    supersedes = models.CharField(_("替代的因子"), max_length=160, blank=True, db_index=True)
    published_on = models.DateField(_("发布日期"))
    valid_from = models.DateField(_("有效期起"), null=True, blank=True)
    valid_to = models.DateField(_("有效期止"), null=True, blank=True, help_text=_("当天起失效"))
    details = models.JSONField(_("其他内容"), default=dict, help_text=_("金属、环节、地域、来源等"))
    created_by = models.ForeignKey(**PERSON, verbose_name=_("导入人"))
    created_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    reviewed_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("复核人"))
    recorded_on = models.DateField(
        _("入库日期"), null=True, blank=True, help_text=_("复核发布的日期；此前的结果不采用")
    )

    class Meta:
        verbose_name = _("因子版本")
        verbose_name_plural = _("因子版本")
        ordering = ["factor", "version"]
        constraints = [
            models.UniqueConstraint(fields=["factor", "version"], name="factor_version_once"),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | (models.Q(reviewed_by__isnull=False) & models.Q(recorded_on__isnull=False)),
                name="factor_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_to=None)
                | models.Q(valid_from__lt=models.F("valid_to")),
                name="factor_validity_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.zh}（第 {self.version} 版）"


class FactorLife(models.Model):
    """How long an enterprise lets a class of factors live; absent: what the standard says."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="factor_lives", verbose_name=_("企业")
    )
    klass = models.CharField(_("有效期类别"), max_length=20)
    years = models.PositiveSmallIntegerField(_("年数"), validators=[MinValueValidator(1)])
    by = models.ForeignKey(**PERSON, verbose_name=_("修改人"))
    at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta:
        verbose_name = _("因子有效期")
        verbose_name_plural = _("因子有效期")
        ordering = ["klass"]
        constraints = [models.UniqueConstraint(fields=["organisation", "klass"], name="factor_life_once")]

    def __str__(self):
        return f"{self.klass} {self.years} 年"


class FactorShelf(models.Model):
    """The stamp of an enterprise's own factors: new whenever they change, so that copies in memory are renewed."""

    organisation = models.OneToOneField(
        "organisations.Organisation", models.CASCADE, related_name="factor_shelf", verbose_name=_("企业")
    )
    stamp = models.CharField(_("标记"), max_length=32)
    soon_days = models.PositiveSmallIntegerField(_("提前提醒天数"), null=True, blank=True)

    class Meta:
        verbose_name = _("因子架")
        verbose_name_plural = _("因子架")

    def __str__(self):
        return self.stamp
