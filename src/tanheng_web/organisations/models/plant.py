"""What an enterprise consists of: sites, processes, sub-processes and equipment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tanheng_web.organisations.models.organisation import Organisation

__all__ = ["Process", "Site"]


class Site(models.Model):
    """A place of production; the province decides the grid."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="sites", verbose_name=_("企业"), help_text=_("所属企业")
    )
    name = models.CharField(_("厂区"), max_length=80, help_text=_("厂区名称"))
    province = models.CharField(_("省份"), max_length=20, blank=True, help_text=_("厂区所在省份"))
    grid_part = models.CharField(_("电网区域"), max_length=20, blank=True, help_text=_("仅省内分属不同电网时需要"))

    class Meta:
        verbose_name = _("厂区")
        verbose_name_plural = _("厂区")
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="site_name_once")]

    def __str__(self):
        return self.name


class Process(models.Model):
    """工序 or 子工序/设备; `path` is how streams and results name it."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="processes", verbose_name=_("企业"), help_text=_("所属企业")
    )
    site = models.ForeignKey(
        Site,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="processes",
        verbose_name=_("厂区"),
        help_text=_("所在厂区"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级工序"),
        help_text=_("子工序所属的工序"),
    )
    name = models.CharField(_("名称"), max_length=60, help_text=_("工序、子工序或设备名称"))
    kind = models.CharField(_("工序类别"), max_length=40, blank=True, help_text=_("标准模板中的工序标识"))
    order = models.PositiveIntegerField(_("顺序"), default=0, help_text=_("显示顺序"))
    is_active = models.BooleanField(_("启用"), default=True, help_text=_("停用后不再填报，历史数据保留"))

    class Meta:
        verbose_name = _("工序")
        verbose_name_plural = _("工序")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "parent", "name"], name="process_name_once", nulls_distinct=False
            )
        ]

    def __str__(self):
        return self.path

    @property
    def path(self) -> str:
        return f"{self.parent.path}/{self.name}" if self.parent_id else self.name
