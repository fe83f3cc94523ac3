"""Under which standards an enterprise accounts a year."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tanheng_web.organisations.models.organisation import Organisation

__all__ = ["StandardChoice"]


class StandardChoice(models.Model):
    """One of the standards chosen for a year; the primary one is what pages show first."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="standard_choices", verbose_name=_("企业"), help_text=_("所属企业")
    )
    year = models.PositiveSmallIntegerField(_("核算年度"), help_text=_("数据所属的年度"))
    standard = models.CharField(_("核算标准"), max_length=64, help_text=_("标准包的编号"))
    purpose = models.CharField(_("用途"), max_length=40, blank=True, help_text=_("结果用来做什么，按标准登记表"))
    is_primary = models.BooleanField(_("主标准"), default=False, help_text=_("首页、趋势和报告默认采用"))
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("选定人"), help_text=_("选定人")
    )
    chosen_at = models.DateTimeField(_("选定时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("核算标准的选择")
        verbose_name_plural = _("核算标准的选择")
        ordering = ["organisation", "year", "-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year", "standard"], name="standard_once_a_year"),
            models.UniqueConstraint(
                fields=["organisation", "year"], condition=models.Q(is_primary=True), name="one_primary_standard_a_year"
            ),
        ]

    def __str__(self):
        return f"{self.year} {self.standard}"
