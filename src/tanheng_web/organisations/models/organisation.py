"""Groups and enterprises."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Organisation"]


class OrganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The enterprises of a user's memberships and everything below them."""
        from tanheng_web.common.access import visible_paths  # models load before the access table

        paths = visible_paths(user)
        if paths is None:
            return self
        condition = models.Q(pk__in=[])
        for path in paths:
            condition |= models.Q(path__startswith=path)
        return self.filter(condition)


class Organisation(models.Model):
    """A group or an enterprise that reports."""

    class Kind(models.TextChoices):
        GROUP = "group", _("集团")
        COMPANY = "company", _("企业")

    class FactorLevel(models.TextChoices):
        REGIONAL = "regional", _("区域电网平均")
        NATIONAL = "national", _("全国平均")
        PROVINCIAL = "provincial", _("省级平均")

    class FactorIndicator(models.TextChoices):
        AVERAGE = "average", _("电网平均")
        RESIDUAL = "average_excl_market_nonfossil", _("电网平均（不含市场化交易的非化石电量）")
        FOSSIL = "fossil", _("化石能源电力")

    name = models.CharField(_("企业名称"), max_length=120, help_text=_("与营业执照一致的全称"))
    short_name = models.CharField(_("简称"), max_length=40, blank=True, help_text=_("页面上显示的名称"))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
        help_text=_("所属集团或上级企业"),
    )
    path = models.CharField(_("路径"), max_length=200, blank=True, editable=False, db_index=True)
    kind = models.CharField(
        _("类型"), max_length=10, choices=Kind, default=Kind.COMPANY, help_text=_("集团只汇总，企业填报")
    )
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, help_text=_("18 位统一社会信用代码"))
    province = models.CharField(_("省份"), max_length=20, blank=True, help_text=_("决定电网排放因子"))
    grid_part = models.CharField(_("电网区域"), max_length=20, blank=True, help_text=_("仅省内分属不同电网时需要"))
    address = models.CharField(_("地址"), max_length=200, blank=True, help_text=_("生产经营地址"))
    legal_representative = models.CharField(
        _("法定代表人"), max_length=60, blank=True, help_text=_("报告封面与基本情况使用")
    )
    contact_person = models.CharField(_("联系人"), max_length=60, blank=True, help_text=_("排放报告联系人"))
    contact_phone = models.CharField(_("联系电话"), max_length=40, blank=True, help_text=_("排放报告联系人电话"))
    filled_by = models.CharField(_("填报负责人"), max_length=60, blank=True, help_text=_("排放报告填报负责人"))
    industry_code = models.CharField(_("行业代码"), max_length=10, blank=True, help_text=_("GB/T 4754 行业分类代码"))
    ownership = models.CharField(_("单位性质"), max_length=40, blank=True, help_text=_("如国有、民营、外资"))
    standard = models.CharField(_("核算标准"), max_length=60, blank=True, help_text=_("默认的核算与报告标准"))
    main_product = models.CharField(_("主要产品"), max_length=60, blank=True, help_text=_("随核算结果记录"))
    electricity_factor_level = models.CharField(
        _("电力排放因子"),
        max_length=12,
        choices=FactorLevel,
        default=FactorLevel.REGIONAL,
        help_text=_("购入电力采用的平均排放因子的范围"),
    )
    electricity_factor_indicator = models.CharField(
        _("电力因子口径"),
        max_length=32,
        choices=FactorIndicator,
        blank=True,
        default="",
        help_text=_("后两种口径只有全国值"),
    )
    allow_self_approval = models.BooleanField(_("允许自审"), default=False, help_text=_("允许审核自己提交的数据"))
    is_demo = models.BooleanField(_("演示数据"), default=False, help_text=_("演示企业，页面和报告均有标注"))
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("创建人"),
        help_text=_("创建人"),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("企业")
        verbose_name_plural = _("企业")
        ordering = ["path"]

    def __str__(self):
        return self.label

    @property
    def label(self) -> str:
        return self.short_name or self.name

    @property
    def is_group(self) -> bool:
        return self.kind == self.Kind.GROUP

    @property
    def depth(self) -> int:
        return self.path.strip("/").count("/")

    @property
    def ancestor_ids(self) -> list[int]:
        """Itself and everything above it, from the top."""
        return [int(part) for part in self.path.strip("/").split("/") if part]

    def save(self, *args, **kwargs):
        """Keep `path` (/top/…/self/): who may see an enterprise is a comparison of prefixes, in one query."""
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent_id else '/'}{self.pk}/"
        if path != self.path:
            self._move(self.path, path)

    def _move(self, old: str, new: str) -> None:
        self.path = new
        Organisation.objects.filter(pk=self.pk).update(path=new)
        if old:
            for below in Organisation.objects.filter(path__startswith=old).exclude(pk=self.pk):
                Organisation.objects.filter(pk=below.pk).update(path=new + below.path[len(old) :])
