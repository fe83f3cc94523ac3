"""Processes as an enterprise sets them up again and again: with sub-processes and equipment, for a kind of process."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["OwnProcessTemplate"]


class OwnProcessTemplate(models.Model):
    """A process with its parts, to be put into a plant; those of a group serve the enterprises below it."""

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="process_templates", verbose_name=_("企业"),
        help_text=_("所有者；其下属企业可以使用"),
    )  # fmt: skip
    zh = models.CharField(_("名称"), max_length=60, help_text=_("如“带 TRT 的高炉”"))
    kind = models.CharField(_("工序类别"), max_length=40, help_text=_("标准模板中的工序标识，或自有类别 own_…"))
    parts = models.JSONField(_("子工序与设备"), default=list, help_text=_("按工艺顺序的名称"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("修改人")
    )  # fmt: skip
    at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta:
        verbose_name = _("工序模板")
        verbose_name_plural = _("工序模板")
        ordering = ["zh"]
        constraints = [models.UniqueConstraint(fields=["organisation", "zh"], name="own_process_template_once")]

    def __str__(self):
        return self.zh
