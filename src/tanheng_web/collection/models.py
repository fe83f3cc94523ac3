"""What a plant reports: streams, months in versions, values only ever added to, and the workbooks they came in."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tanheng.kernel.periods import Month, Period
from tanheng_web.collection import vocabulary as words

__all__ = ["ActivityValue", "EnterpriseValue", "MonthReport", "RefusedEntry", "SourceStream", "Workbook"]

FIRST_DAY = models.Value(date(1, 1, 1), output_field=models.DateField())
PERSON = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class SourceStream(models.Model):
    """A stream reported every month: what flows, what for, across the boundary or inside a process."""

    class Direction(models.TextChoices):
        IN = "in", _("投入")
        OUT = "out", _("产出")

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="streams",
        verbose_name=_("企业"),
        help_text=_("所属企业"),
    )
    code = models.CharField(_("源流编号"), max_length=40, help_text=_("模板与记录中的编号，建立后不变"))
    label = models.CharField(
        _("名称"), max_length=80, blank=True, help_text=_("企业内部的叫法，如“喷吹煤”；空则用物料名称")
    )
    material = models.CharField(_("物料"), max_length=60, help_text=_("物料目录中的标识"))
    material_zh = models.CharField(_("物料名称"), max_length=60, help_text=_("显示的物料名称，自定义物料在此命名"))
    role = models.CharField(
        _("用途"), max_length=32, choices=words.ROLES.items(), help_text=_("决定按哪一类排放源核算")
    )
    direction = models.CharField(
        _("方向"), max_length=3, choices=Direction, default=Direction.IN, help_text=_("流入或流出")
    )
    process = models.ForeignKey(
        "organisations.Process",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="streams",
        verbose_name=_("工序"),
        help_text=_("空表示跨越企业边界；否则为进出该工序的流"),
    )
    site = models.ForeignKey(
        "organisations.Site",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="streams",
        verbose_name=_("厂区"),
        help_text=_("跨边界的电力、热力在哪个厂区计量；决定电网排放因子，空为企业所在省"),
    )
    is_hazardous = models.BooleanField(
        _("有毒有害"), default=False, help_text=_("有毒有害物质或危险废物，任何数量都不得按取舍规则忽略")
    )
    unit = models.CharField(_("单位"), max_length=20, help_text=_("数量的单位"))
    components = models.JSONField(_("数量栏"), default=list, help_text=_("填报的数量：总量，或收支平衡的各项"))
    values = models.JSONField(_("实测值"), default=list, blank=True, help_text=_("随月填报的实测参数"))
    bases = models.JSONField(
        _("取值依据"),
        default=dict,
        blank=True,
        help_text=_("各实测值由谁、按什么方法检测，或见于什么凭证"),
    )
    factor = models.CharField(_("指定因子"), max_length=120, blank=True, help_text=_("因子库标识；空则按标准规则选取"))
    first_month = models.DateField(_("起始月"), null=True, blank=True, help_text=_("从哪个月起填报；空为一直"))
    last_month = models.DateField(_("终止月"), null=True, blank=True, help_text=_("到哪个月为止；空为一直"))
    order = models.PositiveIntegerField(_("顺序"), default=0, help_text=_("显示顺序"))
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再填报，历史数据保留"))

    class Meta:
        verbose_name = _("源流")
        verbose_name_plural = _("源流")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code"], name="stream_code_once"),
            models.CheckConstraint(condition=Q(direction__in=["in", "out"]), name="stream_direction_known"),
            models.CheckConstraint(condition=Q(role__in=list(words.ROLES)), name="stream_role_known"),
            models.CheckConstraint(
                condition=Q(first_month=None) | Q(last_month=None) | Q(first_month__lte=models.F("last_month")),
                name="stream_months_in_order",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return self.label or self.material_zh

    @property
    def keys(self) -> tuple[str, ...]:
        return (*self.components, *self.values)

    @property
    def unit_label(self) -> str:
        return words.unit_label(self.unit)

    def key_unit(self, key: str) -> str:
        """The unit of a quantity part or measured value on this stream."""
        return words.key_unit(key, self.unit)

    def active_in(self, month: Month) -> bool:
        """Whether a month is to be reported."""
        day = month.first_day
        return (self.first_month is None or self.first_month <= day) and (
            self.last_month is None or day <= self.last_month
        )


class MonthReport(models.Model):
    """One version of one month. Approved versions never change; a newer approved one supersedes them."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("填报中")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已审核")
        SUPERSEDED = "superseded", _("已被替代")

    OPEN = ("draft", "returned", "submitted")

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="month_reports",
        verbose_name=_("企业"),
        help_text=_("所属企业"),
    )
    month = models.DateField(_("月份"), help_text=_("该月第一天"))
    version = models.PositiveIntegerField(_("版本"), default=1, help_text=_("从 1 起，重新开启后加 1"))
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.DRAFT)
    reason = models.CharField(_("修改原因"), max_length=500, blank=True, help_text=_("重新开启已审核月份的原因"))
    gap_reason = models.CharField(_("缺口说明"), max_length=500, blank=True, help_text=_("带缺口提交的原因"))
    comment = models.CharField(_("退回意见"), max_length=500, blank=True, help_text=_("最近一次退回的意见"))
    created_by = models.ForeignKey(**PERSON, verbose_name=_("创建人"))
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    submitted_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("提交人"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    approved_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("审核人"))
    approved_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    changed_at = models.DateTimeField(_("最近修改"), auto_now=True)

    class Meta:
        verbose_name = _("月报")
        verbose_name_plural = _("月报")
        ordering = ["month", "version"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "month", "version"], name="month_version_once"),
            models.UniqueConstraint(
                fields=["organisation", "month"], condition=Q(status="approved"), name="month_approved_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "month"],
                condition=Q(status__in=["draft", "returned", "submitted"]),
                name="month_open_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="month_first_day"),
            models.CheckConstraint(
                condition=~Q(status="approved") | (Q(approved_by__isnull=False) & Q(approved_at__isnull=False)),
                name="month_approved_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} 第 {self.version} 版"

    @property
    def span(self) -> Month:
        return Month.of(self.month)

    @property
    def handed_in(self) -> str:
        """Which submission this is: an approval says so, that nobody approves what he has not seen."""
        return f"{self.version}@{self.submitted_at.isoformat()}" if self.submitted_at else ""

    @property
    def is_editable(self) -> bool:
        return self.status in (self.Status.DRAFT, self.Status.RETURNED)


class Workbook(models.Model):
    """An uploaded file and what the check found. Nothing of it is in the data until it is confirmed."""

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("等待检查")
        REFUSED = "refused", _("不能读取")
        CHECKED = "checked", _("已检查，未导入")
        IMPORTING = "importing", _("正在导入")
        CONFIRMED = "confirmed", _("已导入")

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="workbooks",
        verbose_name=_("企业"),
        help_text=_("所属企业"),
    )
    file = models.FileField(_("文件"), upload_to="workbooks/%Y/%m/", max_length=200)
    name = models.CharField(_("文件名"), max_length=200, help_text=_("上传时的文件名"))
    size = models.PositiveBigIntegerField(_("字节数"), default=0)
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status, default=Status.UPLOADED)
    refusal = models.TextField(_("不能读取的原因"), blank=True)
    period = models.CharField(_("期间"), max_length=24, blank=True, help_text=_("模板的期间"))
    counts = models.JSONField(_("计数"), default=dict, blank=True, help_text=_("行数、错误、提示"))
    findings = models.BinaryField(_("检查结果"), null=True, help_text=_("压缩的问题清单"))
    job = models.ForeignKey(
        "common.Job", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("后台任务")
    )
    uploaded_by = models.ForeignKey(**PERSON, verbose_name=_("上传人"))
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    confirmed_by = models.ForeignKey(**PERSON, null=True, blank=True, verbose_name=_("确认人"))
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("导入文件")
        verbose_name_plural = _("导入文件")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed") | (Q(confirmed_by__isnull=False) & Q(confirmed_at__isnull=False)),
                name="workbook_confirmed_by_somebody",
            )
        ]

    def __str__(self):
        return self.name


class ActivityValue(models.Model):
    """One number as it was entered. Never changed: a newer row takes over `is_current`; an empty one says cleared."""

    class Kind(models.TextChoices):
        FORM = "form", _("页面填报")
        WORKBOOK = "workbook", _("工作簿导入")

    report = models.ForeignKey(MonthReport, models.CASCADE, related_name="entries", verbose_name=_("月报"))
    stream = models.ForeignKey(SourceStream, models.PROTECT, related_name="entries", verbose_name=_("源流"))
    key = models.CharField(_("项目"), max_length=40, help_text=_("数量栏或实测值的标识"))
    value = models.DecimalField(_("数值"), max_digits=30, decimal_places=12, null=True, help_text=_("空表示已清除"))
    unit = models.CharField(_("单位"), max_length=30)
    entered = models.CharField(_("原填内容"), max_length=80, blank=True, help_text=_("换算或转为数字之前的内容"))
    note = models.CharField(_("备注"), max_length=300, blank=True)
    kind = models.CharField(_("来源"), max_length=10, choices=Kind)
    workbook = models.ForeignKey(
        Workbook, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("文件")
    )
    sheet = models.CharField(_("工作表"), max_length=40, blank=True)
    cell = models.CharField(_("单元格"), max_length=12, blank=True)
    entered_by = models.ForeignKey(**PERSON, verbose_name=_("录入人"))
    entered_at = models.DateTimeField(_("录入时间"))
    is_current = models.BooleanField(_("现值"), default=True, help_text=_("本版本中最新的一条"))

    class Meta:
        verbose_name = _("活动数据")
        verbose_name_plural = _("活动数据")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "stream", "key"], condition=Q(is_current=True), name="value_current_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="form") | (Q(workbook__isnull=False) & ~Q(cell="")), name="value_workbook_has_cell"
            ),
        ]

    def __str__(self):
        return f"{self.key} {self.value} {self.unit}"


class RefusedEntry(models.Model):
    """What a person typed that could not be taken: kept for that person until mended, no part of any account."""

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="+",
        verbose_name=_("企业"),
        help_text=_("所属企业"),
    )
    month = models.DateField(_("月份"), help_text=_("该月第一天"))
    stream = models.ForeignKey(SourceStream, models.CASCADE, related_name="+", verbose_name=_("源流"))
    key = models.CharField(_("项目"), max_length=40, help_text=_("数量栏或实测值的标识"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("填写人"), help_text=_("仅本人可见")
    )
    text = models.CharField(_("填写内容"), max_length=80)
    reason = models.CharField(_("未采用的原因"), max_length=500)
    may_confirm = models.BooleanField(_("可核实"), default=False, help_text=_("写明原因核实后可以采用"))
    typed_at = models.DateTimeField(_("填写时间"), default=timezone.now)

    class Meta:
        verbose_name = _("未采用的填写")
        verbose_name_plural = _("未采用的填写")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month", "stream", "key", "person"], name="refused_once_a_person"
            )
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.key} {self.text}"


class EnterpriseValue(models.Model):
    """A value of the enterprise's own that stands in where a month has no measured one. Replaced, never changed.

    A material of the plant's own (``other_…``) is meant by its name as well: two of them are not alike.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.CASCADE,
        related_name="own_values",
        verbose_name=_("企业"),
        help_text=_("所属企业"),
    )
    material = models.CharField(_("物料"), max_length=60)
    material_zh = models.CharField(
        _("物料名称"), max_length=60, blank=True, help_text=_("自定义物料的名称；目录物料为空")
    )
    key = models.CharField(_("项目"), max_length=40)
    valid_from = models.DateField(_("起始月"), null=True, blank=True, help_text=_("从该月起适用；空为一直"))
    valid_to = models.DateField(_("停用月"), null=True, blank=True, help_text=_("从该月起不再适用；空为一直"))
    process = models.ForeignKey(
        "organisations.Process",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("工序"),
        help_text=_("空为全部工序"),
    )
    value = models.DecimalField(_("数值"), max_digits=30, decimal_places=12)
    unit = models.CharField(_("单位"), max_length=30)
    note = models.CharField(_("依据"), max_length=300, help_text=_("检测报告、合同等依据"))
    entered_by = models.ForeignKey(**PERSON, verbose_name=_("录入人"))
    entered_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    is_current = models.BooleanField(_("现值"), default=True)

    class Meta:
        verbose_name = _("企业默认值")
        verbose_name_plural = _("企业默认值")
        ordering = ["material", "key", "pk"]
        constraints = [
            # An empty process or month is one value, not a different one in each row.
            models.UniqueConstraint(
                "organisation",
                "material",
                "material_zh",
                "key",
                Coalesce("process", 0),
                Coalesce("valid_from", FIRST_DAY),
                condition=Q(is_current=True),
                name="own_value_once_from",
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=models.F("valid_to")),
                name="own_value_months_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.material} {self.key} {self.value} {self.unit}"

    def months_in(self, period: Period) -> tuple[Month, ...]:
        """The months of a period in which it is meant."""
        return tuple(
            month
            for month in period.months
            if (self.valid_from is None or self.valid_from <= month.first_day)
            and (self.valid_to is None or month.first_day < self.valid_to)
        )

    @property
    def span_text(self) -> str:
        """When it is meant, in words."""
        start = f"{self.valid_from:%Y-%m} 起" if self.valid_from else ""
        end = f"{self.valid_to:%Y-%m} 停用" if self.valid_to else ""
        return "，".join(part for part in (start, end) if part) or "一直"
